// Small graphs for the tests of graph edit distance.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/metrics/baselines/ged.h"

namespace agentecho {

struct GraphShape {
  std::size_t nodes = 0;
  std::uint64_t labels = 1;
  double density = 0.0;  // of all ordered pairs
  bool self_loops = false;
};

inline LabelledGraph random_graph(const GraphShape& shape, Rng& rng) {
  LabelledGraph graph;
  for (std::size_t i = 0; i < shape.nodes; ++i) {
    graph.node_labels.push_back(static_cast<std::uint32_t>(rng.below(shape.labels)));
  }
  for (std::uint32_t u = 0; u < shape.nodes; ++u) {
    for (std::uint32_t v = 0; v < shape.nodes; ++v) {
      if ((u != v || shape.self_loops) && rng.chance(shape.density)) graph.edges.emplace_back(u, v);
    }
  }
  return graph;
}

// At most `most_nodes` nodes; few or many labels, sparse or dense.
inline LabelledGraph random_small_graph(std::size_t most_nodes, bool self_loops, Rng& rng) {
  GraphShape shape;
  shape.nodes = rng.below(most_nodes + 1);
  shape.labels = 1 + rng.below(4);
  shape.density = 0.1 + 0.4 * rng.uniform();
  shape.self_loops = self_loops;
  return random_graph(shape, rng);
}

// Like a run of tool calls: few labels, each node joined to an earlier one or two, or to the one
// before it.
inline LabelledGraph random_action_graph(std::size_t nodes, Rng& rng) {
  LabelledGraph graph;
  for (std::uint32_t v = 0; v < nodes; ++v) {
    graph.node_labels.push_back(static_cast<std::uint32_t>(rng.below(6)));
    if (v == 0) continue;
    if (rng.chance(0.7)) {
      const auto parent = static_cast<std::uint32_t>(rng.below(v));
      graph.edges.emplace_back(parent, v);
      const auto other = static_cast<std::uint32_t>(rng.below(v));
      if (other != parent && rng.chance(0.3)) graph.edges.emplace_back(other, v);
    } else {
      graph.edges.emplace_back(v - 1, v);
    }
  }
  return graph;
}

// The same graph with its nodes numbered otherwise and its edges listed in another order.
inline LabelledGraph renumbered(const LabelledGraph& graph, Rng& rng) {
  std::vector<std::uint32_t> number(graph.node_labels.size());
  std::iota(number.begin(), number.end(), 0u);
  rng.shuffle(number);
  LabelledGraph result;
  result.node_labels.resize(number.size());
  for (std::size_t i = 0; i < number.size(); ++i) {
    result.node_labels[number[i]] = graph.node_labels[i];
  }
  for (const auto& [from, to] : graph.edges) result.edges.emplace_back(number[from], number[to]);
  rng.shuffle(result.edges);
  return result;
}

}  // namespace agentecho
