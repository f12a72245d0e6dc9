// Response Pattern Similarity (METHOD 4): by the local judge, from stage profiles, or as a judge
// that reads has said.
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "agentecho/base/workspaces.h"
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/scoring/rps_verdicts.h"

namespace agentecho {

namespace {

// Columns: one where a shared stage was scored; means over pairs of runs; then sums over them.
enum RpsColumn : std::size_t {
  kRpsDefined,
  kStyle,
  kStructure,
  kAlignment,
  kOverall,
  kPooledOverall,  // overall scores of all scored stages
  kPooledStages,   // those stages
  kScoredStages,
  kSharedStages,
  kOneSidedStages,
  kRpsColumns
};

// What is read from verdicts when rows are filled, for the threads that do.
struct VerdictDesks {
  struct Desk {
    RpsVerdicts::Reader reader;
    std::vector<rps::TrajectoryPairVerdict> found;
  };

  explicit VerdictDesks(const MetricSources& sources)
      : verdicts(sources.judged), all([this, &corpus = sources.corpus] {
          return Desk{RpsVerdicts::Reader(verdicts, corpus), {}};
        }) {}

  const RpsVerdicts verdicts;
  Workspaces<Desk> all;
};

void fill_row(std::span<const rps::TrajectoryPairVerdict> found, std::span<double> row) {
  const rps::TaskRps task = rps::score_task(found);
  row[kSharedStages] = task.counts.shared;
  row[kScoredStages] = task.counts.scored;
  row[kOneSidedStages] = task.counts.one_sided;
  if (!task.mean) return;
  row[kRpsDefined] = 1;
  row[kStyle] = task.mean->style;
  row[kStructure] = task.mean->structure;
  row[kAlignment] = task.mean->alignment;
  row[kOverall] = task.mean->overall;
  for (const rps::TrajectoryPairVerdict& verdict : found) {
    for (const rps::StageVerdict& stage : verdict.shared) {
      if (stage.score) row[kPooledOverall] += stage.score->overall;
    }
  }
  row[kPooledStages] = row[kScoredStages];
}

}  // namespace

void add_rps_metrics(MetricSet& set, const MetricSources& sources) {
  Measure measure;
  measure.columns = kRpsColumns;
  // Pairs of different tasks are not asked about.
  measure.mismatches = sources.judged.rps != nullptr ? 0 : 5;
  measure.paired_trials = true;
  measure.fill = [desks = std::make_shared<VerdictDesks>(sources)](const RunPairs& pairs,
                                                                   std::span<double> row) {
    desks->all.lend([&](VerdictDesks::Desk& desk) {
      desk.reader.read(pairs, desk.found);
      fill_row(desk.found, row);
    });
  };
  const std::size_t first = set.add(std::move(measure));
  const Ratio coverage{first + kScoredStages, first + kSharedStages};
  const auto metric = [&](const char* slug, const char* title, Ratio formula) {
    Metric one = mean_metric(slug, title, first);
    one.group = MetricGroup::kRps;
    one.channel = MetricChannel::kWording;
    one.formula = formula;
    one.coverage = {coverage};
    one.digits = 2;
    return one;
  };
  set.metrics.push_back(metric("rps", "RPS", {first + kOverall, first}));
  set.metrics.back().evidence = true;
  set.details.push_back(metric("rps_style", "style", {first + kStyle, first}));
  set.details.push_back(metric("rps_structure", "struct.", {first + kStructure, first}));
  set.details.push_back(metric("rps_alignment", "align.", {first + kAlignment, first}));
  set.details.push_back(
      metric("rps_pooled", "pooled", {first + kPooledOverall, first + kPooledStages}));
  set.details.push_back(metric("rps_coverage", "", coverage));
  set.details.back().coverage.clear();
  set.counts.push_back({"rps_scored_stages", {}, first + kScoredStages});
  set.counts.push_back({"rps_shared_stages", {}, first + kSharedStages});
  set.counts.push_back({"rps_one_sided_stages", {}, first + kOneSidedStages});
}

}  // namespace agentecho
