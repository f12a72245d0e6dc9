#include "agentecho/llm/base64.h"

#include <bit>
#include <cstdint>

#include "agentecho/base/base64.h"

namespace agentecho::llm {

namespace {

constexpr std::size_t kFloatBytes = 4;

std::vector<std::uint8_t> bytes_of(std::span<const float> numbers) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(numbers.size() * kFloatBytes);
  for (const float number : numbers) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
  }
  return bytes;
}

}  // namespace

std::string base64_of_floats(std::span<const float> numbers) {
  return to_base64(bytes_of(numbers));
}

std::optional<std::vector<float>> floats_of_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  // Stray bits behind the last byte are forgiven there.
  if (!bytes || bytes->size() % kFloatBytes != 0 || to_base64(*bytes) != text) return std::nullopt;
  std::vector<float> numbers(bytes->size() / kFloatBytes);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::uint32_t bits = 0;
    for (std::size_t byte = 0; byte < kFloatBytes; ++byte) {
      bits |= std::uint32_t{(*bytes)[i * kFloatBytes + byte]} << (8 * byte);
    }
    numbers[i] = std::bit_cast<float>(bits);
  }
  return numbers;
}

}  // namespace agentecho::llm
