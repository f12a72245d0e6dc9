// What reading costs a byte, from file to features, in each dialect and format against the same
// runs as tau-bench writes them. All are read in turn in every iteration, on one thread, so that a
// busy machine disturbs all alike; the counter of each is a ratio of medians of wall time a byte
// (budget: 1.5). The runs are AGENTECHO_BENCH_MB (default 16) megabytes of seeded logs. Each form
// must give the same number of runs and of calls.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/corpus/load_corpus.h"
#include "support/temp_folder.h"
#include "synthetic_logs.h"

namespace {

using namespace agentecho;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

// One message of a run as a dialect says it; a tool's result comes with the call it answers.
struct Turn {
  std::string_view role;
  std::string_view text;
  std::vector<const ToolCall*> calls;
  const ToolCall* answered = nullptr;
};

std::vector<Turn> turns_of(const Trajectory& run) {
  std::vector<Turn> turns;
  for (const Message& message : run.messages) {
    Turn turn;
    turn.text = message.text;
    switch (message.role) {
      case Role::kSystem:
        turn.role = "system";
        break;
      case Role::kUser:
        turn.role = "user";
        break;
      case Role::kAssistant:
        turn.role = "assistant";
        for (const ToolCall& call : run.calls_of(message)) turn.calls.push_back(&call);
        break;
      case Role::kTool:
        turn.role = "tool";
        if (message.answers != kNone) {
          turn.answered = &run.calls[static_cast<std::size_t>(message.answers)];
        }
        break;
    }
    turns.push_back(std::move(turn));
  }
  return turns;
}

Json arguments_of(const ToolCall& call) { return Json::parse(call.arguments, nullptr, false); }

Json plain(std::string_view role, std::string_view text) {
  return {{"role", role}, {"content", text}};
}

Json as_openai(const Turn& turn) {
  Json message = plain(turn.role, turn.text);
  if (turn.answered != nullptr) message["tool_call_id"] = turn.answered->id;
  for (const ToolCall* call : turn.calls) {
    message["tool_calls"].push_back(
        {{"id", call->id},
         {"type", "function"},
         {"function", {{"name", call->name}, {"arguments", call->arguments}}}});
  }
  return message;
}

Json as_parts(const Turn& turn) {
  if (turn.answered != nullptr) {
    const Json result = {
        {"type", "tool_result"}, {"tool_use_id", turn.answered->id}, {"content", turn.text}};
    return {{"role", "user"}, {"content", Json::array({result})}};
  }
  if (turn.role != "assistant") return plain(turn.role, turn.text);
  Json parts = Json::array();
  if (!turn.text.empty()) parts.push_back({{"type", "text"}, {"text", turn.text}});
  for (const ToolCall* call : turn.calls) {
    parts.push_back({{"type", "tool_use"},
                     {"id", call->id},
                     {"name", call->name},
                     {"input", arguments_of(*call)}});
  }
  return {{"role", "assistant"}, {"content", std::move(parts)}};
}

Json as_gemini(const Turn& turn) {
  Json parts = Json::array();
  if (turn.answered != nullptr) {
    parts.push_back({{"functionResponse",
                      {{"name", turn.answered->name}, {"response", {{"output", turn.text}}}}}});
  } else if (!turn.text.empty()) {
    parts.push_back({{"text", turn.text}});
  }
  for (const ToolCall* call : turn.calls) {
    parts.push_back({{"functionCall", {{"name", call->name}, {"args", arguments_of(*call)}}}});
  }
  return {{"role", turn.role == "assistant" ? "model" : "user"}, {"parts", std::move(parts)}};
}

Json as_marked_text(const Turn& turn) {
  if (turn.answered != nullptr) {
    return plain("user", fmt::format("<tool_response>\n{}\n</tool_response>", turn.text));
  }
  std::string text(turn.text);
  for (const ToolCall* call : turn.calls) {
    text += fmt::format("\n<tool_call>\n{}\n</tool_call>",
                        Json{{"name", call->name}, {"arguments", arguments_of(*call)}}.dump());
  }
  return plain(turn.role, text);
}

Json as_react(const Turn& turn) {
  if (turn.answered != nullptr) return plain("user", fmt::format("Observation: {}", turn.text));
  std::string text(turn.text);
  for (const ToolCall* call : turn.calls) {
    text += fmt::format("\nAction: {}\nAction Input: {}", call->name, call->arguments);
  }
  return plain(turn.role, text);
}

Json as_sharegpt(const Turn& turn) {
  if (turn.answered != nullptr) return {{"from", "observation"}, {"value", turn.text}};
  if (turn.role != "assistant") {
    return {{"from", turn.role == "system" ? "system" : "human"}, {"value", turn.text}};
  }
  if (turn.calls.empty()) return {{"from", "gpt"}, {"value", turn.text}};
  const ToolCall& call = *turn.calls.front();
  return {{"from", "function_call"},
          {"value", Json{{"name", call.name}, {"arguments", arguments_of(call)}}.dump()}};
}

Json run_head(const Trajectory& run) {
  return {{"model", run.model}, {"task_id", run.task_id}, {"reward", run.reward.value_or(0)}};
}

using AsMessage = Json (*)(const Turn& turn);
template <AsMessage kMessage>
std::string as_line(const Trajectory& run, const char* list) {
  Json json = run_head(run);
  for (const Turn& turn : turns_of(run)) json[list].push_back(kMessage(turn));
  return json.dump();
}

std::string responses_line(const Trajectory& run, const char* list) {
  Json json = run_head(run);
  for (const Turn& turn : turns_of(run)) {
    if (turn.answered != nullptr) {
      json[list].push_back({{"type", "function_call_output"},
                            {"call_id", turn.answered->id},
                            {"output", turn.text}});
      continue;
    }
    if (!turn.text.empty()) {
      const char* type = turn.role == "assistant" ? "output_text" : "input_text";
      const Json part = {{"type", type}, {"text", turn.text}};
      json[list].push_back(
          {{"type", "message"}, {"role", turn.role}, {"content", Json::array({part})}});
    }
    for (const ToolCall* call : turn.calls) {
      json[list].push_back({{"type", "function_call"},
                            {"call_id", call->id},
                            {"name", call->name},
                            {"arguments", call->arguments}});
    }
  }
  return json.dump();
}

std::string atif_line(const Trajectory& run, const char* list) {
  Json json = {{"schema_version", "ATIF-v1.6"},
               {"session_id", fmt::format("{}-{}", run.model, run.task_id)},
               {"agent", {{"name", "bench"}, {"version", "1"}, {"model_name", run.model}}},
               {"extra", {{"task_id", run.task_id}}}};
  Json& steps = json[list];
  for (const Turn& turn : turns_of(run)) {
    if (turn.answered != nullptr) {
      steps.back()["observation"]["results"].push_back(
          {{"source_call_id", turn.answered->id}, {"content", turn.text}});
      continue;
    }
    Json step = {{"step_id", steps.size() + 1},
                 {"source", turn.role == "assistant" ? "agent" : turn.role},
                 {"message", turn.text}};
    for (const ToolCall* call : turn.calls) {
      step["tool_calls"].push_back({{"tool_call_id", call->id},
                                    {"function_name", call->name},
                                    {"arguments", arguments_of(*call)}});
    }
    steps.push_back(std::move(step));
  }
  return json.dump();
}

struct Form {
  const char* name;
  const char* list;  // the member that holds the messages
  std::string (*line)(const Trajectory& run, const char* list);
};

constexpr Form kForms[] = {{"openai", "messages", as_line<as_openai>},
                           {"content_parts", "messages", as_line<as_parts>},
                           {"responses", "input", responses_line},
                           {"gemini", "contents", as_line<as_gemini>},
                           {"marked_text", "messages", as_line<as_marked_text>},
                           {"react", "messages", as_line<as_react>},
                           {"sharegpt", "conversations", as_line<as_sharegpt>},
                           {"atif", "steps", atif_line}};

struct Counts {
  std::uint64_t runs = 0;
  std::uint64_t calls = 0;
  bool operator==(const Counts&) const = default;
};

// A file of one form in a folder that lives as long as all are measured.
class Logs {
 public:
  explicit Logs(fs::path path) : path_(std::move(path)) {
    bytes_ = fs::file_size(path_);
    if (auto resolved = resolve_inputs({{path_.string(), {}}})) files_ = resolved->files;
  }
  Counts read() {
    CorpusOptions options;
    options.load.files = files_;
    options.load.threads = 1;
    const auto start = std::chrono::steady_clock::now();
    const auto loaded = load_corpus(options);
    seconds_.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    Counts counts;
    if (!loaded) return counts;
    for (const CorpusTrajectory& run : loaded->corpus.trajectories()) {
      ++counts.runs;
      counts.calls += run.calls.size();
    }
    return counts;
  }
  double seconds_per_byte() const {
    std::vector<double> seconds = seconds_;
    std::sort(seconds.begin(), seconds.end());
    return seconds.empty() ? 0 : seconds[seconds.size() / 2] / static_cast<double>(bytes_);
  }

