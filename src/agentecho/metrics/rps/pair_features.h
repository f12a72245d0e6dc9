// How alike two stage sketches are, habit by habit: each feature is a similarity in [0, 1],
// symmetric in the two sides, 1 for a sketch and itself. A feature for which neither side has
// anything to compare (no reasoning on either, no calls on either) is 1: nothing sets them apart.
//
// Counts are compared as rates by closeness(x, y) = 1 - |x - y| / (x + y + softening), a form of
// the Bray-Curtis similarity, so that a habit counts by its proportion and rare events weigh
// little. Cost: O(sketch size).
#pragma once

#include <string>
#include <vector>

#include "agentecho/metrics/rps/stage_sketch.h"

namespace agentecho::rps {

const std::vector<std::string>& pair_feature_names();

// In the order of pair_feature_names().
std::vector<double> pair_features(const StageSketch& a, const StageSketch& b);

}  // namespace agentecho::rps
