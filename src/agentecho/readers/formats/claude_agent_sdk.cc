// Claude's Agent SDK: its messages as Python's dataclasses.asdict gives them, one a line or in a
// list.
//
//   SystemMessage     {subtype: init, data: {session_id, model, tools, …}}
//   AssistantMessage  {content: [{text} | {thinking, signature} | {id, name, input}], model,
//                     parent_tool_use_id}
//   UserMessage       {content: text | [{tool_use_id, content, is_error} | {text}], …}
//   ResultMessage     {subtype: success | error_…, is_error, num_turns, result, …}
//
// A block says by its members what it is. Several sessions in a file are a run each. Messages of
// sub-agents name the call that started them.
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

constexpr std::string_view kProgram = "Claude Agent SDK";
constexpr std::string_view kBenchmark = "claude-agent-sdk";

bool is_start(Json line) {
  return line["subtype"].is_string() && line["data"].is_object() && !line.has("type");
}

bool is_reply(Json line) {
  return line["content"].is_list() && line["model"].is_string() && !line.has("role") &&
         !line.has("type");
}

bool looks_like_agent_sdk(Json first, const Beginning&) {
  return is_start(first) && first["subtype"].is("init") && first["data"].has("session_id");
}

void add_block(Json block, RunWriter& runs) {
  if (block["tool_use_id"].is_string()) {
    const auto error = block["is_error"].boolean();
    const Json content = block["content"];
    runs.result(block["tool_use_id"].string(),
                content.is_string() || content.is_list() ? text_of(content) : content.text(),
                error);
  } else if (block["thinking"].is_string()) {
    runs.reasoning(block["thinking"].string());
  } else if (block["name"].is_string() && block["input"].is_object()) {
    add_call(block["id"].string(), block["name"].string(), block["input"], runs);
  } else if (block["text"].is_string()) {
    runs.text(block["text"].string());
  } else {
    runs.aside(Aside::Kind::kNotRead, "blocks of a message that are of no known kind");
  }
}

void add_user(Json line, RunWriter& runs) {
  const Json content = line["content"];
  const bool answers = content.first()["tool_use_id"].is_string();
  if (!answers) runs.message("user");
  if (content.is_string()) runs.text(content.string());
  content.each([&](Json block) { add_block(block, runs); });
}

void translate_agent_sdk(const Log& log, RunWriter& runs) {
  std::uint64_t of_sub_agents = 0;
  std::string_view session;
  for (const Json line : log.records) {
    if (is_start(line)) {
      if (line["data"].has("session_id") && !line["data"]["session_id"].is(session)) {
        runs.end_run_of(kProgram, kBenchmark);
        session = line["data"]["session_id"].string();
        runs.also("session_id", line["data"]["session_id"].json());
      }
      if (runs.model().empty()) runs.model(line["data"]["model"].string());
    } else if (line.has("parent_tool_use_id")) {
      ++of_sub_agents;
    } else if (is_reply(line)) {
      runs.continue_message("assistant");  // a reply is a message for each of its blocks
      line["content"].each([&](Json block) { add_block(block, runs); });
    } else if (line["content"].here()) {
      add_user(line, runs);
    } else if (!line.has("subtype")) {
      runs.aside(Aside::Kind::kNotRead, "messages of the SDK that are of no known kind");
    }
  }
  runs.aside(Aside::Kind::kLeftOut, "messages of sub-agents", of_sub_agents);
  runs.end_run_of(kProgram, kBenchmark);
}

}  // namespace

const FormatCode kClaudeAgentSdk = code_of<looks_like_agent_sdk, translate_agent_sdk>();

}  // namespace agentecho::formats
