#include "agentecho/stats/descriptive.h"

#include <gtest/gtest.h>

#include <vector>

namespace agentecho {
namespace {

TEST(Descriptive, SummarisesAList) {
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(*mean(values), 5);
  EXPECT_DOUBLE_EQ(*standard_deviation(values), 2.138089935299395);  // np.std(v, ddof=1)
  EXPECT_DOUBLE_EQ(*coefficient_of_variation(values), 2.138089935299395 / 5);
}

TEST(Descriptive, IsUndefinedForTooFewValues) {
  EXPECT_FALSE(mean({}));
  EXPECT_FALSE(quantile({}, 0.5));
  const std::vector<double> one{3};
  EXPECT_EQ(mean(one), 3);
  EXPECT_EQ(quantile(one, 0.9), 3);
  EXPECT_FALSE(standard_deviation(one));
  EXPECT_FALSE(coefficient_of_variation(one));
  EXPECT_FALSE(coefficient_of_variation(std::vector<double>{-1, 1}));
}

TEST(Descriptive, SpreadIsExactBesideALargeOffset) {
  EXPECT_DOUBLE_EQ(*standard_deviation(std::vector<double>{1e9 + 1, 1e9 + 2, 1e9 + 3}), 1);
  EXPECT_EQ(standard_deviation(std::vector<double>{0.1, 0.1}), 0);
}

TEST(Descriptive, ASpreadThatIsRoundingIsNone) {
  const std::vector<double> same{0.3, 0.1 + 0.2, 0.3};
  EXPECT_GT(standard_deviation(same), 0);
  EXPECT_FALSE(spread_above_rounding(same));
  EXPECT_FALSE(spread_above_rounding(std::vector<double>{1e12, 1e12 + 1}));
  // What is left of differences of scores.
  EXPECT_FALSE(spread_above_rounding(std::vector<double>{1e-16, -1e-16, 0}));
  EXPECT_FALSE(coefficient_of_variation(std::vector<double>{-0.3, 0.1 + 0.2}));
  const std::vector<double> close{0.3, 0.3001};
  EXPECT_EQ(spread_above_rounding(close), standard_deviation(close));
  EXPECT_FALSE(spread_above_rounding(std::vector<double>{1}));
}

TEST(Descriptive, VariationIsRelativeToTheMagnitudeOfTheMean) {
  EXPECT_DOUBLE_EQ(*coefficient_of_variation(std::vector<double>{-1, -3}),
                   *coefficient_of_variation(std::vector<double>{1, 3}));
}

// np.quantile([3, 1, 2, 10, 7], p)
TEST(Quantile, InterpolatesAsNumpyDoes) {
  const std::vector<double> values{3, 1, 2, 10, 7};
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(*quantile(values, 0.1), 1.4);
  EXPECT_EQ(quantile(values, 0.5), 3);
  EXPECT_DOUBLE_EQ(*quantile(values, 0.9), 8.8);
  EXPECT_EQ(quantile(values, 1), 10);
}

}  // namespace
}  // namespace agentecho
