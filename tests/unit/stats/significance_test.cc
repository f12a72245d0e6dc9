#include "agentecho/stats/significance.h"

#include <gtest/gtest.h>

#include <vector>

#include "agentecho/stats/multiple_testing.h"

namespace agentecho {
namespace {

TEST(BelowAlpha, TakesTheLevelForTheDecimalThatItIs) {
  // 1 - 0.95 and 1 - 0.99 are more than 0.05 and 0.01 in binary, 1 - 0.9 is less than 0.1.
  for (const auto& [ways, level] : std::vector<std::pair<int, double>>{
           {2, 0.5}, {5, 0.8}, {10, 0.9}, {20, 0.95}, {40, 0.975}, {100, 0.99}, {1000, 0.999}}) {
    EXPECT_FALSE(is_below_alpha(1.0 / ways, level)) << level;
    EXPECT_TRUE(is_below_alpha(1.0 / (ways + 1), level)) << level;
    EXPECT_FALSE(is_below_alpha(1.0 / (ways - 1), level)) << level;
  }
  EXPECT_TRUE(is_below_alpha(1.0 / 10'001, 0.9999));
  EXPECT_TRUE(is_below_alpha(0, 0.9999));
}

TEST(BelowAlpha, TakesAPThatWasMultipliedForWhatItIs) {
  for (const double of : {3, 7, 11}) {
    const std::vector<double> p(static_cast<std::size_t>(of), 0.05 / of);
    EXPECT_FALSE(is_below_alpha(holm(p).front(), 0.95)) << of;
  }
}

}  // namespace
}  // namespace agentecho
