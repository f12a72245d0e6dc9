#include "agentecho/scoring/run_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

std::vector<std::pair<std::uint32_t, std::uint32_t>> all(const RunPairs& pairs) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
  for (const auto [a, b] : pairs) found.emplace_back(a, b);
  EXPECT_EQ(found.size(), pairs.size());
  EXPECT_EQ(found.empty(), pairs.empty());
  if (!found.empty()) {
    EXPECT_EQ(std::pair(pairs.front().a, pairs.front().b), found.front());
  }
  return found;
}

TEST(RunPairs, OfAListAreItsElements) {
  const std::vector<RunPair> list = {{3, 1}, {0, 9}};
  EXPECT_THAT(all(RunPairs(list)), ElementsAre(Pair(3, 1), Pair(0, 9)));
  EXPECT_THAT(all(RunPairs()), IsEmpty());
}

TEST(RunPairs, OfTwoRangesAreEachWithEach) {
  EXPECT_THAT(all(RunPairs({4, 2}, {7, 3})),
              ElementsAre(Pair(4, 7), Pair(4, 8), Pair(4, 9), Pair(5, 7), Pair(5, 8), Pair(5, 9)));
  EXPECT_THAT(all(RunPairs({4, 0}, {7, 3})), IsEmpty());
  EXPECT_THAT(all(RunPairs({4, 2}, {7, 0})), IsEmpty());
}

TEST(RunPairs, WithinARangeAreEachWithEachLater) {
  EXPECT_THAT(all(RunPairs::within({5, 4})),
              ElementsAre(Pair(5, 6), Pair(5, 7), Pair(5, 8), Pair(6, 7), Pair(6, 8), Pair(7, 8)));
  EXPECT_THAT(all(RunPairs::within({5, 2})), ElementsAre(Pair(5, 6)));
  EXPECT_THAT(all(RunPairs::within({5, 1})), IsEmpty());
  EXPECT_THAT(all(RunPairs::within({5, 0})), IsEmpty());
}

}  // namespace
}  // namespace agentecho
