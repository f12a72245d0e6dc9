// The scanning half of ValueFinder, a template over what to do with a hit. Included by
// value_finder.h.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>

#include "agentecho/base/byte_block.h"
#include "agentecho/base/text.h"
#include "agentecho/graph/value_finder.h"

namespace agentecho {

inline std::uint32_t ValueFinder::bucket_of(const char* three_bytes) {
  const auto byte = [&](int i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(three_bytes[i]));
  };
  // Bit 0x20 folds the case of letters; that it also folds some other characters only costs a
  // comparison.
  const std::uint32_t key = (byte(0) | byte(1) << 8 | byte(2) << 16) | 0x202020u;
  return key * 0x9E3779B1u >> (32 - kBucketBits);
}

template <class Hit>
[[gnu::always_inline]] inline void ValueFinder::look_at(std::string_view text, std::size_t at,
                                                        Hit& hit) const {
  if (at + 3 > text.size()) return;
  for (std::int32_t g = buckets_[bucket_of(text.data() + at)]; g != kEnd;) {
    const Group& group = groups_[static_cast<std::size_t>(g)];
    const std::int32_t id = match(group, text, at);
    if (id != kEnd) hit(static_cast<ValueId>(id));
    g = group.next;
  }
}

template <class Block, class Hit>
[[gnu::always_inline]] inline void ValueFinder::scan_block(const char* block, std::uint64_t present,
                                                           std::size_t base, std::string_view text,
                                                           std::uint64_t& carry, Hit& hit) const {
  const Block bytes(block);
  const std::uint64_t alphanumeric = bytes.alphanumeric();
  const std::uint64_t behind_alphanumeric = alphanumeric << 1 | carry;
  carry = alphanumeric >> 63;
  std::uint64_t starts = (alphanumeric | bytes.non_ascii()) & ~behind_alphanumeric & present;
  for (; starts != 0; starts &= starts - 1) {
    look_at(text, base + static_cast<std::size_t>(std::countr_zero(starts)), hit);
  }
}

template <class Hit>
void ValueFinder::scan(std::string_view text, Hit hit) const {
  with_byte_blocks([&](auto kind) __attribute__((always_inline)) {
    using Block = typename decltype(kind)::Type;
    std::uint64_t carry = 0;
    std::size_t base = 0;
    for (; base + ByteBlock::kSize <= text.size(); base += ByteBlock::kSize) {
      if (n_active_ == 0) return;
      scan_block<Block>(text.data() + base, ~std::uint64_t{0}, base, text, carry, hit);
    }
    const std::size_t rest = text.size() - base;
    if (rest == 0 || n_active_ == 0) return;
    char padded[ByteBlock::kSize] = {};
    std::memcpy(padded, text.data() + base, rest);
    scan_block<Block>(padded, (std::uint64_t{1} << rest) - 1, base, text, carry, hit);
  });
}

}  // namespace agentecho
