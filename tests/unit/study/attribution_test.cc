#include "agentecho/study/attribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "agentecho/base/random.h"
#include "agentecho/laboratory/studies.h"
#include "agentecho/stats/affinity.h"

namespace agentecho {
namespace {

// Typicalities 0.1 i plus small noise, and `extra` for the pair {0, n - 1}.
PairTable scores(std::size_t n, double extra) {
  PairTable table(n);
  Rng rng(7);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const double noise = 0.01 * rng.normal();
      table.set(
          i, j,
          0.5 + 0.1 * static_cast<double>(i + j) + noise + (i == 0 && j == n - 1 ? extra : 0));
    }
  }
  return table;
}

TEST(Attribution, FindsThePairThatIsCloserThanTwoModelsThatTypical) {
  const auto candidates = attribute_scores({scores(9, 0.1)}, 8);
  ASSERT_TRUE(candidates);
  ASSERT_EQ(candidates->size(), 8u);
  EXPECT_LT(*(*candidates)[0].p_adjusted, 0.001);
  for (std::size_t c = 1; c < 8; ++c) {
    EXPECT_GT(*(*candidates)[c].p_adjusted, 0.05)
        << c;  // though more typical candidates score higher
    EXPECT_GE(*(*candidates)[c].p_adjusted, *(*candidates)[c].p_value);
  }
  EXPECT_GT(*(*candidates)[7].scores[0], *(*candidates)[0].scores[0]);
}

// METHOD 6: the residual of the fit over all pairs, the student's own among them, in standard
// deviations of all residuals.
TEST(Attribution, TheAffinityIsTheOneOfTheFitOverAllPairs) {
  const PairTable table = scores(7, 0.1);
  const auto candidates = attribute_scores({table}, 6);
  const auto fit = fit_affinity(table);
  ASSERT_TRUE(candidates && fit);
  double squares = 0;
  for (const PairAffinity& pair : fit->pairs) squares += *pair.residual * *pair.residual;
  const double spread = std::sqrt(squares / static_cast<double>(fit->pairs.size()));
  for (const PairAffinity& pair : fit->pairs) {
    if (pair.pair.second != 6) continue;
    EXPECT_NEAR(*(*candidates)[pair.pair.first].affinity, *pair.residual / spread, 1e-9);
    EXPECT_EQ((*candidates)[pair.pair.first].statistic > 0, pair.residual > 0);
  }
}

TEST(Attribution, NamesNobodyWithoutAnUnusualPair) {
  const auto candidates = attribute_scores({scores(9, 0)}, 8);
  ASSERT_TRUE(candidates);
  for (const Candidate& candidate : *candidates) EXPECT_GT(*candidate.p_adjusted, 0.05);
}

TEST(Attribution, AConstantShiftOrScaleOfAScoreChangesNothing) {
  const PairTable plain = scores(7, 0.05);
  PairTable scaled(7);
  for (std::size_t i = 0; i < 7; ++i) {
    for (std::size_t j = i + 1; j < 7; ++j) scaled.set(i, j, 3 + 20 * *plain.at(i, j));
  }
  const auto a = attribute_scores({plain}, 6);
  const auto b = attribute_scores({scaled}, 6);
  ASSERT_TRUE(a && b);
  for (std::size_t c = 0; c < 6; ++c) EXPECT_NEAR(*(*a)[c].statistic, *(*b)[c].statistic, 1e-6);
}

TEST(Attribution, AMovementIsHeldAgainstTheOthers) {
  // Sums over the spread: the second metric is on another scale and adds as much.
  const std::vector<std::vector<std::optional<double>>> steps = {
      {0.9, 9}, {0.1, 1}, {0.2, 2}, {0.0, 0}, {0.1, 1}};
  const auto candidates = attribute_movements(steps);
  ASSERT_TRUE(candidates);
  // 0.9 against 0.1, 0.2, 0.0, 0.1: mean 0.1, sd 0.0816497.
  EXPECT_NEAR(*(*candidates)[0].statistic, 0.8 / std::sqrt(0.02 / 3 * 1.25), 1e-9);
  EXPECT_LT(*(*candidates)[0].p_adjusted, 0.01);
  EXPECT_NEAR(*(*candidates)[0].p_adjusted, 5 * *(*candidates)[0].p_value, 1e-12);
  for (std::size_t c = 1; c < 5; ++c) EXPECT_GT(*(*candidates)[c].p_adjusted, 0.5);
  EXPECT_FALSE(attribute_movements({steps[0], steps[1], steps[2]}));  // too few
  EXPECT_FALSE(attribute_movements({steps[1], steps[1], steps[1], steps[1]}));
  EXPECT_FALSE(attribute_movements({steps[0], steps[1], steps[2], {std::nullopt, 1.0}}));
}

