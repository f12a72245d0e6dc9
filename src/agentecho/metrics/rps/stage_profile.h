// What RPS keeps of one trajectory: one sketch per stage of the taxonomy. Made once per trajectory;
// the pairwise part works on profiles alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/metrics/rps/annotator.h"
#include "agentecho/metrics/rps/stage_sketch.h"

namespace agentecho::rps {

// Item numbers per stage, ascending; items labelled kNoStage are in none.
std::vector<std::vector<std::uint32_t>> items_by_stage(const StageLabels& labels,
                                                       std::size_t n_stages);

struct StageProfile {
  std::vector<StageSketch> stages;  // by StageId; n_items == 0 where the stage does not occur
  std::uint32_t unlabelled = 0;     // items that the annotator gave no stage

  bool has(StageId stage) const { return stages[stage].n_items > 0; }
  bool operator==(const StageProfile&) const = default;
};

// labels.size() == items.size(). O(bytes of the items).
StageProfile make_stage_profile(const Trajectory& trajectory, const std::vector<Item>& items,
                                const StageLabels& labels, std::size_t n_stages);

// As plain numbers, to be stored and read back by any format that has numbers.
std::vector<double> to_numbers(const StageProfile& profile);
Result<StageProfile> profile_from_numbers(std::span<const double> numbers);

}  // namespace agentecho::rps
