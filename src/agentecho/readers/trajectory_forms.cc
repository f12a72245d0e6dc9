#include "agentecho/readers/trajectory_forms.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "agentecho/base/table.h"
#include "agentecho/readers/trajectory_writer.h"
#include "agentecho/trajectory/role.h"

namespace agentecho {

namespace {

constexpr std::string_view kFormNames[] = {"agentecho", "tau2", "openai", "atif"};

std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string number_text(double number) { return nlohmann::json(number).dump(); }

// An object or a list under construction.
class Members {
 public:
  explicit Members(char open) : text_(1, open) {}

  // `json` is JSON already.
  Members& raw(std::string_view key, std::string_view json) {
    begin();
    text_.append(quoted(key)).append(":").append(json);
    return *this;
  }
  Members& text(std::string_view key, std::string_view value) { return raw(key, quoted(value)); }
  Members& element(std::string_view json) {
    begin();
    text_.append(json);
    return *this;
  }
  bool empty() const { return text_.size() == 1; }
  std::string closed() const { return text_ + (text_[0] == '{' ? "}" : "]"); }

 private:
  void begin() {
    if (!empty()) text_ += ',';
  }
  std::string text_;
};

Members object() { return Members('{'); }
Members list() { return Members('['); }

// The ids that calls and results are written with, such that each result names the call that it
// answers and no other: those of the log, but for calls without one or with that of an earlier
// call.
class WrittenIds {
 public:
  explicit WrittenIds(const Trajectory& run) : run_(run) {
    for (const Message& message : run.messages) {
      if (message.answers == kNone) taken_.emplace(message.tool_call_id);
    }
    std::unordered_set<std::string_view> said;
    for (const ToolCall& call : run.calls) {
      taken_.emplace(call.id);
      if (!said.insert(call.id).second) repeated_.insert(call.id);
    }
    said.clear();
    for (std::size_t i = 0; i < run.calls.size(); ++i) {
      const std::string_view id = run.calls[i].id;
      const bool is_own = !id.empty() && said.insert(id).second;
      of_calls_.push_back(is_own ? std::string(id)
                                 : free_id(id.empty() ? "call" : id, std::to_string(i)));
    }
  }

  const std::string& of_call(std::size_t index) const { return of_calls_[index]; }

  std::string of_result(const Message& message) {
    if (message.answers != kNone) return of_call(static_cast<std::size_t>(message.answers));
    const std::string_view id = message.tool_call_id;
    if (id.empty() || !repeated_.contains(id)) return std::string(id);
    return free_id(id, fmt::format("result_{}", &message - run_.messages.data()));
  }

 private:
  std::string free_id(std::string_view stem, std::string_view end) {
    std::string id = fmt::format("{}_{}", stem, end);
    while (!taken_.insert(id).second) id += '_';
    return id;
  }

  const Trajectory& run_;
  std::unordered_set<std::string> taken_;
  std::unordered_set<std::string_view> repeated_;  // in the log
  std::vector<std::string> of_calls_;
};

// One trajectory in one of the foreign forms; counts what has no place there.
class Former {
 public:
  Former(const Trajectory& run, std::string_view session)
      : run_(run), session_(session), ids_(run) {}

  FormText openai() {
    Members json = object();
    json.text("model", run_.model);
    add_identity(json);
    if (!session_.empty()) json.text("session_id", session_);
    if (!run_.termination_reason.empty()) json.text("termination_reason", run_.termination_reason);
    Members messages = list();
    for (const Message& message : run_.messages) {
      if (of_user(message)) continue;
      messages.element(chat_message(message));
    }
    json.raw("messages", messages.closed());
    return {json.closed(), std::move(not_held_)};
  }

  FormText atif() {
    Members json = object();
    json.text("schema_version", "ATIF-v1.7");
    json.text("session_id", session_.empty()
                                ? fmt::format("{}/{}/{}/{}", run_.benchmark, run_.domain,
                                              run_.task_id, run_.trial.value_or(0))
                                : std::string(session_));
    json.raw("agent", object()
                          .text("name", "unknown")
                          .text("version", "unknown")
                          .text("model_name", run_.model)
                          .closed());
    Members steps = list();
    std::uint64_t number = 0;
    for (const Message& message : run_.messages) {
      if (of_user(message) || is_held_by_its_call(message)) continue;
      last_step_ = &message;
      steps.element(atif_step(message, ++number));
    }
    json.raw("steps", steps.closed());
    Members extra = object();
    add_identity(extra);
    json.raw("extra", extra.closed());
    note("reasons why a run ended", run_.termination_reason.empty() ? 0 : 1);
    return {json.closed(), std::move(not_held_)};
  }

