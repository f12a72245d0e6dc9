// Graph edit distance: the fewest edits that turn one labelled graph into another (METHOD 5).
//
// Edits cost 1 each: insert or delete a node, change a node's label, insert or delete an edge.
// Edges are directed and unlabelled. Deleting a node needs its edges deleted first.
//
// Graph edit distance is NP-hard, so a result is an interval [lower, upper] that always holds the
// distance, and `exact` says whether it is a point:
// 1. a lower and an upper bound from one linear assignment of nodes by their branches (BRANCH,
//    Blumenthal & Gamper 2018, after Riesen & Bunke 2009; ged_pair.h), and two further upper bounds
//    (ged_starts.h), each improved by exchanges (ged_local_search.h);
// 2. while the two differ and the effort allows, branch and bound (ged_exact.h), which raises the
//    lower bound to meet the upper one; what it has raised when it must stop is still a valid
//    bound;
// 3. while they still differ, a better upper bound by iterated local search.
//
// Effort is counted in search states, so a result is the same on every machine and for any number
// of threads, unless a time limit is set. Distance and bounds are symmetric in the two graphs. An
// exact distance does not depend on how nodes and labels are numbered; bounds that differ may.
//
// Cost at the default effort: microseconds for action graphs of 5-15 nodes, nearly all of which are
// solved exactly, up to 40 nodes where the two graphs are much alike; tens of milliseconds at most
// for a pair of 20-40 nodes that exhausts the states; beyond that O(n^3) time and O(n^2) memory
// (about 10 ms at 100 nodes, a second at 1,000). bench/ged_bench.cc measures it. Above 2,000 nodes
// there are plain bounds alone, in the time of sorting: the labels and numbers of edges that
// differ, and the better of two mappings, by place and by label.
//
// [choice] A pair's similarity is taken at the upper bound, the cost of an edit path that exists;
// where the bounds differ, similarity_at_most says how much higher it could be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/metrics/baselines/labelled_graph.h"

namespace agentecho {

struct GedOptions {
  // Branch and bound is tried when the larger graph has at most this many nodes; at most 64, 0 =
  // bounds only.
  std::size_t max_exact_nodes = 40;
  // Assignments that branch and bound may solve for one pair; a microsecond or a few each.
  std::uint64_t max_states = 5000;
  // Rounds of the iterated local search, where branch and bound has left the bounds apart.
  std::uint32_t perturbations = 100;
  // Seconds for one pair; 0 = no limit. A limit that is reached makes the result depend on the
  // machine (and sets timed_out); bounds stay valid.
  double max_seconds = 0.0;
};

struct GedResult {
  double lower = 0.0;  // lower <= distance <= upper
  double upper = 0.0;  // cost of `mapping`
  bool exact = false;  // lower == upper
  bool timed_out = false;
  std::uint64_t states = 0;  // assignments solved by branch and bound
  // For each node of the first graph, the node of the second that it becomes; -1 = deleted. Nodes
  // of the second that occur nowhere are inserted.
  std::vector<std::int32_t> mapping;
  std::size_t size = 0;  // |V1| + |V2| + |E1| + |E2|

  // 1 - upper / size; nullopt when both graphs are empty (no evidence).
  std::optional<double> similarity() const;
  // 1 - lower / size: what the similarity could be at most.
  std::optional<double> similarity_at_most() const;
};

// kInput when a graph has an edge to a node that it does not have, or an edge twice (the message
// says which); kUsage when max_exact_nodes is above 64 or max_seconds is negative or not a number.
Result<GedResult> graph_edit_distance(const LabelledGraph& first, const LabelledGraph& second,
                                      const GedOptions& options = {});

// The cost of one edit path, given as GedResult::mapping is: an upper bound of the distance.
// Asserts that the mapping is one-to-one and within both graphs, which are valid. O(nodes + edges
// log edges).
double edit_path_cost(const LabelledGraph& first, const LabelledGraph& second,
                      const std::vector<std::int32_t>& mapping);

}  // namespace agentecho
