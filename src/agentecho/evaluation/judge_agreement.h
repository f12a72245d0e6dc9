// How far judges of block pairs agree (METHOD 4.5; the paper's Tables 11 to 13): a judge with
// itself when the two sides are shown the other way round, when the same is asked again, and at
// other temperatures; and judges with each other. docs/agreement.md says how to read the figures.
//
// A case is one block pair under one asking (side order and repeat) that both sides of a comparison
// have scored; what has no score is in no figure and lowers the coverage. Shares, kappas and alphas
// are of whole scores: what lies between is rounded half away from zero (the local judge gives
// such). Differences and rank correlations are of the scores as they are.
//
// Cost: O(ratings x pairs), and for intervals O(replicates x tasks) a figure, for rank correlations
// O(replicates x cases).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/evaluation/judge_scores.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/stats/statistic.h"

namespace agentecho {

// One judge asked once about every block pair.
struct JudgeRating {
  std::string judge;                  // for tables; the same for all ratings of one judge alone
  std::optional<double> temperature;  // nothing: it has none, or its default
  int side_order = 0;                 // 1: the second side was shown first
  int repeat = 0;
  // The answer depends neither on order nor on repeat (a deterministic, symmetric judge), so this
  // rating stands for every asking.
  bool indifferent = false;
  std::vector<std::optional<rps::PairScore>> scores;  // by block pair
};

// A value or the reason why there is none; its bootstrap interval over tasks, where what it is of
// comes from two tasks or more and there are replicates in which it is defined.
struct Figure {
  Statistic<double> value = undefined(Undefined::kTooFew);
  std::optional<Interval> interval;
};

// Of one score of the judge.
struct ScoreAgreement {
  std::uint64_t cases = 0;
  std::uint32_t tasks = 0;  // that the cases are of
  Figure mean_difference;   // first minus second
  Figure mean_absolute_difference;
  Figure exact;            // share of cases with the same whole score
  Figure within_one;       // share of cases whose whole scores differ by at most 1
  Figure quadratic_kappa;  // J. Cohen 1968, see stats/agreement.h
  Figure spearman;         // average ranks for ties
};

struct RatingComparison {
  std::string judge;
  std::optional<double> temperature;
  std::string other_judge;  // equal to `judge` unless judges are compared
  std::optional<double> other_temperature;
  std::array<ScoreAgreement, kJudgeScores.size()> scores;
};

// K. Krippendorff's alpha over all judges, each at its first temperature; units are block pairs
// under one asking.
struct JudgesAlpha {
  std::uint64_t units = 0;  // with two scores or more
  Figure interval;          // distances as on an interval scale
  Figure ordinal;
};

struct RatingCoverage {
  std::string judge;
  std::optional<double> temperature;
  int side_order = 0;
  int repeat = 0;
  bool indifferent = false;
  std::uint64_t asked = 0;
  std::uint64_t scored = 0;
};

struct JudgeAgreement {
  std::uint64_t block_pairs = 0;
  std::uint32_t tasks = 0;
  // Order 0 (first) against order 1, of the same repeat; for each judge and temperature with both.
  std::vector<RatingComparison> orders;
  // Each repeat against every later one of the same order; for each judge and temperature.
  std::vector<RatingComparison> repeats;
  // The judge's first temperature against each other, under the same asking.
  std::vector<RatingComparison> temperatures;
  // The first judge against each other, both at their first temperature, under the same asking.
  std::vector<RatingComparison> judges;
  std::size_t n_judges = 0;
  std::array<JudgesAlpha, kJudgeScores.size()> alpha;
  std::vector<RatingCoverage> coverage;  // by rating
};

// task_of_pair: for every block pair the task that it is of (any numbers), the cluster of the
// bootstrap; every rating has as many scores. The first rating's judge is the one that others are
// compared with, and the first rating of a judge has its first temperature. No two ratings are of
// the same judge, temperature, order and repeat. The result does not depend on `threads`.
JudgeAgreement compare_ratings(std::span<const std::uint32_t> task_of_pair,
                               std::span<const JudgeRating> ratings,
                               const BootstrapOptions& bootstrap, unsigned threads);

}  // namespace agentecho
