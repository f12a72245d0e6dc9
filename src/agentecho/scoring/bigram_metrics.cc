// 2-gram overlap of the responses (METHOD 5).
#include "agentecho/metrics/baselines/bigram.h"
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho {

void add_bigram_metrics(MetricSet& set, const MetricSources& sources) {
  Measure overlap = mean_measure([&corpus = sources.corpus](RunPair pair) {
    const auto& runs = corpus.trajectories();
    return dice(*runs[pair.a].verbal->bigrams, *runs[pair.b].verbal->bigrams);
  });
  Metric metric = mean_metric("bigram", "2-gram", set.add(std::move(overlap)));
  metric.channel = MetricChannel::kWording;
  metric.evidence = true;
  set.metrics.push_back(std::move(metric));
}

}  // namespace agentecho
