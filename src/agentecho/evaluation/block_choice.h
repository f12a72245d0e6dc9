// Which block pairs a judge is tried on: a few of many, spread evenly over stages and pairs of
// models, chosen by a seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "agentecho/judged/judge_rps.h"

namespace agentecho {

// Where a candidate belongs: an outer and an inner stratum.
using NestedStratum = std::pair<std::uint64_t, std::uint64_t>;

// At most `n` of the candidates, ascending: the outer strata in turn and within each its inner
// strata in turn (both starting at random), at random within those. So the numbers chosen of two
// outer strata differ by at most one as long as both have candidates left, likewise of two inner
// ones of the same outer stratum. A function of its arguments alone. O(c log c).
std::vector<std::size_t> choose_evenly(std::span<const NestedStratum> candidates, std::size_t n,
                                       std::uint64_t seed);

struct BlockOrigin {
  std::size_t pair = 0;  // place among the trajectory pairs
  rps::StageId stage = 0;
};

// `blocks` refers to `trajectories` and to the annotator's taxonomy, so this can be moved but not
// copied.
struct ChosenBlocks {
  std::vector<AnnotatedTrajectory> trajectories;
  std::vector<rps::BlockPair> blocks;
  std::vector<BlockOrigin> origins;  // of each block pair
  std::uint64_t candidates = 0;      // shared stages of the trajectory pairs that were annotated
  std::uint64_t unannotated = 0;     // trajectories that the annotator gave nothing for

  ChosenBlocks() = default;
  ChosenBlocks(ChosenBlocks&&) = default;
  ChosenBlocks& operator=(ChosenBlocks&&) = default;
};

// First `n` trajectory pairs, evenly over pairs of models, so that an annotator that costs money
// labels at most 2 n trajectories; then `n` of the stages that their two sides share, evenly over
// stages and within each over pairs of models. The annotator must outlive the result; `stand_in` as
// in annotate_trajectories().
ChosenBlocks choose_blocks(std::span<const TrajectoryPair> pairs,
                           const rps::StageAnnotator& annotator, std::size_t n, std::uint64_t seed,
                           const rps::StageAnnotator* stand_in = nullptr);

}  // namespace agentecho
