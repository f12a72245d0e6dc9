// When a p value counts as small.
#pragma once

#include <limits>

namespace agentecho {

// Whether p is below alpha = 1 - level, for the decimals that people write: 1 - 0.95 is a little
// more than 0.05 in binary, so that a p of 1 / 20 would be "below" it. What is nearer to alpha than
// rounding goes (half an ulp of 1 in the level and in the difference; a few more in a p that comes
// from logarithms or was multiplied) is alpha, and that is not below. Numbers of replicates are far
// too small for a p of counts to come that near without being equal.
inline bool is_below_alpha(double p, double level) {
  constexpr double kOfLogarithms = 1e-12;
  const double alpha = 1 - level;
  return p < alpha - (std::numeric_limits<double>::epsilon() + kOfLogarithms * alpha);
}

}  // namespace agentecho