 private:
  fs::path path_;
  std::vector<InputFile> files_;
  std::uint64_t bytes_ = 0;
  std::vector<double> seconds_;
};

void bytes_of_dialects(benchmark::State& state) {
  const testing::TempFolder folder;
  const char* size = std::getenv("AGENTECHO_BENCH_MB");
  const std::uint64_t megabytes = size != nullptr ? std::strtoull(size, nullptr, 10) : 16;
  const fs::path original = folder.path("model.json");
  {
    std::ofstream out(original, std::ios::binary);
    bench::SyntheticLog(1, 1).write(out, megabytes * 1000 * 1000);
  }
  LoadOptions options;
  if (auto resolved = resolve_inputs({{original.string(), {}}})) options.files = resolved->files;
  const auto loaded = load_trajectories(options);
  if (!loaded) {
    state.SkipWithError("the logs could not be read");
    return;
  }
  Logs tau_bench(original);
  std::vector<Logs> logs;
  for (const Form& form : kForms) {
    const fs::path path = folder.path(fmt::format("{}.jsonl", form.name));
    std::ofstream out(path, std::ios::binary);
    for (const Trajectory& run : loaded->trajectories) out << form.line(run, form.list) << '\n';
    out.close();
    logs.emplace_back(path);
  }
  const Counts expected = tau_bench.read();
  std::string wrong;
  for (auto _ : state) {
    tau_bench.read();
    for (std::size_t k = 0; k < logs.size(); ++k) {
      if (logs[k].read() != expected) wrong = kForms[k].name;
    }
  }
  if (!wrong.empty() || expected.runs == 0) {
    state.SkipWithError(fmt::format("{}: other runs or calls than tau-bench's", wrong).c_str());
  }
  for (std::size_t k = 0; k < logs.size(); ++k) {
    state.counters[kForms[k].name] = logs[k].seconds_per_byte() / tau_bench.seconds_per_byte();
  }
  state.SetLabel(fmt::format("{} runs, tau-bench {:.2f} ns a byte", expected.runs,
                             1e9 * tau_bench.seconds_per_byte()));
}

BENCHMARK(bytes_of_dialects)->Unit(benchmark::kMillisecond);

}  // namespace
