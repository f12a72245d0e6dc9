// Do two tables of pairs over the same items agree? Pairs share items, so their correlation has no
// p value of its own; exchanging the items of one table gives one.
//
// N. Mantel, "The detection of disease clustering and a generalized regression approach", Cancer
// Research 27 (1967).
#pragma once

#include "agentecho/stats/pair_table.h"
#include "agentecho/stats/permutation.h"
#include "agentecho/stats/statistic.h"

namespace agentecho {

struct MantelTest {
  double correlation = 0;  // Pearson, over the pairs with a value in both tables
  std::size_t pairs = 0;
  std::size_t items = 0;  // in such pairs
  PermutationP p;         // one-sided is `greater`: agreement at least as large
};

// Only items in a pair that both tables have are exchanged; all orders of them are enumerated where
// they are few. A permutation that leaves fewer than three pairs, or no spread, counts as one at
// least as large. Undefined: fewer than four such items or three pairs (kTooFew), no spread
// (kConstant). Cost: items^2 for each order.
Statistic<MantelTest> mantel_test(const PairTable& first, const PairTable& second,
                                  const PermutationOptions& options = {});

}  // namespace agentecho
