#include "agentecho/readers/dialects/notes.h"

#include <algorithm>
#include <utility>

#include "agentecho/base/text.h"

namespace agentecho {

void RecordNotes::count(std::vector<UnreadData>& list, std::string what, std::uint32_t n) {
  auto known = std::find_if(list.begin(), list.end(),
                            [&](const UnreadData& data) { return data.what == what; });
  if (known == list.end() && list.size() > kMostNames) known = list.end() - 1;
  if (known != list.end()) {
    known->count += n;
    return;
  }
  list.push_back({list.size() == kMostNames ? std::string("others") : std::move(what), n});
}

std::string with_name(std::string_view what, std::string_view name) {
  std::string text(what);
  text += " `";
  text += printable(name);
  text += '`';
  return text;
}

}  // namespace agentecho
