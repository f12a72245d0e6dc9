#include "agentecho/corpus/trajectory_features.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace agentecho {

namespace {

// A digest of numbers and texts, of which most are a few bytes: those are put together first.
class FieldHasher {
 public:
  template <class Number>
  void number(Number value) {
    add(reinterpret_cast<const char*>(&value), sizeof value);
  }
  // As Hasher::update_field().
  void text(std::string_view bytes) {
    number(std::uint64_t{bytes.size()});
    if (bytes.size() <= kShort) {
      add(bytes.data(), bytes.size());
    } else {
      flush();
      hasher_.update(bytes);
    }
  }
  Digest digest() {
    flush();
    return hasher_.digest();
  }

 private:
  static constexpr std::size_t kShort = 64;

  void add(const char* bytes, std::size_t size) {
    if (n_held_ + size > held_.size()) flush();
    std::copy_n(bytes, size, held_.data() + n_held_);
    n_held_ += size;
  }
  void flush() {
    hasher_.update({held_.data(), n_held_});
    n_held_ = 0;
  }

  Hasher hasher_;
  std::array<char, 4 * kShort> held_;
  std::size_t n_held_ = 0;
};

}  // namespace

Digest content_of(const Trajectory& trajectory) {
  FieldHasher hasher;
  hasher.number(trajectory.reward.value_or(-1.0));
  for (const Message& message : trajectory.messages) {
    hasher.number(static_cast<std::uint8_t>(message.role));
    hasher.number(static_cast<std::uint8_t>(message.error_flag));
    hasher.number(message.answers);
    hasher.text(message.text);
    hasher.text(message.reasoning);
    for (const ToolCall& call : trajectory.calls_of(message)) {
      hasher.number(static_cast<std::uint8_t>(call.requestor));
      hasher.text(call.name);
      hasher.text(call.arguments);
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
  features.candidates = verifier.judged();
  features.user_calls = static_cast<std::uint32_t>(trajectory.calls.size() - graph->nodes.size());
  for (const Message& message : trajectory.messages) {
    if (message.role != Role::kAssistant) continue;
    ++features.assistant_messages;
    if (!message.reasoning.empty()) ++features.reasoning_messages;
  }
  return features;
}

}  // namespace agentecho
