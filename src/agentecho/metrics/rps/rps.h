// Response Pattern Similarity (METHOD 4; C. Yang et al., ACL 2026, section 3.3): how alike two
// agents speak and work at the same stage of the same task.
//
//   stages both trajectories have  ->  a judge scores each, 1 to 5
//   a task                         ->  mean over its shared stages (mean over its trial pairs)
//   RPS                            ->  mean over tasks; the mean over all stages pooled beside it
//
// Stages on one side only are left out and counted; so are answers that the judge failed to give:
// they are no scores, they lower the coverage. Everything here is pure arithmetic on what profiles
// and judges returned. Undefined values are absent, never NaN.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/metrics/rps/judge.h"
#include "agentecho/metrics/rps/stage_profile.h"

namespace agentecho::rps {

// Two trials of a task that are compared: positions in the two sides' lists of trials.
struct TrialPair {
  std::size_t a = 0;
  std::size_t b = 0;
  bool operator==(const TrialPair&) const = default;
};

// Trial i with trial i, as far as both have one.
std::vector<TrialPair> paired_trials(std::size_t trials_a, std::size_t trials_b);

// For a model with itself: each trial with the next and, with more than two, the last with the
// first. None with fewer than two trials.
std::vector<TrialPair> self_paired_trials(std::size_t trials);

// Which stages two profiles of one taxonomy share.
struct SharedStages {
  std::vector<StageId> both;    // ascending
  std::uint32_t one_sided = 0;  // stages of exactly one side
};
SharedStages shared_stages(const StageProfile& a, const StageProfile& b);

// What a judge said of one shared stage; no score when it failed.
struct StageVerdict {
  StageId stage = 0;
  std::optional<PairScore> score;
};

// What is known of one pair of trajectories.
struct TrajectoryPairVerdict {
  std::vector<StageVerdict> shared;
  std::uint32_t one_sided = 0;
};

// Asks the judge about all shared stages of two profiles, with sketches alone: for judges that need
// no text (LocalJudge).
TrajectoryPairVerdict judge_profiles(const PatternJudge& judge, const Taxonomy& taxonomy,
                                     const StageProfile& a, const StageProfile& b);

struct RpsCounts {
  std::uint32_t shared = 0;     // stages that both sides of a trajectory pair have
  std::uint32_t scored = 0;     // of these, with a score
  std::uint32_t one_sided = 0;  // stages on one side only

  // scored / shared; nothing when nothing is shared.
  std::optional<double> coverage() const;
};

struct TaskRps {
  std::optional<PairScore> mean;  // over trial pairs, of the mean over scored stages
  RpsCounts counts;
};

// One task, from its trajectory pairs.
TaskRps score_task(std::span<const TrajectoryPairVerdict> pairs);

struct StageMean {
  std::optional<PairScore> mean;
  std::uint32_t scored = 0;
};

struct RpsScore {
  std::optional<PairScore> mean;    // over tasks that have a score; mean->overall is RPS
  std::optional<PairScore> pooled;  // over all scored stages of all trajectory pairs
  std::vector<StageMean> by_stage;  // pooled, by StageId
  std::uint32_t tasks = 0;          // given
  std::uint32_t tasks_scored = 0;
  RpsCounts counts;
};

// A pair of models, from the trajectory pairs of each task.
RpsScore score_rps(std::span<const std::vector<TrajectoryPairVerdict>> tasks, std::size_t n_stages);

}  // namespace agentecho::rps
