// Two graphs as one assignment problem: the form in which graph edit distance is searched.
//
// With the unit costs of ged.h, deleting one node and inserting another is never cheaper than
// substituting one for the other (2 + their edges against at most 1 + their edges). So some optimal
// edit path keeps every node of the smaller graph, and an edit path is an injection of the smaller
// graph's nodes (rows) into the larger graph's (columns). Rows without a node ("spare rows", no
// edges, cost 1 on every column) make it a permutation; the columns on spare rows are the nodes
// inserted. (The same reduction as in L. Chang et al., "Speeding Up GED Verification for Graph
// Similarity Search", ICDE 2020.)
//
// cost(permutation) = sum of node_cost(row, column) + number of ordered node pairs that are an edge
// on one side only. Self-loops are part of the node costs, not of the adjacency.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agentecho/metrics/baselines/ged.h"

namespace agentecho {

// A directed graph's adjacency as rows of bits, `words` 64-bit words a row.
struct BitRows {
  std::size_t words = 0;
  std::vector<std::uint64_t> bits;

  BitRows() = default;
  explicit BitRows(std::size_t n) : words((n + 63) / 64), bits(n * words) {}

  const std::uint64_t* row(std::size_t i) const { return bits.data() + i * words; }
  std::uint64_t* row(std::size_t i) { return bits.data() + i * words; }
  bool test(std::size_t i, std::size_t j) const { return (row(i)[j / 64] >> (j % 64)) & 1u; }
  void set(std::size_t i, std::size_t j) { row(i)[j / 64] |= std::uint64_t{1} << (j % 64); }
};

struct Adjacency {
  BitRows out;
  BitRows in;
  std::vector<std::int32_t> out_degree;
  std::vector<std::int32_t> in_degree;
};

struct GedPair {
  std::size_t n = 0;       // nodes of the larger graph: rows and columns
  std::size_t n_real = 0;  // nodes of the smaller graph: rows [0, n_real); the others are spare
  Adjacency small;         // padded to n rows
  Adjacency large;
  std::vector<std::uint8_t> small_loops;  // 1 = the node has an edge to itself
  std::vector<std::uint8_t> large_loops;
  std::vector<std::uint32_t> small_labels;  // of the real rows
  std::vector<std::uint32_t> large_labels;
  std::vector<std::int32_t> node_cost;  // n x n, row by row
};

// What is known of a pair's distance: lower <= distance <= upper.
struct GedBounds {
  std::int64_t lower = 0;
  std::int64_t upper = 0;
  std::vector<std::int32_t> permutation;  // of cost `upper`
};

// `small` has at most as many nodes as `large`; both are valid.
GedPair make_ged_pair(const LabelledGraph& small, const LabelledGraph& large);

// Cost of the edit path in which row i takes column permutation[i]. O(n^2 / 64 + n + edges).
std::int64_t permutation_cost(const GedPair& pair, std::span<const std::int32_t> permutation);

// The branch of a node is the node with its edges, other ends unknown. Twice the least cost that
// placing row i on column j must cause when every edge is shared half and half between its ends:
// 2 node_cost + |difference of out-degrees| + |difference of in-degrees|. The cheapest assignment
// is at most twice the distance, and is itself an edit path: "BRANCH" (D. B. Blumenthal and J.
// Gamper, "Improved Lower Bounds for Graph Edit Distance", TKDE 2018,
// doi:10.1109/TKDE.2017.2772243), the half-weight form of the bipartite method of K. Riesen and H.
// Bunke, "Approximate graph edit distance computation by means of bipartite graph matching", Image
// and Vision Computing 27 (2009) 950-959, doi:10.1016/j.imavis.2008.04.004. n x n, row by row.
std::vector<std::int32_t> branch_costs(const GedPair& pair);

}  // namespace agentecho
