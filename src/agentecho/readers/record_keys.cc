#include "agentecho/readers/record_keys.h"

#include <simdjson.h>

#include <algorithm>

#include "agentecho/readers/record_scanner.h"

namespace agentecho {

namespace od = simdjson::ondemand;

namespace {

// Is this a message, or an item of OpenAI's Responses API, rather than a record with messages?
// `objects`: those of its members that are, as far as anybody asks.
bool is_message(const RecordKeys& keys, std::string_view type,
                const std::vector<std::string>& objects) {
  const auto has = [&](std::string_view name) {
    return std::find(keys.names.begin(), keys.names.end(), name) != keys.names.end();
  };
  for (const std::string_view list :
       {"messages", "traj", "trajectory", "conversation", "conversations", "history", "steps"}) {
    if (has(list)) return false;
  }
  if (has("role")) {
    return has("content") || has("contents") || has("tool_calls") || has("parts") ||
           has("blocks") || has("items");
  }
  if ((has("action") || has("tool") || has("tool_call")) &&
      (has("observation") || has("thought"))) {
    return true;  // a step of a trajectory
  }
  if ((has("event") || has("event_type")) && (has("content") || has("tool") || has("tool_name"))) {
    return true;  // an event of a run
  }
  const auto has_object = [&](std::string_view name) {
    return std::find(objects.begin(), objects.end(), name) != objects.end();
  };
  if (has("role_at_backend") && has_object("message")) return true;  // CAMEL
  if (has("message_id") && has_object("message")) return true;       // Strands
  if (has("author") && has_object("content")) return true;           // ADK
  if (has("parts") && has("kind")) return true;                      // Pydantic AI
  if (has("message_type") && has("date")) return true;               // Letta
  if (type == "function_call") return has("name") && has("arguments");
  return (type == "function_call_output" && has("output")) ||
         (type == "reasoning" && (has("summary") || has("content")));
}

}  // namespace

RecordKeys record_keys(std::string_view json) {
  RecordKeys keys;
  od::parser parser;
  od::document document;
  od::object record;
  if (parser.iterate(json.data(), json.size(), json.size() + RecordBlock::kPadding).get(document) ||
      document.get_object().get(record)) {
    return {};
  }
  std::string type;
  std::vector<std::string> objects;
  for (auto field : record) {
    std::string_view key;
    if (field.error() || field.unescaped_key().get(key)) return {};
    keys.names.emplace_back(key);
    if (key == "traj") keys.traj = true;
    if (key == "info") keys.info = true;
    if (key == "reward_info" || key == "run_info" || key == "ticks") keys.tau2 = true;
    std::string_view text;
    if (key == "schema" && !field.value().get_string().get(text)) {
      keys.agentecho_schema = text == "agentecho.trajectory";
    }
    if (key == "schema_version" && !field.value().get_string().get(text)) {
      keys.features = text.starts_with("agentecho.features/");
    }
    if (key == "type" && !field.value().get_string().get(text)) type = text;
    if (key == "row" || key == "content" || key == "message") {
      od::json_type kind;
      const bool is_object = !field.value().type().get(kind) && kind == od::json_type::object;
      if (is_object) objects.emplace_back(key);
      if (key == "row") keys.row = is_object;
    }
  }
  keys.message = is_message(keys, type, objects);
  return keys;
}

std::string_view member_object(std::string_view json, std::string_view key) {
  od::parser parser;
  od::document document;
  od::object object;
  std::string_view raw;
  if (parser.iterate(json.data(), json.size(), json.size() + RecordBlock::kPadding).get(document) ||
      document.find_field_unordered(key).get_object().get(object) || object.raw_json().get(raw)) {
    return {};
  }
  return raw;
}

}  // namespace agentecho
