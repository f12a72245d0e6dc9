#include "agentecho/scoring/rps_verdicts.h"

#include "agentecho/corpus/verbal_features.h"

namespace agentecho {

rps::TrajectoryPairVerdict RpsVerdicts::of(const CorpusTrajectory& a,
                                           const CorpusTrajectory& b) const {
  if (judged_ == nullptr) {
    return rps::judge_profiles(judge_, taxonomy_, *a.verbal->stages, *b.verbal->stages);
  }
  const auto* const verdict = judged_->verdicts.find(a.content, b.content);
  return verdict == nullptr ? rps::TrajectoryPairVerdict{} : *verdict;
}

}  // namespace agentecho
