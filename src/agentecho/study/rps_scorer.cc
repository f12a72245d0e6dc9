#include <optional>
#include <vector>

#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/study/family_scorer.h"
#include "agentecho/study/verbal_features.h"

namespace agentecho {

namespace {

class RpsScorer final : public FamilyScorer {
 public:
  Family family() const override { return Family::kRps; }

  void score(const TaskTrials& trials, const FamilyColumns& columns) const override {
    const auto pairs = trials.self ? rps::self_paired_trials(trials.a.size())
                                   : rps::paired_trials(trials.a.size(), trials.b.size());
    std::vector<rps::TrajectoryPairVerdict> verdicts;
    for (const rps::TrialPair& pair : pairs) {
      verdicts.push_back(rps::judge_profiles(judge_, taxonomy_, profile_of(trials.a[pair.a]),
                                             profile_of(trials.b[pair.b])));
    }
    const rps::TaskRps task = rps::score_task(verdicts);
    columns[Column::kSharedStages] = task.counts.shared;
    columns[Column::kScoredStages] = task.counts.scored;
    columns[Column::kOneSidedStages] = task.counts.one_sided;
    if (!task.mean) return;
    columns[Column::kRpsTasks] = 1;
    columns[Column::kStyle] = task.mean->style;
    columns[Column::kStructure] = task.mean->structure;
    columns[Column::kAlignment] = task.mean->alignment;
    columns[Column::kOverall] = task.mean->overall;
    for (const rps::TrajectoryPairVerdict& verdict : verdicts) {
      for (const rps::StageVerdict& stage : verdict.shared) {
        if (stage.score) columns[Column::kPooledOverall] += stage.score->overall;
      }
    }
  }

 private:
  static const rps::StageProfile& profile_of(const CorpusTrajectory& trajectory) {
    return *trajectory.verbal->stages;
  }

  rps::LocalJudge judge_;
  const rps::Taxonomy& taxonomy_ = rps::default_taxonomy();
};

}  // namespace

std::unique_ptr<FamilyScorer> make_rps_scorer() { return std::make_unique<RpsScorer>(); }

}  // namespace agentecho
