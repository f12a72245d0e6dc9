// How much a normalised similarity speaks for a common lab (METHOD 14, "How sure").
#pragma once

#include <algorithm>
#include <cmath>

namespace agentecho::lineage {

// ln(likelihood ratio) = intercept + slope z, by logistic regression with both kinds of pairs
// weighing the same. The values are those of wording on six public corpora, each left out in turn
// (Cllr .53 to .94; .82 on corpora that were not seen before). Likelihood ratios beyond `most`,
// either way, are more than such a fit can carry.
struct KinshipScale {
  double intercept = -0.46;
  double slope = 1.13;
  double most = 10;
};

// P(z | same lab) / P(z | different labs), between 1 / most and most.
inline double likelihood_ratio(double z, const KinshipScale& scale = {}) {
  return std::clamp(std::exp(scale.intercept + scale.slope * z), 1 / scale.most, scale.most);
}

}  // namespace agentecho::lineage
