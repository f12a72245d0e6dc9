// How much S_node and AGS move with the pool of models that decides what is optional (the paper's
// Table 9): every pair scored under pools from which k models are left out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

struct PoolSpread {
  std::optional<double> full;  // with nobody left out of the pool
  std::size_t pools = 0;       // in which the score is defined
  std::optional<double> mean;
  std::optional<double> sd;  // n - 1
  std::optional<double> cv;  // sd over the magnitude of the mean
  std::optional<double> lowest;
  std::optional<double> highest;
};

struct PoolPair {
  ModelIndex a = 0;
  ModelIndex b = 0;
  PoolSpread s_node;
  PoolSpread ags;
};

struct PoolResults {
  std::size_t left_out = 0;  // k
  std::size_t models = 0;    // in each of these pools
  std::size_t pools = 0;     // 0: k is not below the number of models in the pool
  bool exact = false;        // every pool of that size; else seeded draws of different ones
  std::vector<PoolPair> pairs;
  std::optional<double> mean_cv_s_node;  // over the pairs that have one
  std::optional<double> mean_cv_ags;
};

constexpr std::size_t kMostPools = 200;  // more are drawn

// Pools are `pool` without `left_out` of its models. `listed`: see ToolSplit::make(). The models of
// a pair stay scored when they are out of the pool. Cost: pools x pairs x trials.
PoolResults vary_pool(const Study& study, std::span<const ModelPair> pairs,
                      std::span<const ModelIndex> pool, const MandatoryRule& rule,
                      std::size_t left_out, const std::vector<std::vector<ToolIndex>>& listed = {});

}  // namespace agentecho
