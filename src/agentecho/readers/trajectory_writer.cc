#include "agentecho/readers/trajectory_writer.h"

#include <string_view>

#include "agentecho/base/ordered_json.h"
#include "agentecho/trajectory/role.h"

namespace agentecho {

namespace {

Json call_json(const ToolCall& call) {
  Json json;
  json["id"] = call.id;
  json["type"] = "function";
  json["function"] = {{"name", call.name}, {"arguments", call.arguments}};
  if (call.requestor == Requestor::kUser) json["requestor"] = "user";
  return json;
}

Json message_json(const Trajectory& trajectory, const Message& message) {
  Json json;
  json["role"] = name_of(message.role);
  json["content"] = message.text;
  if (!message.reasoning.empty()) json["reasoning_content"] = message.reasoning;
  if (message.n_calls > 0) {
    json["tool_calls"] = Json::array();
    for (const ToolCall& call : trajectory.calls_of(message))
      json["tool_calls"].push_back(call_json(call));
  }
  if (message.role == Role::kTool) {
    json["tool_call_id"] = message.tool_call_id;
    if (message.requestor == Requestor::kUser) json["requestor"] = "user";
    if (message.error_flag != ErrorFlag::kNotSaid) {
      json["error"] = message.error_flag == ErrorFlag::kError;
    }
  }
  return json;
}

}  // namespace

std::string to_json_line(const Trajectory& trajectory, std::string_view session) {
  Json json;
  json["schema"] = "agentecho.trajectory";
  json["schema_version"] = 1;
  json["model"] = trajectory.model;
  json["benchmark"] = trajectory.benchmark;
  json["domain"] = trajectory.domain;
  json["task_id"] = trajectory.task_id;
  if (trajectory.trial) json["trial"] = *trajectory.trial;
  if (!session.empty()) json["session_id"] = session;
  json["reward"] = trajectory.reward ? Json(*trajectory.reward) : Json(nullptr);
  if (!trajectory.termination_reason.empty()) {
    json["termination_reason"] = trajectory.termination_reason;
  }
  json["messages"] = Json::array();
  for (const Message& message : trajectory.messages) {
    json["messages"].push_back(message_json(trajectory, message));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace agentecho
