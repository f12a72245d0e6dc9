// How many of the candidate dependencies of a pair a judge has answered.
#pragma once

#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/scoring/metric.h"

namespace agentecho {

// The coverage of metrics that rest on dependencies, for either model: one whose candidates have no
// answer makes no score beside another that has many. Empty where no run of the corpus has
// candidates without an answer, so that there is nothing to withhold.
std::vector<Ratio> add_dependency_coverage(MetricSet& set, const Corpus& corpus);

}  // namespace agentecho
