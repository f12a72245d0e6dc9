// What `llm logs --json` prints of the `llm` command: a row for each reply, a run for each
// conversation.
//
//   [{id, model, conversation_id, datetime_utc, prompt, system, response, reasoning,
//     tool_calls: [{name, arguments, tool_call_id}],
//     tool_results: [{name, output, tool_call_id, exception}]}, …]
//
// The results of a row are those of the calls of the row before it in its conversation, and come
// before its prompt, which is empty where they are all that was said to the model.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_llm_reply(Json row) {
  return row["conversation_id"].is_string() && row["prompt"].is_string() &&
         row["response"].is_string() && row["tool_calls"].is_list() &&
         row["tool_results"].is_list();
}

bool looks_like_llm_logs(Json first, const Beginning&) { return is_llm_reply(first); }

void add_llm_result(Json result, RunWriter& runs) {
  const bool failed = !result["exception"].string().empty();
  runs.result(result["tool_call_id"].string(), result["output"].text(),
              failed ? std::optional(true) : std::nullopt);
}

void add_llm_reply(Json row, RunWriter& runs) {
  row["tool_results"].each([&](Json result) { add_llm_result(result, runs); });
  if (const std::string_view prompt = row["prompt"].string(); !prompt.empty()) {
    runs.message("user");
    runs.text(prompt);
  }
  for (const std::string_view key : {"prompt_fragments", "attachments"}) {
    if (!row[key].empty()) runs.aside(Aside::Kind::kNotRead, key, row[key].size());
  }
  runs.message("assistant");
  runs.reply_by(row["model"].string());
  runs.reasoning(row["reasoning"].string());
  runs.text(row["response"].string());
  row["tool_calls"].each([&](Json call) {
    add_call(call["tool_call_id"].string(), call["name"].string(), call["arguments"], runs);
  });
}

void translate_llm_logs(const Log& log, RunWriter& runs) {
  const auto conversations = grouped(records_in(log, is_llm_reply), conversation_of);
  for (const std::vector<Json>& conversation : conversations) {
    if (const std::string_view system = conversation[0]["system"].string(); !system.empty()) {
      runs.message("system");
      runs.text(system);
    }
    for (const Json row : conversation) add_llm_reply(row, runs);
    if (conversations.size() > 1) runs.task(conversation_of(conversation[0]));
    runs.end_run_of("llm", "chat");
  }
}

}  // namespace

const FormatCode kLlmLogs = code_of<looks_like_llm_logs, translate_llm_logs>();

}  // namespace agentecho::formats
