// ATIF, the Agent Trajectory Interchange Format of Harbor, versions 1.0 to 1.8.
//
//   {schema_version: "ATIF-v1.x", session_id, agent: {name, version, model_name, tool_definitions},
//    steps: [{source: system | user | agent, message, reasoning_content, model_name, tool_calls:
//    [{tool_call_id, function_name, arguments}], observation: {results: [{source_call_id,
//    content}]}, is_copied_context}], final_metrics, subagent_trajectories}
//
// Steps that are marked as copied from an earlier trajectory are left out: the run of which they
// are a part has them. A trajectory that goes on in another file is said.
#include <string>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"
#include "agentecho/readers/written/terminal_reply.h"

namespace agentecho::formats {

namespace {

bool looks_like_atif(Json first, const Beginning&) {
  return first["schema_version"].string().starts_with("ATIF-") && first.has("steps");
}

void add_observation(Json observation, bool has_calls, RunWriter& runs) {
  observation["results"].each([&](Json result) {
    const Json content = result["content"];
    const std::string joined = content.is_string() ? std::string() : text_of(content);
    const std::string_view text = content.is_string() ? content.string() : joined;
    const Json call = result["source_call_id"];
    if (call.here() || has_calls) {
      runs.result(call.string(), text);
      return;
    }
    // What the environment said without having been called.
    runs.message("user");
    runs.text(text);
  });
}

// A reply of Terminus' without tools. False: the message is something else.
bool add_terminus_reply(Json step, RunWriter& runs) {
  const auto reply = written::terminal_reply(step["message"].string());
  if (!reply) return false;
  runs.message("assistant");
  runs.text(reply->said);
  runs.reasoning(text_of(step["reasoning_content"]));
  std::string id;
  std::size_t number = 0;
  for (const std::string& command : reply->commands) {
    id = step["step_id"].text() + "." + std::to_string(++number);
    runs.call(id, written::kTerminalTool, command);
  }
  if (number == 0) {
    add_observation(step["observation"], false, runs);
  } else {
    step["observation"]["results"].each(
        [&](Json result) { runs.result(id, text_of(result["content"])); });
  }
  return true;
}

void add_step(Json step, bool terminus, RunWriter& runs) {
  const std::string_view source = step["source"].string();
  if (terminus && source == "agent" && step["tool_calls"].empty() &&
      add_terminus_reply(step, runs)) {
    return;
  }
  runs.message(source == "agent" ? "assistant" : source == "system" ? "system" : "user");
  add_content(step["message"], runs);
  runs.reasoning(text_of(step["reasoning_content"]));
  step["tool_calls"].each([&](Json call) {
    add_call(call["tool_call_id"].text(), call["function_name"].string(), call["arguments"], runs);
  });
  add_observation(step["observation"], !step["tool_calls"].empty(), runs);
}

void translate_one(Json record, RunWriter& runs) {
  const Json agent = record["agent"];
  const bool terminus = agent["name"].string().starts_with("terminus");
  std::uint64_t copied = 0;
  record["steps"].each([&](Json step) {
    if (step["is_copied_context"].is_true()) {
      ++copied;
      return;
    }
    if (step["source"].is("agent")) runs.reply_by(step["model_name"].string());
    add_step(step, terminus, runs);
  });
  if (agent["model_name"].is_string()) runs.model(agent["model_name"].string());
  runs.agent(agent["name"].string());
  if (agent["tool_definitions"].is_list() && !agent["tool_definitions"].empty()) {
    runs.tools(agent["tool_definitions"].json());
  }
  const Json extra = record["extra"];
  runs.task(extra["task_id"].text());
  runs.benchmark(extra["benchmark"].string());
  runs.domain(extra["domain"].string());
  runs.trial(extra["trial"].integer());
  runs.reward(extra["reward"].number());
  pass_on(extra, {}, runs);
  pass_on(record, {"agent", "extra", "final_metrics", "notes"}, runs);
  runs.aside(Aside::Kind::kLeftOut, "steps copied from another trajectory", copied);
  if (record["continued_trajectory_ref"].here()) {
    runs.aside(Aside::Kind::kLeftOut, "trajectories that go on in another file");
  }
  runs.aside(Aside::Kind::kLeftOut, "trajectories of sub-agents",
             record["subagent_trajectories"].size());
  runs.end_run();
}

void translate_atif(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) translate_one(record, runs);
}

}  // namespace

const FormatCode kAtif = code_of<looks_like_atif, translate_atif>();

}  // namespace agentecho::formats
