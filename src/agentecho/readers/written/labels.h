// Labels at the beginning of lines: "Action:", "Observation 2:", "**Thought:**".
#pragma once

#include <cstddef>
#include <string_view>

#include "agentecho/base/text.h"

namespace agentecho::written {

inline constexpr std::string_view kAction = "Action";
inline constexpr std::string_view kObservation = "Observation";

// The first label's length at the text's beginning: "Action 2:" and "Action:" for "Action"; 0:
// none.
std::size_t label_size(std::string_view text, std::string_view word);

struct Label {
  std::size_t at = kNowhere;
  std::size_t size = 0;
  std::size_t end() const { return at + size; }
  explicit operator bool() const { return at != kNowhere; }
};

// Where a line begins with "word:" or "word 2:", from `from` on.
Label find_label(std::string_view text, std::string_view word, std::size_t from = 0);

// Without what Markdown puts around a label: "**Action:** find", "### Thought:".
std::string_view without_emphasis(std::string_view text);

}  // namespace agentecho::written
