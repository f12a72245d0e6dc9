#include "agentecho/graph/error_result.h"

#include <algorithm>
#include <string>

#include "agentecho/base/text.h"

namespace agentecho {

namespace {
constexpr std::size_t kLookedAt = 200;  // characters
constexpr std::string_view kErrorWords[] = {"error",  "exception", "traceback",
                                            "failed", "failure",   "invalid"};

bool is_lower_alphanumeric(char c) { return is_ascii_lower(c) || is_ascii_digit(c); }
bool is_word(char c) {
  return is_lower_alphanumeric(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
}  // namespace

bool starts_like_error(std::string_view text) {
  const std::string start = ascii_lowered(text.substr(0, utf8_prefix(text, kLookedAt)));
  const auto word = std::find_if(start.begin(), start.end(), is_lower_alphanumeric);
  const std::string_view rest(start.data() + (word - start.begin()),
                              static_cast<std::size_t>(start.end() - word));
  return std::any_of(std::begin(kErrorWords), std::end(kErrorWords), [&](std::string_view error) {
    return rest.starts_with(error) && (rest.size() == error.size() || !is_word(rest[error.size()]));
  });
}

bool is_error(const Message& tool_message) {
  if (tool_message.error_flag != ErrorFlag::kNotSaid) {
    return tool_message.error_flag == ErrorFlag::kError;
  }
  return tool_message.error_object || starts_like_error(tool_message.text);
}

}  // namespace agentecho
