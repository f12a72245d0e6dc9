// The runs that a format finds in a log, said in AgentEcho's own form (docs/formats.md): one chat
// record a run, which the record parser then reads like any other. So whatever holds for chat
// records (linking results to calls, think tags, malformed arguments, identity, what is counted as
// odd) holds for every format without its doing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace agentecho::formats {

// Parts of a log that are no part of a run, or that are not understood: said, and counted.
struct Aside {
  enum class Kind {
    kLeftOut,    // sub-agents, repeated context, abandoned branches
    kNotRead,    // holds data and is not understood
    kMalformed,  // no valid JSON, or not what the format says
  };
  Kind kind = Kind::kLeftOut;
  std::string what;  // "messages of sub-agents"
  std::uint64_t count = 1;
};

// Appends a text as a JSON string.
void append_string(std::string& json, std::string_view text);

class RunWriter {
 public:
  // Ready for the next log; memory is kept.
  void clear();

  // Who ran what; of the run at hand, in any order with its messages. Empty texts say nothing.
  void model(std::string_view name) {
    model_ = name;
    model_is_said_ = !name.empty();
  }
  void benchmark(std::string_view name) { benchmark_ = name; }
  void domain(std::string_view name) { domain_ = name; }
  void task(std::string_view id) { task_ = id; }
  void trial(std::optional<std::int64_t> number) { trial_ = number; }
  void reward(std::optional<double> value) { reward_ = value; }
  void success(std::optional<bool> flag) {
    if (flag) reward_ = *flag ? 1.0 : 0.0;
  }
  void termination_reason(std::string_view reason) { termination_reason_ = reason; }
  // The tools that were offered, as JSON.
  void tools(std::string json) { tools_ = std::move(json); }
  // What served or drove the model, where the log says it: a member "agent" of the record.
  void agent(std::string_view name) { agent_ = name; }
  // A further member of the record, as JSON text, under the log's own key: read as that of any chat
  // record, behind what is said above. A second one under a key does not count.
  void also(std::string_view key, std::string_view json);
  const std::string& model() const { return model_; }
  // Which model made a reply, or a turn, if the log says it. Where model() says nothing the run is
  // named by the model of most, the first of equals; that there are several is said.
  void reply_by(std::string_view model);

  // Starts a message and finishes the one before. Roles: system, user, assistant, tool.
  void message(std::string_view role);
  // As message(), unless the last message has this role already: its parts are joined.
  void continue_message(std::string_view role);
  // More text, or more reasoning, of the message at hand; pieces are joined by line breaks.
  void text(std::string_view piece);
  void reasoning(std::string_view piece);
  // A call of the message at hand. `arguments` is JSON text.
  void call(std::string_view id, std::string_view name, std::string_view arguments);
  // The same, where the log keeps the arguments as a string, which may be no JSON.
  void call_with_text(std::string_view id, std::string_view name, std::string_view arguments);
  // A message with the result of a call; without an id, of the first call that has none yet.
  void result(std::string_view id, std::string_view text, std::optional<bool> error = {});

  // A message as the log has it, JSON text, in whatever dialect.
  void message_as_is(std::string_view json);

  void aside(Aside::Kind kind, std::string_view what, std::uint64_t count = 1);

  // Ends the run at hand. A run without messages is none.
  void end_run();
  // The same of a run of this agent, whose logs are called `benchmark` where they name none.
  void end_run_of(std::string_view name, std::string_view benchmark_name) {
    agent(name);
    benchmark(benchmark_name);
    end_run();
  }
  // What was written since clear().
  std::size_t size() const { return ends_.size(); }
  std::string_view record(std::size_t i) const;
  // How many of them say neither task() nor, as trials of the log's task, trial().
  std::size_t unnamed() const { return unnamed_; }
  const std::vector<Aside>& asides() const { return asides_; }
  // Whether the run at hand has a message of the agent.
  bool agent_spoke() const { return agent_spoke_; }
  bool has_messages() const { return n_messages_ > 0 || open_; }

 private:
  void end_message();
  bool says(std::string_view key) const;  // under the record's own name for it

  std::string model_, benchmark_, domain_, task_, termination_reason_, tools_, agent_;
  bool model_is_said_ = false;
  std::map<std::string, std::uint64_t, std::less<>> replies_by_;  // by model
  std::optional<std::int64_t> trial_;
  std::optional<double> reward_;
  std::vector<std::pair<std::string, std::string>> also_;
  std::unordered_set<std::string> also_keys_;
  std::string messages_;  // JSON of those that are finished, separated by commas
  std::size_t n_messages_ = 0;
  bool open_ = false;  // the members below are a message
  std::string role_, text_, reasoning_, calls_;
  bool agent_spoke_ = false;
  std::string records_;
  std::vector<std::pair<std::size_t, std::size_t>> ends_;  // begin and end in records_
  std::size_t unnamed_ = 0;
  std::vector<Aside> asides_;
};

}  // namespace agentecho::formats
