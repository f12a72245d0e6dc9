// Response Pattern Similarity (METHOD 4): by the local judge, from stage profiles, or as a judge
// that reads has said.
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

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

// Readers for the threads that fill rows: each takes one and brings it back.
class Readers {
 public:
  explicit Readers(const MetricSources& sources)
      : corpus_(sources.corpus), verdicts_(sources.judged) {}

  struct Desk {
    RpsVerdicts::Reader reader;
    std::vector<rps::TrajectoryPairVerdict> found;
  };

  std::unique_ptr<Desk> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      return std::make_unique<Desk>(Desk{RpsVerdicts::Reader(verdicts_, corpus_), {}});
    }
    auto desk = std::move(free_.back());
    free_.pop_back();
    return desk;
  }

  void bring_back(std::unique_ptr<Desk> desk) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(desk));
  }

 private:
  const Corpus& corpus_;
  const RpsVerdicts verdicts_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Desk>> free_;
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
  measure.fill = [readers = std::make_shared<Readers>(sources)](std::span<const RunPair> pairs,
                                                                std::span<double> row) {
    auto desk = readers->take();
    desk->reader.read(pairs, desk->found);
    fill_row(desk->found, row);
    readers->bring_back(std::move(desk));
  };
  const std::size_t first = set.add(std::move(measure));
  const Ratio coverage{first + kScoredStages, first + kSharedStages};
  const auto metric = [&](const char* slug, const char* title, Ratio formula) {
    Metric one = mean_metric(slug, title, first);
    one.group = MetricGroup::kRps;
    one.channel = MetricChannel::kWording;
    one.formula = formula;
    one.coverage = coverage;
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
  set.details.back().coverage.reset();
  set.counts.push_back({"rps_scored_stages", {}, first + kScoredStages});
  set.counts.push_back({"rps_shared_stages", {}, first + kSharedStages});
  set.counts.push_back({"rps_one_sided_stages", {}, first + kOneSidedStages});
}

}  // namespace agentecho
