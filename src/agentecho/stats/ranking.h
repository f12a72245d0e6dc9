// Orders, ranks, and how well a score separates two groups.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

namespace agentecho {

// The places 0 to n - 1 as before(x, y) orders them; those that it does not tell apart stay in
// order. O(n log n).
template <class Before>
std::vector<std::size_t> places_in_order(std::size_t n, const Before& before) {
  std::vector<std::size_t> places(n);
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(), before);
  return places;
}

// An order of values that may be undefined: the larger first, the undefined last.
inline bool ranks_before(const std::optional<double>& a, const std::optional<double>& b) {
  return a.has_value() && (!b.has_value() || *a > *b);
}

// The places 0 to n - 1 in that order of value_of(place).
template <class ValueOf>
std::vector<std::size_t> largest_first(std::size_t n, const ValueOf& value_of) {
  return places_in_order(
      n, [&](std::size_t x, std::size_t y) { return ranks_before(value_of(x), value_of(y)); });
}

// 1-based rank of every value; tied values, and those that differ by rounding alone (is_rounding of
// descriptive.h), share the mean of their ranks. O(n log n).
std::vector<double> average_ranks(std::span<const double> values);

// Area under the receiver operating characteristic: the probability that a random positive scores
// above a random negative, ties counting one half (Mann-Whitney U / (n m); J. A. Hanley and B. J.
// McNeil, Radiology 143, 1982). nullopt when either group is empty. O((n + m) log(n + m)).
std::optional<double> roc_auc(std::span<const double> positives, std::span<const double> negatives);

}  // namespace agentecho
