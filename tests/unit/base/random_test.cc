#include "agentecho/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace agentecho {
namespace {

TEST(Rng, RepeatsItselfForASeedAndAStream) {
  Rng a(5, 2);
  Rng b(5, 2);
  Rng other_stream(5, 3);
  Rng other_seed(6, 2);
  const std::uint64_t first = a.bits();
  EXPECT_EQ(first, b.bits());
  EXPECT_NE(first, other_stream.bits());
  EXPECT_NE(first, other_seed.bits());
}

TEST(Rng, IsPcg64) {
  // First output of the reference implementation's pcg64 demo: seed 42, stream 54.
  EXPECT_EQ(Rng(42, 54).bits(), 0x86b1da1d72062b68u);
}

TEST(Rng, DrawsWithinItsBounds) {
  Rng rng(1);
  std::array<int, 5> seen{};
  for (int i = 0; i < 1000; ++i) {
    const auto x = rng.below(seen.size());
    ASSERT_LT(x, seen.size());
    ++seen[x];
    const double u = rng.uniform();
    ASSERT_TRUE(u >= 0 && u < 1);
  }
  for (const int n : seen) EXPECT_GT(n, 100);
  EXPECT_EQ(rng.below(1), 0u);
  EXPECT_FALSE(rng.chance(0));
  EXPECT_TRUE(rng.chance(1));
}

TEST(Rng, NormalHasMeanZeroAndVarianceOne) {
  Rng rng(2);
  double sum = 0;
  double squares = 0;
  const int n = 20000;
  for (int i = 0; i < n; ++i) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0, 0.03);
  EXPECT_NEAR(squares / n, 1, 0.05);
}

TEST(Rng, ShufflePermutes) {
  Rng rng(3);
  std::vector<int> items(50);
  std::iota(items.begin(), items.end(), 0);
  auto shuffled = items;
  rng.shuffle(shuffled);
  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

}  // namespace
}  // namespace agentecho
