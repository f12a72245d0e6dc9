// The scores of pairs of models domain by domain, beside the pooled ones.
#pragma once

#include <span>
#include <vector>

#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/results.h"

namespace agentecho {

// By benchmark and domain, each with [pair][metric] in the order of `rows`. Intervals resample the
// tasks of the whole corpus, so that they go with those of the pooled scores. Nothing where all
// tasks are of one domain. Cost: that of estimate_metrics() once over.
std::vector<DomainScores> scores_by_domain(const Study& study, std::span<const PairRows> rows);

// The same from scratch, a block of pairs at a time, so that memory does not grow with their
// number.
std::vector<DomainScores> scores_by_domain(const Study& study, std::span<const ModelPair> pairs);

}  // namespace agentecho
