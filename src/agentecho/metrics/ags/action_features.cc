#include "agentecho/metrics/ags/action_features.h"

#include <string_view>
#include <vector>

namespace agentecho {

namespace {

std::optional<double> ratio(std::uint32_t part, std::uint32_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::uint32_t gaps(const ActionCounts& counts) { return counts.calls > 0 ? counts.calls - 1 : 0; }

void count_sequence(const Trajectory& trajectory, const ActionGraph& graph, ActionCounts& counts) {
  const auto& nodes = graph.nodes;
  const auto reads = [&](std::size_t i) { return nodes[i].tool.kind == ToolKind::kRead; };
  const auto name = [&](std::size_t i) { return trajectory.calls[nodes[i].call].name; };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool has_next = i + 1 < nodes.size();
    if (nodes[i].tool.kind == ToolKind::kWrite) {
      ++counts.writes;
      if (has_next && reads(i + 1)) ++counts.verified;
      if (i > 0 && reads(i - 1)) ++counts.confirmed;
    }
    if (nodes[i].error) {
      ++counts.errors;
      if (has_next && name(i + 1) == name(i)) ++counts.retried;
    }
  }
}

void count_dependencies(const ActionGraph& graph, ActionCounts& counts) {
  std::vector<std::uint32_t> incoming(graph.nodes.size(), 0);
  std::vector<std::uint32_t> outgoing(graph.nodes.size(), 0);
  for (const Dependency& edge : graph.dependencies) {
    ++incoming[edge.destination];
    ++outgoing[edge.source];
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (incoming[i] > 0) ++counts.reusing;
    if (outgoing[i] > 0) ++counts.sources;
    if (outgoing[i] > 1) ++counts.fanning_out;
  }
  counts.depth = longest_path(graph.nodes.size(), graph.dependencies);
}

}  // namespace

ActionCounts count_actions(const Trajectory& trajectory, const ActionGraph& graph) {
  ActionCounts counts;
  counts.calls = static_cast<std::uint32_t>(graph.nodes.size());
  count_sequence(trajectory, graph, counts);
  count_dependencies(graph, counts);
  return counts;
}

std::array<double, 3> sequence_vector(const ActionCounts& counts) {
  return {ratio(counts.verified, counts.writes).value_or(0),
          ratio(counts.confirmed, counts.writes).value_or(0),
          ratio(counts.retried, counts.errors).value_or(0)};
}

std::array<double, 3> dependency_vector(const ActionCounts& counts) {
  return {ratio(counts.reusing, gaps(counts)).value_or(0), static_cast<double>(counts.depth),
          ratio(counts.fanning_out, counts.sources).value_or(0)};
}

std::array<std::optional<double>, 3> calibrated_sequence_features(const ActionCounts& counts) {
  return {ratio(counts.verified, counts.writes), ratio(counts.confirmed, counts.writes),
          ratio(counts.retried, counts.errors)};
}

std::array<std::optional<double>, 3> calibrated_dependency_features(const ActionCounts& counts) {
  return {ratio(counts.reusing, gaps(counts)), ratio(counts.depth, gaps(counts)),
          ratio(counts.fanning_out, counts.sources)};
}

}  // namespace agentecho
