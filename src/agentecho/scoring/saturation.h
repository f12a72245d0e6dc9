// Scores most of whose tasks lie at the bound 1 and few far below, so that a sample often holds
// none of the few: their intervals allow for tasks at either bound that were not met
// (stats/bounded_mean.h).
#pragma once

#include "agentecho/scoring/metric.h"

namespace agentecho {

// True of S_dep of profile paper, in which any two runs that chain calls are near 1.
bool saturates(const Metric& metric);

}  // namespace agentecho
