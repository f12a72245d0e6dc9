// Codex CLI: rollouts (~/.codex/sessions/…/rollout-….jsonl) and what `codex exec --json` prints.
//
//   {"timestamp", "type": "session_meta" | "turn_context" | "response_item" | "event_msg" |
//    "compacted", "payload"}; versions before September 2025 wrote the items bare, after a first
//   line {id, timestamp, instructions}.
//
// The items are those of the Responses API. Events repeat them for the screen and are passed over.
// A compaction puts a new history in place of the old one; the log goes on, so it stays one run.
#include <string>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/response_items.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool looks_like_codex(Json first, const Beginning& beginning) {
  const Json line = first;
  const std::string_view type = line["type"].string();
  if (line["payload"].is_object() && line["timestamp"].is_string()) {
    return type == "session_meta" || type == "turn_context" || type == "response_item" ||
           type == "event_msg";
  }
  if (type == "thread.started") return line["thread_id"].is_string();
  return !beginning.is_list && line["id"].is_string() && line["timestamp"].is_string() &&
         !line.has("type") && !line.has("messages") &&
         (line.has("instructions") || line.has("git"));
}

// An item of `codex exec --json`.
void add_exec_item(Json item, RunWriter& runs) {
  const std::string_view type = item["type"].string();
  const std::string id = item["id"].text();
  if (type == "agent_message" || type == "assistant_message") {
    runs.continue_message("assistant");
    runs.text(item["text"].string());
  } else if (type == "reasoning") {
    runs.continue_message("assistant");
    runs.reasoning(item["text"].string());
  } else if (type == "command_execution") {
    runs.continue_message("assistant");
    runs.call(id, "shell", one_member("command", item["command"].json()));
    const auto status = item["exit_code"].integer();
    runs.result(id, item["aggregated_output"].string(),
                status ? std::optional<bool>(*status != 0) : std::nullopt);
  } else if (type == "file_change") {
    runs.continue_message("assistant");
    runs.call(id, "apply_patch", one_member("changes", item["changes"].json()));
    runs.result(id, item["status"].string(), item["status"].is("failed"));
  } else if (type == "mcp_tool_call") {
    runs.continue_message("assistant");
    add_call(id, item["tool"].string(), item["arguments"], runs);
    runs.result(id,
                item["result"].here() ? text_of(item["result"]["content"]) : item["error"].text(),
                item["status"].is("failed"));
  } else if (type == "web_search") {
    runs.continue_message("assistant");
    runs.call(id, "web_search", one_member("query", item["query"].json()));
    runs.result(id, "");
  } else {
    runs.aside(Aside::Kind::kNotRead, "items of type " + std::string(type));
  }
}

void translate_codex(const Log& log, RunWriter& runs) {
  std::uint64_t compactions = 0;
  std::string instructions;
  ResponseItems items(runs);
  for (const Json line : log.records) {
    const std::string_view type = line["type"].string();
    const Json payload = line["payload"];
    if (type == "session_meta") {
      const Json base = payload["base_instructions"]["text"];
      instructions = base.here() ? base.string() : payload["instructions"].string();
    } else if (type == "turn_context") {
      runs.reply_by(payload["model"].string());
    } else if (type == "response_item") {
      if (!instructions.empty()) {
        runs.message("system");
        runs.text(instructions);
        instructions.clear();
      }
      items.add(payload);
    } else if (type == "compacted") {
      ++compactions;
    } else if (type == "item.completed") {
      add_exec_item(line["item"], runs);
    } else if (!payload.here() && line["record_type"].string().empty()) {
      if (line.has("instructions")) instructions = line["instructions"].string();
      if (!type.empty() && type.find('.') == std::string_view::npos) items.add(line);
    }
  }
  runs.agent("Codex CLI");
  runs.aside(Aside::Kind::kLeftOut, "compactions: the history that stood in their place",
             compactions);
  runs.end_run();
}

}  // namespace

const FormatCode kCodex = code_of<looks_like_codex, translate_codex>();

}  // namespace agentecho::formats
