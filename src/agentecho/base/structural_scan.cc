#include "agentecho/base/structural_scan.h"

#include <bit>
#include <cstring>

#include "agentecho/base/byte_block.h"

namespace agentecho {

namespace {

// Bit i of the result: parity of the bits 0..i of `bits`.
std::uint64_t prefix_xor(std::uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

// Bytes that a backslash before them escapes. A run of backslashes escapes the byte after it when
// the run has odd length; adding the run's start to the run carries to the byte after it, and
// the parity of start and end tells the two cases apart.
std::uint64_t escaped_bytes(std::uint64_t backslashes, std::uint64_t& carry) {
  if (backslashes == 0) {
    const std::uint64_t escaped = carry;
    carry = 0;
    return escaped;
  }
  constexpr std::uint64_t kEvenBits = 0x5555555555555555ULL;
  backslashes &= ~carry;
  const std::uint64_t after_backslash = backslashes << 1 | carry;
  const std::uint64_t odd_starts = backslashes & ~kEvenBits & ~after_backslash;
  std::uint64_t sequences_on_even;
  carry = __builtin_add_overflow(odd_starts, backslashes, &sequences_on_even) ? 1 : 0;
  const std::uint64_t invert = sequences_on_even << 1;
  return (kEvenBits ^ invert) & after_backslash;
}

}  // namespace

template <class Block>
[[gnu::always_inline]] inline bool StructuralScan::scan_block(const char* block, std::size_t length,
                                                              std::size_t& end) {
  const Block bytes(block);
  const std::uint64_t escaped = escaped_bytes(bytes.equal_to('\\'), escape_carry_);
  const std::uint64_t quotes = bytes.equal_to('"') & ~escaped;
  const std::uint64_t strings = prefix_xor(quotes) ^ in_string_;
  in_string_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(strings) >> 63);
  std::uint64_t opening = bytes.equal_ignoring_bit5('{') & ~strings;  // '{' and '['
  std::uint64_t closing = bytes.equal_ignoring_bit5('}') & ~strings;  // '}' and ']'
  if (length < ByteBlock::kSize) {
    const std::uint64_t present = (std::uint64_t{1} << length) - 1;
    opening &= present;
    closing &= present;
  }
  // In most blocks the depth cannot come down to 0.
  const std::int64_t closed = std::popcount(closing);
  if (depth_ > closed) {
    depth_ += std::popcount(opening) - closed;
    return false;
  }
  for (std::uint64_t brackets = opening | closing; brackets != 0; brackets &= brackets - 1) {
    const std::uint64_t lowest = brackets & (~brackets + 1);
    depth_ += (opening & lowest) != 0 ? 1 : -1;
    if (depth_ == 0) {
      end = static_cast<std::size_t>(std::countr_zero(lowest)) + 1;
      return true;
    }
  }
  return false;
}

bool StructuralScan::find_end(const char* data, std::size_t size, std::size_t& position,
                              bool last) {
  return with_byte_blocks([&](auto kind) __attribute__((always_inline)) {
    using Block = typename decltype(kind)::Type;
    StructuralScan scan = *this;  // a copy stays in registers
    std::size_t at = position;
    std::size_t end = 0;
    bool found = false;
    while (!found && at + ByteBlock::kSize <= size) {
      found = scan.scan_block<Block>(data + at, ByteBlock::kSize, end);
      at += found ? end : ByteBlock::kSize;
    }
    if (!found && last && at < size) {
      char padded[ByteBlock::kSize] = {};
      std::memcpy(padded, data + at, size - at);
      found = scan.scan_block<Block>(padded, size - at, end);
      at = found ? at + end : size;
    }
    *this = scan;
    position = at;
    return found;
  });
}

}  // namespace agentecho