  FormText tau2() {
    const std::int64_t trial = run_.trial.value_or(0);
    note("runs without a trial number, written as trial 0,", run_.trial ? 0 : 1);
    note("ids of sessions", session_.empty() ? 0 : 1);
    note("benchmarks of another name than tau2-bench", run_.benchmark == "tau2-bench" ? 0 : 1);
    Members json = object();
    json.text("id", fmt::format("{}-{}", run_.task_id, trial));
    json.text("task_id", run_.task_id).raw("trial", std::to_string(trial));
    json.text("start_time", "").text("end_time", "").raw("duration", "0.0");
    json.text("termination_reason", run_.termination_reason);
    json.raw("reward_info",
             run_.reward ? object().raw("reward", number_text(*run_.reward)).closed() : "null");
    const bool policy = has_one_system_text();
    if (policy) json.text("policy", run_.messages.front().text);
    Members messages = list();
    for (std::size_t i = policy ? 1 : 0; i < run_.messages.size(); ++i) {
      messages.element(tau2_message(run_.messages[i]));
    }
    json.raw("messages", messages.closed());
    return {json.closed(), std::move(not_held_)};
  }

 private:
  void note(std::string_view what, std::uint64_t count) {
    if (count == 0) return;
    const auto known = std::find_if(not_held_.begin(), not_held_.end(),
                                    [&](const NotHeld& held) { return held.what == what; });
    if (known != not_held_.end()) {
      known->count += count;
    } else {
      not_held_.push_back({what, count});
    }
  }

  void add_identity(Members& json) const {
    json.text("benchmark", run_.benchmark)
        .text("domain", run_.domain)
        .text("task_id", run_.task_id);
    if (run_.trial) json.raw("trial", std::to_string(*run_.trial));
    if (run_.reward) json.raw("reward", number_text(*run_.reward));
  }

  const Message* message_at(std::int32_t index) const {
    return &run_.messages[static_cast<std::size_t>(index)];
  }
  std::size_t index_of(const ToolCall& call) const {
    return static_cast<std::size_t>(&call - run_.calls.data());
  }
  // The calls of a message, each as `form` says it.
  template <class Form>
  std::string calls_as(const Message& message, Form form) const {
    Members calls = list();
    for (const ToolCall& call : run_.calls_of(message)) calls.element(form(call).closed());
    return calls.closed();
  }

  const std::string& id_of(const ToolCall& call) const { return ids_.of_call(index_of(call)); }

  // Results of the simulated user's calls, which OpenAI's form and ATIF have no place for; counts
  // its calls as well.
  bool of_user(const Message& message) {
    if (message.requestor != Requestor::kUser) return false;
    note("calls of the simulated user", message.n_calls);
    return message.role == Role::kTool;
  }

