// The few tail probabilities and quantiles that the tests here need (from Boost.Math).
#pragma once

#include <cstddef>

#include "agentecho/stats/resampling.h"

namespace agentecho {

// P(|T| >= |t|) for Student's t with `degrees_of_freedom` > 0; t may be infinite.
double t_two_sided_p(double t, double degrees_of_freedom);

// The z with P(Z <= z) = probability for a standard normal Z; probability in (0, 1).
double normal_quantile(double probability);

// Of a proportion of which `times` of `n` trials were seen: exact (C. J. Clopper, E. S.
// Pearson, Biometrika 26 (1934)). Without a trial it is [0, 1].
Interval binomial_interval(std::size_t times, std::size_t n, double level = 0.95);

}  // namespace agentecho
