// What judges and endpoints have said (judged_metrics.h) as metrics of the experiments.
#pragma once

#include "agentecho/judged/judged_metrics.h"
#include "agentecho/scoring/metric_set.h"

namespace agentecho {

// RPS by the judge takes the place of the local judge's, in the evidence too; RSE and the
// similarity of embeddings are further metrics and no evidence. None has a chance level, since
// pairs of different tasks are not asked about. RPS and RSE of a pair of models of which a smaller
// share than `least_coverage` was answered are undefined. The corpus and what was judged must
// outlive the set.
void add_judged_metrics(MetricSet& set, const Corpus& corpus, const JudgedMetrics& judged,
                        double least_coverage);

}  // namespace agentecho
