#include "agentecho/corpus/trajectory_features.h"

#include <algorithm>

namespace agentecho {

namespace {

template <class Number>
void update_number(Hasher& hasher, Number number) {
  hasher.update({reinterpret_cast<const char*>(&number), sizeof number});
}

}  // namespace

Digest content_of(const Trajectory& trajectory) {
  Hasher hasher;
  update_number(hasher, trajectory.reward.value_or(-1.0));
  for (const Message& message : trajectory.messages) {
    update_number(hasher, static_cast<std::uint8_t>(message.role));
    update_number(hasher, static_cast<std::uint8_t>(message.error_flag));
    update_number(hasher, message.answers);
    hasher.update_field(message.text);
    hasher.update_field(message.reasoning);
    for (const ToolCall& call : trajectory.calls_of(message)) {
      update_number(hasher, static_cast<std::uint8_t>(call.requestor));
      hasher.update_field(call.name);
      hasher.update_field(call.arguments);
    }
  }
  return hasher.digest();
}

bool means_success(const std::optional<double>& reward) {
  Trajectory run;
  run.reward = reward;
  return is_successful(run);
}

Result<TrajectoryFeatures> extract_features(const Trajectory& trajectory,
                                            const ToolCatalog& catalog,
                                            DependencyVerifier& verifier) {
  auto graph = build_action_graph(trajectory, catalog, verifier);
  if (!graph) return Unexpected(graph.error());
  TrajectoryFeatures features;
  features.model = trajectory.model;
  features.task = {trajectory.benchmark, trajectory.domain, trajectory.task_id};
  features.trial = trajectory.trial;
  features.reward = trajectory.reward;
  features.success = is_successful(trajectory);
  features.content = content_of(trajectory);
  features.counts = count_actions(trajectory, *graph);
  for (const ActionNode& node : graph->nodes) {
    features.tools.emplace_back(trajectory.calls[node.call].name);
  }
  for (const Dependency& edge : graph->dependencies) {
    features.dependencies.emplace_back(edge.source, edge.destination);
  }
  std::sort(features.dependencies.begin(), features.dependencies.end());
  features.user_calls = static_cast<std::uint32_t>(trajectory.calls.size() - graph->nodes.size());
  for (const Message& message : trajectory.messages) {
    if (message.role != Role::kAssistant) continue;
    ++features.assistant_messages;
    if (!message.reasoning.empty()) ++features.reasoning_messages;
  }
  return features;
}

}  // namespace agentecho
