#include "agentecho/stats/multiple_testing.h"

#include <algorithm>
#include <cstddef>

#include "agentecho/stats/ranking.h"

namespace agentecho {

// Step up from the largest p value: the adjusted value is the least p n / rank seen.
std::vector<std::optional<double>> benjamini_hochberg(
    std::span<const std::optional<double>> p_values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (p_values[i]) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return *p_values[a] < *p_values[b]; });
  std::vector<std::optional<double>> adjusted(p_values.size());
  const double tests = static_cast<double>(order.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, *p_values[i] * tests / static_cast<double>(rank));
    adjusted[i] = least;
  }
  return adjusted;
}

std::vector<double> holm(std::span<const double> p_values) {
  const std::vector<std::size_t> order = places_in_order(
      p_values.size(), [&](std::size_t x, std::size_t y) { return p_values[x] < p_values[y]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    largest = std::max(largest,
                       std::min(1.0, p_values[order[k]] * static_cast<double>(order.size() - k)));
    adjusted[order[k]] = largest;
  }
  return adjusted;
}

std::vector<std::optional<double>> holm(std::span<const std::optional<double>> p_values) {
  std::vector<double> there;
  for (const auto& p : p_values) {
    if (p) there.push_back(*p);
  }
  const std::vector<double> adjusted = holm(there);
  std::vector<std::optional<double>> result(p_values.begin(), p_values.end());
  std::size_t next = 0;
  for (auto& p : result) {
    if (p) p = adjusted[next++];
  }
  return result;
}

}  // namespace agentecho
