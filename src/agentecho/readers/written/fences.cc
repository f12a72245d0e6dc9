#include "agentecho/readers/written/fences.h"

#include <algorithm>

#include "agentecho/base/text.h"

namespace agentecho::written {

std::string_view without_fence_mark(std::string_view text) {
  return text.starts_with("```") ? trimmed(text.substr(std::min(text.find('\n'), text.size())))
                                 : text;
}

std::string_view without_fence(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with("```")) return text;
  text = text.substr(std::min(text.find('\n'), text.size()));
  return trimmed(text.substr(0, text.rfind("```")));
}

std::string_view without_fence_ends(std::string_view words) {
  words = trimmed(words);
  for (const std::string_view mark : {"```json", "```"}) {
    if (words.ends_with(mark)) words.remove_suffix(mark.size());
    if (words.starts_with(mark)) words.remove_prefix(mark.size());
  }
  return trimmed(words);
}

}  // namespace agentecho::written
