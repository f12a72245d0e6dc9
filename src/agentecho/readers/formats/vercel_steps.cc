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
#include <fmt/format.h>

#include <iterator>
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

// Its parts, or the members that version 4 has in their place, are those of a message.
void add_step(Json step, RunWriter& runs) {
  std::string message = R"({"role":"assistant")";
  const auto add = [&](std::string_view key) {
    if (!step.has(key)) return;
    fmt::format_to(std::back_inserter(message), R"(,"{}":{})", key, step[key].json());
  };
  if (step["content"].is_list()) {
    add("content");
  } else {
    for (const std::string_view key : {"text", "reasoning", "toolCalls", "toolResults"}) add(key);
  }
  runs.message_as_is(message + '}');
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
