// Lists of whole numbers as short text, for features.jsonl: each number minus the one before it
// (the first minus 0, modulo 2^64), read as a signed number d and folded to 2 d or -2 d - 1
// ("zigzag"), written in groups of seven bits, lowest first, with the high bit set on all but the
// last (LEB128); the bytes in base64 (RFC 4648, padded). Sorted hashes and runs of equal counters
// become short. O(numbers).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

std::string pack_numbers(std::span<const std::uint64_t> numbers);

// Nothing when the text is not what pack_numbers() writes.
std::optional<std::vector<std::uint64_t>> unpack_numbers(std::string_view text);

}  // namespace agentecho
