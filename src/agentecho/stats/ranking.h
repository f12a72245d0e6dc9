// Ranks, and how well a score separates two groups.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace agentecho {

// 1-based rank of every value; tied values share the mean of their ranks. O(n log n).
std::vector<double> average_ranks(std::span<const double> values);

// Area under the receiver operating characteristic: the probability that a random positive scores
// above a random negative, ties counting one half (Mann-Whitney U / (n m); J. A. Hanley and B. J.
// McNeil, Radiology 143, 1982). nullopt when either group is empty. O((n + m) log(n + m)).
std::optional<double> roc_auc(std::span<const double> positives, std::span<const double> negatives);

}  // namespace agentecho
