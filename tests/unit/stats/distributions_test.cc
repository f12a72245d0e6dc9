#include "agentecho/stats/distributions.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

// scipy.stats.binomtest(k, n).proportion_ci()
TEST(BinomialInterval, IsClopperAndPearsons) {
  EXPECT_NEAR(binomial_interval(5, 100).low, 0.016432, 1e-6);
  EXPECT_NEAR(binomial_interval(5, 100).high, 0.112835, 1e-6);
  EXPECT_EQ(binomial_interval(0, 20).low, 0);
  EXPECT_NEAR(binomial_interval(0, 20).high, 0.168433, 1e-6);
  EXPECT_NEAR(binomial_interval(20, 20).low, 0.831567, 1e-6);
  EXPECT_EQ(binomial_interval(20, 20).high, 1);
}

TEST(BinomialInterval, WithoutATrialIsEverything) {
  EXPECT_EQ(binomial_interval(0, 0).low, 0);
  EXPECT_EQ(binomial_interval(0, 0).high, 1);
}

}  // namespace
}  // namespace agentecho
