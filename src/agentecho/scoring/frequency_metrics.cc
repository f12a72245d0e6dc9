// Call frequency: Dice coefficient of the multisets of calls.
#include "agentecho/metrics/baselines/call_frequency.h"
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho {

void add_frequency_metrics(MetricSet& set, const MetricSources& sources) {
  Measure frequency = mean_measure([&corpus = sources.corpus](RunPair pair) {
    const auto& runs = corpus.trajectories();
    return call_frequency_similarity(runs[pair.a].calls, runs[pair.b].calls);
  });
  set.metrics.push_back(mean_metric("frequency", "frequency", set.add(std::move(frequency))));
}

}  // namespace agentecho
