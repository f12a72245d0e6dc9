#include "agentecho/study/stage_scores.h"

#include "agentecho/base/parallel.h"
#include "agentecho/scoring/rps_verdicts.h"

namespace agentecho {

StageScores score_stages(const Corpus& corpus, const JudgedMetrics& judged, double least_coverage,
                         std::span<const ModelPair> pairs, unsigned threads) {
  const RpsVerdicts verdicts(judged);
  StageScores scores;
  scores.stages = verdicts.taxonomy().stages;
  scores.pairs.resize(pairs.size());
  parallel_for(pairs.size(), threads, "stages", [&](std::size_t p) {
    std::vector<std::vector<rps::TrajectoryPairVerdict>> tasks;
    for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
      const auto a = corpus.trials(pairs[p].first, task);
      const auto b = corpus.trials(pairs[p].second, task);
      auto& found = tasks.emplace_back();
      for (const rps::TrialPair& trials : rps::paired_trials(a.size(), b.size())) {
        found.push_back(verdicts.of(a[trials.a], b[trials.b]));
      }
    }
    rps::RpsScore score = rps::score_rps(tasks, scores.stages.size());
    const bool withheld = score.counts.coverage().value_or(1) < least_coverage;
    scores.pairs[p] =
        withheld ? std::vector<rps::StageMean>(scores.stages.size()) : std::move(score.by_stage);
  });
  return scores;
}

}  // namespace agentecho
