// Graphs as edit distances compare them.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace agentecho {

// Nodes are 0, 1, ...; labels are compared for equality only. An edge (u, v) goes from u to v; it
// occurs once; u = v is allowed. For an action graph: tool names numbered, E_s and E_d joined.
struct LabelledGraph {
  std::vector<std::uint32_t> node_labels;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
};

}  // namespace agentecho
