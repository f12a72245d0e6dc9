// Percentile bootstrap intervals of pair scores: tasks are the clusters (METHOD 6).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/scoring/pair_scores.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {

struct BootstrapOptions {
  std::size_t replicates = 10000;  // 0: no intervals
  std::uint64_t seed = 1;
  double level = 0.95;
};

struct Estimate {
  std::optional<double> value;
  std::optional<Interval> interval;  // nothing with fewer than two tasks
  std::uint32_t n_tasks = 0;         // tasks that carry the score
};

using Estimates = std::array<Estimate, kScores>;  // by Score

// For each pair (all with the same families) the scores, and their intervals from resamples of all
// `n_tasks` tasks of the corpus, the same resamples for every pair. The bytes of the result do not
// depend on `threads`.
std::vector<Estimates> estimate(std::span<const PairScores> pairs, std::size_t n_tasks,
                                const BootstrapOptions& options, unsigned threads);

}  // namespace agentecho
