#include "agentecho/evaluation/judge_agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agentecho/base/random.h"
#include "agentecho/stats/agreement.h"
#include "agentecho/stats/correlation.h"
#include "support/krippendorff.h"

namespace agentecho {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::size_t kOverall = 3;
constexpr BootstrapOptions kNoBootstrap{0, 1, 0.95};

std::optional<rps::PairScore> score(double overall) { return rps::PairScore{3, 3, 3, overall}; }

// Of one judge; a negative number stands for no score.
JudgeRating rating(std::string judge, int side_order, int repeat,
                   const std::vector<double>& overall, std::optional<double> temperature = 0.0) {
  JudgeRating rating{std::move(judge), temperature, side_order, repeat, false, {}};
  for (const double value : overall) {
    rating.scores.push_back(value < 0 ? std::nullopt : score(value));
  }
  return rating;
}

// One task for every two block pairs.
std::vector<std::uint32_t> tasks_of_two(std::size_t pairs) {
  std::vector<std::uint32_t> tasks;
  for (std::uint32_t i = 0; i < pairs; ++i) tasks.push_back(7 + i / 2);
  return tasks;
}

JudgeAgreement compare(const std::vector<JudgeRating>& ratings,
                       const BootstrapOptions& bootstrap = kNoBootstrap, unsigned threads = 1) {
  return compare_ratings(tasks_of_two(ratings.front().scores.size()), ratings, bootstrap, threads);
}

TEST(JudgeAgreement, OrdersByHand) {
  const auto results = compare({rating("j", 0, 0, {1, 2, 3, 5}), rating("j", 1, 0, {2, 2, 5, 5})});
  ASSERT_THAT(results.orders, SizeIs(1));
  const ScoreAgreement& overall = results.orders[0].scores[kOverall];
  EXPECT_EQ(overall.cases, 4u);
  EXPECT_EQ(overall.tasks, 2u);
  EXPECT_DOUBLE_EQ(*overall.mean_difference.value, -0.75);
  EXPECT_DOUBLE_EQ(*overall.mean_absolute_difference.value, 0.75);
  EXPECT_DOUBLE_EQ(*overall.exact.value, 0.5);
  EXPECT_DOUBLE_EQ(*overall.within_one.value, 0.75);
  // n = 4, squared differences 5, expected 4 (39 + 58) - 2 * 11 * 14 = 80: 1 - 4 * 5 / 80.
  EXPECT_DOUBLE_EQ(*overall.quadratic_kappa.value, 0.75);
  EXPECT_DOUBLE_EQ(*overall.spearman.value, 4 / std::sqrt(20.0));
  EXPECT_FALSE(overall.mean_difference.interval);
  EXPECT_THAT(results.repeats, IsEmpty());
  EXPECT_THAT(results.temperatures, IsEmpty());
  EXPECT_THAT(results.judges, IsEmpty());
  EXPECT_EQ(results.block_pairs, 4u);
  EXPECT_EQ(results.tasks, 2u);
}

TEST(JudgeAgreement, ConstantScoresHaveNoKappaAndSayWhy) {
  const auto results = compare({rating("j", 0, 0, {1, 2, 3, 5}), rating("j", 1, 0, {2, 2, 5, 5})});
  const ScoreAgreement& style = results.orders[0].scores[0];  // 3 throughout
  EXPECT_EQ(style.quadratic_kappa.value.error(), Undefined::kConstant);
  EXPECT_EQ(style.spearman.value.error(), Undefined::kConstant);
  EXPECT_EQ(*style.exact.value, 1.0);
  EXPECT_EQ(*style.mean_difference.value, 0.0);
}

TEST(JudgeAgreement, IntervalsComeFromResamplesOfTasks) {
  const auto results =
      compare({rating("j", 0, 0, {1, 2, 3, 5}), rating("j", 1, 0, {2, 2, 5, 5})}, {2000, 5, 0.95});
  // Of the first task alone -0.5, of the second -1; each comes up twice in a quarter of all draws.
  const Figure& difference = results.orders[0].scores[kOverall].mean_difference;
  ASSERT_TRUE(difference.interval);
  EXPECT_DOUBLE_EQ(difference.interval->low, -1);
  EXPECT_DOUBLE_EQ(difference.interval->high, -0.5);
  // One task only: nothing to resample.
  const std::vector<std::uint32_t> one_task = {3, 3, 3, 3};
  const std::vector<JudgeRating> ratings = {rating("j", 0, 0, {1, 2, 3, 5}),
                                            rating("j", 1, 0, {2, 2, 5, 5})};
  const auto alone = compare_ratings(one_task, ratings, {2000, 5, 0.95}, 1);
  EXPECT_FALSE(alone.orders[0].scores[kOverall].mean_difference.interval);
}

TEST(JudgeAgreement, NoIntervalWhereTheCasesComeFromOneTask) {
  // Of the second task only one side has scores.
  const std::vector<JudgeRating> ratings = {
      rating("j", 0, 0, {1, 2, 3, 5, 4, 4}), rating("j", 1, 0, {2, 2, 5, 5, -1, -1}),
      rating("other", 0, 0, {1, 3, 4, 5, -1, -1}), rating("other", 1, 0, {1, 3, 4, 5, -1, -1})};
  const std::vector<std::uint32_t> tasks = {3, 3, 3, 3, 8, 8};
  const auto results = compare_ratings(tasks, ratings, {2000, 5, 0.95}, 1);
  EXPECT_EQ(results.tasks, 2u);
  for (const RatingComparison& comparison : {results.orders[0], results.judges[0]}) {
    const ScoreAgreement& overall = comparison.scores[kOverall];
    EXPECT_EQ(overall.tasks, 1u);
    for (const Figure* figure :
         {&overall.mean_difference, &overall.mean_absolute_difference, &overall.exact,
          &overall.within_one, &overall.quadratic_kappa, &overall.spearman}) {
      EXPECT_TRUE(figure->value);
      EXPECT_FALSE(figure->interval);
    }
  }
  EXPECT_TRUE(results.alpha[kOverall].interval.value);
  EXPECT_FALSE(results.alpha[kOverall].interval.interval);
  EXPECT_FALSE(results.alpha[kOverall].ordinal.interval);
  // With one case of the second task there are two to resample.
  std::vector<JudgeRating> more = ratings;
  more[1].scores[4] = score(3);
  const auto two = compare_ratings(tasks, more, {2000, 5, 0.95}, 1);
  EXPECT_TRUE(two.orders[0].scores[kOverall].mean_difference.interval);
  EXPECT_FALSE(two.judges[0].scores[kOverall].mean_difference.interval);
}

#ifndef NDEBUG
TEST(JudgeAgreementDeathTest, TwoRatingsOfOneNameAreAnError) {
  const std::vector<JudgeRating> ratings = {rating("j", 0, 0, {1, 2}), rating("j", 0, 0, {3, 4})};
  EXPECT_DEATH(compare(ratings), "are_distinct");
}
#endif

TEST(JudgeAgreement, EachRepeatMeetsEveryLaterOneOfItsOrder) {
  const auto results = compare({rating("j", 0, 0, {1, 1}), rating("j", 0, 1, {1, 3}),
                                rating("j", 0, 2, {1, 1}), rating("j", 1, 0, {5, 5})});
  ASSERT_THAT(results.repeats, SizeIs(1));
  const ScoreAgreement& overall = results.repeats[0].scores[kOverall];
  // Repeats 0-1, 0-2, 1-2: six cases, two of them apart by 2.
  EXPECT_EQ(overall.cases, 6u);
  EXPECT_DOUBLE_EQ(*overall.exact.value, 4.0 / 6);
  EXPECT_DOUBLE_EQ(*overall.mean_absolute_difference.value, 4.0 / 6);
  EXPECT_DOUBLE_EQ(*overall.mean_difference.value, 0);
  // Of orders, only repeat 0 has both.
  EXPECT_EQ(results.orders[0].scores[kOverall].cases, 2u);
}

TEST(JudgeAgreement, TemperaturesAreSetAgainstTheFirstUnderTheSameAsking) {
  const auto results =
      compare({rating("j", 0, 0, {1, 2}), rating("j", 1, 0, {1, 2}), rating("j", 0, 0, {2, 3}, 0.7),
               rating("j", 1, 0, {1, 2}, 0.7), rating("j", 0, 0, {5, 5}, 1.0)});
  ASSERT_THAT(results.temperatures, SizeIs(2));
  EXPECT_EQ(results.temperatures[0].other_temperature, 0.7);
  EXPECT_EQ(results.temperatures[0].scores[kOverall].cases, 4u);
  EXPECT_DOUBLE_EQ(*results.temperatures[0].scores[kOverall].mean_difference.value, -0.5);
  EXPECT_EQ(results.temperatures[1].scores[kOverall].cases, 2u);
  EXPECT_DOUBLE_EQ(*results.temperatures[1].scores[kOverall].mean_difference.value, -3.5);
  EXPECT_THAT(results.judges, IsEmpty());
  EXPECT_EQ(results.n_judges, 1u);
  EXPECT_THAT(results.orders, SizeIs(2));  // temperatures 0 and 0.7 have both orders
}

TEST(JudgeAgreement, ScoresBetweenAreRoundedHalfAwayForSharesAndKappas) {
  JudgeRating local = rating("local", 0, 0, {1.49, 2.5, 3.2, 4.5}, std::nullopt);
  local.indifferent = true;
  const auto results = compare({rating("j", 0, 0, {1, 3, 3, 5}), local});
  const ScoreAgreement& overall = results.judges[0].scores[kOverall];
  EXPECT_EQ(*overall.exact.value, 1.0);
  EXPECT_EQ(*overall.quadratic_kappa.value, 1.0);
  EXPECT_NEAR(*overall.mean_difference.value, (12 - 11.69) / 4, 1e-12);
  EXPECT_NEAR(*overall.mean_absolute_difference.value, (0.49 + 0.5 + 0.2 + 0.5) / 4, 1e-12);
}

TEST(JudgeAgreement, AnIndifferentJudgeStandsForEveryAskingAndHasNoOrderOrRepeat) {
  JudgeRating local = rating("local", 0, 0, {1, 5}, std::nullopt);
  local.indifferent = true;
  const std::vector<JudgeRating> asked = {rating("j", 0, 0, {1, 5}), rating("j", 1, 0, {1, 4}),
                                          rating("j", 0, 1, {2, 5})};
  std::vector<JudgeRating> ratings = asked;
  ratings.push_back(local);
  const auto results = compare(ratings);
  EXPECT_THAT(results.orders, SizeIs(1));
  EXPECT_THAT(results.repeats, SizeIs(1));
  EXPECT_EQ(results.judges[0].scores[kOverall].cases, 6u);
  EXPECT_DOUBLE_EQ(*results.judges[0].scores[kOverall].exact.value, 4.0 / 6);
  EXPECT_EQ(results.alpha[kOverall].units, 6u);
  // The same the other way round.
  ratings = {local};
  ratings.insert(ratings.end(), asked.begin(), asked.end());
  const auto turned = compare(ratings);
  EXPECT_EQ(turned.judges[0].scores[kOverall].cases, 6u);
  EXPECT_EQ(turned.judges[0].judge, "local");
  EXPECT_DOUBLE_EQ(*turned.judges[0].scores[kOverall].mean_difference.value,
                   -*results.judges[0].scores[kOverall].mean_difference.value);
}

TEST(JudgeAgreement, MissingScoresLowerCoverageAndAreInNoFigure) {
  const auto results =
      compare({rating("j", 0, 0, {1, -1, 3, 5}), rating("j", 1, 0, {1, 2, -1, 4})});
  const ScoreAgreement& overall = results.orders[0].scores[kOverall];
  EXPECT_EQ(overall.cases, 2u);
  EXPECT_DOUBLE_EQ(*overall.mean_difference.value, 0.5);
  EXPECT_EQ(results.coverage[0].asked, 4u);
  EXPECT_EQ(results.coverage[0].scored, 3u);
}

TEST(JudgeAgreement, WithoutCommonScoresThereAreReasons) {
  const auto results =
      compare({rating("j", 0, 0, {-1, 2}), rating("j", 1, 0, {1, -1})}, {100, 1, 0.95});
  const ScoreAgreement& overall = results.orders[0].scores[kOverall];
  EXPECT_EQ(overall.cases, 0u);
  for (const Figure* figure : {&overall.mean_difference, &overall.exact, &overall.within_one,
                               &overall.quadratic_kappa, &overall.spearman}) {
    EXPECT_EQ(figure->value.error(), Undefined::kTooFew);
    EXPECT_FALSE(figure->interval);
  }
  const auto nothing = compare_ratings({}, {}, {100, 1, 0.95}, 1);
  EXPECT_THAT(nothing.orders, IsEmpty());
  EXPECT_EQ(nothing.n_judges, 0u);
}

TEST(JudgeAgreement, AlphaByHand) {
  // Coincidences 1-1, 3-3 twice each, 2-3 and 3-2 once: observed 2; expected 2 (2 + 24 + 3) = 58.
  const auto results = compare({rating("a", 0, 0, {1, 2, 3}), rating("b", 0, 0, {1, 3, 3})});
  EXPECT_EQ(results.alpha[kOverall].units, 3u);
  EXPECT_NEAR(*results.alpha[kOverall].interval.value, 1 - 5 * 2 / 58.0, 1e-12);
  // Ranks 1, 2.5, 4.5: observed 8, expected 2 (4.5 + 73.5 + 12) = 180.
  EXPECT_NEAR(*results.alpha[kOverall].ordinal.value, 1 - 5 * 8 / 180.0, 1e-12);
  EXPECT_EQ(results.alpha[0].interval.value.error(), Undefined::kConstant);
}

// Three judges with gaps, against the functions that compute the same from lists.
TEST(JudgeAgreement, IsWhatTheListsGive) {
  Rng rng(11);
  const std::size_t pairs = 60;
  std::vector<std::vector<double>> overall(3);
  std::vector<std::optional<double>> ratings_of_units(pairs * 3);
  for (std::size_t i = 0; i < pairs; ++i) {
    const double truth = 1 + static_cast<double>(rng.below(5));
    for (std::size_t j = 0; j < 3; ++j) {
      const double shift = static_cast<double>(rng.below(3)) - 1;
      const double value = std::clamp(truth + shift, 1.0, 5.0);
      overall[j].push_back(rng.chance(0.1) ? -1 : value);
      if (overall[j][i] > 0) ratings_of_units[i * 3 + j] = overall[j][i];
    }
  }
  const std::vector<JudgeRating> ratings = {
      rating("a", 0, 0, overall[0]), rating("b", 0, 0, overall[1]), rating("c", 0, 0, overall[2])};
  const auto results = compare(ratings);
  ASSERT_THAT(results.judges, SizeIs(2));
  for (std::size_t j = 1; j < 3; ++j) {
    ConfusionMatrix matrix(5);
    std::vector<double> x;
    std::vector<double> y;
    double within_one = 0;
    for (std::size_t i = 0; i < pairs; ++i) {
      if (overall[0][i] < 0 || overall[j][i] < 0) continue;
      x.push_back(overall[0][i]);
      y.push_back(overall[j][i]);
      within_one += std::abs(x.back() - y.back()) <= 1;
      matrix.add(static_cast<std::size_t>(x.back()) - 1, static_cast<std::size_t>(y.back()) - 1);
    }
    const ScoreAgreement& found = results.judges[j - 1].scores[kOverall];
    EXPECT_EQ(found.cases, x.size());
    EXPECT_NEAR(*found.quadratic_kappa.value, *quadratic_weighted_kappa(matrix), 1e-12);
    EXPECT_NEAR(*found.exact.value, *accuracy(matrix), 1e-12);
    EXPECT_NEAR(*found.within_one.value, within_one / static_cast<double>(x.size()), 1e-12);
    EXPECT_NEAR(*found.mean_absolute_difference.value, *mean_absolute_difference(x, y), 1e-12);
    EXPECT_NEAR(*found.spearman.value, spearman(x, y)->coefficient, 1e-12);
  }
  for (const auto level : {MeasurementLevel::kInterval, MeasurementLevel::kOrdinal}) {
    const auto expected = testing::krippendorff_alpha(ratings_of_units, 3, level);
    const JudgesAlpha& found = results.alpha[kOverall];
    EXPECT_NEAR(level == MeasurementLevel::kInterval ? *found.interval.value : *found.ordinal.value,
                *expected, 1e-12);
  }

  // Intervals hold the values and are the same for any number of threads.
  const BootstrapOptions bootstrap{500, 3, 0.95};
  const auto one = compare(ratings, bootstrap, 1);
  const auto many = compare(ratings, bootstrap, 5);
  const ScoreAgreement& of_one = one.judges[0].scores[kOverall];
  const ScoreAgreement& of_many = many.judges[0].scores[kOverall];
  for (auto figure : {&ScoreAgreement::quadratic_kappa, &ScoreAgreement::spearman,
                      &ScoreAgreement::mean_difference}) {
    const Figure& a = of_one.*figure;
    ASSERT_TRUE(a.interval);
    EXPECT_LT(a.interval->low, *a.value);
    EXPECT_GT(a.interval->high, *a.value);
    EXPECT_EQ(a.interval->low, (of_many.*figure).interval->low);
    EXPECT_EQ(a.interval->high, (of_many.*figure).interval->high);
  }
  ASSERT_TRUE(one.alpha[kOverall].ordinal.interval);
  EXPECT_LT(one.alpha[kOverall].ordinal.interval->low, *one.alpha[kOverall].ordinal.value);
}

}  // namespace
}  // namespace agentecho
