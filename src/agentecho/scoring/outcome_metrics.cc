#include "agentecho/scoring/outcome_metrics.h"

#include <utility>

namespace agentecho {

namespace {

enum OutcomeColumn : std::size_t { kCells, kSameOutcomes, kSuccessA, kSuccessB, kOutcomeColumns };

}  // namespace

MetricSet error_consistency_alone(const Corpus& corpus) {
  Measure measure;
  measure.columns = kOutcomeColumns;
  measure.mismatches = 0;
  measure.fill = [&corpus](const RunPairs& pairs, std::span<double> row) {
    const std::vector<CorpusTrajectory>& runs = corpus.trajectories();
    double agreements = 0;
    double a = 0;
    double b = 0;
    for (const RunPair pair : pairs) {
      agreements += runs[pair.a].success == runs[pair.b].success ? 1 : 0;
      a += runs[pair.a].success ? 1 : 0;
      b += runs[pair.b].success ? 1 : 0;
    }
    // One model has one rate: the mean of both sides.
    if (runs[pairs.front().a].model == runs[pairs.front().b].model) a = b = (a + b) / 2;
    const auto n = static_cast<double>(pairs.size());
    row[kCells] = 1;
    row[kSameOutcomes] = agreements / n;
    row[kSuccessA] = a / n;
    row[kSuccessB] = b / n;
  };
  MetricSet set;
  const std::size_t first = set.add(std::move(measure));
  Metric metric;
  metric.slug = "error_consistency";
  metric.title = "errors (κ)";
  metric.formula =
      Kappa{first + kCells, first + kSameOutcomes, first + kSuccessA, first + kSuccessB};
  metric.tasks = first + kCells;
  set.metrics.push_back(std::move(metric));
  return set;
}

}  // namespace agentecho
