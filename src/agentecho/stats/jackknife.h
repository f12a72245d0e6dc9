// Jackknife: how much a statistic moves when one item after the other is left out.
#pragma once

#include <optional>
#include <span>

namespace agentecho {

// Standard error sqrt((g - 1) / g * sum (t_k - mean t)^2) of a statistic from its values t_k with
// item k of g left out (J. W. Tukey, Ann. Math. Statist. 29 (1958)); nothing for fewer than two
// values.
std::optional<double> jackknife_error(std::span<const double> leave_one_out);

}  // namespace agentecho
