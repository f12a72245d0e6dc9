// Bootstrap replicates of the metrics of many pairs of models.
//
// The sums of a column over a resample of tasks depend on that column alone, and many columns
// repeat: which tasks two models have in common, on how many tools there is something to decide, or
// how often one model calls them is the same for most of its pairs. So equal columns are found
// first and resampled once. Figures do not change by it, since every sum is exact (resampling.h).
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

// The values of one metric (a place in `metrics`) for one pair (a place in `rows`) in every
// replicate, NaN where it is undefined. May reorder them.
using TakeReplicates =
    std::function<void(std::size_t pair, std::size_t metric, std::span<double> values)>;

// `metrics`: each once. Calls `take` once for every pair and metric, from several threads; never
// without replicates or tasks. All pairs and metrics share the same resamples of the corpus' tasks.
// Cost: replicates x tasks x different columns multiply-adds. Memory: 64 MB for columns that
// repeat, and per thread a few pairs' replicates of all columns. `draws`: those of all tasks of the
// corpus, where they are at hand already (draws_of()).
void bootstrap_metrics(const Study& study, std::span<const PairRows> rows,
                       std::span<const std::size_t> metrics, const TakeReplicates& take,
                       const Resampler* draws = nullptr);

}  // namespace agentecho
