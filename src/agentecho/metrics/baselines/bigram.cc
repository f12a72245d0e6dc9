#include "agentecho/metrics/baselines/bigram.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <string>
#include <string_view>

#include "agentecho/base/hash_sort.h"
#include "agentecho/base/text.h"
#include "agentecho/trajectory/response_text.h"

namespace agentecho {

namespace {

// For each byte: 0 where it separates words, else the byte lowercased.
constexpr std::array<char, 256> kWordByte = [] {
  std::array<char, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const char c = static_cast<char>(byte);
    if (byte >= 0x80 || is_ascii_alpha(c) || is_ascii_digit(c)) table[byte] = ascii_lower(c);
  }
  return table;
}();

// Word hashes are uniform already; an odd factor keeps them so and tells first from second.
constexpr std::uint64_t bigram_hash(std::uint64_t first, std::uint64_t second) {
  return first * 0x9E3779B97F4A7C15ULL + second;
}

// Appends the hash of each bigram of one message. `lowered` is scratch.
void append_bigrams(std::string_view text, std::string& lowered, std::vector<std::uint64_t>& out) {
  lowered.resize(text.size());
  std::uint64_t previous = 0;
  bool has_previous = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    while (at < text.size()) {
      const char c = kWordByte[static_cast<unsigned char>(text[at])];
      if (c == 0) break;
      lowered[at++] = c;
    }
    if (at == start) {
      ++at;
      continue;
    }
    const std::uint64_t word = XXH3_64bits(lowered.data() + start, at - start);
    if (has_previous) out.push_back(bigram_hash(previous, word));
    previous = word;
    has_previous = true;
  }
}

}  // namespace

std::vector<std::uint64_t> response_bigrams(const Trajectory& trajectory) {
  std::vector<std::uint64_t> bigrams;
  std::string lowered;
  for (const Message& message : trajectory.messages) {
    if (message.role == Role::kAssistant) append_bigrams(response_text(message), lowered, bigrams);
  }
  sort_distinct_hashes(bigrams);
  return bigrams;
}

std::optional<double> dice(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  if (a.empty() && b.empty()) return std::nullopt;
  std::size_t shared = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::uint64_t x = a[i], y = b[j];
    shared += x == y;
    i += x <= y;
    j += y <= x;
  }
  return 2.0 * static_cast<double>(shared) / static_cast<double>(a.size() + b.size());
}

}  // namespace agentecho
