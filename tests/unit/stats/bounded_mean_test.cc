#include "agentecho/stats/bounded_mean.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

TEST(BoundedMeanInterval, IsJeffreysWhereAllAreAtTheBound) {
  constexpr std::size_t kReplicates = 40'000;
  std::vector<double> means(kReplicates, 1.0);
  const auto interval = bounded_mean_interval(means, 20, bound_weights(kReplicates, 3));
  ASSERT_TRUE(interval);
  // 20 / (20 + c / 2), c the upper 2.5 % point of chi-square with one degree of freedom, 5.024
  EXPECT_NEAR(interval->low, 0.8884, 0.002);
  EXPECT_NEAR(interval->high, 1, 1e-12);
}

// Tasks are at 1 but for 3 in 100, which are at 0: of samples of 20, every other has none of these.
TEST(BoundedMeanInterval, HoldsTheMeanWhereThePercentileIntervalDoesNot) {
  constexpr std::size_t kTasks = 20;
  constexpr std::size_t kReplicates = 999;
  const Resampler resampler(kTasks, kReplicates, 5);
  const std::vector<double> weights = bound_weights(kReplicates, 5);
  Rng rng(6);
  std::size_t held = 0, held_by_percentiles = 0;
  constexpr std::size_t kSamples = 400;
  for (std::size_t sample = 0; sample < kSamples; ++sample) {
    std::vector<double> values(kTasks);
    for (double& value : values) value = rng.chance(0.03) ? 0 : 1;
    std::vector<double> means(kReplicates);
    resampler.weighted_sums(values, 1, means);
    for (double& mean : means) mean /= kTasks;
    std::vector<double> copy = means;
    const auto narrow = percentile_interval(copy);
    const auto wide = bounded_mean_interval(means, kTasks, weights);
    held_by_percentiles += narrow->low <= 0.97 && 0.97 <= narrow->high;
    held += wide->low <= 0.97 && 0.97 <= wide->high;
  }
  EXPECT_LT(held_by_percentiles, kSamples * 60 / 100);
  EXPECT_GE(held, kSamples * 93 / 100);
}

// Twice the mean less one of values in [0, 1] is the mean of values in [-1, 1].
TEST(BoundedMeanInterval, FollowsItsBounds) {
  constexpr std::size_t kReplicates = 999;
  Rng rng(2);
  std::vector<double> means(kReplicates);
  std::vector<double> wider(kReplicates);
  for (std::size_t r = 0; r < kReplicates; ++r) {
    means[r] = 0.5 + 0.1 * rng.normal();
    wider[r] = 2 * means[r] - 1;
  }
  const auto weights = bound_weights(kReplicates, 3);
  const auto interval = bounded_mean_interval(means, 20, weights);
  const auto other = bounded_mean_interval(wider, 20, weights, 0.95, {-1, 1});
  EXPECT_NEAR(other->low, 2 * interval->low - 1, 1e-12);
  EXPECT_NEAR(other->high, 2 * interval->high - 1, 1e-12);
  // The upper limit lies about where its reach says: 0.1 is the spread of the mean of 20.
  const double reach = bounded_mean_reach(20, 0.1 * std::sqrt(20.0), 0.5, 1.96);
  EXPECT_NEAR(interval->high, 0.5 + reach, 0.015);
}

TEST(BoundedMeanInterval, HasNoneWithoutReplicates) {
  std::vector<double> none;
  EXPECT_FALSE(bounded_mean_interval(none, 20, none));
}

}  // namespace
}  // namespace agentecho
