#include "agentecho/base/structural_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

// Byte by byte: behind the bracket that closes the one at 0, or npos. A backslash escapes the byte
// behind it, so that it opens or closes no string.
std::size_t plain_end(const std::string& text) {
  int depth = 0;
  bool in_string = false;
  bool escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_escaped = escaped;
    escaped = c == '\\' && !is_escaped;
    if (c == '"' && !is_escaped) in_string = !in_string;
    if (in_string) continue;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if ((c == '}' || c == ']') && depth == 0) return i + 1;
  }
  return std::string::npos;
}

std::size_t scanned_end(const std::string& text, std::size_t piece) {
  StructuralScan scan;
  std::size_t position = 0;
  for (std::size_t size = std::min(piece, text.size());;
       size = std::min(size + piece, text.size())) {
    const bool last = size == text.size();
    // A copy of exactly these bytes, so that reading beyond them shows under a sanitizer.
    const std::vector<char> bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    if (scan.find_end(bytes.data(), bytes.size(), position, last)) return position;
    if (last) return std::string::npos;
  }
}

std::string random_json_like(Rng& rng, std::size_t length) {
  static constexpr char kBytes[] = "{}[]\"\\\\\"ab:, {}";
  std::string text = "{";
  while (text.size() < length) {
    text += kBytes[rng.below(sizeof kBytes - 1)];
    if (rng.chance(0.05)) text.append(rng.below(70), rng.chance(0.5) ? '\\' : 'x');
  }
  return text;
}

TEST(StructuralScan, FindsTheEndOfSmallValues) {
  EXPECT_EQ(scanned_end("{}", 1), 2u);
  EXPECT_EQ(scanned_end("{} {}", 100), 2u);
  EXPECT_EQ(scanned_end("[[1],{}]x", 3), 8u);
  EXPECT_EQ(scanned_end(R"({"}":"\"}\\"} )", 2), 13u);
  EXPECT_EQ(scanned_end("{", 1), std::string::npos);
  EXPECT_EQ(scanned_end(R"({"})", 1), std::string::npos);
}

TEST(StructuralScan, AgreesWithAPlainScanOnRandomBytesInPiecesOfAnySize) {
  Rng rng(11);
  int closed = 0;
  for (int round = 0; round < 4000; ++round) {
    const std::string text = random_json_like(rng, 1 + rng.below(300));
    const std::size_t expected = plain_end(text);
    closed += expected != std::string::npos ? 1 : 0;
    for (const std::size_t piece : {std::size_t{1}, 1 + rng.below(97), text.size()}) {
      ASSERT_EQ(scanned_end(text, piece), expected) << text;
    }
  }
  EXPECT_GT(closed, 500);
}

TEST(StructuralScan, KeepsTrackOfDepthOverManyBlocks) {
  const std::string deep = std::string(10000, '[') + std::string(10000, ']');
  EXPECT_EQ(scanned_end(deep, 61), deep.size());
  EXPECT_EQ(scanned_end(deep.substr(0, deep.size() - 1), 64), std::string::npos);
}

}  // namespace
}  // namespace agentecho
