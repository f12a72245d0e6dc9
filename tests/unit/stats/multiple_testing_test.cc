#include "agentecho/stats/multiple_testing.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace agentecho {
namespace {

using PValues = std::vector<std::optional<double>>;

void expect_near(const PValues& actual, const PValues& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_EQ(actual[i].has_value(), expected[i].has_value()) << i;
    if (!actual[i]) continue;
    EXPECT_NEAR(*actual[i], *expected[i], 1e-14) << i;
  }
}

// numpy: a = sort(p) * n / arange(1, n + 1); minimum.accumulate(a[::-1])[::-1]
TEST(BenjaminiHochberg, AdjustsStepUp) {
  expect_near(benjamini_hochberg(PValues{0.01, 0.04, 0.03, 0.5, 0.20}),
              {0.05, 0.2 / 3, 0.2 / 3, 0.5, 0.25});
}

TEST(BenjaminiHochberg, AMissingValueIsNoTest) {
  expect_near(benjamini_hochberg(PValues{std::nullopt, 0.01, std::nullopt, 0.02}),
              {std::nullopt, 0.02, std::nullopt, 0.02});
}

TEST(BenjaminiHochberg, HandlesNoneAndOneAndTies) {
  EXPECT_TRUE(benjamini_hochberg({}).empty());
  expect_near(benjamini_hochberg(PValues{0.04}), {0.04});
  expect_near(benjamini_hochberg(PValues{0.5, 0.5}), {0.5, 0.5});
  expect_near(benjamini_hochberg(PValues{1, 1, 0}), {1, 1, 0});
}

TEST(Holm, ByHand) {
  const std::vector<double> adjusted = holm(std::vector{0.04, 0.01, 0.03});
  EXPECT_NEAR(adjusted[1], 0.03, 1e-12);  // 3 * 0.01
  EXPECT_NEAR(adjusted[2], 0.06, 1e-12);  // 2 * 0.03
  EXPECT_NEAR(adjusted[0], 0.06, 1e-12);  // 0.04, not below the one before
  EXPECT_TRUE(holm(std::vector<double>{}).empty());
}

TEST(Holm, AMissingValueIsNoTest) {
  expect_near(holm(PValues{0.04, std::nullopt, 0.01, 0.03}), {0.06, std::nullopt, 0.03, 0.06});
  expect_near(holm(PValues{0.0493, 0.0005}), {0.0493, 0.001});  // two scores: the larger as it is
}

}  // namespace
}  // namespace agentecho
