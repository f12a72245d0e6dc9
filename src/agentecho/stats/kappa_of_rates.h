// Cohen's kappa of two raters of yes and no from their rates, as cohen_kappa() of agreement.h gives
// it, where nothing may stand in the way of a loop of vectors.
#pragma once

#include "agentecho/stats/gaps.h"

namespace agentecho {

// From the share of agreements and each one's rate of yes. NaN where the agreement expected of the
// rates is 1.
inline double kappa_of_rates(double observed_agreement, double rate_a, double rate_b) {
  const double expected = rate_a * rate_b + (1 - rate_a) * (1 - rate_b);
  const double kappa = (observed_agreement - expected) / (1 - expected);
  return expected < 1 ? kappa : kNaN;
}

}  // namespace agentecho
