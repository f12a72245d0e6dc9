// smolagents: dumps of an agent's memory (agent.memory.get_full_steps()) and of a run's result
// (RunResult.dict()).
//
//   [{system_prompt} | {task} | {plan} | {step_number, model_input_messages, model_output_message:
//    {content, tool_calls}, model_output, code_action, tool_calls, observations, error}], or
//   {output, state, steps: [the same]}
//
// An agent that writes code has one tool, python_interpreter; its call's argument is the code. The
// results of calls that were made together are kept as one text, which goes to the last of them.
#include <string>
#include <string_view>

#include "agentecho/base/text.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_step(Json step) {
  return (step.has("task") && step.size() <= 3 && !step.has("messages") &&
          (step.size() == 1 || step.is_object()) && !step.has("task_id")) ||
         (step.has("step_number") && (step.has("model_output_message") || step.has("timing"))) ||
         (step["system_prompt"].is_string() && step.size() == 1);
}
bool looks_like_steps(Json first, const Beginning& beginning) {
  return beginning.is_list && is_step(first);
}
bool looks_like_result(Json first, const Beginning&) {
  return first["steps"].is_list() && first.has("state") && is_step(first["steps"].first());
}

// The text of a reply less the code, which is its call.
std::string_view said_before(std::string_view output, std::string_view code) {
  std::string_view said = trimmed(output.substr(0, output.find(trimmed(code))));
  for (const std::string_view opening : {"<code>", "```python", "```py", "```", "Code:"}) {
    if (said.ends_with(opening)) said = trimmed(said.substr(0, said.size() - opening.size()));
  }
  return said;
}

class Steps {
 public:
  explicit Steps(RunWriter& runs) : runs_(runs) {}

  void add(Json step) {
    if (step["system_prompt"].is_string()) {
      add_system(step["system_prompt"].string());
    } else if (step.has("task") && !step.has("step_number")) {
      task_ = step["task"].string();
      if (has_system_) add_task();
    } else if (step["plan"].is_string()) {
      start(step);
      runs_.message("assistant");
      runs_.text(step["plan"].string());
    } else if (step.has("step_number")) {
      start(step);
      add_action(step);
    }
  }
  void end() { add_task(); }

 private:
  void add_system(std::string_view text) {
    if (has_system_) return;
    has_system_ = true;
    runs_.message("system");
    runs_.text(text);
  }
  void add_task() {
    if (task_.empty()) return;
    runs_.message("user");
    runs_.text(task_);
    task_ = {};
  }
  // The system text stands before the task, and in what the model was given.
  void start(Json step) {
    step["model_input_messages"].each([&](Json message) {
      if (message["role"].is("system")) add_system(text_of(message["content"]));
    });
    add_task();
  }

  void add_action(Json step) {
    const Json output = step["model_output_message"];
    const std::string text =
        output["content"].here() ? text_of(output["content"]) : text_of(step["model_output"]);
    runs_.message("assistant");
    const std::string_view code = step["code_action"].string();
    std::string last_call;
    std::size_t calls = 0;
    if (!code.empty()) {
      runs_.text(said_before(text, code));
      last_call = step["tool_calls"].first()["id"].text();
      if (last_call.empty()) last_call = "step_" + step["step_number"].text();
      runs_.call(last_call, "python_interpreter", one_member("code", step["code_action"].json()));
      calls = 1;
    } else {
      runs_.text(text);
      const Json list = output["tool_calls"].empty() ? step["tool_calls"] : output["tool_calls"];
      list.each([&](Json call) {
        add_openai_call(call, runs_);
        last_call = call["id"].text();
        ++calls;
      });
    }
    add_observation(step, last_call, calls);
  }

  void add_observation(Json step, const std::string& last_call, std::size_t calls) {
    const Json error = step["error"];
    std::string text = step["observations"].text();
    if (error.here()) {
      if (!text.empty()) text += '\n';
      text += error["message"].is_string() ? std::string(error["message"].string()) : error.text();
    }
    if (calls == 0) {
      if (text.empty()) return;
      runs_.message("user");  // what the program said to a reply without a call
      runs_.text(text);
      return;
    }
    if (calls > 1) {
      runs_.aside(Aside::Kind::kNotRead,
                  "which part of an observation belongs to which of several calls");
    }
    runs_.result(last_call, text, error.here());
  }

  RunWriter& runs_;
  std::string_view task_;
  bool has_system_ = false;
};

void translate_steps(const Log& log, RunWriter& runs) {
  Steps steps(runs);
  for (const Json step : log.records) steps.add(step);
  steps.end();
  runs.end_run_of("smolagents", "smolagents");
}

void translate_result(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    Steps steps(runs);
    record["steps"].each([&](Json step) { steps.add(step); });
    steps.end();
    runs.agent("smolagents");
    runs.model(record["model"].string());
    runs.task(record["task_id"].text());
    runs.termination_reason(record["state"].string());
    pass_on(record, {"state"}, runs);
    runs.end_run();
  }
}

}  // namespace

const FormatCode kSmolagents = code_of<looks_like_result, translate_result>();

const FormatCode kSmolagentsMemory = code_of<looks_like_steps, translate_steps>();

}  // namespace agentecho::formats
