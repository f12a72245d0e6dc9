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

namespace agentecho::formats {

namespace {

bool looks(Json first, const Beginning&) {
  return first["schema_version"].string().starts_with("ATIF-") && first.has("steps");
}

void add_observation(Json observation, bool has_calls, RunWriter& runs) {
  observation["results"].each([&](Json result) {
    const std::string text = text_of(result["content"]);
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

void add_step(Json step, RunWriter& runs) {
  const std::string_view source = step["source"].string();
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
  std::uint64_t copied = 0;
  record["steps"].each([&](Json step) {
    if (step["is_copied_context"].is_true()) {
      ++copied;
      return;
    }
    if (runs.model().empty() && step["source"].is("agent")) runs.model(step["model_name"].string());
    add_step(step, runs);
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
  runs.aside(Aside::Kind::kLeftOut, "steps copied from another trajectory", copied);
  if (record["continued_trajectory_ref"].here()) {
    runs.aside(Aside::Kind::kLeftOut, "trajectories that go on in another file");
  }
  runs.aside(Aside::Kind::kLeftOut, "trajectories of sub-agents",
             record["subagent_trajectories"].size());
  runs.end_run();
}

void translate(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) translate_one(record, runs);
}

}  // namespace

Format atif() {
  return {"atif",
          "an ATIF trajectory (Harbor)",
          FormatUnit::kRecord,
          recognises<looks>,
          nullptr,
          convert<translate>};
}

}  // namespace agentecho::formats
