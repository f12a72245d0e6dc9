#include "agentecho/report/text_lines.h"

#include <algorithm>

#include "agentecho/base/columns.h"
#include "agentecho/base/text.h"

namespace agentecho {

std::string wrapped_text(std::string_view text, std::size_t width) {
  const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
  const std::string next_line = "\n" + std::string(indent > 0 ? indent + 2 : 0, ' ');
  std::string out(indent, ' ');
  std::size_t used = indent;
  for (std::size_t begin = indent; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const std::size_t columns = display_width(word);
    if (begin > indent) {
      const bool fits = used + 1 + columns <= width;
      out += fits ? " " : next_line;
      used = fits ? used + 1 : next_line.size() - 1;
    }
    out += word;
    used += columns;
    begin = end + 1;
  }
  out += '\n';
  return out;
}

std::vector<std::string> cell_lines(std::string_view text, std::size_t width) {
  const std::string shown = elided(text, kCellLines * width);
  std::vector<std::string> lines(1);
  for (std::string_view rest = shown; !rest.empty();) {
    std::string_view word = rest.substr(0, std::min(rest.find(' '), rest.size()));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    const std::size_t used = display_width(lines.back());
    if (used > 0 && used + 1 + display_width(word) <= width) {
      lines.back().append(1, ' ').append(word);
      continue;
    }
    while (!word.empty()) {
      if (!lines.back().empty()) lines.emplace_back();
      // A wide character has no room in a single column.
      const std::size_t head = std::max(columns_prefix(word, width), utf8_prefix(word, 1));
      lines.back() = word.substr(0, head);
      word.remove_prefix(head);
    }
  }
  return lines;
}

}  // namespace agentecho
