// Response Similarity Evaluation by an LLM judge (METHOD 5): what it has said.
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho {

namespace {

// Columns: one where a pair of runs was scored, the mean; pairs asked about, and answered.
enum RseColumn : std::size_t { kRseDefined, kMean, kAsked, kAnswered, kRseColumns };

}  // namespace

void add_rse_metrics(MetricSet& set, const MetricSources& sources) {
  Measure measure;
  measure.columns = kRseColumns;
  measure.mismatches = 0;  // pairs of different tasks are not asked about
  measure.paired_trials = true;
  measure.fill = [&runs = sources.corpus.trajectories(), judged = sources.judged.rse](
                     const RunPairs& pairs, std::span<double> row) {
    for (const RunPair pair : pairs) {
      const auto* const value = judged->values.find(runs[pair.a].content, runs[pair.b].content);
      ++row[kAsked];
      if (value == nullptr || !*value) continue;
      ++row[kAnswered];
      row[kMean] += **value;
    }
    if (row[kAnswered] == 0) return;
    row[kRseDefined] = 1;
    row[kMean] /= row[kAnswered];
  };
  const std::size_t first = set.add(std::move(measure));
  Metric metric = mean_metric("rse", "RSE", first);
  metric.channel = MetricChannel::kWording;
  metric.digits = 2;
  Metric coverage = metric;
  coverage.slug = "rse_coverage";
  coverage.title.clear();
  coverage.formula = Ratio{first + kAnswered, first + kAsked};
  metric.coverage = {std::get<Ratio>(coverage.formula)};
  set.metrics.push_back(std::move(metric));
  set.details.push_back(std::move(coverage));
}

}  // namespace agentecho
