#include "agentecho/stats/single_case.h"

#include <algorithm>
#include <cmath>

#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/distributions.h"

namespace agentecho {

std::optional<SingleCase> single_case_test(double value, std::span<const double> controls) {
  const auto spread = spread_above_rounding(controls);
  const auto centre = mean(controls);
  if (!spread) return std::nullopt;
  const auto m = static_cast<double>(controls.size());
  SingleCase result;
  result.degrees_of_freedom = m - 1;
  result.t = (value - *centre) / (*spread * std::sqrt(1 + 1 / m));
  const double two_sided = t_two_sided_p(result.t, result.degrees_of_freedom);
  result.p_greater = result.t > 0 ? two_sided / 2 : 1 - two_sided / 2;
  return result;
}

std::vector<std::optional<SingleCase>> each_against_the_others(std::span<const double> values) {
  std::vector<std::optional<SingleCase>> results;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::vector<double> others(values.begin(), values.end());
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    results.push_back(single_case_test(values[i], others));
  }
  return results;
}

}  // namespace agentecho
