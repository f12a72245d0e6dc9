#include "agentecho/stats/expanded_interval.h"

#include <gtest/gtest.h>

#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {
namespace {

// Tails of Phi(-sqrt(n / (n - 1)) t): t = 2.2621571628 at 9 degrees of freedom, 1.9842169515 at 99.
TEST(ExpandedInterval, has_the_tails_of_student) {
  EXPECT_NEAR(expanded_level(0.95, 10), 1 - 2 * 0.0085506390, 1e-9);
  EXPECT_NEAR(expanded_level(0.95, 100), 1 - 2 * 0.0230643872, 1e-9);
  EXPECT_NEAR(expanded_level(0.95, 100'000'000), 0.95, 1e-6);
  EXPECT_LT(expanded_level(0.95, 2), 1);
  EXPECT_GT(expanded_level(0.95, 2), 0.9999);
}

// At the ends of the interval of a level, p is half of what the level leaves; Student's tail beyond
// 2.2621571628 at 9 degrees of freedom is 0.025, where the plain share is 0.0085506390.
TEST(ExpandedInterval, agrees_with_its_p_value) {
  EXPECT_NEAR(expanded_p(0.0085506390, 10), 0.025, 1e-9);
  EXPECT_NEAR(expanded_p(1 - 0.0085506390, 10), 0.975, 1e-9);
  EXPECT_NEAR(expanded_p(0.3, 100'000'000), 0.3, 1e-6);
  for (const std::size_t clusters : {5u, 20u}) {
    EXPECT_NEAR(expanded_p((1 - expanded_level(0.9, clusters)) / 2, clusters), 0.05, 1e-9);
  }
}

TEST(ExpandedInterval, holds_the_mean_of_few_clusters_more_often) {
  Rng rng(8);
  constexpr int kRuns = 2000;
  constexpr std::size_t kClusters = 10;
  int plain = 0;
  int expanded = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> values(kClusters);
    for (double& value : values) value = rng.normal();
    const Resampler resampler(kClusters, 500, static_cast<std::uint64_t>(run));
    std::vector<double> means(500);
    resampler.weighted_sums(values, 1, means);
    const auto holds = [&](double level) {
      const auto interval = percentile_interval(means, level);
      return interval->low <= 0 && 0 <= interval->high;
    };
    plain += holds(0.95);
    expanded += holds(expanded_level(0.95, kClusters));
  }
  EXPECT_LT(plain, kRuns * 0.92);
  EXPECT_NEAR(expanded, kRuns * 0.95, kRuns * 0.015);
}

}  // namespace
}  // namespace agentecho
