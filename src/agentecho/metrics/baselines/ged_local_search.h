// Upper bounds of graph edit distance by local search over permutations.
//
// Exchanges: two rows exchange their columns whenever that lowers the cost, until no exchange does
// (the neighbourhood of REFINE and K-REFINE: Z. Zeng et al., "Comparing Stars", VLDB 2009; N. Boria
// et al., "Improved local search for graph edit distance", Pattern Recognition Letters 129 (2020)
// 19-25, doi:10.1016/j.patrec.2019.10.028). An exchange is weighed in O(n / 64) on rows of bits, so
// one round over all exchanges costs O(n^3 / 64).
//
// Perturbation: a few columns are moved round at random and the exchanges repeated from there,
// keeping what is at least as good (iterated local search). The random numbers have a fixed seed:
// same pair, same result.
//
// Both stop early when the cost reaches the lower bound, or when `out_of_time` says so.
#pragma once

#include <cstdint>
#include <functional>

#include "agentecho/metrics/baselines/ged_pair.h"

namespace agentecho {

// Both lower bounds.upper where they can, and set bounds.permutation to match.
void improve_by_exchanges(const GedPair& pair, GedBounds& bounds,
                          const std::function<bool()>& out_of_time);
void improve_by_perturbation(const GedPair& pair, GedBounds& bounds, std::uint32_t perturbations,
                             const std::function<bool()>& out_of_time);

}  // namespace agentecho