TEST(Attribution, TheErrorRateRisesWithTheAdjustedP) {
  for (const bool with_before : {false, true}) {
    const FalseNames names = false_names(with_before);
    EXPECT_LT(names.rate(0.001), names.rate(0.01));
    EXPECT_GE(names.rate(0.05), 0.05);  // strangers' p values are too small, never too large
    EXPECT_EQ(names.rate(1), 1);
  }
}

TEST(Attribution, RefusesWhatSaysNothing) {
  EXPECT_FALSE(attribute_scores({scores(4, 0)}, 3));  // too few
  PairTable alike(6);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = i + 1; j < 6; ++j) alike.set(i, j, 0.5);
  }
  EXPECT_FALSE(attribute_scores({alike}, 5));
  PairTable missing = scores(7, 0);
  missing.set(2, 6, std::nullopt);
  EXPECT_FALSE(attribute_scores({missing}, 6));
}

LaboratoryOptions small_laboratory(unsigned threads) {
  LaboratoryOptions options;
  options.runs = 4;
  options.tasks = 12;
  options.lessons = 20;
  options.controls = 2;
  options.metrics = {"ags", "bigram"};
  options.threads = threads;
  return options;
}

TEST(Laboratory, AStudyIsTheSameForAnyNumberOfThreads) {
  const auto one =
      run_conditions(conditions_of("direction", small_laboratory(1)), small_laboratory(1));
  const auto three =
      run_conditions(conditions_of("direction", small_laboratory(3)), small_laboratory(3));
  ASSERT_EQ(one.size(), three.size());
  ASSERT_FALSE(one.empty());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].label, three[i].label);
    EXPECT_EQ(one[i].difference, three[i].difference);
    EXPECT_EQ(one[i].rejected, three[i].rejected);
  }
}

TEST(Laboratory, TheTaughtMoveTowardTheirTeacherAndNotTowardTheOthers) {
  LaboratoryOptions options = small_laboratory(2);
  options.runs = 12;
  for (const ConditionSummary& s : run_conditions(conditions_of("direction", options), options)) {
    if (s.slug != "bigram") continue;
    if (s.label == describe(Treatment::kDistilled)) {
      EXPECT_GT(*s.difference, 0.05);
      EXPECT_GT(*s.toward_teacher, 0.05);
    } else {
      EXPECT_LT(*s.difference, 0);
    }
  }
}

TEST(Laboratory, StudiesOfDifferencesHaveConditions) {
  const std::set<std::string> of_differences = {"power", "direction", "false-alarms", "confounders",
                                                "sensitivity"};
  for (const std::string& name : study_names()) {
    EXPECT_EQ(conditions_of(name, {}).empty(), !of_differences.contains(name)) << name;
  }
  EXPECT_TRUE(conditions_of("nothing of the kind", {}).empty());
}

TEST(Laboratory, TheBinomialBandIsThatOfTheQuantiles) {
  // scipy.stats.binom.ppf([.025, .975], 400, .05) = 12, 29
  EXPECT_DOUBLE_EQ(binomial_band(400, 0.05).low, 12 / 400.0);
  EXPECT_DOUBLE_EQ(binomial_band(400, 0.05).high, 29 / 400.0);
  EXPECT_EQ(binomial_band(20, 0.05).low, 0);
  EXPECT_DOUBLE_EQ(binomial_band(20, 0.05).high, 3 / 20.0);
}

}  // namespace
}  // namespace agentecho
