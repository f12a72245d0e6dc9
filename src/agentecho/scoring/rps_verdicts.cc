#include "agentecho/scoring/rps_verdicts.h"

#include <algorithm>
#include <cstddef>

#include "agentecho/corpus/verbal_features.h"

namespace agentecho {

rps::TrajectoryPairVerdict RpsVerdicts::of(const CorpusTrajectory& a,
                                           const CorpusTrajectory& b) const {
  rps::TrajectoryPairVerdict verdict;
  if (judged_ == nullptr) {
    judge(rps::comparable(*a.verbal->stages), rps::comparable(*b.verbal->stages), verdict);
  } else if (const auto* const found = judged_->verdicts.find(a.content, b.content)) {
    verdict = *found;
  }
  return verdict;
}

void RpsVerdicts::judge(const rps::ComparableProfile& a, const rps::ComparableProfile& b,
                        rps::TrajectoryPairVerdict& verdict) const {
  verdict.shared.clear();
  verdict.one_sided = 0;
  for (std::size_t s = 0; s < std::min(a.size(), b.size()); ++s) {
    if (a[s].occurs() && b[s].occurs()) {
      verdict.shared.push_back({static_cast<rps::StageId>(s), judge_.score(a[s], b[s])});
    } else if (a[s].occurs() != b[s].occurs()) {
      ++verdict.one_sided;
    }
  }
}

RpsVerdicts::Reader::Reader(const RpsVerdicts& verdicts, const Corpus& corpus)
    : verdicts_(verdicts), corpus_(corpus) {
  std::vector<std::size_t> runs(corpus.tasks().size(), 0);
  std::size_t most = 0;  // of a task
  for (const CorpusTrajectory& run : corpus.trajectories()) most = std::max(most, ++runs[run.task]);
  constexpr std::size_t kTasks = 8;  // chance levels look at several others beside a task
  constexpr std::size_t kLeast = 64;
  constexpr std::size_t kMost = 1024;
  most_ready_ = std::clamp(kTasks * most, kLeast, kMost);
}

void RpsVerdicts::Reader::read(const RunPairs& pairs,
                               std::vector<rps::TrajectoryPairVerdict>& found) {
  if (ready_.size() > most_ready_) forget();
  found.resize(pairs.size());
  std::size_t i = 0;
  for (const auto [a, b] : pairs) {
    if (verdicts_.judged_ == nullptr) {
      verdicts_.judge(ready(a), ready(b), found[i]);
    } else {
      found[i] = verdicts_.of(corpus_.trajectories()[a], corpus_.trajectories()[b]);
    }
    ++i;
  }
}

const rps::ComparableProfile& RpsVerdicts::Reader::ready(std::uint32_t run) {
  const auto [found, is_new] = ready_.try_emplace(run);
  if (is_new) found->second = rps::comparable(*corpus_.trajectories()[run].verbal->stages);
  return found->second;
}

void RpsVerdicts::Reader::forget() {
  const auto& run = corpus_.trajectories()[ready_.begin()->first];
  forgotten_ += ready_.size();
  ready_.clear();
  constexpr std::size_t kMany = 1024;
  if (forgotten_ < kMany) return;
  forgotten_ = 0;
  // Other readers may look at the same: what they touch comes back.
  if (const ArrayStore* const store = run.verbal->stages->store()) store->let_go();
}

}  // namespace agentecho
