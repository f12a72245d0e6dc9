#include "agentecho/base/hash_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

template <class UInt, class Make>
void expect_sorted(std::size_t n, Make make) {
  std::vector<UInt> values(n);
  for (UInt& value : values) value = make();
  std::vector<UInt> expected = values;
  std::sort(expected.begin(), expected.end());
  std::vector<UInt> sorted = values;
  sort_hashes(std::span(sorted));
  EXPECT_EQ(sorted, expected) << n;
  expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
  sort_distinct_hashes(values);
  EXPECT_EQ(values, expected) << n;
}

TEST(HashSort, SortsHashesOfAnyNumber) {
  Rng rng(3);
  for (const std::size_t n : {0, 1, 2, 31, 33, 64, 200, 511, 512, 513, 5000}) {
    expect_sorted<std::uint32_t>(n, [&] { return static_cast<std::uint32_t>(rng.bits() >> 32); });
    expect_sorted<std::uint64_t>(n, [&] { return rng.bits(); });
  }
}

TEST(HashSort, SortsWhatIsNotSpread) {
  Rng rng(4);
  for (const std::size_t n : {40, 400, 4000}) {
    expect_sorted<std::uint32_t>(n, [] { return 7u; });
    expect_sorted<std::uint32_t>(n, [] { return 0u; });
    expect_sorted<std::uint32_t>(n, [&] { return static_cast<std::uint32_t>(rng.below(5)); });
    // All in one bucket but one.
    expect_sorted<std::uint64_t>(n,
                                 [&] { return rng.chance(0.01) ? UINT64_MAX : rng.below(1000); });
    // Small numbers, whose highest bits are 0.
    expect_sorted<std::uint64_t>(n, [&] { return rng.below(100'000); });
  }
}

}  // namespace
}  // namespace agentecho
