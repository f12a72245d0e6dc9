// What the Vercel AI SDK's generateText (or ToolLoopAgent) gives back, as people write it to JSON:
//
//   {steps: [{content: [{type: text | reasoning | tool-call | tool-result | tool-error, …}],
//    finishReason, model: {modelId}, response: {modelId, messages: […]}}], totalUsage}
//
// by itself, as a member `result`, or with its steps beside what the run was asked and the names
// that users give it. Version 4 says `text`, `reasoning`, `toolCalls` and `toolResults` in place of
// `content`. The last step's response holds the messages of all steps, which alone say in words why
// a tool failed; where it holds none, the steps themselves are read.
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_vercel_step(Json step) {
  return step["finishReason"].here() &&
         (step["content"].is_list() || step["toolCalls"].is_list() || step["text"].is_string());
}

// The object that holds the steps.
Json result_in(Json record) {
  for (const Json result : {record, record["result"], record["output"], record["response"]}) {
    if (is_vercel_step(result["steps"].first())) return result;
  }
  return {};
}

// Messages in which the agent speaks already are the run; what it was asked is not.
bool agent_speaks_in(Json messages) {
  bool speaks = false;
  messages.each([&](Json message) { speaks = speaks || message["role"].is("assistant"); });
  return speaks;
}

bool looks_like_vercel_steps(Json first, const Beginning&) {
  return result_in(first).here() && !agent_speaks_in(first["messages"]);
}

void add_what_was_asked(Json record, RunWriter& runs) {
  if (const Json system = either(record, "system", "instructions"); system.is_string()) {
    runs.message("system");
    runs.text(system.string());
  }
  if (record["messages"].is_list()) {
    record["messages"].each([&](Json message) { runs.message_as_is(message.json()); });
    return;
  }
  for (const std::string_view key : {"prompt", "question", "input", "query", "instruction"}) {
    const Json asked = record[key];
    if (asked.is_list() && asked.first()["role"].is_string()) {
      asked.each([&](Json message) { runs.message_as_is(message.json()); });
      return;
    }
    if (!asked.is_string()) continue;
    runs.message("user");
    runs.text(asked.string());
    return;
  }
}

// {type: tool-error, error}: an Error of JavaScript is {} in JSON, so the result may say no more
// than that it is one.
void add_part(Json part, RunWriter& runs) {
  const std::string_view type = part["type"].string();
  const std::string_view id = part["toolCallId"].string();
  if (type == "text") {
    runs.text(part["text"].string());
  } else if (type == "reasoning") {
    runs.reasoning(part["text"].string());
  } else if (type == "tool-call") {
    add_call(id, part["toolName"].string(), either(part, "input", "args"), runs);
  } else if (type != "tool-result" && type != "tool-error") {
    runs.aside(Aside::Kind::kNotRead, "parts of type " + std::string(type));
  }
}

void add_result(Json part, RunWriter& runs) {
  const bool failed = part["type"].is("tool-error");
  if (!failed && !part["type"].is("tool-result") && part.has("type")) return;
  const Json given = failed ? part["error"] : either(part, "output", "result");
  runs.result(part["toolCallId"].string(), given.text(),
              failed ? std::optional(true) : std::nullopt);
}

void add_step(Json step, RunWriter& runs) {
  runs.message("assistant");
  if (step["content"].is_list()) {
    step["content"].each([&](Json part) { add_part(part, runs); });
    step["content"].each([&](Json part) { add_result(part, runs); });
    return;
  }
  runs.text(step["text"].string());
  runs.reasoning(text_of(step["reasoning"]));
  step["toolCalls"].each([&](Json call) {
    add_call(call["toolCallId"].string(), call["toolName"].string(), either(call, "input", "args"),
             runs);
  });
  step["toolResults"].each([&](Json result) { add_result(result, runs); });
}

Json last_of(Json list) {
  Json last;
  list.each([&](Json element) { last = element; });
  return last;
}

void translate_vercel_steps(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    const Json result = result_in(record);
    if (!result.here()) {
      runs.aside(Aside::Kind::kMalformed, "a record without the steps of a run");
      continue;
    }
    add_what_was_asked(record, runs);
    result["steps"].each([&](Json step) {
      const Json model = step["model"]["modelId"];
      runs.reply_by(model.is_string() ? model.string() : step["response"]["modelId"].string());
    });
    const Json messages = last_of(result["steps"])["response"]["messages"];
    if (agent_speaks_in(messages)) {
      messages.each([&](Json message) { runs.message_as_is(message.json()); });
    } else {
      result["steps"].each([&](Json step) { add_step(step, runs); });
    }
    pass_on(record,
            {"steps",        "result",        "output",    "response",    "prompt",
             "question",     "input",         "query",     "instruction", "system",
             "instructions", "messages",      "_output",   "text",        "content",
             "reasoning",    "reasoningText", "toolCalls", "toolResults", "finishReason",
             "usage",        "totalUsage",    "warnings",  "request",     "providerMetadata"},
            runs);
    runs.end_run_of("Vercel AI SDK", "vercel");
  }
}

}  // namespace

const FormatCode kVercelSteps = code_of<looks_like_vercel_steps, translate_vercel_steps>();

}  // namespace agentecho::formats
