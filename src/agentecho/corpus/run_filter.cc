#include "agentecho/corpus/run_filter.h"

#include <algorithm>

#include "agentecho/base/text.h"
#include "agentecho/corpus/names.h"

namespace agentecho {

bool matches_glob(std::string_view pattern, std::string_view text) {
  // Where to go on when what stands behind the last star does not fit.
  std::size_t star = std::string_view::npos;
  std::size_t resumed = 0;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resumed = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += utf8_prefix(text.substr(t), 1);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resumed;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view entry) {
    if (matches_glob(entry, text)) return true;
    while (!entry.empty()) {
      const std::size_t comma = std::min(entry.find(','), entry.size());
      if (matches_glob(entry.substr(0, comma), text)) return true;
      entry.remove_prefix(std::min(comma + 1, entry.size()));
    }
    return false;
  });
}

bool RunFilter::takes(const TaskKey& task) const {
  if (!benchmarks.empty() && !matches_any(benchmarks, task.benchmark)) return false;
  if (!domains.empty() && !matches_any(domains, task.domain)) return false;
  if (tasks.empty()) return true;
  const auto names = names_of(task);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return matches_any(tasks, name); });
}

}  // namespace agentecho
