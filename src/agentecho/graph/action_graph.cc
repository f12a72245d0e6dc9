#include "agentecho/graph/action_graph.h"

#include <algorithm>

#include "agentecho/graph/file_dependencies.h"
#include "agentecho/trajectory/error_result.h"

namespace agentecho {

namespace {

// The user's word, then what this very call does, then what the tool is known for.
ToolClass class_of(const ToolCall& call, const ToolCatalog& catalog) {
  if (call.kind && !catalog.user_kinds().contains(call.name)) return {*call.kind, false};
  return catalog.classify(call.name);
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> sequential_edges(
    std::size_t n_nodes, std::span<const Dependency> dependencies) {
  std::vector<bool> depends(n_nodes, false);
  for (const Dependency& dependency : dependencies) depends[dependency.destination] = true;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (std::uint32_t v = 1; v < n_nodes; ++v) {
    if (!depends[v]) edges.emplace_back(v - 1, v);
  }
  return edges;
}

}  // namespace

Result<ActionGraph> build_action_graph(const Trajectory& trajectory, const ToolCatalog& catalog,
                                       DependencyVerifier& verifier) {
  auto dependencies = verifier.dependencies(trajectory);
  if (!dependencies) return Unexpected(dependencies.error());
  ActionGraph graph;
  graph.dependencies = std::move(*dependencies);
  for (const std::uint32_t index : agent_calls(trajectory)) {
    const ToolCall& call = trajectory.calls[index];
    graph.nodes.push_back({index, class_of(call, catalog), failed(trajectory, call)});
  }
  add_file_dependencies(trajectory, graph.dependencies);
  graph.sequential = sequential_edges(graph.nodes.size(), graph.dependencies);
  return graph;
}

std::uint32_t longest_path(std::size_t n_nodes, std::span<const Dependency> dependencies) {
  std::vector<std::uint32_t> ending_at(n_nodes, 0);
  std::uint32_t longest = 0;
  // Ordered by destination, so the paths that end at a source are complete before it is used.
  for (const Dependency& edge : dependencies) {
    ending_at[edge.destination] = std::max(ending_at[edge.destination], ending_at[edge.source] + 1);
    longest = std::max(longest, ending_at[edge.destination]);
  }
  return longest;
}

}  // namespace agentecho
