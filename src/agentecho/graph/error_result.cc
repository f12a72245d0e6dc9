#include "agentecho/graph/error_result.h"

#include <algorithm>

#include "agentecho/base/text.h"

namespace agentecho {

namespace {
constexpr std::size_t kLookedAt = 200;  // characters
constexpr std::string_view kErrorWords[] = {"error",  "exception", "traceback",
                                            "failed", "failure",   "invalid"};

bool is_alphanumeric(char c) { return is_ascii_alpha(c) || is_ascii_digit(c); }
bool is_word(char c) {
  return is_alphanumeric(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lowered) {
  return text.size() >= lowered.size() &&
         std::equal(lowered.begin(), lowered.end(), text.begin(),
                    [](char wanted, char c) { return ascii_lower(c) == wanted; });
}
}  // namespace

bool starts_like_error(std::string_view text) {
  const auto first = std::find_if(text.begin(), text.end(), is_alphanumeric);
  const auto begin = static_cast<std::size_t>(first - text.begin());
  for (const std::string_view word : kErrorWords) {
    if (!starts_with_ignoring_case(text.substr(begin), word)) continue;
    const std::size_t end = begin + word.size();
    const std::size_t looked_at = utf8_prefix(text, kLookedAt);
    return end == looked_at || (end < looked_at && !is_word(text[end]));
  }
  return false;
}

bool is_error(const Message& tool_message) {
  if (tool_message.error_flag != ErrorFlag::kNotSaid) {
    return tool_message.error_flag == ErrorFlag::kError;
  }
  return tool_message.error_object || starts_like_error(tool_message.text);
}

}  // namespace agentecho
