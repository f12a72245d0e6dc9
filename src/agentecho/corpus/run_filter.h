// Which runs of the logs are looked at, by names: --models, --tasks, --domain, --benchmark.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/corpus/trajectory_features.h"

namespace agentecho {

// `*` stands for any text, `?` for one character (code point), everything else for itself.
bool matches_glob(std::string_view pattern, std::string_view text);

// Each entry is a name or a glob, or several of them separated by commas; a name that has a comma
// of its own is found where it stands alone.
bool matches_any(const std::vector<std::string>& patterns, std::string_view text);

// Nothing listed: no restriction.
struct RunFilter {
  // Models that are scored. The others stay in the pool that decides which tools are optional.
  std::vector<std::string> models;
  std::vector<std::string> tasks;  // "task", "domain/task" or "benchmark/domain/task"
  std::vector<std::string> domains;
  std::vector<std::string> benchmarks;

  bool takes_all_tasks() const { return tasks.empty() && domains.empty() && benchmarks.empty(); }
  bool empty() const { return models.empty() && takes_all_tasks(); }
  bool takes(const TaskKey& task) const;
  // What of the lists matches none of the models, or none of the tasks: "--tasks 17". A misspelt
  // name among others would leave runs out without a word.
  std::vector<std::string> idle_for(const std::vector<std::string>& all_models) const;
  std::vector<std::string> idle_for(const std::vector<TaskKey>& all_tasks) const;
};

}  // namespace agentecho
