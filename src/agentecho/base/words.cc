#include "agentecho/base/words.h"

#include <fmt/format.h>

#include <cmath>

namespace agentecho {

std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural) {
  std::string text = std::to_string(n);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  text += ' ';
  return text += n == 1 ? singular : plural;
}

std::string fixed(double value, int digits) {
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string fixed_bound(double value, int digits) {
  std::string text = fixed(value, digits);
  if (text.starts_with("0.")) return text.substr(1);
  if (text.starts_with("-0.")) return text.erase(1, 1);
  return text;
}

std::string percent(double share) { return fixed(100 * share, 0) + " %"; }

std::string p_in_words(double p, int digits) {
  const double least = std::pow(10.0, -digits);
  return p < least ? fmt::format("p < .{:0{}d}", 1, digits) : fmt::format("p = {:.{}f}", p, digits);
}

std::string listed(std::span<const std::string> words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? last : ", ";
    text += words[i];
  }
  return text;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:=@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return text + "'";
}

std::string shell_line(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += shell_quoted(word);
  }
  return line;
}

}  // namespace agentecho
