// Scores whose intervals over tasks are not plain percentiles.
#pragma once

#include "agentecho/scoring/metric.h"

namespace agentecho {

// True of S_dep of profile paper, in which any two runs that chain calls are near 1. Most of its
// tasks lie at the bound 1 and few far below, so that a sample often holds none of the few: its
// intervals allow for tasks at either bound that were not met (stats/bounded_mean.h).
bool saturates(const Metric& metric);

// True of the copying shares, whose intervals have the length of Student's, as those of `evidence`
// have: one figure, one interval (stats/expanded_interval.h).
bool is_copying_share(const Metric& metric);

}  // namespace agentecho
