#include <optional>
#include <vector>

#include "agentecho/corpus/verbal_features.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/scoring/family_scorer.h"

namespace agentecho {

namespace {

class RpsScorer final : public FamilyScorer {
 public:
  explicit RpsScorer(const JudgedMetrics& judged)
      : judged_(judged.rps),
        taxonomy_(judged.taxonomy != nullptr ? *judged.taxonomy : rps::default_taxonomy()) {}

  Family family() const override { return Family::kRps; }

  void score(const TaskTrials& trials, const FamilyColumns& columns) const override {
    std::vector<rps::TrajectoryPairVerdict> verdicts;
    for (const rps::TrialPair& pair : trials.paired()) {
      verdicts.push_back(verdict_of(trials.a[pair.a], trials.b[pair.b]));
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
  rps::TrajectoryPairVerdict verdict_of(const CorpusTrajectory& a,
                                        const CorpusTrajectory& b) const {
    if (judged_ == nullptr) {
      return rps::judge_profiles(judge_, taxonomy_, profile_of(a), profile_of(b));
    }
    const auto* const verdict = judged_->verdicts.find(a.content, b.content);
    return verdict == nullptr ? rps::TrajectoryPairVerdict{} : *verdict;
  }

  static const rps::StageProfile& profile_of(const CorpusTrajectory& trajectory) {
    return *trajectory.verbal->stages;
  }

  const JudgedRps* judged_;
  rps::LocalJudge judge_;
  const rps::Taxonomy& taxonomy_;
};

}  // namespace

std::unique_ptr<FamilyScorer> make_rps_scorer(const JudgedMetrics& judged) {
  return std::make_unique<RpsScorer>(judged);
}

}  // namespace agentecho
