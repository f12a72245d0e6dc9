// Similarity of sentence embeddings of an endpoint (METHOD 5).
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho {

void add_embedding_metrics(MetricSet& set, const MetricSources& sources) {
  Measure measure =
      mean_measure([&runs = sources.corpus.trajectories(),
                    judged = sources.judged.embedding](RunPair pair) -> std::optional<double> {
        const auto* const value = judged->values.find(runs[pair.a].content, runs[pair.b].content);
        return value == nullptr ? std::nullopt : *value;
      });
  measure.mismatches = 0;  // pairs of different tasks are not asked about
  Metric metric = mean_metric("embedding", "embed.", set.add(std::move(measure)));
  metric.channel = MetricChannel::kWording;
  set.metrics.push_back(std::move(metric));
}

}  // namespace agentecho
