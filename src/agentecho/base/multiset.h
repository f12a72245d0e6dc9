// Multisets as ascending lists.
#pragma once

#include <cstddef>
#include <ranges>

namespace agentecho {

// How many elements two ascending lists have in common, repetitions counted. O(|a| + |b|).
template <std::ranges::random_access_range List>
std::size_t common_elements(const List& a, const List& b) {
  std::size_t i = 0, j = 0, common = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i] == b[j]) {
      ++i, ++j, ++common;
    } else if (a[i] < b[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return common;
}

}  // namespace agentecho
