#include "agentecho/corpus/packed_numbers.h"

#include <algorithm>
#include <array>

#include "agentecho/base/base64.h"

namespace agentecho {

namespace {

constexpr std::uint64_t fold(std::uint64_t difference) {
  return difference << 1 ^ (difference >> 63 != 0 ? ~std::uint64_t{0} : 0);
}

constexpr std::uint64_t unfold(std::uint64_t folded) {
  return folded >> 1 ^ ((folded & 1) != 0 ? ~std::uint64_t{0} : 0);
}

}  // namespace

std::string pack_numbers(std::span<const std::uint64_t> numbers) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(numbers.size() * 4);
  std::uint64_t previous = 0;
  for (const std::uint64_t number : numbers) {
    std::uint64_t rest = fold(number - previous);
    previous = number;
    for (; rest >= 0x80; rest >>= 7) bytes.push_back(static_cast<std::uint8_t>(rest | 0x80));
    bytes.push_back(static_cast<std::uint8_t>(rest));
  }
  return to_base64(bytes);
}

std::optional<std::vector<std::uint64_t>> unpack_numbers(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes) return std::nullopt;
  std::vector<std::uint64_t> numbers;
  std::uint64_t previous = 0;
  std::uint64_t folded = 0;
  unsigned shift = 0;
  for (const std::uint8_t byte : *bytes) {
    const std::uint64_t part = byte & 0x7F;
    if (shift > 63 || (shift == 63 && part > 1)) return std::nullopt;
    folded |= part << shift;
    if ((byte & 0x80) != 0) {
      shift += 7;
      continue;
    }
    previous += unfold(folded);
    numbers.push_back(previous);
    folded = 0;
    shift = 0;
  }
  if (shift != 0) return std::nullopt;
  return numbers;
}

}  // namespace agentecho
