#include "agentecho/base/columns.h"

#include "agentecho/base/text.h"

namespace agentecho {

std::size_t columns_prefix(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (std::size_t used = 0; at < text.size();) {
    const std::size_t length = utf8_prefix(text.substr(at), 1);
    used += display_width(text.substr(at, length));
    if (used > columns) break;
    at += length;
  }
  return at;
}

}  // namespace agentecho
