#include "agentecho/stats/descriptive.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <vector>

namespace agentecho {

double largest_magnitude(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::fabs(value));
  return largest;
}

std::optional<double> mean(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::optional<double> standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const double centre = *mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

bool is_rounding(double spread, double largest) {
  constexpr double kRounding = 1e-9;
  return !(spread > kRounding * std::max(1.0, largest));
}

bool is_cancelled(double squares, double whole) {
  constexpr double kRounding = 1e-12;
  return !(squares > kRounding * whole);
}

std::optional<double> spread_above_rounding(std::span<const double> values) {
  const std::optional<double> deviation = standard_deviation(values);
  if (!deviation || is_rounding(*deviation, largest_magnitude(values))) return std::nullopt;
  return deviation;
}

std::optional<double> coefficient_of_variation(std::span<const double> values) {
  const std::optional<double> deviation = standard_deviation(values);
  if (!deviation) return std::nullopt;
  const double centre = std::fabs(*mean(values));
  if (is_rounding(centre, largest_magnitude(values))) return std::nullopt;
  return *deviation / centre;
}

std::optional<double> quantile(std::span<const double> values, double probability) {
  if (values.empty()) return std::nullopt;
  std::vector<double> copy(values.begin(), values.end());
  return select_quantile(copy, probability);
}

double select_quantile(std::span<double> values, double probability) {
  assert(!values.empty() && probability >= 0 && probability <= 1);
  const double position = probability * static_cast<double>(values.size() - 1);
  const std::size_t below = static_cast<std::size_t>(position);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  if (at + 1 == values.end()) return low;
  const double high = *std::min_element(at + 1, values.end());
  return low + (high - low) * (position - static_cast<double>(below));
}

}  // namespace agentecho
