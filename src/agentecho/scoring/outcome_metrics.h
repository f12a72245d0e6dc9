// Error consistency as a metric: do two models succeed and fail on the same tasks more often than
// their success rates explain? (METHOD 6 and 12; R. Geirhos, K. Meding, F. A. Wichmann, NeurIPS
// 2020, arXiv:2006.16736)
//
// Cohen's kappa over tasks, as error_consistency() of stats/agreement.h; here as a metric, so that
// resamples of tasks, several trials and a model with itself follow as for every other. It is in no
// registry: it compares outcomes and not habits.
#pragma once

#include "agentecho/corpus/corpus.h"
#include "agentecho/scoring/metric.h"

namespace agentecho {

// One metric, "error_consistency". A missing reward is no success. `corpus` must outlive it.
MetricSet error_consistency_alone(const Corpus& corpus);

}  // namespace agentecho
