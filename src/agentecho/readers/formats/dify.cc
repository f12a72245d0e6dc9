// Messages of an agent app of Dify, as its API lists them: a run for each conversation.
//
//   {data: [{id, conversation_id, query, answer, created_at, agent_thoughts: [
//     {position, thought, tool: "a;b", tool_input: "{\"a\": {…}, \"b\": {…}}",
//      observation: "{\"a\": \"…\", \"b\": \"…\"}"}, …]}, …]}
//
// or the messages alone. A thought is a reply: its text, and the calls of the tools that it names.
// Arguments and results are kept by the tools' names, so of several calls of one tool in a reply
// there is only the last. Dify's ReAct writes its answer as a call of "Final Answer".
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/texts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

constexpr std::string_view kThoughts = "agent_thoughts";

bool is_dify_message(Json value) {
  return value[kThoughts].is_list() && value["query"].is_string();
}

bool looks_like_dify(Json first, const Beginning&) {
  return is_dify_message(first) || is_dify_message(first["data"].first());
}

// "a;b" as its names.
std::vector<std::string_view> tools_of(std::string_view names) {
  std::vector<std::string_view> tools;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(';'), names.size());
    const std::string_view name = trimmed(names.substr(0, end));
    if (!name.empty()) tools.push_back(name);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return tools;
}

// What Dify itself writes in place of a result.
std::optional<bool> failed_in_dify(std::string_view result) {
  constexpr std::string_view kBeginnings[] = {
      "tool invoke error:", "there is not a tool named",
      "tool parameters validation error:", "unknown error:"};
  const bool failed =
      std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                  [&](std::string_view beginning) { return result.starts_with(beginning); });
  return failed ? std::optional(true) : std::nullopt;
}

// What is kept for each tool, by its name: {"a": …, "b": …}.
class ByTool {
 public:
  ByTool(Json kept, const std::vector<std::string_view>& tools) : kept_(texts_.opened(kept)) {
    kept_.each_member([&](std::string_view name, Json value) { by_name_[name] = value; });
    is_keyed_ = std::any_of(tools.begin(), tools.end(), [&](std::string_view tool) {
      return by_name_.find(tool) != by_name_.end();
    });
  }

  // Of a tool: nothing where only others have something. The value as a whole is that of the only
  // tool.
  Json of(std::string_view tool, bool is_only) const {
    const auto found = by_name_.find(tool);
    if (found != by_name_.end()) return found->second;
    return is_only && !is_keyed_ ? kept_ : Json();
  }
  // Something is kept, and not said of which of several tools.
  bool is_of_nobody(bool is_only) const {
    if (is_only || is_keyed_) return false;
    const std::string all = kept_.text();
    return !all.empty() && all != "{}" && all != "[]";
  }

 private:
  Texts texts_;
  Json kept_;
  std::map<std::string_view, Json> by_name_;
  bool is_keyed_ = false;
};

// `first`: the number of the reply's first call in the run.
void add_dify_calls(Json thought, const std::vector<std::string_view>& tools, std::size_t first,
                    RunWriter& runs) {
  std::map<std::string_view, std::size_t> last;  // of the calls of each tool
  for (std::size_t i = 0; i < tools.size(); ++i) last[tools[i]] = i;
  const bool is_only = last.size() == 1;
  const ByTool inputs(thought["tool_input"], tools);
  const ByTool observations(thought["observation"], tools);
  const auto id_of = [&](std::size_t i) { return fmt::format("call_{}", first + i); };
  for (std::size_t i = 0; i < tools.size(); ++i) {
    if (last[tools[i]] == i) add_call(id_of(i), tools[i], inputs.of(tools[i], is_only), runs);
  }
  for (std::size_t i = 0; i < tools.size(); ++i) {
    if (last[tools[i]] != i) continue;
    const Json observed = observations.of(tools[i], is_only);
    if (!observed.here()) continue;
    const std::string text = observed.text();
    runs.result(id_of(i), text, failed_in_dify(text));
  }
  runs.aside(Aside::Kind::kNotRead, "calls whose arguments Dify has not kept",
             tools.size() - last.size());
  runs.aside(Aside::Kind::kNotRead, "arguments or results of several calls, in one piece",
             (inputs.is_of_nobody(is_only) ? 1 : 0) + (observations.is_of_nobody(is_only) ? 1 : 0));
}

// `n_calls`: the run's so far.
void add_dify_message(Json message, std::size_t& n_calls, RunWriter& runs) {
  if (const std::string_view query = message["query"].string(); !query.empty()) {
    runs.message("user");
    runs.text(query);
  }
  std::vector<Json> thoughts;
  message[kThoughts].each([&](Json thought) { thoughts.push_back(thought); });
  std::stable_sort(thoughts.begin(), thoughts.end(), [](Json a, Json b) {
    return a["position"].number().value_or(0) < b["position"].number().value_or(0);
  });
  bool answered = false;
  for (const Json thought : thoughts) {
    std::vector<std::string_view> tools = tools_of(thought["tool"].string());
    const bool is_answer = std::any_of(tools.begin(), tools.end(), [](std::string_view tool) {
      return ascii_lowered(tool) == "final answer";
    });
    if (is_answer) tools.clear();
    const std::string_view said = thought["thought"].string();
    if (tools.empty() && said.empty()) continue;
    runs.message("assistant");
    runs.text(said);
    answered = tools.empty();
    if (!tools.empty()) add_dify_calls(thought, tools, n_calls, runs);
    n_calls += tools.size();
  }
  // `answer` holds what was said before each call as well.
  if (const std::string_view answer = message["answer"].string(); !answered && !answer.empty()) {
    runs.message("assistant");
    runs.text(answer);
  }
}

void translate_dify(const Log& log, RunWriter& runs) {
  std::vector<Json> messages = records_in(log, is_dify_message);
  std::stable_sort(messages.begin(), messages.end(), [](Json a, Json b) {
    return a["created_at"].number().value_or(0) < b["created_at"].number().value_or(0);
  });
  const auto conversations = grouped(messages, conversation_of);
  for (const std::vector<Json>& conversation : conversations) {
    std::size_t n_calls = 0;
    for (const Json message : conversation) {
      pass_on(message,
              {kThoughts, "query", "answer", "id", "conversation_id", "parent_message_id", "status",
               "inputs", "message_files", "retriever_resources", "feedback", "created_at"},
              runs);
      add_dify_message(message, n_calls, runs);
    }
    if (conversations.size() > 1) runs.task(conversation_of(conversation.front()));
    runs.end_run_of("Dify", "dify");
  }
}

}  // namespace

const FormatCode kDify = code_of<looks_like_dify, translate_dify>();

}  // namespace agentecho::formats
