#include "agentecho/study/stage_scores.h"

#include "agentecho/base/parallel.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/metrics/rps/local_judge.h"

namespace agentecho {

StageScores score_stages(const Corpus& corpus, std::span<const ModelPair> pairs, unsigned threads) {
  const rps::Taxonomy& taxonomy = rps::default_taxonomy();
  const rps::LocalJudge judge;
  StageScores scores;
  scores.stages = taxonomy.stages;
  scores.pairs.resize(pairs.size());
  parallel_for(pairs.size(), threads, [&](std::size_t p) {
    std::vector<std::vector<rps::TrajectoryPairVerdict>> tasks;
    for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
      const auto a = corpus.trials(pairs[p].first, task);
      const auto b = corpus.trials(pairs[p].second, task);
      auto& verdicts = tasks.emplace_back();
      for (const rps::TrialPair& trials : rps::paired_trials(a.size(), b.size())) {
        verdicts.push_back(rps::judge_profiles(judge, taxonomy, *a[trials.a].verbal->stages,
                                               *b[trials.b].verbal->stages));
      }
    }
    scores.pairs[p] = rps::score_rps(tasks, taxonomy.stages.size()).by_stage;
  });
  return scores;
}

}  // namespace agentecho
