#include "agentecho/base/hash.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

TEST(Digest, IsXxh3With128Bits) {
  EXPECT_EQ(to_hex(digest_of("")), "99aa06d3014798d86001c324468d497f");  // xxhsum -H2 </dev/null
  EXPECT_NE(digest_of("a"), digest_of("b"));
}

TEST(Hasher, GivesTheSameDigestForAnyPieces) {
  const std::string text(1000, 'x');
  for (const std::size_t cut : {0, 1, 239, 240, 241, 512, 1000}) {
    Hasher hasher;
    hasher.update(text.substr(0, cut));
    hasher.update(text.substr(cut));
    EXPECT_EQ(hasher.digest(), digest_of(text));
    EXPECT_EQ(hasher.size(), text.size());
  }
}

TEST(Hasher, TellsFieldsApart) {
  Hasher one;
  one.update_field("ab");
  one.update_field("c");
  Hasher other;
  other.update_field("a");
  other.update_field("bc");
  EXPECT_NE(one.digest(), other.digest());
}

TEST(Hasher, StartsAgainAfterReset) {
  Hasher hasher;
  hasher.update("something");
  hasher.reset();
  EXPECT_EQ(hasher.size(), 0u);
  hasher.update("text");
  EXPECT_EQ(hasher.digest(), digest_of("text"));
}

}  // namespace
}  // namespace agentecho
