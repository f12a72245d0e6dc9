// Run-to-run variation (the paper's Table 14): how alike is a model to itself across trials, and
// how much of that do other models reach?
#pragma once

#include <optional>
#include <vector>

#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

struct RunVariation {
  ModelIndex model = 0;
  std::size_t most_trials = 0;
  Estimate itself;              // across trials; nothing with single trials
  std::optional<double> cross;  // mean over the other models with a score
  std::size_t others = 0;
  std::optional<ModelIndex> nearest;
  std::optional<double> nearest_score;
  std::optional<double> nearest_chance;
  std::optional<double> nearest_position;  // between chance and the ceiling of both models
  // Agreement of success and failure between two trials of one task, chance-corrected: (observed -
  // expected) / (1 - expected) with the model's mean success as the rate of both trials. Nothing
  // with single trials, on fewer than two tasks or when all outcomes are the same.
  std::optional<double> outcome_kappa;
};

// One for each model, by ModelIndex.
std::vector<RunVariation> vary_runs(const Study& study, std::size_t metric);

}  // namespace agentecho
