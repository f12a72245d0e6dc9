// The few tail probabilities and quantiles that the tests here need (from Boost.Math).
#pragma once

namespace agentecho {

// P(|T| >= |t|) for Student's t with `degrees_of_freedom` > 0; t may be infinite.
double t_two_sided_p(double t, double degrees_of_freedom);

// The z with P(Z <= z) = probability for a standard normal Z; probability in (0, 1).
double normal_quantile(double probability);

}  // namespace agentecho
