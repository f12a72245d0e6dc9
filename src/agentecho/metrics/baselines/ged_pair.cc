#include "agentecho/metrics/baselines/ged_pair.h"

#include <bit>
#include <cstdlib>

namespace agentecho {

namespace {

Adjacency adjacency_of(const LabelledGraph& graph, std::size_t n) {
  Adjacency adjacency{BitRows(n), BitRows(n), std::vector<std::int32_t>(n),
                      std::vector<std::int32_t>(n)};
  for (const auto& [from, to] : graph.edges) {
    if (from == to) continue;
    adjacency.out.set(from, to);
    adjacency.in.set(to, from);
    ++adjacency.out_degree[from];
    ++adjacency.in_degree[to];
  }
  return adjacency;
}

std::vector<std::uint8_t> self_loops(const LabelledGraph& graph) {
  std::vector<std::uint8_t> loops(graph.node_labels.size());
  for (const auto& [from, to] : graph.edges) {
    if (from == to) loops[from] = 1;
  }
  return loops;
}

}  // namespace

GedPair make_ged_pair(const LabelledGraph& small, const LabelledGraph& large) {
  GedPair pair;
  pair.n = large.node_labels.size();
  pair.n_real = small.node_labels.size();
  pair.small = adjacency_of(small, pair.n);
  pair.large = adjacency_of(large, pair.n);
  pair.small_labels = small.node_labels;
  pair.large_labels = large.node_labels;
  pair.small_loops = self_loops(small);
  pair.large_loops = self_loops(large);
  pair.node_cost.resize(pair.n * pair.n);
  for (std::size_t i = 0; i < pair.n; ++i) {
    for (std::size_t j = 0; j < pair.n; ++j) {
      pair.node_cost[i * pair.n + j] = i < pair.n_real
                                           ? (small.node_labels[i] != large.node_labels[j]) +
                                                 (pair.small_loops[i] != pair.large_loops[j])
                                           : 1 + pair.large_loops[j];
    }
  }
  return pair;
}

std::int64_t permutation_cost(const GedPair& pair, std::span<const std::int32_t> permutation) {
  std::int64_t cost = 0;
  std::int64_t edges = 0;
  std::int64_t shared = 0;
  for (std::size_t i = 0; i < pair.n; ++i) {
    const auto image = static_cast<std::size_t>(permutation[i]);
    cost += pair.node_cost[i * pair.n + image];
    edges += pair.small.out_degree[i] + pair.large.out_degree[i];
    for (std::size_t w = 0; w < pair.small.out.words; ++w) {
      for (std::uint64_t rest = pair.small.out.row(i)[w]; rest != 0; rest &= rest - 1) {
        const std::size_t k = w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
        shared += pair.large.out.test(image, static_cast<std::size_t>(permutation[k]));
      }
    }
  }
  return cost + edges - 2 * shared;
}

std::vector<std::int32_t> branch_costs(const GedPair& pair) {
  std::vector<std::int32_t> costs(pair.n * pair.n);
  for (std::size_t i = 0; i < pair.n; ++i) {
    for (std::size_t j = 0; j < pair.n; ++j) {
      costs[i * pair.n + j] = 2 * pair.node_cost[i * pair.n + j] +
                              std::abs(pair.small.out_degree[i] - pair.large.out_degree[j]) +
                              std::abs(pair.small.in_degree[i] - pair.large.in_degree[j]);
    }
  }
  return costs;
}

}  // namespace agentecho
