// trae-agent: trajectory files.
//
//   {task: what was asked, model, llm_interactions: [{input_messages: [those that are new: {role,
//    content, tool_result: {call_id, success, result, error}}], response: {content, tool_calls:
//    [{call_id, name, arguments}]}}], agent_steps: [the same with states], success, final_result}
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_trae_run(Json record) {
  const Json interaction = record["llm_interactions"].first();
  return record["agent_steps"].is_list() && interaction["input_messages"].is_list() &&
         interaction["response"].is_object();
}

bool looks_like_trae_agent(Json first, const Beginning&) { return is_trae_run(first); }

void add_input(Json message, RunWriter& runs) {
  const Json result = message["tool_result"];
  if (result.here()) {
    const auto success = result["success"].boolean();
    const Json said = result["result"].here() ? result["result"] : result["error"];
    runs.result(result["call_id"].string(), said.text(),
                success ? std::optional<bool>(!*success) : std::nullopt);
  } else if (!text_of(message["content"]).empty()) {
    runs.message(message["role"].string());
    runs.text(text_of(message["content"]));
  }
}

void add_reply(Json reply, RunWriter& runs) {
  runs.message("assistant");
  runs.text(text_of(reply["content"]));
  reply["tool_calls"].each([&](Json call) {
    add_call(either(call, "call_id", "id").string(), call["name"].string(), call["arguments"],
             runs);
  });
}

void translate_trae_agent(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    record["llm_interactions"].each([&](Json interaction) {
      runs.reply_by(interaction["model"].string());
      interaction["input_messages"].each([&](Json message) { add_input(message, runs); });
      add_reply(interaction["response"], runs);
    });
    if (runs.model().empty()) runs.model(record["model"].string());
    runs.success(record["success"].boolean());
    pass_on(record, {"task", "llm_interactions", "agent_steps", "final_result", "provider"}, runs);
    runs.end_run_of("trae-agent", "trae-agent");
  }
}

}  // namespace

const FormatCode kTraeAgent = code_of<looks_like_trae_agent, translate_trae_agent>();

}  // namespace agentecho::formats
