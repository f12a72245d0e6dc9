// Call frequency: Dice coefficient of the multisets of calls.
#include "agentecho/metrics/baselines/call_frequency.h"
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho {

void add_frequency_metrics(MetricSet& set, const MetricSources& sources) {
  const auto calls = for_each_trajectory(
      sources.corpus, [](const CorpusTrajectory& run) { return call_multiset(run.calls); });
  Measure frequency = mean_measure([calls](RunPair pair) {
    return call_frequency_similarity((*calls)[pair.a], (*calls)[pair.b]);
  });
  frequency.mismatches = kEveryOther;
  set.metrics.push_back(mean_metric("frequency", "frequency", set.add(std::move(frequency))));
}

}  // namespace agentecho
