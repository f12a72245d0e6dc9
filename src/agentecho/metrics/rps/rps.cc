#include "agentecho/metrics/rps/rps.h"

#include <algorithm>

namespace agentecho::rps {

namespace {

// A running mean of the four scores.
class MeanScore {
 public:
  void add(const PairScore& score) {
    sum_.style += score.style;
    sum_.structure += score.structure;
    sum_.alignment += score.alignment;
    sum_.overall += score.overall;
    ++count_;
  }

  std::uint32_t count() const { return count_; }

  std::optional<PairScore> mean() const {
    if (count_ == 0) return std::nullopt;
    const double n = count_;
    return PairScore{sum_.style / n, sum_.structure / n, sum_.alignment / n, sum_.overall / n};
  }

 private:
  PairScore sum_;
  std::uint32_t count_ = 0;
};

void add_counts(RpsCounts& counts, const TrajectoryPairVerdict& pair) {
  counts.shared += static_cast<std::uint32_t>(pair.shared.size());
  counts.one_sided += pair.one_sided;
  for (const StageVerdict& verdict : pair.shared) counts.scored += verdict.score ? 1 : 0;
}

}  // namespace

std::vector<TrialPair> paired_trials(std::size_t trials_a, std::size_t trials_b) {
  std::vector<TrialPair> pairs;
  for (std::size_t i = 0; i < std::min(trials_a, trials_b); ++i) pairs.push_back({i, i});
  return pairs;
}

std::vector<TrialPair> self_paired_trials(std::size_t trials) {
  std::vector<TrialPair> pairs;
  for (std::size_t i = 0; i + 1 < trials; ++i) pairs.push_back({i, i + 1});
  if (trials > 2) pairs.push_back({trials - 1, 0});
  return pairs;
}

SharedStages shared_stages(const StageProfile& a, const StageProfile& b) {
  SharedStages shared;
  for (std::size_t s = 0; s < std::min(a.stages.size(), b.stages.size()); ++s) {
    const auto stage = static_cast<StageId>(s);
    if (a.has(stage) && b.has(stage)) shared.both.push_back(stage);
    if (a.has(stage) != b.has(stage)) ++shared.one_sided;
  }
  return shared;
}

TrajectoryPairVerdict judge_profiles(const PatternJudge& judge, const Taxonomy& taxonomy,
                                     const StageProfile& a, const StageProfile& b) {
  const SharedStages stages = shared_stages(a, b);
  std::vector<BlockPair> pairs(stages.both.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const StageId stage = stages.both[i];
    pairs[i].a.stage = pairs[i].b.stage = taxonomy.stages[stage];
    pairs[i].a.sketch = &a.stages[stage];
    pairs[i].b.sketch = &b.stages[stage];
  }
  TrajectoryPairVerdict verdict;
  verdict.one_sided = stages.one_sided;
  const std::vector<Result<PairScore>> scores = judge.judge(pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    StageVerdict& stage = verdict.shared.emplace_back();
    stage.stage = stages.both[i];
    if (scores[i]) stage.score = *scores[i];
  }
  return verdict;
}

std::optional<double> RpsCounts::coverage() const {
  if (shared == 0) return std::nullopt;
  return static_cast<double>(scored) / static_cast<double>(shared);
}

TaskRps score_task(std::span<const TrajectoryPairVerdict> pairs) {
  TaskRps task;
  MeanScore over_pairs;
  for (const TrajectoryPairVerdict& pair : pairs) {
    add_counts(task.counts, pair);
    MeanScore over_stages;
    for (const StageVerdict& verdict : pair.shared) {
      if (verdict.score) over_stages.add(*verdict.score);
    }
    if (const std::optional<PairScore> mean = over_stages.mean()) over_pairs.add(*mean);
  }
  task.mean = over_pairs.mean();
  return task;
}

RpsScore score_rps(std::span<const std::vector<TrajectoryPairVerdict>> tasks,
                   std::size_t n_stages) {
  RpsScore rps;
  rps.tasks = static_cast<std::uint32_t>(tasks.size());
  MeanScore over_tasks;
  MeanScore pooled;
  std::vector<MeanScore> by_stage(n_stages);
  for (const std::vector<TrajectoryPairVerdict>& pairs : tasks) {
    const TaskRps task = score_task(pairs);
    if (task.mean) over_tasks.add(*task.mean);
    rps.counts.shared += task.counts.shared;
    rps.counts.scored += task.counts.scored;
    rps.counts.one_sided += task.counts.one_sided;
    for (const TrajectoryPairVerdict& pair : pairs) {
      for (const StageVerdict& verdict : pair.shared) {
        if (!verdict.score) continue;
        pooled.add(*verdict.score);
        if (verdict.stage < n_stages) by_stage[verdict.stage].add(*verdict.score);
      }
    }
  }
  rps.mean = over_tasks.mean();
  rps.pooled = pooled.mean();
  rps.tasks_scored = over_tasks.count();
  for (const MeanScore& stage : by_stage) rps.by_stage.push_back({stage.mean(), stage.count()});
  return rps;
}

}  // namespace agentecho::rps
