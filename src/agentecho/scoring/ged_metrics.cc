// Graph edit distance similarity of action graphs (METHOD 5).
#include "agentecho/corpus/labelled_graphs.h"
#include "agentecho/metrics/baselines/ged.h"
#include "agentecho/scoring/dependency_coverage.h"
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho {

namespace {

// Columns: one where the similarity is defined; means over pairs of runs.
enum GedColumn : std::size_t { kGedDefined, kGedSimilarity, kAtMost, kExact, kGedColumns };

}  // namespace

void add_ged_metrics(MetricSet& set, const MetricSources& sources) {
  Measure measure;
  measure.columns = kGedColumns;
  measure.mismatches = 3;  // slow
  measure.fill = [graphs = for_each_trajectory(sources.corpus, action_labelled_graph)](
                     const RunPairs& pairs, std::span<double> row) {
    double n = 0;
    for (const RunPair pair : pairs) {
      const auto result = graph_edit_distance((*graphs)[pair.a], (*graphs)[pair.b]).value();
      const auto similarity = result.similarity();
      if (!similarity) continue;
      ++n;
      row[kGedSimilarity] += *similarity;
      row[kAtMost] += *result.similarity_at_most();
      row[kExact] += result.exact ? 1 : 0;
    }
    if (n == 0) return;
    row[kGedDefined] = 1;
    for (const auto column : {kGedSimilarity, kAtMost, kExact}) row[column] /= n;
  };
  const std::size_t first = set.add(std::move(measure));
  const auto metric = [&, coverage = add_dependency_coverage(set, sources.corpus)](
                          const char* slug, const char* title, std::size_t column) {
    Metric one = mean_metric(slug, title, first);
    one.formula = Ratio{column, first};
    one.coverage = coverage;
    return one;
  };
  set.metrics.push_back(metric("ged", "GED", first + kGedSimilarity));
  set.metrics.back().evidence = true;
  set.details.push_back(metric("ged_at_most", "at most", first + kAtMost));
  set.details.push_back(metric("ged_exact_share", "", first + kExact));
}

}  // namespace agentecho
