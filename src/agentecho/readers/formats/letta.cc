// Letta: results of letta-evals.
//
//   {sample: {id, input}, trajectory: [[messages of a turn]], grade: {score}, model_name}, bare or
//   as {type: "result", result: {…}}; since version 0.2x {sample_id, model_handle, trajectory,
//   grades: {NAME: {score}}, reward: {score}}; messages by message_type: system_message,
//   user_message, reasoning_message {reasoning}, assistant_message {content}, tool_call_message
//   {tool_call | tool_calls}, tool_return_message {tool_return, status, tool_call_id}
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

Json result_of(Json record) { return record["result"].is_object() ? record["result"] : record; }

bool looks_like_letta(Json first, const Beginning&) {
  const Json result = result_of(first);
  return result["trajectory"].is_list() &&
         ((result["sample"].is_object() && result.has("grade")) ||
          (result.has("sample_id") && (result.has("grades") || result.has("agent_id"))));
}

void add_letta_message(Json message, RunWriter& runs) {
  const std::string_view type = message["message_type"].string();
  if (type == "user_message" || type == "system_message") {
    runs.message(type == "user_message" ? "user" : "system");
    runs.text(text_of(message["content"]));
  } else if (type == "reasoning_message") {
    runs.continue_message("assistant");
    runs.reasoning(message["reasoning"].string());
  } else if (type == "assistant_message") {
    runs.continue_message("assistant");
    runs.text(text_of(message["content"]));
  } else if (type == "tool_call_message" || type == "approval_request_message") {
    runs.continue_message("assistant");
    const auto add = [&](Json call) {
      add_call(call["tool_call_id"].string(), call["name"].string(), call["arguments"], runs);
    };
    if (message["tool_calls"].is_list()) {
      message["tool_calls"].each(add);
    } else {
      add(message["tool_call"]);
    }
  } else if (type == "tool_return_message") {
    const auto add = [&](Json result) {
      std::optional<bool> error;
      if (result["status"].is_string()) error = result["status"].is("error");
      runs.result(result["tool_call_id"].string(), text_of(result["tool_return"]), error);
    };
    if (message["tool_returns"].is_list() && !message["tool_returns"].empty()) {
      message["tool_returns"].each(add);
    } else {
      add(message);
    }
  } else if (type != "hidden_reasoning_message" && type != "usage_statistics" &&
             type != "stop_reason" && type != "ping") {
    runs.aside(Aside::Kind::kNotRead, "messages of type " + std::string(type));
  }
}

void name_letta(Json result, RunWriter& runs) {
  runs.model(result["model_name"].here() ? result["model_name"].string()
                                         : result["model_handle"].string());
  runs.task(result["sample_id"].here() ? result["sample_id"].text()
                                       : result["sample"]["id"].text());
  if (result["reward"]["score"].number()) {
    runs.reward(result["reward"]["score"].number());
  } else if (result["grade"].is_object()) {
    runs.reward(result["grade"]["score"].number());
  } else if (result["grades"].size() == 1) {
    result["grades"].each_member(
        [&](std::string_view, Json grade) { runs.reward(grade["score"].number()); });
  }
  if (result["error"].here()) runs.termination_reason("error");
}

void translate_letta(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    const Json result = result_of(record);
    if (!result["trajectory"].is_list()) continue;  // metrics, summaries
    name_letta(result, runs);
    runs.agent("Letta");
    result["trajectory"].each([&](Json turn) {
      if (turn.is_list()) {
        turn.each([&](Json message) { add_letta_message(message, runs); });
      } else {
        add_letta_message(turn, runs);
      }
    });
    runs.end_run();
  }
}

}  // namespace

const FormatCode kLetta = code_of<looks_like_letta, translate_letta>();

}  // namespace agentecho::formats
