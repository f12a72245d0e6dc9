#include "agentecho/stats/agreement.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "support/krippendorff.h"

namespace agentecho {
namespace {

using testing::krippendorff_alpha;
using Values = std::vector<double>;
using Ratings = std::vector<std::optional<double>>;

ConfusionMatrix matrix_of(std::size_t categories, const std::vector<std::size_t>& first,
                          const std::vector<std::size_t>& second) {
  ConfusionMatrix matrix(categories);
  for (std::size_t i = 0; i < first.size(); ++i) matrix.add(first[i], second[i]);
  return matrix;
}

// sklearn.metrics.cohen_kappa_score(a, b), and with weights='quadratic'
TEST(Kappa, AgreesWithSklearn) {
  const ConfusionMatrix matrix =
      matrix_of(3, {0, 0, 1, 2, 2, 1, 0, 2, 1, 1}, {0, 1, 1, 2, 1, 1, 0, 2, 0, 2});
  EXPECT_EQ(matrix.count(0, 1), 1u);
  EXPECT_EQ(matrix.count(1, 0), 1u);
  EXPECT_EQ(matrix.first_total(1), 4u);
  EXPECT_EQ(matrix.second_total(1), 4u);
  EXPECT_EQ(matrix.total(), 10u);
  EXPECT_DOUBLE_EQ(*accuracy(matrix), 0.6);
  EXPECT_NEAR(*cohen_kappa(matrix), 0.3939393939393939, 1e-15);
  EXPECT_NEAR(*quadratic_weighted_kappa(matrix), 0.6666666666666667, 1e-15);
}

TEST(Kappa, PerfectAndOppositeRaters) {
  EXPECT_EQ(*cohen_kappa(matrix_of(2, {0, 1}, {0, 1})), 1);
  EXPECT_EQ(*cohen_kappa(matrix_of(2, {0, 1}, {1, 0})), -1);
  EXPECT_EQ(*quadratic_weighted_kappa(matrix_of(5, {0, 4}, {4, 0})), -1);
  // One rater constant: agreement is exactly chance.
  EXPECT_EQ(*cohen_kappa(matrix_of(2, {0, 0}, {0, 1})), 0);
}

TEST(Kappa, IsUndefinedWithTheReason) {
  EXPECT_EQ(cohen_kappa(ConfusionMatrix(3)).error(), Undefined::kTooFew);
  EXPECT_EQ(cohen_kappa(matrix_of(3, {1, 1}, {1, 1})).error(), Undefined::kConstant);
  EXPECT_EQ(quadratic_weighted_kappa(matrix_of(3, {2}, {2})).error(), Undefined::kConstant);
  EXPECT_FALSE(accuracy(ConfusionMatrix(0)));
}

TEST(Agreement, AbsoluteDifference) {
  const Values first{1, 2, 3, 4.5};
  const Values second{1, 3, 5, 4};
  EXPECT_EQ(mean_absolute_difference(first, second), 3.5 / 4);
  EXPECT_FALSE(mean_absolute_difference({}, {}));
}

// The example of K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): four
// observers, twelve units; published 0.815 and 0.849. More digits from its definition in numpy.
TEST(KrippendorffAlpha, AgreesWithThePublishedExample) {
  const auto o = std::nullopt;
  const Ratings by_rater[] = {{1, 2, 3, 3, 2, 1, 4, 1, 2, o, o, o},
                              {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, o, 3},
                              {o, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, o},
                              {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, o}};
  Ratings ratings;
  for (std::size_t unit = 0; unit < 12; ++unit) {
    for (const Ratings& rater : by_rater) ratings.push_back(rater[unit]);
  }
  EXPECT_NEAR(*krippendorff_alpha(ratings, 4, MeasurementLevel::kOrdinal), 0.8153875037548813,
              1e-14);
  EXPECT_NEAR(*krippendorff_alpha(ratings, 4, MeasurementLevel::kInterval), 0.8491071428571428,
              1e-14);
}

TEST(KrippendorffAlpha, PerfectAgreementIsOne) {
  const Ratings ratings{1, 1, 4, 4, 2, 2};
  for (const auto level : {MeasurementLevel::kOrdinal, MeasurementLevel::kInterval}) {
    EXPECT_EQ(*krippendorff_alpha(ratings, 2, level), 1);
  }
}

TEST(KrippendorffAlpha, IsUndefinedWithTheReason) {
  const auto reason = [](const Ratings& ratings) {
    return krippendorff_alpha(ratings, 2, MeasurementLevel::kOrdinal).error();
  };
  EXPECT_EQ(reason({}), Undefined::kTooFew);
  EXPECT_EQ(reason({1, std::nullopt, std::nullopt, 2}), Undefined::kTooFew);
  EXPECT_EQ(reason({3, 3, 3, 3, 1, std::nullopt}), Undefined::kConstant);
}

TEST(ErrorConsistency, OfSingleTrialsIsCohensKappa) {
  const Values first{1, 1, 0, 0, 1, 0, 1, 1};
  const Values second{1, 0, 0, 0, 1, 1, 1, 1};
  const auto result = error_consistency(first, second);
  ASSERT_TRUE(result);
  const ConfusionMatrix matrix = matrix_of(2, {1, 1, 0, 0, 1, 0, 1, 1}, {1, 0, 0, 0, 1, 1, 1, 1});
  EXPECT_EQ(result->tasks, 8u);
  EXPECT_DOUBLE_EQ(result->observed, 0.75);
  EXPECT_DOUBLE_EQ(result->expected, 0.625 * 0.625 + 0.375 * 0.375);
  EXPECT_NEAR(*result->kappa, *cohen_kappa(matrix), 1e-15);
}

TEST(ErrorConsistency, OfSharesComparesRandomTrials) {
  const auto result = error_consistency(Values{0.5, 1}, Values{0.5, 0});
  ASSERT_TRUE(result);
  EXPECT_DOUBLE_EQ(result->observed, 0.25);                       // (0.5 + 0) / 2
  EXPECT_DOUBLE_EQ(result->expected, 0.75 * 0.25 + 0.25 * 0.75);  // 0.375
  EXPECT_DOUBLE_EQ(*result->kappa, -0.2);
}

TEST(ErrorConsistency, IsUndefinedWhenBothAlwaysSucceed) {
  const auto result = error_consistency(Values{1, 1, 1}, Values{1, 1, 1});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->observed, 1);
  EXPECT_FALSE(result->kappa);
  EXPECT_FALSE(error_consistency({}, {}));
}

// Observed and expected agreement are the same figure there.
TEST(ErrorConsistency, IsUndefinedOnOneTask) {
  const auto result = error_consistency(Values{0.75}, Values{0.25});
  ASSERT_TRUE(result);
  EXPECT_DOUBLE_EQ(result->observed, result->expected);
  EXPECT_FALSE(result->kappa);
}

TEST(KappaOfRates, IsAgreementBeyondChance) {
  EXPECT_DOUBLE_EQ(cohen_kappa(1, 0.5, 0.5).value(), 1);
  EXPECT_DOUBLE_EQ(cohen_kappa(0.5, 0.5, 0.5).value(), 0);
  EXPECT_DOUBLE_EQ(cohen_kappa(0, 0.5, 0.5).value(), -1);
  EXPECT_NEAR(cohen_kappa(0.7, 0.6, 0.5).value(), 0.4, 1e-15);
  EXPECT_DOUBLE_EQ(cohen_kappa(0, 1, 0).value(), 0);  // chance agreement is zero
}

TEST(KappaOfRates, IsUndefinedWhenChanceAloneIsPerfect) {
  EXPECT_EQ(cohen_kappa(1, 1, 1), std::nullopt);
  EXPECT_EQ(cohen_kappa(1, 0, 0), std::nullopt);
}

}  // namespace
}  // namespace agentecho
