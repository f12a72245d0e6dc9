#include "agentecho/stats/multiple_testing.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

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

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t x, std::size_t y) { return p_values[x] < p_values[y]; });
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
