// Keys of JSON objects compared without case and without "_", "-" and blanks: is_correct, isCorrect
// and "Is Correct" are one key. The tables of keys hold folded keys.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "agentecho/base/text.h"

namespace agentecho {

// Empty for what is too long to be in a table.
class FoldedKey {
 public:
  explicit FoldedKey(std::string_view key) {
    if (key.size() > kLongest) return;
    for (const char c : key) {
      if (c != '_' && c != '-' && c != ' ') bytes_[size_++] = ascii_lower(c);
    }
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  static constexpr std::size_t kLongest = 32;
  std::array<char, kLongest> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace agentecho
