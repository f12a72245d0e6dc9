#include "agentecho/stats/most_different.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

// 0 and 1 are alike, 2 and 3 are alike, 4 is a little like everybody.
PairTable two_couples() {
  PairTable table(5);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = i + 1; j < 5; ++j) table.set(i, j, 0.1);
  }
  table.set(0, 1, 0.9);
  table.set(2, 3, 0.8);
  for (std::size_t i = 0; i < 4; ++i) table.set(i, 4, 0.3);
  return table;
}

TEST(MostDifferent, TakesOneOfEachCouple) {
  const auto two = most_different(two_couples(), 2);
  ASSERT_TRUE(two);
  EXPECT_EQ(two->items, (std::vector<std::size_t>{0, 2}));
  EXPECT_DOUBLE_EQ(two->mean, 0.1);
  EXPECT_TRUE(two->exact);
  const auto three = most_different(two_couples(), 3);
  ASSERT_TRUE(three);
  EXPECT_EQ(three->items, (std::vector<std::size_t>{0, 2, 4}));
  EXPECT_DOUBLE_EQ(three->mean, (0.1 + 0.3 + 0.3) / 3);
}

TEST(MostDifferent, PassesOverPairsWithoutALikeness) {
  PairTable table = two_couples();
  table.set(0, 2, std::nullopt);
  table.set(0, 3, std::nullopt);
  table.set(0, 4, std::nullopt);
  const auto three = most_different(table, 3);
  ASSERT_TRUE(three);
  EXPECT_EQ(three->items, (std::vector<std::size_t>{1, 2, 4}));
  table.set(1, 2, std::nullopt);
  table.set(1, 3, std::nullopt);
  table.set(1, 4, std::nullopt);
  EXPECT_FALSE(most_different(table, 4));
  EXPECT_FALSE(most_different(table, 6));
  EXPECT_FALSE(most_different(table, 1));
}

TEST(MostDifferent, ExchangesComeNearTheBestOfAllSets) {
  PairTable table(14);
  Rng rng(5);
  for (std::size_t i = 0; i < 14; ++i) {
    for (std::size_t j = i + 1; j < 14; ++j) table.set(i, j, rng.uniform());
  }
  const auto best = most_different(table, 5);
  const auto exchanged = most_different(table, 5, 100);
  ASSERT_TRUE(best && exchanged);
  EXPECT_TRUE(best->exact);
  EXPECT_FALSE(exchanged->exact);
  EXPECT_GE(exchanged->mean, best->mean);
  EXPECT_LT(exchanged->mean, best->mean + 0.1);
  EXPECT_TRUE(std::is_sorted(exchanged->items.begin(), exchanged->items.end()));
}

}  // namespace
}  // namespace agentecho
