// Results of DSPy's ReAct as records: the program's inputs, its steps and its outputs.
//
//   {question, trajectory: {thought_0, tool_name_0, tool_args_0: {…}, observation_0, thought_1, …},
//    reasoning, answer}
//
// Each step is a reply with one call, and its result. `finish` is the module's own word for having
// no further call; what the program answered is then said.
#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

constexpr std::string_view kDspySteps = "trajectory";

struct DspyStep {
  Json thought, tool, arguments, observation;
};

// The steps by their numbers, which need not begin with 0: a module whose context is full forgets
// its oldest steps. In one pass, since to find a member by its name takes one each.
std::map<std::uint64_t, DspyStep> dspy_steps(Json trajectory) {
  std::map<std::uint64_t, DspyStep> steps;
  trajectory.each_member([&](std::string_view key, Json value) {
    const std::size_t end = key.rfind('_');
    if (end == key.npos) return;
    const auto number = position_of(key.substr(end + 1));
    if (!number) return;
    const std::string_view part = key.substr(0, end);
    if (part == "thought") steps[*number].thought = value;
    if (part == "tool_name") steps[*number].tool = value;
    if (part == "tool_args") steps[*number].arguments = value;
    if (part == "observation") steps[*number].observation = value;
  });
  std::erase_if(steps, [](const auto& step) { return !step.second.tool.is_string(); });
  return steps;
}

bool looks_like_dspy(Json first, const Beginning&) {
  return !dspy_steps(first[kDspySteps]).empty();
}

// The first of the members that is there, and its text.
std::string text_under(Json record, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (record[key].is_string()) return std::string(record[key].string());
  }
  return {};
}

// Outputs have any name; they stand behind the reasoning.
std::string dspy_answer(Json record) {
  std::string answer = text_under(record, {"answer", "response", "output", "final_answer"});
  bool behind = false;
  record.each_member([&](std::string_view key, Json value) {
    if (behind && answer.empty()) answer = value.string();
    behind = behind || key == "reasoning";
  });
  return answer;
}

void add_dspy_steps(Json trajectory, RunWriter& runs) {
  for (const auto& [number, step] : dspy_steps(trajectory)) {
    const std::string_view tool = step.tool.string();
    runs.message("assistant");
    runs.reasoning(step.thought.string());
    if (tool == "finish") return;
    if (step.arguments.is_object()) {
      runs.call("", tool, step.arguments.json());
    } else {
      runs.call_with_text("", tool, step.arguments.text());
    }
    const Json observed = step.observation;
    if (!observed.here()) continue;
    const bool failed = observed.string().starts_with(fmt::format("Execution error in {}:", tool));
    runs.result("", observed.is_string() ? std::string(observed.string()) : observed.json(),
                failed ? std::optional(true) : std::nullopt);
  }
}

void translate_dspy(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    const Json steps = record[kDspySteps];
    if (!steps.is_object()) {
      runs.aside(Aside::Kind::kMalformed, "a record without the trajectory of a ReAct module");
      continue;
    }
    runs.agent("DSPy");
    const std::string question = text_under(
        record, {"question", "query", "input", "instruction", "user_request", "request"});
    if (!question.empty()) {
      runs.message("user");
      runs.text(question);
    }
    add_dspy_steps(steps, runs);
    if (const std::string answer = dspy_answer(record); !answer.empty()) {
      runs.continue_message("assistant");
      runs.reasoning(record["reasoning"].string());
      runs.text(answer);
    }
    pass_on(record,
            {kDspySteps, "question", "query", "instruction", "user_request", "request", "reasoning",
             "answer", "final_answer"},
            runs);
    runs.end_run();
  }
}

}  // namespace

const FormatCode kDspy = code_of<looks_like_dspy, translate_dspy>();

}  // namespace agentecho::formats
