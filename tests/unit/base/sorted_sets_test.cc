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

std::size_t count_up_to(const std::vector<std::uint32_t>& values, std::uint32_t limit) {
  return static_cast<std::size_t>(std::upper_bound(values.begin(), values.end(), limit) -
                                  values.begin());
}

TEST(SortedSets, CountsWhatBothHave) {
  Rng rng(5);
  for (int round = 0; round < 4000; ++round) {
    const auto a = random_set(rng, rng.below(70), 200);
    const auto b = random_set(rng, rng.below(70), 200);
    std::vector<std::uint32_t> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    const CommonPart part = common_part(a, b);
    ASSERT_EQ(part.common, both.size());
    ASSERT_EQ(common_part(b, a).common, both.size());
    ASSERT_EQ(common_part(a, a).common, a.size());
    if (a.empty() || b.empty()) continue;
    const std::uint32_t limit = std::min(a.back(), b.back());
    ASSERT_EQ(part.of_a, count_up_to(a, limit));
    ASSERT_EQ(part.of_b, count_up_to(b, limit));
  }
}

#if defined(__x86_64__)
// common_part() takes the faster one where the machine has it.
TEST(SortedSets, EightAtATimeIsTheSameEitherWay) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "this machine has no AVX2";
  Rng rng(6);
  for (int round = 0; round < 500; ++round) {
    const auto a = random_set(rng, rng.below(70), 200);
    const auto b = random_set(rng, rng.below(70), 200);
    std::size_t i = 0;
    std::size_t j = 0;
    const std::size_t common = internal::count_by_eights<internal::CommonCounter>(a, b, i, j);
    std::size_t wide_i = 0;
    std::size_t wide_j = 0;
    ASSERT_EQ(internal::count_by_eights_avx2(a, b, wide_i, wide_j), common);
    ASSERT_EQ(wide_i, i);
    ASSERT_EQ(wide_j, j);
  }
}
#endif

TEST(SortedSets, KnowsTheLargestNumbers) {
  const std::vector<std::uint32_t> a = {0, UINT32_MAX - 1, UINT32_MAX};
  const std::vector<std::uint32_t> b = {1, UINT32_MAX};
  EXPECT_EQ(common_part(a, b).common, 1u);
  EXPECT_EQ(common_part(a, {}).common, 0u);
}

}  // namespace
}  // namespace agentecho
