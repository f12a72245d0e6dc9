// Weights by which several scores of the same alternatives are added up, so that the right
// alternative comes first: the conditional logit of D. McFadden ("Conditional logit analysis of
// qualitative choice behavior", 1974), as speaker recognition fuses its scores (N. Brümmer et al.,
// IEEE Trans. Audio Speech Lang. Process. 15 (2007), doi:10.1109/TASL.2007.902870).
//
// P(alternative m of case r) = exp(sum_k w_k s_krm) / sum_l exp(sum_k w_k s_krl). The weights have
// the largest posterior probability under w_k ~ N(1, 25) in units of one over the standard
// deviation of s_k, which matters only where there are few cases or where they separate perfectly.
// No weight is negative: one that would be is 0, and the others are fitted without it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace agentecho {

// scores[k]: cases x alternatives, row-major; right[r] below `alternatives`: the right one of case
// r. At least one case and two alternatives. Returns one weight for each k, in units of the scores;
// 0 for a score that is the same throughout but for rounding (a standard deviation below 1e-5).
// Cost: up to 30 Newton steps of cases x alternatives x kinds^2, a few times.
std::vector<double> fit_conditional_logit(std::span<const std::vector<float>> scores,
                                          std::span<const std::uint32_t> right,
                                          std::size_t alternatives);

}  // namespace agentecho
