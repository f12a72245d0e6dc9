#include "agentecho/stats/jackknife.h"

#include <cmath>

#include "agentecho/stats/descriptive.h"

namespace agentecho {

std::optional<double> jackknife_error(std::span<const double> leave_one_out) {
  if (leave_one_out.size() < 2) return std::nullopt;
  const double centre = *mean(leave_one_out);
  double squares = 0;
  for (const double value : leave_one_out) squares += (value - centre) * (value - centre);
  const auto g = static_cast<double>(leave_one_out.size());
  return std::sqrt((g - 1) / g * squares);
}

}  // namespace agentecho
