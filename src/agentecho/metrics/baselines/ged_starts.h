// Where the local search starts from: three ways to lay one graph on the other.
//
// A start needs no guarantee; its cost is an upper bound whatever it is. Three kinds find different
// valleys: nodes assigned by their own edges, nodes assigned by what they are joined to, and nodes
// in the order in which they stand (the order of calls, in an action graph).
#pragma once

#include <cstdint>
#include <vector>

#include "agentecho/metrics/baselines/ged_pair.h"

namespace agentecho {

// The cheapest assignment of branches (branch_costs in ged_pair.h): its cost bounds the distance
// from below, its edit path from above. O(n^3).
GedBounds bounds_by_branches(const GedPair& pair);

// The cheapest assignment when each pair also pays for the difference of the labels of its
// neighbours: the stars of Z. Zeng et al., "Comparing Stars: On Approximating Graph Edit Distance",
// VLDB 2009, doi:10.14778/1687627.1687631, for directed edges. Returns row -> column. O(n^3).
std::vector<std::int32_t> permutation_by_stars(const GedPair& pair);

// The nodes of both graphs in their given order, their labels aligned at the least edit cost;
// nodes left over take the columns left over, in order. Returns row -> column. O(n^2).
std::vector<std::int32_t> permutation_by_order(const GedPair& pair);

}  // namespace agentecho
