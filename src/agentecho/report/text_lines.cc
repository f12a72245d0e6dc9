#include "agentecho/report/text_lines.h"

#include <algorithm>

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

}  // namespace agentecho
