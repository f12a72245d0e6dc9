// The action graph G = (V, E_s, E_d) of one trajectory (METHOD 2; paper, section 3.1).
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/graph/dependency.h"
#include "agentecho/trajectory/tool_catalog.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

struct ActionNode {
  std::uint32_t call = 0;  // index into Trajectory::calls
  ToolClass tool;
  bool error = false;  // its result is an error
};

struct ActionGraph {
  std::vector<ActionNode> nodes;  // in log order; edges are pairs of positions here
  // E_s: adjacent calls, unless the second has an incoming dependency (paper, appendix B.1).
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sequential;
  std::vector<Dependency> dependencies;  // E_d
};

// Nodes with their kind and error state; E_d as the verifier sees it, and by files (METHOD 13,
// file_dependencies.h); E_s.
Result<ActionGraph> build_action_graph(const Trajectory& trajectory, const ToolCatalog& catalog,
                                       DependencyVerifier& verifier);

// Edges on the longest directed path of E_d over `n_nodes` nodes; every source precedes its
// destination.
std::uint32_t longest_path(std::size_t n_nodes, std::span<const Dependency> dependencies);

}  // namespace agentecho
