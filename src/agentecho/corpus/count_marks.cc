#include "agentecho/corpus/count_marks.h"

#include <algorithm>

namespace agentecho {

std::vector<MarkCount> count_marks(std::vector<std::uint32_t> marks) {
  std::sort(marks.begin(), marks.end());
  std::vector<MarkCount> counts;
  for (const std::uint32_t mark : marks) {
    if (counts.empty() || counts.back().mark != mark) counts.push_back({mark, 0});
    ++counts.back().count;
  }
  return counts;
}

}  // namespace agentecho
