#include "agentecho/base/byte_block.h"

#include <gtest/gtest.h>

#include <functional>

#include "agentecho/base/random.h"
#include "agentecho/base/text.h"

namespace agentecho {
namespace {

std::uint64_t expected_mask(const char* bytes, const std::function<bool(char)>& test) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    if (test(bytes[i])) mask |= std::uint64_t{1} << i;
  }
  return mask;
}

// Those that every kind of block has.
template <class Block>
void check_masks_of_all(const Block& block, const char* bytes) {
  for (const char wanted : {'"', '\\', 'a', '\0', '\xFF'}) {
    ASSERT_EQ(block.equal_to(wanted), expected_mask(bytes, [&](char c) { return c == wanted; }));
  }
  for (const char wanted : {'{', '}'}) {
    ASSERT_EQ(block.equal_ignoring_bit5(wanted), expected_mask(bytes, [&](char c) {
                return c == wanted || c == static_cast<char>(wanted - 0x20);
              }));
  }
  ASSERT_EQ(block.alphanumeric(),
            expected_mask(bytes, [](char c) { return is_ascii_alpha(c) || is_ascii_digit(c); }));
  ASSERT_EQ(block.non_ascii(),
            expected_mask(bytes, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
}

void check(const char* bytes) {
  const ByteBlock block(bytes);
  check_masks_of_all(block, bytes);
  ASSERT_EQ(block.control(),
            expected_mask(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  with_byte_blocks([&](auto kind) __attribute__((always_inline)) {
    check_masks_of_all(typename decltype(kind)::Type(bytes), bytes);
  });
}

TEST(ByteBlock, ClassifiesEveryByteAtEveryPlace) {
  for (int shift = 0; shift < 256; ++shift) {
    char bytes[64];
    for (int i = 0; i < 64; ++i) bytes[i] = static_cast<char>(shift + i);
    check(bytes);
  }
}

TEST(ByteBlock, ClassifiesRandomBytes) {
  Rng rng(1);
  for (int round = 0; round < 1000; ++round) {
    char bytes[64];
    for (char& byte : bytes) byte = static_cast<char>(rng.below(256));
    check(bytes);
  }
}

}  // namespace
}  // namespace agentecho
