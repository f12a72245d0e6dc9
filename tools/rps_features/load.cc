#include "rps_features/load.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace agentecho::tools {

namespace {

using Json = nlohmann::json;

std::string text_of(const Json& json, const char* key) {
  if (!json.contains(key) || !json[key].is_string()) return {};
  return json[key].get<std::string>();
}

std::string reasoning_of(const Json& message) {
  std::string text = text_of(message, "reasoning_content");
  if (text.empty()) text = text_of(message, "reasoning");
  const Json raw = message.value("raw_data", Json());
  if (!raw.is_object()) return text;
  if (text.empty() && raw.contains("message") && raw["message"].is_object()) {
    text = text_of(raw["message"], "reasoning_content");
  }
  if (text.empty() && raw.contains("thinking_blocks") && raw["thinking_blocks"].is_array()) {
    for (const Json& block : raw["thinking_blocks"]) text += text_of(block, "thinking");
  }
  return text;
}

void split_think_tag(std::string& text, std::string& reasoning) {
  const std::size_t begin = text.find("<think>");
  const std::size_t end = text.find("</think>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return;
  reasoning += text.substr(begin + 7, end - begin - 7);
  text.erase(begin, end + 8 - begin);
}

void add_call(Trajectory& t, const Json& json, Requestor requestor) {
  const Json& function = json.contains("function") ? json["function"] : json;
  ToolCall& call = t.calls.emplace_back();
  call.id = t.arena.copy(text_of(json, "id"));
  call.name = t.arena.copy(text_of(function, "name"));
  const Json arguments = function.value("arguments", Json());
  call.arguments =
      t.arena.copy(arguments.is_string() ? arguments.get<std::string>() : arguments.dump());
  call.requestor = requestor;
  call.message = static_cast<std::int32_t>(t.messages.size()) - 1;
}

void add_message(Trajectory& t, const Json& json, std::map<std::string, std::int32_t>& call_by_id) {
  const std::string role = text_of(json, "role");
  Message& message = t.messages.emplace_back();
  message.role = role == "system"      ? Role::kSystem
                 : role == "assistant" ? Role::kAssistant
                 : role == "tool"      ? Role::kTool
                                       : Role::kUser;
  message.requestor =
      role == "user" || text_of(json, "requestor") == "user" ? Requestor::kUser : Requestor::kAgent;
  std::string text = text_of(json, "content");
  if (message.role == Role::kAssistant) {
    std::string reasoning = reasoning_of(json);
    split_think_tag(text, reasoning);
    message.reasoning = t.arena.copy(reasoning);
  }
  message.text = t.arena.copy(text);
  message.first_call = static_cast<std::uint32_t>(t.calls.size());
  if (json.contains("tool_calls") && json["tool_calls"].is_array()) {
    for (const Json& call : json["tool_calls"]) {
      add_call(t, call, message.requestor);
      call_by_id[text_of(call, "id")] = static_cast<std::int32_t>(t.calls.size()) - 1;
    }
    message.n_calls = static_cast<std::uint32_t>(t.calls.size()) - message.first_call;
  }
  if (message.role != Role::kTool) return;
  const auto call =
      call_by_id.find(text_of(json, json.contains("tool_call_id") ? "tool_call_id" : "id"));
  if (call == call_by_id.end()) return;
  message.answers = call->second;
  t.calls[static_cast<std::size_t>(call->second)].result_message =
      static_cast<std::int32_t>(t.messages.size()) - 1;
  if (json.contains("error") && json["error"].is_boolean() && json["error"].get<bool>()) {
    message.error_flag = ErrorFlag::kError;
  }
}

}  // namespace

std::vector<Trajectory> load_trajectories(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  const Json json = Json::parse(file);
  const Json& records = json.is_object() ? json.at("simulations") : json;
  std::vector<Trajectory> trajectories;
  for (const Json& record : records) {
    const char* list = record.contains("traj") ? "traj" : "messages";
    if (!record.contains(list) || !record[list].is_array()) continue;
    Trajectory& t = trajectories.emplace_back();
    const Json& task = record.at("task_id");
    t.task_id = task.is_string() ? task.get<std::string>() : task.dump();
    std::map<std::string, std::int32_t> call_by_id;
    for (const Json& message : record[list]) add_message(t, message, call_by_id);
  }
  return trajectories;
}

}  // namespace agentecho::tools
