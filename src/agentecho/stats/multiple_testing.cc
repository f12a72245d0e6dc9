#include "agentecho/stats/multiple_testing.h"

#include <algorithm>
#include <cstddef>

namespace agentecho {
namespace {

// Step up from the largest p value: the adjusted value is the least p * n / rank * factor seen.
std::vector<std::optional<double>> step_up(std::span<const std::optional<double>> p_values,
                                           bool any_dependence) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (p_values[i]) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return *p_values[a] < *p_values[b]; });
  double factor = 1;
  if (any_dependence) {
    for (std::size_t i = 2; i <= order.size(); ++i) factor += 1 / static_cast<double>(i);
  }
  std::vector<std::optional<double>> adjusted(p_values.size());
  const double tests = static_cast<double>(order.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, *p_values[i] * factor * tests / static_cast<double>(rank));
    adjusted[i] = least;
  }
  return adjusted;
}

}  // namespace

std::vector<std::optional<double>> benjamini_hochberg(
    std::span<const std::optional<double>> p_values) {
  return step_up(p_values, false);
}

std::vector<std::optional<double>> benjamini_yekutieli(
    std::span<const std::optional<double>> p_values) {
  return step_up(p_values, true);
}

}  // namespace agentecho
