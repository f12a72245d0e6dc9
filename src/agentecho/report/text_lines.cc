#include "agentecho/report/text_lines.h"

#include <algorithm>

#include "agentecho/base/text.h"

namespace agentecho {

std::string wrapped_text(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t used = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const std::size_t columns = display_width(word);
    if (used > 0) {
      const bool fits = used + 1 + columns <= width;
      out += fits ? ' ' : '\n';
      used = fits ? used + 1 : 0;
    }
    out += word;
    used += columns;
    begin = end + 1;
  }
  out += '\n';
  return out;
}

}  // namespace agentecho
