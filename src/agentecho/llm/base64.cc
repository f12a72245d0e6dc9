#include "agentecho/llm/base64.h"

#include <openssl/evp.h>

#include <bit>
#include <cstdint>

namespace agentecho::llm {

namespace {

constexpr std::size_t kFloatBytes = 4;

std::vector<unsigned char> bytes_of(std::span<const float> numbers) {
  std::vector<unsigned char> bytes;
  bytes.reserve(numbers.size() * kFloatBytes);
  for (const float number : numbers) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<unsigned char>(bits >> shift));
    }
  }
  return bytes;
}

}  // namespace

std::string base64_of_floats(std::span<const float> numbers) {
  const std::vector<unsigned char> bytes = bytes_of(numbers);
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and the zero that OpenSSL adds
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::vector<float>> floats_of_base64(std::string_view text) {
  constexpr std::size_t kLongest = std::size_t{1} << 30;  // OpenSSL counts in int
  if (text.size() % 4 != 0 || text.size() > kLongest) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::vector<unsigned char> bytes(text.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (size != static_cast<int>(bytes.size())) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  if (bytes.size() % kFloatBytes != 0) return std::nullopt;
  std::vector<float> numbers(bytes.size() / kFloatBytes);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::uint32_t bits = 0;
    for (std::size_t byte = 0; byte < kFloatBytes; ++byte) {
      bits |= std::uint32_t{bytes[i * kFloatBytes + byte]} << (8 * byte);
    }
    numbers[i] = std::bit_cast<float>(bits);
  }
  // OpenSSL forgives white space and stray bits.
  if (base64_of_floats(numbers) != text) return std::nullopt;
  return numbers;
}

}  // namespace agentecho::llm
