#include "agentecho/trajectory/builder.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace agentecho {

TrajectoryBuilder::TrajectoryBuilder(std::string domain, std::string task_id) {
  trajectory_.benchmark = "benchmark";
  trajectory_.model = "model";
  trajectory_.domain = std::move(domain);
  trajectory_.task_id = std::move(task_id);
}

TrajectoryBuilder& TrajectoryBuilder::benchmark(std::string name) {
  trajectory_.benchmark = std::move(name);
  return *this;
}

TrajectoryBuilder& TrajectoryBuilder::model(std::string name) {
  trajectory_.model = std::move(name);
  return *this;
}

TrajectoryBuilder& TrajectoryBuilder::trial(std::int64_t number) {
  trajectory_.trial = number;
  return *this;
}

TrajectoryBuilder& TrajectoryBuilder::reward(double value) {
  trajectory_.reward = value;
  return *this;
}

TrajectoryBuilder& TrajectoryBuilder::system(std::string_view text) {
  add_message(Role::kSystem, text);
  return *this;
}

TrajectoryBuilder& TrajectoryBuilder::user(std::string_view text) {
  add_message(Role::kUser, text);
  return *this;
}

TrajectoryBuilder& TrajectoryBuilder::assistant(std::string_view text, std::string_view reasoning) {
  add_message(Role::kAssistant, text).reasoning = trajectory_.arena.copy(reasoning);
  return *this;
}

TrajectoryBuilder& TrajectoryBuilder::call(std::string_view name, std::vector<std::string> leaves,
                                           std::string_view result) {
  return calls({{std::string(name), std::move(leaves), std::string(result)}});
}

TrajectoryBuilder& TrajectoryBuilder::failing_call(std::string_view name,
                                                   std::vector<std::string> leaves,
                                                   std::string_view result) {
  return calls({{std::string(name), std::move(leaves), std::string(result), ErrorFlag::kError}});
}

TrajectoryBuilder& TrajectoryBuilder::calls(const std::vector<CallSpec>& specs,
                                            std::string_view text) {
  add_calls(Requestor::kAgent, specs, text);
  return *this;
}

TrajectoryBuilder& TrajectoryBuilder::user_call(std::string_view name,
                                                std::vector<std::string> leaves,
                                                std::string_view result) {
  add_calls(Requestor::kUser, {{std::string(name), std::move(leaves), std::string(result)}}, {});
  return *this;
}

Trajectory TrajectoryBuilder::build() { return std::exchange(trajectory_, Trajectory{}); }

Message& TrajectoryBuilder::add_message(Role role, std::string_view text) {
  Message& message = trajectory_.messages.emplace_back();
  message.role = role;
  message.text = trajectory_.arena.copy(text);
  return message;
}

void TrajectoryBuilder::add_calls(Requestor requestor, const std::vector<CallSpec>& specs,
                                  std::string_view text) {
  Trajectory& t = trajectory_;
  const auto issuer = static_cast<std::int32_t>(t.messages.size());
  Message& message =
      add_message(requestor == Requestor::kAgent ? Role::kAssistant : Role::kUser, text);
  message.requestor = requestor;
  message.first_call = static_cast<std::uint32_t>(t.calls.size());
  message.n_calls = static_cast<std::uint32_t>(specs.size());
  const std::size_t first_call = t.calls.size();
  for (const CallSpec& spec : specs) {
    ToolCall& call = t.calls.emplace_back();
    call.id = t.arena.copy("call_" + std::to_string(t.calls.size()));
    call.name = t.arena.copy(spec.name);
    nlohmann::json arguments = nlohmann::json::object();
    call.first_leaf = static_cast<std::uint32_t>(t.leaves.size());
    for (const std::string& leaf : spec.leaves) {
      arguments["arg" + std::to_string(arguments.size() + 1)] = leaf;
      t.leaves.push_back(t.arena.copy(leaf));
    }
    call.n_leaves = static_cast<std::uint32_t>(spec.leaves.size());
    call.arguments =
        t.arena.copy(arguments.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    call.requestor = requestor;
    call.message = issuer;
  }
  for (std::size_t i = 0; i < specs.size(); ++i) {
    ToolCall& call = t.calls[first_call + i];
    call.result_message = static_cast<std::int32_t>(t.messages.size());
    Message& result = add_message(Role::kTool, specs[i].result);
    result.requestor = requestor;
    result.error_flag = specs[i].error_flag;
    result.tool_call_id = call.id;
    result.answers = static_cast<std::int32_t>(first_call + i);
  }
}

}  // namespace agentecho
