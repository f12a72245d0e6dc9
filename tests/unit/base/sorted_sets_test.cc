#include "agentecho/base/sorted_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

std::vector<std::uint32_t> random_set(Rng& rng, std::size_t size, std::uint64_t below) {
  std::set<std::uint32_t> values;
  while (values.size() < size) values.insert(static_cast<std::uint32_t>(rng.below(below)));
  return {values.begin(), values.end()};
}

TEST(SortedSets, CountsWhatBothHave) {
  Rng rng(5);
  for (int round = 0; round < 2000; ++round) {
    const auto a = random_set(rng, rng.below(70), 200);
    const auto b = random_set(rng, rng.below(70), 200);
    std::vector<std::uint32_t> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    ASSERT_EQ(count_common(a, b), both.size());
    ASSERT_EQ(count_common(b, a), both.size());
    ASSERT_EQ(count_common(a, a), a.size());
  }
}

TEST(SortedSets, KnowsTheLargestNumbers) {
  const std::vector<std::uint32_t> a = {0, UINT32_MAX - 1, UINT32_MAX};
  const std::vector<std::uint32_t> b = {1, UINT32_MAX};
  EXPECT_EQ(count_common(a, b), 1u);
  EXPECT_EQ(count_common(a, {}), 0u);
}

}  // namespace
}  // namespace agentecho
