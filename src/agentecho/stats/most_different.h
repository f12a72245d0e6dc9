// The k items of a table of likenesses that are most different: least mean likeness among
// themselves.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "agentecho/stats/pair_table.h"

namespace agentecho {

struct DifferentItems {
  std::vector<std::size_t> items;  // ascending
  double mean = 0;                 // likeness over their pairs
  bool exact = true;               // every set was looked at
};

// k: 2 or more. Only sets whose pairs all have a likeness; nothing where there is no such set, or
// none was found. Ties: the set that comes first in the order of numbers. Up to `most_sets` sets
// all are tried; beyond that single items are exchanged, from a greedy start, as long as that
// helps, which may miss the best. Cost: sets, or items x k^2 an exchange.
std::optional<DifferentItems> most_different(const PairTable& likeness, std::size_t k,
                                             std::size_t most_sets = 2'000'000);

}  // namespace agentecho
