#include "agentecho/corpus/packed_numbers.h"

#include <gtest/gtest.h>

#include <limits>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

using Numbers = std::vector<std::uint64_t>;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(PackedNumbers, AreTheDocumentedBytes) {
  // Differences 1, 0, -1, 64 -> folded 2, 0, 1, 128 = bytes 02 00 01 80 01.
  EXPECT_EQ(pack_numbers(Numbers{1, 1, 0, 64}), "AgABgAE=");
  EXPECT_EQ(unpack_numbers("AgABgAE="), (Numbers{1, 1, 0, 64}));
  EXPECT_EQ(pack_numbers({}), "");
  EXPECT_EQ(unpack_numbers(""), Numbers{});
}

TEST(PackedNumbers, ComeBackWhateverTheyAre) {
  Rng rng(3);
  for (int round = 0; round < 300; ++round) {
    Numbers numbers;
    for (std::uint64_t n = rng.below(40); n > 0; --n) {
      const std::uint64_t shift = rng.below(64);
      numbers.push_back(rng.below(2) == 0 ? rng.below(kMost) >> shift : kMost << shift);
    }
    ASSERT_EQ(unpack_numbers(pack_numbers(numbers)), numbers);
  }
}

TEST(PackedNumbers, AreRefusedWhenDamaged) {
  EXPECT_FALSE(unpack_numbers("AgA"));   // not whole groups
  EXPECT_FALSE(unpack_numbers("Ag!B"));  // no base64
  EXPECT_FALSE(unpack_numbers("gIAB gIAB"));
  EXPECT_FALSE(unpack_numbers("gICA"));              // the last number does not end
  EXPECT_FALSE(unpack_numbers("////////////////"));  // longer than 64 bits
}

}  // namespace
}  // namespace agentecho
