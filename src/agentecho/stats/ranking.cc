#include "agentecho/stats/ranking.h"

#include "agentecho/stats/descriptive.h"

namespace agentecho {

std::vector<double> average_ranks(std::span<const double> values) {
  const std::vector<std::size_t> order = places_in_order(
      values.size(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  const double largest = largest_magnitude(values);
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    while (last < order.size() &&
           is_rounding(values[order[last]] - values[order[last - 1]], largest)) {
      ++last;
    }
    const double rank = static_cast<double>(first + 1 + last) / 2;
    for (; first < last; ++first) ranks[order[first]] = rank;
  }
  return ranks;
}

std::optional<double> roc_auc(std::span<const double> positives,
                              std::span<const double> negatives) {
  if (positives.empty() || negatives.empty()) return std::nullopt;
  std::vector<double> all(positives.begin(), positives.end());
  all.insert(all.end(), negatives.begin(), negatives.end());
  const std::vector<double> ranks = average_ranks(all);
  const double n = static_cast<double>(positives.size());
  const double m = static_cast<double>(negatives.size());
  const double rank_sum = std::accumulate(
      ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(positives.size()), 0.0);
  return (rank_sum - n * (n + 1) / 2) / (n * m);
}

}  // namespace agentecho
