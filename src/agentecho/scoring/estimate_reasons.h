// Why a figure is not there, in a few words.
#pragma once

#include <string>

#include "agentecho/scoring/metric.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

// Why there is no value, or no interval; empty where there is one. `withheld`: too little of what
// the metric asks was answered.
std::string why_no_value(const Metric& metric, const Estimate& estimate, bool withheld = false);
std::string why_no_interval(const Metric& metric, const Estimate& estimate,
                            const BootstrapOptions& bootstrap, bool withheld = false);

}  // namespace agentecho
