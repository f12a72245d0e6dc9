#include "agentecho/readers/written/labels.h"

namespace agentecho::written {

std::size_t label_size(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return 0;
  std::size_t at = word.size();
  while (at < text.size() && (text[at] == ' ' || text[at] == '*' || is_ascii_digit(text[at]))) {
    ++at;
  }
  return at < text.size() && text[at] == ':' ? at + 1 : 0;
}

Label find_label(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != kNowhere; at = text.find(word, at + 1)) {
    std::size_t line = at;
    while (line > 0 && (text[line - 1] == ' ' || text[line - 1] == '*' || text[line - 1] == '#')) {
      --line;
    }
    if (line != 0 && text[line - 1] != '\n') continue;
    if (const std::size_t size = label_size(text.substr(at), word)) return {at, size};
  }
  return {};
}

std::string_view without_emphasis(std::string_view text) {
  text = trimmed(text);
  while (!text.empty() && (text.front() == '*' || text.front() == '#')) {
    text = trimmed(text.substr(1));
  }
  return text;
}

}  // namespace agentecho::written
