#include "agentecho/readers/formats/response_items.h"

#include <optional>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/message_parts.h"

namespace agentecho::formats {

namespace {

// The output of a call: text, a list of parts, or text that is JSON {"output", "metadata"}.
std::string output_text(Json output) {
  if (output.is_object() && output.has("content")) return text_of(output["content"]);
  return text_of(output);
}

std::optional<bool> output_error(Json output) {
  const auto success = output["success"].boolean();
  return success ? std::optional<bool>(!*success) : std::nullopt;
}

}  // namespace

void ResponseItems::add(Json item) {
  const std::string_view type = item["type"].string();
  const std::string_view call_id = either(item, "call_id", "id").string();
  if (type == "message" || (type.empty() && item["role"].is_string())) {
    add_message(item);
  } else if (type == "reasoning") {
    runs_.continue_message("assistant");
    add_reasoning(item, runs_);
  } else if (type == "function_call") {
    runs_.continue_message("assistant");
    add_call(call_id, item["name"].string(), item["arguments"], runs_);
  } else if (type == "custom_tool_call") {
    runs_.continue_message("assistant");
    runs_.call(call_id, item["name"].string(), one_member("input", item["input"].json()));
  } else if (type == "local_shell_call" || type == "web_search_call" || type == "mcp_call") {
    add_local_call(item);
  } else if (type.ends_with("_output")) {
    runs_.result(call_id, output_text(item["output"]), output_error(item["output"]));
  } else if (!type.starts_with("compaction") && type != "ghost_snapshot") {
    runs_.aside(Aside::Kind::kNotRead, "items of type " + std::string(type));
  }
}

void ResponseItems::add_message(Json item) {
  const std::string_view role = item["role"].string();
  if (role == "assistant") {
    runs_.continue_message("assistant");
  } else {
    runs_.message(role == "developer" ? "system" : role);
  }
  runs_.text(text_of(item["content"]));
}

// A call that the server or the client carries out by itself.
void ResponseItems::add_local_call(Json item) {
  const std::string_view type = item["type"].string();
  const std::string_view call_id = either(item, "call_id", "id").string();
  runs_.continue_message("assistant");
  if (type == "mcp_call") {
    add_call(call_id, item["name"].string(), item["arguments"], runs_);
    runs_.result(call_id, item["error"].here() ? item["error"].text() : output_text(item["output"]),
                 item["error"].here());
  } else if (type == "local_shell_call") {
    add_call(call_id, "local_shell", item["action"], runs_);
  } else {
    add_call(call_id, "web_search", item["action"], runs_);
    runs_.result(call_id, "");  // the model alone sees it
  }
}

}  // namespace agentecho::formats
