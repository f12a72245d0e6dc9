#include "agentecho/trajectory/error_result.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"

namespace agentecho {

namespace {
constexpr std::size_t kLookedAt = 200;  // characters
constexpr std::string_view kErrorWords[] = {"error",  "exception", "traceback",
                                            "failed", "failure",   "invalid"};

bool starts_with_ignoring_case(std::string_view text, std::string_view lowered) {
  return text.size() >= lowered.size() &&
         std::equal(lowered.begin(), lowered.end(), text.begin(),
                    [](char wanted, char c) { return ascii_lower(c) == wanted; });
}

struct CodePoints {
  std::uint32_t first;
  std::uint32_t last;
};

// Spaces, punctuation and symbols beyond ASCII, by block: everything else there counts as a letter.
constexpr CodePoints kNoLetters[] = {
    {0x80, 0xA9},     {0xAB, 0xB1},     {0xB4, 0xB4},     {0xB6, 0xB8},     {0xBB, 0xBB},
    {0xBF, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2000, 0x206F}, {0x20A0, 0x20CF},
    {0x2190, 0x245F}, {0x2500, 0x2BFF}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0xFE10, 0xFE6F},
    {0xFF01, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0x1F000, 0x1FAFF}};

// The code point at the beginning of valid UTF-8 that is not ASCII.
std::uint32_t first_code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  std::uint32_t value = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < std::min(length, text.size()); ++i) {
    value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  return value;
}

// The regular expression's word characters: letters, digits and '_'.
bool starts_with_word_character(std::string_view text) {
  if (static_cast<unsigned char>(text[0]) < 0x80) {
    return is_ascii_alphanumeric(text[0]) || text[0] == '_';
  }
  const std::uint32_t code_point = first_code_point(text);
  return std::none_of(std::begin(kNoLetters), std::end(kNoLetters), [&](const CodePoints& range) {
    return code_point >= range.first && code_point <= range.last;
  });
}

}  // namespace

bool is_error_word(std::string_view word) { return is_in(kErrorWords, word); }

bool starts_like_error(std::string_view text) {
  const auto first = std::find_if(text.begin(), text.end(), is_ascii_alphanumeric);
  const auto begin = static_cast<std::size_t>(first - text.begin());
  for (const std::string_view word : kErrorWords) {
    if (!starts_with_ignoring_case(text.substr(begin), word)) continue;
    const std::size_t end = begin + word.size();
    const std::size_t looked_at = utf8_prefix(text, kLookedAt);
    return end == looked_at || (end < looked_at && !starts_with_word_character(text.substr(end)));
  }
  return false;
}

bool is_error(const Message& tool_message) {
  if (tool_message.error_flag != ErrorFlag::kNotSaid) {
    return tool_message.error_flag == ErrorFlag::kError;
  }
  // The first word of an object is a key: {"error": null} is none.
  if (tool_message.error_member != ErrorMember::kNone) {
    return tool_message.error_member == ErrorMember::kSet;
  }
  return starts_like_error(tool_message.text);
}

bool failed(const Trajectory& trajectory, const ToolCall& call) {
  return call.result_message != kNone &&
         is_error(trajectory.messages[static_cast<std::size_t>(call.result_message)]);
}

}  // namespace agentecho
