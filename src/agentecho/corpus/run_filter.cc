#include "agentecho/corpus/run_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

namespace {

// The names and globs of the entries of an option that match none of the texts.
void add_idle(std::string_view option, const std::vector<std::string>& entries,
              const std::vector<std::string>& texts, std::vector<std::string>& idle) {
  const auto is_used = [&](std::string_view pattern) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& text) { return matches_glob(pattern, text); });
  };
  for (std::string_view entry : entries) {
    while (!entry.empty() && !is_used(entry)) {
      const std::size_t comma = std::min(entry.find(','), entry.size());
      const std::string_view name = entry.substr(0, comma);
      if (!is_used(name)) idle.push_back(fmt::format("{} {}", option, name));
      entry.remove_prefix(std::min(comma + 1, entry.size()));
    }
  }
}

}  // namespace

std::vector<std::string> RunFilter::idle_for(const std::vector<std::string>& all_models) const {
  std::vector<std::string> idle;
  add_idle("--models", models, all_models, idle);
  return idle;
}

std::vector<std::string> RunFilter::idle_for(const std::vector<TaskKey>& all_tasks) const {
  std::vector<std::string> idle;
  if (takes_all_tasks()) return idle;
  std::vector<std::string> names;
  std::vector<std::string> in_domains;
  std::vector<std::string> in_benchmarks;
  for (const TaskKey& task : all_tasks) {
    for (std::string& name : names_of(task)) names.push_back(std::move(name));
    in_domains.push_back(task.domain);
    in_benchmarks.push_back(task.benchmark);
  }
  add_idle("--tasks", tasks, names, idle);
  add_idle("--domain", domains, in_domains, idle);
  add_idle("--benchmark", benchmarks, in_benchmarks, idle);
  return idle;
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
