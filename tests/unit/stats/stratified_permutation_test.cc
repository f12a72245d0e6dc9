#include "agentecho/stats/stratified_permutation.h"

#include <gtest/gtest.h>

#include <set>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

TEST(Splits, AreAllOfThemWhereTheyAreFew) {
  const Splits splits = make_splits(2, 2, 100, 1, 0);
  EXPECT_TRUE(splits.complete);
  ASSERT_EQ(splits.splits.size(), 6u);
  EXPECT_EQ(splits.splits[0], (Split{1, 1, 0, 0}));
  EXPECT_EQ((std::set<Split>(splits.splits.begin(), splits.splits.end()).size()), 6u);
}

TEST(Splits, AreDrawnWhereTheyAreMany) {
  const Splits splits = make_splits(10, 10, 64, 1, 3);
  EXPECT_FALSE(splits.complete);
  ASSERT_EQ(splits.splits.size(), 64u);
  for (const Split& split : splits.splits) {
    EXPECT_EQ(std::count(split.begin(), split.end(), 1), 10);
  }
  EXPECT_EQ(splits.splits, make_splits(10, 10, 64, 1, 3).splits);
}

TEST(Splits, AreAllOfThemWhereTheDealsOfAllTasksAreFew) {
  // 924 splits of six and six runs are more than 256, and fewer than the replicates.
  EXPECT_EQ(split_limit(std::vector<SideSizes>{{6, 6}}, 10'000), 10'000u);
  EXPECT_EQ(split_limit(std::vector<SideSizes>{{6, 6}, {2, 1}, {2, 1}}, 10'000), 10'000u);
  EXPECT_EQ(split_limit(std::vector<SideSizes>{{6, 6}, {2, 2}, {2, 1}}, 10'000), 256u);
  EXPECT_EQ(split_limit(std::vector<SideSizes>{{8, 8}}, 10'000), 256u);
  EXPECT_EQ(split_limit({}, 99), 256u);
}

TEST(LeastP, IsTheProductOverTasks) {
  std::vector<SideSizes> tasks;
  EXPECT_EQ(least_stratified_p(tasks, 1000000), 1);
  tasks.push_back({2, 2});  // 6 splits, mirror images alike
  EXPECT_EQ(least_stratified_p(tasks, 1000000), 1.0 / 3);
  tasks.push_back({1, 2});  // 3 splits
  EXPECT_EQ(least_stratified_p(tasks, 1000000), 1.0 / 9);
  EXPECT_EQ(least_stratified_p(tasks, 4), 0.2);  // the floor of the replicates
  EXPECT_EQ(least_stratified_p(std::vector<SideSizes>{{3, 1}, {1, 4}}, 10'000), 0.05);
  // 12870 splits are not listed: the observed one is one of 256.
  EXPECT_EQ(least_stratified_p(std::vector<SideSizes>{{8, 8}}, 10'000), 1.0 / 256);
}

// One stratum of four equally likely splits and a second one of two: the distribution of the mean
// has eight points, which are listed where eight are asked for.
TEST(StratifiedPermutation, IsExactWhereAllRelabellingsAreFew) {
  std::vector<Stratum> strata = {{0.5, {3, 0, 1, 2}}, {0.5, {1, 0}}};
  EXPECT_EQ(listed_deals(strata, 1, 8), 8u);
  EXPECT_EQ(listed_deals(strata, 1, 7), std::nullopt);
  for (const std::uint64_t seed : {1u, 2u}) {
    const auto results = stratified_max_t(strata, 1, {8, seed, 1});
    EXPECT_DOUBLE_EQ(results[0].observed, 2);
    EXPECT_EQ(results[0].p, 1.0 / 8);
    EXPECT_EQ(results[0].p_less, 1);
    EXPECT_EQ(results[0].p_adjusted, results[0].p);
  }
  strata[0].complete = false;
  EXPECT_EQ(listed_deals(strata, 1, 8), std::nullopt);
}

TEST(StratifiedPermutation, ApproachesTheExactPValueWhereTheyAreDrawn) {
  const std::vector<Stratum> strata = {{0.5, {3, 0, 1, 2}, false}, {0.5, {1, 0}}};
  const auto results = stratified_max_t(strata, 1, {200000, 5, 1});
  EXPECT_NEAR(results[0].p, 1.0 / 8, 0.004);
  EXPECT_NEAR(results[0].p_less, 1, 1e-9);
  EXPECT_NEAR(results[0].p_adjusted, results[0].p, 1e-12);
}

TEST(StratifiedPermutation, ListsTheSameForAnyNumberOfThreads) {
  std::vector<Stratum> strata;
  Rng rng(9);
  for (const std::size_t splits : {20u, 6u, 15u}) {
    Stratum s{1.0 / 3, {}};
    for (std::size_t i = 0; i < 2 * splits; ++i) {
      s.table.push_back(static_cast<float>(rng.normal()));
    }
    strata.push_back(s);
  }
  ASSERT_EQ(listed_deals(strata, 2, 10'000), 1800u);
  const auto one = stratified_max_t(strata, 2, {10'000, 1, 1});
  const auto four = stratified_max_t(strata, 2, {10'000, 2, 4});  // nor is anything drawn
  for (std::size_t c = 0; c < 2; ++c) {
    EXPECT_EQ(one[c].p, four[c].p);
    EXPECT_EQ(one[c].null_sd, four[c].null_sd);
    EXPECT_EQ(one[c].p_adjusted, four[c].p_adjusted);
  }
}

TEST(StratifiedPermutation, AdjustsForSeveralStatistics) {
  // The same statistic twice costs nothing; an independent one costs about a factor.
  std::vector<Stratum> twice;
  std::vector<Stratum> apart;
  Rng rng(4);
  for (int t = 0; t < 40; ++t) {
    Stratum a{1.0 / 40, {}};
    Stratum b{1.0 / 40, {}};
    for (int s = 0; s < 20; ++s) {
      const auto x = static_cast<float>(rng.normal() + (s == 0 ? 0.35 : 0));
      const auto y = static_cast<float>(rng.normal());
      a.table.insert(a.table.end(), {x, x});
      b.table.insert(b.table.end(), {x, y});
    }
    twice.push_back(a);
    apart.push_back(b);
  }
  const auto same = stratified_max_t(twice, 2, {20000, 1, 1});
  EXPECT_NEAR(same[0].p_adjusted, same[0].p, 1e-12);
  const auto other = stratified_max_t(apart, 2, {20000, 1, 1});
  const auto& clearest = other[0].p < other[1].p ? other[0] : other[1];
  EXPECT_GT(clearest.p_adjusted, 1.5 * clearest.p);
  EXPECT_LE(clearest.p_adjusted, 2.1 * clearest.p);
  const auto& last = other[0].p < other[1].p ? other[1] : other[0];
  EXPECT_GE(last.p_adjusted, last.p);  // step-down: the last one pays nothing
}

// What is no part of the family takes nothing from it and pays nothing.
TEST(StratifiedPermutation, AdjustsOverTheFamilyAlone) {
  std::vector<Stratum> strata;
  Rng rng(4);
  for (int t = 0; t < 20; ++t) {
    Stratum s{1.0 / 20, {}};
    for (int i = 0; i < 20; ++i) {
      const auto x = static_cast<float>(rng.normal() + (i == 0 ? 0.3 : 0));
      const auto y = static_cast<float>(rng.normal() + (i == 0 ? 0.4 : 0));
      s.table.insert(s.table.end(), {y, x, 0.0f, -y});
    }
    strata.push_back(s);
  }
  const auto all = stratified_max_t(strata, 4, {5000, 1, 1});
  const auto some = stratified_max_t(strata, 4, {5000, 1, 1, {1, 2}});
  EXPECT_GT(all[1].p_adjusted, all[1].p);
  for (std::size_t c = 0; c < 4; ++c) {
    EXPECT_EQ(some[c].p, all[c].p);
    EXPECT_EQ(some[c].p_adjusted, some[c].p);
  }
  EXPECT_EQ(some[2].p_adjusted, 1);  // nothing moves it
  const auto without_constant = stratified_max_t(strata, 4, {5000, 1, 1, {0, 1, 3}});
  for (const std::size_t c : {0u, 1u, 3u}) {
    EXPECT_EQ(without_constant[c].p_adjusted, all[c].p_adjusted);
  }
}

TEST(StratifiedPermutation, DoesNotDependOnThreads) {
  std::vector<Stratum> strata;
  Rng rng(9);
  for (int t = 0; t < 50; ++t) {
    Stratum s{0.02, {}};
    for (int i = 0; i < 30; ++i) s.table.push_back(static_cast<float>(rng.normal()));
    strata.push_back(s);
  }
  const auto one = stratified_max_t(strata, 3, {3000, 1, 1});
  const auto four = stratified_max_t(strata, 3, {3000, 1, 4});
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(one[c].p, four[c].p);
    EXPECT_EQ(one[c].null_sd, four[c].null_sd);
    EXPECT_EQ(one[c].p_adjusted, four[c].p_adjusted);
  }
}

TEST(StratifiedPermutation, FindsNothingWhereNothingVaries) {
  const std::vector<Stratum> strata = {{1.0, {0, 0, 0}}};
  EXPECT_EQ(stratified_max_t(strata, 1, {100, 1, 1})[0].p, 1);
  EXPECT_EQ(stratified_max_t(strata, 1, {100, 1, 1})[0].p_adjusted, 1);
  EXPECT_EQ(stratified_max_t({}, 2, {100, 1, 1})[1].p, 1);
}

}  // namespace
}  // namespace agentecho