  // Arguments that are an object, on one line. Others are the only member of one.
  std::string argument_object(const ToolCall& call) {
    const std::size_t first = call.arguments.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return "{}";
    if (call.malformed_arguments || call.arguments[first] != '{') {
      note("arguments that are no JSON object", 1);
      return object().text("arguments", call.arguments).closed();
    }
    std::string json(call.arguments);  // line breaks between tokens; inside texts they are escaped
    std::replace_if(
        json.begin(), json.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return json;
  }

  std::string chat_message(const Message& message) {
    Members json = object();
    json.text("role", name_of(message.role)).text("content", message.text);
    if (!message.reasoning.empty()) json.text("reasoning_content", message.reasoning);
    if (message.role == Role::kTool) {
      json.text("tool_call_id", ids_.of_result(message));
      note("marks of failed results", message.error_flag == ErrorFlag::kError ? 1 : 0);
    }
    if (message.role == Role::kAssistant && message.n_calls > 0) {
      json.raw(
          "tool_calls", calls_as(message, [&](const ToolCall& call) {
            return object()
                .text("id", id_of(call))
                .text("type", "function")
                .raw("function",
                     object().text("name", call.name).text("arguments", call.arguments).closed());
          }));
    }
    return json.closed();
  }

  // In ATIF a result stands in the step of its call, before every step behind that.
  bool is_held_by_its_call(const Message& message) {
    if (message.role != Role::kTool) return false;
    note("marks of failed results", message.error_flag == ErrorFlag::kError ? 1 : 0);
    if (message.answers == kNone) {
      note("results that answer no call, written as messages of the user,", 1);
      return false;
    }
    const ToolCall& call = run_.calls[static_cast<std::size_t>(message.answers)];
    const bool held = message_at(call.result_message) == &message;
    note("further results of one call", held ? 0 : 1);
    const bool is_late = held && message_at(call.message) != last_step_;
    note("results behind a later message, written right behind their calls,", is_late ? 1 : 0);
    return true;
  }

  // In the order of their results.
  std::vector<const ToolCall*> answered_calls(const Message& message) const {
    std::vector<const ToolCall*> calls;
    for (const ToolCall& call : run_.calls_of(message)) {
      if (call.result_message != kNone) calls.push_back(&call);
    }
    std::stable_sort(calls.begin(), calls.end(), [](const ToolCall* a, const ToolCall* b) {
      return a->result_message < b->result_message;
    });
    return calls;
  }

  std::string atif_step(const Message& message, std::uint64_t number) {
    const bool agent = message.role == Role::kAssistant;
    Members step = object();
    step.raw("step_id", std::to_string(number));
    step.text("source", agent ? "agent" : message.role == Role::kSystem ? "system" : "user");
    step.text("message", message.text);
    if (!agent) return step.closed();
    if (!message.reasoning.empty()) step.text("reasoning_content", message.reasoning);
    if (message.n_calls > 0) {
      step.raw("tool_calls", calls_as(message, [&](const ToolCall& call) {
                 return object()
                     .text("tool_call_id", id_of(call))
                     .text("function_name", call.name)
                     .raw("arguments", argument_object(call));
               }));
    }
    Members results = list();
    for (const ToolCall* call : answered_calls(message)) {
      results.element(object()
                          .text("source_call_id", id_of(*call))
                          .text("content", run_.result_of(*call))
                          .closed());
    }
    if (!results.empty()) {
      step.raw("observation", object().raw("results", results.closed()).closed());
    }
    return step.closed();
  }

  // The one that a simulation has as its policy.
  bool has_one_system_text() const {
    const auto is_system = [](const Message& message) { return message.role == Role::kSystem; };
    return !run_.messages.empty() && is_system(run_.messages.front()) &&
           !run_.messages.front().text.empty() &&
           std::count_if(run_.messages.begin(), run_.messages.end(), is_system) == 1;
  }

  std::string tau2_message(const Message& message) {
    const auto name_of_requestor = [](Requestor requestor) {
      return requestor == Requestor::kUser ? "user" : "assistant";
    };
    Members json = object();
    json.text("role", name_of(message.role)).text("content", message.text);
    if (message.role == Role::kTool) {
      json.text("id", ids_.of_result(message));
      json.text("requestor", name_of_requestor(message.requestor));
      if (message.error_flag != ErrorFlag::kNotSaid) {
        json.raw("error", message.error_flag == ErrorFlag::kError ? "true" : "false");
      }
    }
    if (message.n_calls > 0) {
      json.raw("tool_calls", calls_as(message, [&](const ToolCall& call) {
                 return object()
                     .text("id", id_of(call))
                     .text("name", call.name)
                     .raw("arguments", argument_object(call))
                     .text("requestor", name_of_requestor(call.requestor));
               }));
    }
    if (!message.reasoning.empty()) {
      const std::string said = object().text("reasoning_content", message.reasoning).closed();
      json.raw("raw_data", object().raw("message", said).closed());
    }
    return json.closed();
  }

  const Trajectory& run_;
  const std::string_view session_;
  WrittenIds ids_;
  const Message* last_step_ = nullptr;  // of ATIF
  std::vector<NotHeld> not_held_;
};

}  // namespace

std::string_view name_of(TrajectoryForm form) {
  return name_in<TrajectoryForm::kAtif>(kFormNames, form);
}

Result<TrajectoryForm> parse_trajectory_form(std::string_view name) {
  if (is_in(kFormNames, name)) return static_cast<TrajectoryForm>(place_in(kFormNames, name));
  return fail(ErrorKind::kUsage, fmt::format("unknown form \"{}\"", name),
              fmt::format("forms: {}", fmt::join(kFormNames, ", ")));
}

FormText to_form(const Trajectory& trajectory, TrajectoryForm form, std::string_view session) {
  switch (form) {
    case TrajectoryForm::kTau2:
      return Former(trajectory, session).tau2();
    case TrajectoryForm::kOpenAi:
      return Former(trajectory, session).openai();
    case TrajectoryForm::kAtif:
      return Former(trajectory, session).atif();
    case TrajectoryForm::kAgentEcho:
      break;
  }
  return {to_json_line(trajectory, session), {}};
}

std::string tau2_head(std::string_view model, std::string_view domain) {
  const std::string agent = object()
                                .text("implementation", "llm_agent")
                                .text("llm", model)
                                .raw("llm_args", "{}")
                                .closed();
  const std::string user = object()
                               .text("implementation", "user_simulator")
                               .raw("llm", "null")
                               .raw("llm_args", "null")
                               .text("global_simulation_guidelines", "")
                               .closed();
  const std::string environment = object().text("domain_name", domain).text("policy", "").closed();
  const std::string info = object()
                               .text("git_commit", "")
                               .raw("num_trials", "0")
                               .raw("max_steps", "0")
                               .raw("max_errors", "0")
                               .raw("user_info", user)
                               .raw("agent_info", agent)
                               .raw("environment_info", environment)
                               .raw("seed", "null")
                               .closed();
  return fmt::format("{{\"info\":{},\"tasks\":[],\"simulations\":[", info);
}

std::string_view tau2_tail() { return "]}\n"; }

}  // namespace agentecho
