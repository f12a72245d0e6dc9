// Similarity of two trajectories' action features (METHOD 3.2, 3.3 and profile "calibrated").
#pragma once

#include <array>
#include <optional>

#include "agentecho/metrics/ags/action_features.h"

namespace agentecho {

// Cosine of two vectors without negative entries, in [0, 1]; both zero: 1; exactly one zero: 0
// (paper, section 3.2, and METHOD 3.2).
double cosine_similarity(const std::array<double, 3>& a, const std::array<double, 3>& b);

// Profile "paper": S_seq and S_dep of one pair of trajectories.
double sequence_similarity(const ActionCounts& a, const ActionCounts& b);
double dependency_similarity(const ActionCounts& a, const ActionCounts& b);

// Profile "calibrated": mean over the features defined on at least one side of 1 - |x - y| (0 where
// only one side has it); nothing when no feature is defined on either side.
std::optional<double> calibrated_sequence_similarity(const ActionCounts& a, const ActionCounts& b);
std::optional<double> calibrated_dependency_similarity(const ActionCounts& a,
                                                       const ActionCounts& b);

// kappa = (p_o - p_e) / (1 - p_e) with p_e = r_a r_b + (1 - r_a)(1 - r_b) (Cohen 1960,
// doi:10.1177/001316446002000104); nothing when p_e = 1.
std::optional<double> cohen_kappa(double observed_agreement, double rate_a, double rate_b);

}  // namespace agentecho
