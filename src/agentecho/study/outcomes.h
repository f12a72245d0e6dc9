// Similarity by outcome (the paper's Table 4) and error consistency (METHOD 6): are two models
// alike where both solve the task, where both fail, and do they fail on the same tasks?
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "agentecho/scoring/metric_scores.h"
#include "agentecho/stats/agreement.h"

namespace agentecho {

enum class Outcome : std::uint8_t { kBothCorrect, kBothWrong, kMixed };
constexpr std::size_t kOutcomes = 3;
std::string_view name_of(Outcome outcome);  // "both correct", "both wrong", "mixed"

struct OutcomePair {
  ModelIndex a = 0;
  ModelIndex b = 0;
  // [outcome][metric], over the pairs of trials with that outcome.
  std::array<std::vector<Estimate>, kOutcomes> estimates;
  std::array<std::uint64_t, kOutcomes> trajectory_pairs{};
  std::optional<ErrorConsistency> errors;  // nothing without common tasks
};

struct OutcomeResults {
  std::vector<OutcomePair> pairs;
  // [outcome][metric]: mean over the pairs that have a score, with intervals over tasks.
  std::array<std::vector<Estimate>, kOutcomes> means;
};

// A missing reward is not a success.
OutcomeResults compare_outcomes(const Study& study, std::span<const ModelPair> pairs);

// Shares of successful trials of two models on their common tasks.
std::optional<ErrorConsistency> error_consistency_of(const Corpus& corpus, ModelPair pair);

// The mean of a metric over pairs, with a bootstrap interval of that mean over tasks. n_tasks is
// the most of a pair with a score. Nothing without such pairs.
Estimate mean_over_pairs(const Study& study, std::span<const PairRows> rows, std::size_t metric);

}  // namespace agentecho
