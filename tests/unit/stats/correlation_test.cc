#include "agentecho/stats/correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "agentecho/stats/distributions.h"

namespace agentecho {
namespace {

using Values = std::vector<double>;

// 2 * scipy.stats.t.sf(t, df); scipy.stats.norm.ppf(0.975)
TEST(Distributions, AgreeWithScipy) {
  EXPECT_NEAR(t_two_sided_p(2.5, 7), 0.040992218585752874, 1e-14);
  EXPECT_NEAR(t_two_sided_p(-40, 3), 3.438068078915854e-05, 1e-16);
  EXPECT_NEAR(t_two_sided_p(0.1, 1), 0.9365489651388929, 1e-14);
  EXPECT_EQ(t_two_sided_p(INFINITY, 3), 0);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
}

// r = scipy.stats.pearsonr(x, y); r.confidence_interval(0.95)
TEST(Pearson, AgreesWithScipy) {
  const auto result =
      pearson(Values{2.1, 3.4, 1.9, 5.6, 4.4, 3.8, 6.0}, Values{1.0, 2.2, 1.7, 3.9, 2.4, 3.3, 3.1});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->coefficient, 0.8414668775555754, 1e-14);
  EXPECT_EQ(result->n, 7u);
  EXPECT_NEAR(result->p_value, 0.017613132881702364, 1e-14);
  ASSERT_TRUE(result->interval);
  EXPECT_NEAR(result->interval->low, 0.24133868979676876, 1e-13);
  EXPECT_NEAR(result->interval->high, 0.9760365397117969, 1e-13);
}

// r = scipy.stats.spearmanr(x, y); z = arctanh(r.correlation);
// h = norm.ppf(.975) * sqrt((1 + r.correlation**2 / 2) / 5); tanh(z - h), tanh(z + h)
TEST(Spearman, AgreesWithScipyOnTies) {
  const auto result = spearman(Values{1, 2, 2, 3, 5, 8, 8, 9}, Values{2, 1, 3, 3, 6, 5, 9, 7});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->coefficient, 0.8666825838483473, 1e-14);
  // Of all 40,320 orders, counted by itertools.permutations.
  EXPECT_NEAR(result->p_value, 344.0 / 40320, 1e-14);
  ASSERT_TRUE(result->interval);
  EXPECT_NEAR(result->interval->low, 0.28357557989987187, 1e-13);
  EXPECT_NEAR(result->interval->high, 0.9818881409817632, 1e-13);
}

TEST(Spearman, SeesAnyMonotoneRelation) {
  const auto result = spearman(Values{1, 2, 3, 4}, Values{1, 10, 100, 1000});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->coefficient, 1);
  EXPECT_DOUBLE_EQ(result->p_value, 2.0 / 24);
}

TEST(Spearman, CountsAllOrdersOfFewRanks) {
  // Squared distances of at most 4: 1 + 4 + 3 orders of five, and their mirror images.
  EXPECT_DOUBLE_EQ(spearman(Values{1, 2, 3, 4, 5}, Values{2, 1, 4, 3, 5})->p_value, 2 * 8.0 / 120);
  EXPECT_DOUBLE_EQ(spearman(Values{1, 2, 3}, Values{3, 2, 1})->p_value, 2.0 / 6);
  // Six orders of two pairs of ties: one of them agrees, one is its mirror image.
  EXPECT_DOUBLE_EQ(spearman(Values{1, 1, 2, 2}, Values{1, 1, 2, 2})->p_value, 2.0 / 6);
}

TEST(Spearman, OfManyIsNeverCertain) {
  Values x;
  for (int i = 0; i < 10; ++i) x.push_back(i);
  EXPECT_NEAR(spearman(x, x)->p_value, 2 / 3628800.0, 1e-15);
  for (int i = 10; i < 400; ++i) x.push_back(i);
  EXPECT_GT(spearman(x, x)->p_value, 0);
  // The closed form of Student's t with 10 degrees of freedom.
  EXPECT_NEAR(spearman(Values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
                       Values{2, 1, 4, 3, 6, 5, 12, 8, 7, 10, 9, 11})
                  ->p_value,
              0.0003316683391267894, 1e-11);
}

TEST(Spearman, CoefficientIsThatOfResamples) {
  const Values x{1, 2, 2, 3, 5, 8, 8, 9};
  const Values y{2, 1, 3, 3, 6, 5, 9, 7};
  EXPECT_EQ(spearman_coefficient(x, y).value(), spearman(x, y)->coefficient);
  EXPECT_EQ(spearman_coefficient(x, Values(8, 1)).error(), Undefined::kConstant);
}

TEST(Pearson, OfThreeValuesHasNoInterval) {
  const auto result = pearson(Values{1, 2, 3}, Values{1, 3, 2});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->coefficient, 0.5, 1e-14);
  EXPECT_NEAR(result->p_value, 2.0 / 3, 1e-14);
  EXPECT_FALSE(result->interval);
}

TEST(Pearson, OfALineIsPerfect) {
  const auto result = pearson(Values{1, 2, 3, 4}, Values{8, 6, 4, 2});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->coefficient, -1);
  EXPECT_GT(result->p_value, 0);
  EXPECT_LT(result->p_value, 1e-12);
  ASSERT_TRUE(result->interval);
  EXPECT_EQ(result->interval->low, -1);
  EXPECT_EQ(result->interval->high, -1);
}

TEST(Pearson, RoundingDoesNotSpoilAPerfectLine) {
  Values x;
  Values y;
  for (int i = 0; i < 30; ++i) {
    x.push_back(0.1 * i);
    y.push_back(0.7 - 0.3 * x.back());
  }
  EXPECT_EQ(pearson(x, y)->coefficient, -1);
}

TEST(Correlation, IsUndefinedWithAReason) {
  EXPECT_EQ(pearson({}, {}).error(), Undefined::kTooFew);
  EXPECT_EQ(pearson(Values{1, 2}, Values{1, 2}).error(), Undefined::kTooFew);
  EXPECT_EQ(pearson(Values{0.1, 0.1, 0.1}, Values{1, 2, 3}).error(), Undefined::kConstant);
  EXPECT_EQ(spearman(Values{1, 2, 3}, Values{5, 5, 5}).error(), Undefined::kConstant);
  const Values same{0.3, 0.1 + 0.2, 0.3};
  EXPECT_EQ(pearson(same, Values{1, 2, 3}).error(), Undefined::kConstant);
  EXPECT_EQ(spearman(same, Values{1, 2, 3}).error(), Undefined::kConstant);
  EXPECT_EQ(undefined_text(Undefined::kConstant), "all values are the same");
}

TEST(Correlation, AWiderLevelGivesAWiderInterval) {
  const Values x{1, 2, 3, 4, 5};
  const Values y{2, 1, 4, 3, 5};
  EXPECT_LT(pearson(x, y, 0.99)->interval->low, pearson(x, y, 0.95)->interval->low);
  EXPECT_GT(pearson(x, y, 0.99)->interval->high, pearson(x, y, 0.95)->interval->high);
}

}  // namespace
}  // namespace agentecho
