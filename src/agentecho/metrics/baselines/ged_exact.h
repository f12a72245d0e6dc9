// Branch and bound for graph edit distance.
//
// The distance is an integer, so the search asks "is there an edit path of cost at most t?" for t =
// lower bound, lower bound + 1, ...: every "no" raises the lower bound by one, the first "yes" is
// the distance (iterative deepening: the states of best-first search without its memory).
//
// A state places some rows of a GedPair on columns. Its bound is the cheapest assignment of the
// other rows, where row i on column j costs its node cost, its edges to rows already placed in
// full, and half the difference in degree towards rows not placed: the anchor-aware branch bound
// (L. Chang et al., "Speeding Up GED Verification for Graph Similarity Search", ICDE 2020; D. B.
// Blumenthal and J. Gamper, "On the exact computation of the graph edit distance", Pattern
// Recognition Letters 134 (2020) 46-57, doi:10.1016/j.patrec.2018.05.002), here for directed edges.
// Placing a row never lowers the other costs, so each state goes on from its parent's prices
// (assignment.h) and pays only for the rows near the one placed. The slack of a pair (i, j) against
// the prices is what placing i on j adds to the bound at least; pairs beyond t are struck out, and
// the row with the fewest pairs left is placed next.
//
// Nodes with the same label, the same neighbours and no edge between them can be exchanged without
// changing the graph. Such nodes are told apart by their class only: a row tries one column of each
// class, and exchangeable rows take columns in order of class. Repeated calls of one tool on one
// parent make such nodes common in action graphs.
//
// Exponential in the worst case; the number of states is capped. Memory O(n^3).
#pragma once

#include <cstdint>
#include <functional>

#include "agentecho/metrics/baselines/ged_pair.h"

namespace agentecho {

// Narrows `bounds` (valid ones for this pair) until they meet, `max_states` states are spent or
// `out_of_time` says so. pair.n <= 64. Returns the number of states.
std::uint64_t narrow_by_branch_and_bound(const GedPair& pair, GedBounds& bounds,
                                         std::uint64_t max_states,
                                         const std::function<bool()>& out_of_time);

}  // namespace agentecho
