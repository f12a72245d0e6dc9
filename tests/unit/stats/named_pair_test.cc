#include "agentecho/stats/named_pair.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

TEST(NamedPair, is_its_place_among_strangers) {
  const std::vector<ScoredPair> strangers = {{3, 0}, {1, 0}, {4, 0}, {1, 0}, {5, 0}};
  EXPECT_DOUBLE_EQ(*named_pair_p({6, 0}, strangers), 1.0 / 6);
  EXPECT_DOUBLE_EQ(*named_pair_p({4, 0}, strangers), 3.0 / 6);  // as high counts
  EXPECT_DOUBLE_EQ(*named_pair_p({0, 0}, strangers), 1.0);
  EXPECT_FALSE(named_pair_p({6, 0}, {}));
}

TEST(NamedPair, gives_strangers_the_noise_that_they_lack) {
  // 3 below, noise sqrt(5^2 - 4^2) = 3: P(Z >= 1).
  const std::vector<ScoredPair> surer = {{1, 4}};
  EXPECT_NEAR(*named_pair_p({4, 5}, surer), (1 + 0.158655253931457) / 2, 1e-12);
  // Strangers with more noise than the named pair are left as they are.
  EXPECT_DOUBLE_EQ(*named_pair_p({4, 3}, surer), 0.5);
}

// Whatever the distribution: here a long tail to the right, in which the largest are far out.
TEST(NamedPair, is_below_the_level_as_often_as_it_says) {
  Rng rng(3);
  int low = 0;
  int low_with_noise = 0;
  constexpr int kRuns = 4000;
  for (int run = 0; run < kRuns; ++run) {
    const auto skewed = [&] { return std::exp(rng.normal()); };
    std::vector<ScoredPair> strangers;
    for (int k = 0; k < 80; ++k) strangers.push_back({skewed() + 0.2 * rng.normal(), 0.2});
    low += *named_pair_p({skewed() + 0.2 * rng.normal(), 0.2}, strangers) <= 0.05;
    low_with_noise += *named_pair_p({skewed() + 3 * rng.normal(), 3}, strangers) <= 0.05;
  }
  // 4 of 81 places are at or below .05; three standard errors.
  EXPECT_NEAR(low, kRuns * 4.0 / 81, 3 * std::sqrt(kRuns * 0.05));
  EXPECT_NEAR(low_with_noise, kRuns * 4.0 / 81, 3 * std::sqrt(kRuns * 0.05));
}

}  // namespace
}  // namespace agentecho
