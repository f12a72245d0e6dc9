// Intervals of means of bounded values, most of which are at a bound.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/stats/resampling.h"

namespace agentecho {

// For the mean of `clusters` values within `bounds` of which a sample often holds none of the few
// that matter, so that its resamples do not either: most are at a bound, or they are discrete.
// Percentile limits of replicates of the mean in which half a further cluster takes part, at the
// lower bound for the lower limit and at the upper bound for the upper one, weighing `weights[r]`
// in replicate r. No interval where percentile_interval() has none. Reorders `means`.
// A whole further cluster would be safe whatever the distribution (W. Gaffke, Math. Methods
// Statist. 14 (2005); E. Learned-Miller, P. S. Thomas, arXiv:1905.06208) and is Clopper and
// Pearson's limit for zeros and ones. [choice] Half of one is Jeffreys' there, right on average.
std::optional<Interval> bounded_mean_interval(std::span<double> means, std::size_t clusters,
                                              std::span<const double> weights, double level = 0.95,
                                              const Interval& bounds = {0, 1});

// About how far the upper limit lies above the mean of `clusters` values with this standard
// deviation, where the bound is `room` above their mean; `z`: the normal quantile of the limit.
// Without room it is that of the mean alone, as percentile limits are.
double bounded_mean_reach(double clusters, double deviation, double room, double z);

// Gamma variates of shape 1/2 (a cluster of a replicate weighs as one of shape 1), from a stream of
// their own; the first of a longer list are those of a shorter one.
std::vector<double> bound_weights(std::size_t replicates, std::uint64_t seed);

}  // namespace agentecho
