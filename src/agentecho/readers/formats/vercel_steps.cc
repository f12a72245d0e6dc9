// What the Vercel AI SDK's generateText (or ToolLoopAgent) gives back, as people write it to JSON:
//
//   {steps: [{content: [{type: text | reasoning | tool-call | tool-result | tool-error, …}],
//    finishReason, model: {modelId}, response: {modelId, messages: […]}}], totalUsage}
//
// by itself, as a member `result`, or with its steps beside what the run was asked and the names
// that users give it. Version 4 says `text`, `reasoning`, `toolCalls` and `toolResults` in place of
// `content`. The last step's response holds the messages of all steps, which alone say in words why
// a tool failed; where it holds none, the steps themselves are read. `messages` beside the steps
// are what was asked, or, where they end with the agent, the run.
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/base/table.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

// By what a step begins with: a long one may be cut behind that.
bool is_vercel_step(Json step) {
  constexpr std::string_view kParts[] = {"text",       "reasoning", "tool-call", "tool-result",
                                         "tool-error", "source",    "file"};
  if (step.has("action") || step.has("observation") || step.has("thought")) return false;
  if (step["content"].is_list()) {
    const Json part = step["content"].first();
    return is_in(kParts, part["type"].string()) &&
           (step.has("finishReason") || step.has("stepNumber") || part.has("toolCallId"));
  }
  const Json call = step["toolCalls"].first();  // version 4
  return step["toolCalls"].is_list() && (!call.here() || call["toolName"].is_string()) &&
         (step.has("finishReason") || step.has("stepType"));
}

// The object that holds the steps.
Json result_in(Json record) {
  for (const Json result : {record, record["result"], record["output"], record["response"]}) {
    if (is_vercel_step(result["steps"].first())) return result;
  }
  return {};
}

// A record whose messages stand elsewhere holds steps of something else.
bool looks_like_vercel_steps(Json first, const Beginning&) {
  if (!result_in(first).here()) return false;
  bool chat = false;
  first.each_member([&](std::string_view key, Json value) {
    chat = chat || (key != "messages" && key != "prompt" && agent_speaks_in(value));
  });
  return !chat;
}

// A list of messages to which those of the run were appended: what was asked ends otherwise.
bool holds_the_run(Json messages) { return last_of(messages)["role"].is("assistant"); }

bool add_messages(Json messages, RunWriter& runs) {
  if (!messages.first()["role"].is_string()) return false;
  messages.each([&](Json message) { runs.message_as_is(message.json()); });
  return true;
}

void add_what_was_asked(Json record, RunWriter& runs) {
  if (const Json system = either(record, "system", "instructions"); system.is_string()) {
    runs.message("system");
    runs.text(system.string());
  }
  for (const std::string_view key :
       {"messages", "prompt", "question", "input", "query", "instruction"}) {
    const Json asked = record[key];
    if (add_messages(asked, runs)) return;
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
    runs.aside(Aside::Kind::kNotRead, "parts of steps that are neither text nor calls");
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

void add_run(Json record, Json result, RunWriter& runs) {
  if (holds_the_run(record["messages"])) {
    add_messages(record["messages"], runs);
    return;
  }
  add_what_was_asked(record, runs);
  const Json messages = last_of(result["steps"])["response"]["messages"];
  if (agent_speaks_in(messages)) {
    add_messages(messages, runs);
  } else {
    result["steps"].each([&](Json step) { add_step(step, runs); });
  }
}

void translate_vercel_steps(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    const Json result = result_in(record);
    if (!result.here()) {
      runs.aside(Aside::Kind::kMalformed, "a record without the steps of a run");
      continue;
    }
    runs.model(record["model"].string());
    result["steps"].each([&](Json step) {
      const Json model = step["model"]["modelId"];
      runs.reply_by(model.is_string() ? model.string() : step["response"]["modelId"].string());
    });
    add_run(record, result, runs);
    pass_on(record, {"steps",        "result",  "output",     "response",    "prompt",
                     "question",     "input",   "query",      "instruction", "system",
                     "instructions", "_output", "text",       "reasoning",   "reasoningText",
                     "finishReason", "usage",   "totalUsage", "request",     "providerMetadata"},
            runs);
    runs.end_run_of("Vercel AI SDK", "vercel");
  }
}

}  // namespace

const FormatCode kVercelSteps = code_of<looks_like_vercel_steps, translate_vercel_steps>();

}  // namespace agentecho::formats
