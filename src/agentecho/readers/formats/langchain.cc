// LangChain: results of an AgentExecutor that returns its steps.
//
//   {input, output, intermediate_steps: [[action, observation], …], chat_history?}
//
// An action is {tool, tool_input, log, message_log?, tool_call_id?}, the same in `kwargs` of
// {lc: 1, type: constructor, id} (langchain_core.load.dumps), or what Python prints for it
// (json.dumps with default=str); steps may be one such text. `log` is the model's reply as the
// agent's parser saw it, `message_log` the message itself, which all calls of one reply repeat.
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/langchain_messages.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/texts.h"
#include "agentecho/readers/formats/unit.h"
#include "agentecho/readers/written/python_literal.h"

namespace agentecho::formats {

namespace {

constexpr std::string_view kSteps = "intermediate_steps";

bool is_action(Json action) {
  const Json members = kwargs_of(action);
  return (members["tool"].is_string() && members["log"].is_string() && members.has("tool_input")) ||
         action.string().starts_with("tool=");
}

bool is_executor_result(Json record) {
  const Json steps = record[kSteps];
  const std::string_view text = steps.string();
  return record.has("output") && !record["messages"].is_list() &&
         ((steps.is_list() && (steps.empty() || is_action(steps.first().first()))) ||
          text.starts_with("[(AgentAction") || text.starts_with("[(ToolAgentAction") ||
          text == "[]");
}

struct ExecutorResult {
  Json members;
  std::string_view key;  // the record's member that holds it; empty where it is the record
};

ExecutorResult executor_result_in(Json record) {
  if (is_executor_result(record)) return {record, {}};
  ExecutorResult found;
  record.each_member([&](std::string_view key, Json member) {
    if (!found.members.here() && is_executor_result(member)) found = {member, key};
  });
  return found;
}

bool looks_like_executor(Json first, const Beginning&) {
  return !first["messages"].is_list() && executor_result_in(first).members.here();
}

struct ExecutorStep {
  Json action;
  Json observation;

  std::string_view call_id() const { return action["tool_call_id"].string(); }
  Json reply() const { return kwargs_of(action["message_log"].first()); }
};

// A reply as the agent's parser saw it, before what names the tool.
struct ReplyInLog {
  std::string_view thought;
  std::string_view text;
};

ReplyInLog reply_in(std::string_view log) {
  constexpr std::string_view kInvoking = "Invoking: `";
  constexpr std::string_view kResponded = "\nresponded: ";
  log = trimmed(log);
  if (log.starts_with(kInvoking)) {
    const std::size_t at = log.rfind(kResponded);
    return {{}, at == log.npos ? log.substr(log.size()) : log.substr(at + kResponded.size())};
  }
  for (const std::string_view mark : {"Action:", "```", "<tool>"}) {
    const std::size_t at = log.find(mark);
    if (at == log.npos) continue;
    std::string_view thought = trimmed(log.substr(0, at));
    for (const std::string_view label : {"Thought:", "Thoughts:"}) {
      if (thought.starts_with(label)) thought = trimmed(thought.substr(label.size()));
    }
    return {thought, {}};
  }
  return {{}, log};
}

void add_tool_call(const ExecutorStep& step, RunWriter& runs) {
  const Json input = step.action["tool_input"];
  const std::string_view name = step.action["tool"].string();
  const std::string_view text = trimmed(input.string());
  if (!input.is_string()) {
    runs.call(step.call_id(), name, input.json());
  } else if (text.starts_with('{') && written::whole_python_literal(text)) {
    runs.call_with_text(step.call_id(), name, text);
  } else {
    runs.call_with_text(step.call_id(), name, input.json());  // the text is the one argument
  }
}

// Steps of one reply: its calls, then their results.
void add_reply(const std::vector<ExecutorStep>& steps, RunWriter& runs) {
  const Json reply = steps.front().reply();
  const std::string_view log = steps.front().action["log"].string();
  runs.message("assistant");
  if (steps.front().action["tool"].is("_Exception")) {  // the parser found no action in the reply
    runs.text(log);
    runs.message("user");
    runs.text(text_of(steps.front().observation));
    return;
  }
  if (reply.is_object()) {
    add_content(reply["content"], runs);
    runs.reasoning(reply["additional_kwargs"]["reasoning_content"].string());
  } else {
    const ReplyInLog parts = reply_in(log);
    runs.reasoning(parts.thought);
    runs.text(parts.text);
  }
  for (const ExecutorStep& step : steps) add_tool_call(step, runs);
  for (const ExecutorStep& step : steps) {
    const Json observation = kwargs_of(step.observation);
    runs.result(step.call_id(), text_of(observation.is_object() && observation.has("content")
                                            ? observation["content"]
                                            : step.observation));
  }
}

// Of one reply: the messages are equal, and each call has an id of its own.
bool continues(const std::vector<ExecutorStep>& steps, const ExecutorStep& next) {
  const ExecutorStep& last = steps.back();
  return next.reply().is_object() && !next.call_id().empty() && next.call_id() != last.call_id() &&
         next.call_id() != steps.front().call_id() && next.reply().json() == last.reply().json();
}

void add_steps(Json list, Texts& texts, RunWriter& runs) {
  std::vector<ExecutorStep> reply;
  const Json steps = texts.printed(list);
  if (!steps.is_list()) {
    runs.aside(Aside::Kind::kMalformed, "the steps of an agent are in a text that is not read");
  }
  steps.each([&](Json pair) {
    Json action;
    Json observation;
    pair.each([&](Json part) {
      if (!action.here()) {
        action = kwargs_of(texts.printed(part));
      } else if (!observation.here()) {
        observation = part;
      }
    });
    if (!action["tool"].is_string()) {
      runs.aside(Aside::Kind::kMalformed, "steps of an agent whose action is not read");
      return;
    }
    const ExecutorStep step{action, observation};
    if (!reply.empty() && !continues(reply, step)) {
      add_reply(reply, runs);
      reply.clear();
    }
    reply.push_back(step);
  });
  if (!reply.empty()) add_reply(reply, runs);
}

void translate_executor(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    const auto [result, key] = executor_result_in(record);
    if (!result.here()) {
      runs.aside(Aside::Kind::kMalformed, "a record without an agent's steps and output");
      continue;
    }
    Texts texts;
    runs.agent("LangChain");
    result["chat_history"].each([&](Json message) {
      if (const Json opened = langchain_message(message, texts); opened.here()) {
        runs.message_as_is(opened.json());
      } else {
        runs.aside(Aside::Kind::kNotRead, "messages of chat_history");
      }
    });
    add_question(result, texts, runs);
    add_steps(result[kSteps], texts, runs);
    const Json output = result["output"];
    if (output.string().starts_with("Agent stopped due to ")) {
      runs.termination_reason(output.string());
    } else {
      runs.message("assistant");
      add_content(output, runs);
    }
    pass_on(record, {key, kSteps, "question", "query", "instruction"}, runs);
    if (!key.empty()) pass_on(result, {kSteps, "question", "query", "instruction"}, runs);
    runs.end_run();
  }
}

}  // namespace

const FormatCode kLangchain = code_of<looks_like_executor, translate_executor>();

}  // namespace agentecho::formats
