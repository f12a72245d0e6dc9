// The choices of all models of a corpus on each task, compared as METHOD 14 wants it: what the
// other models of the pool do there says what is usual (metrics/lineage/task_comparison.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/array_store.h"
#include "agentecho/corpus/corpus.h"
#include "agentecho/metrics/lineage/task_comparison.h"

namespace agentecho {

enum class LineageChannel : std::uint8_t { kWords, kLayout, kActions };
constexpr std::size_t kLineageChannels = 3;
std::string_view name_of(LineageChannel channel);  // "words"
std::optional<LineageChannel> lineage_channel_named(std::string_view name);

// Where runs can be compared at all: a benchmark and domain, with the tasks of it, in the order of
// names.
std::map<std::pair<std::string, std::string>, std::vector<TaskIndex>> tasks_by_benchmark(
    const Corpus& corpus);

// Words that fewer than three models show anywhere in a benchmark and domain do not count. Runs
// without markers (of feature files that have none) take no part. The corpus must outlive it.
class TaskChoices {
 public:
  // Cost: that of sorting all words of a benchmark. `threads` never change a figure.
  TaskChoices(const Corpus& corpus, LineageChannel channel, unsigned threads = 0);

  // Compared when it is first asked for, and kept. Safe to call from several threads.
  const lineage::TaskComparison& task(TaskIndex task) const;
  // For who needs each task once: not kept.
  lineage::TaskComparison compare(TaskIndex task) const;

 private:
  std::vector<lineage::ModelRuns> runs_of(TaskIndex task) const;
  lineage::Markers words_of(ModelIndex model, const std::vector<TaskIndex>& tasks) const;
  lineage::Markers usual_words(const std::vector<TaskIndex>& tasks, unsigned threads) const;
  void let_go() const;

  struct Slot {
    std::once_flag once;
    std::unique_ptr<lineage::TaskComparison> comparison;
  };

  const Corpus& corpus_;
  LineageChannel channel_;
  const ArrayStore* store_ = nullptr;      // of the markers
  std::vector<lineage::Markers> usual_;    // of each benchmark, ascending; words only
  std::vector<std::size_t> benchmark_of_;  // by task
  mutable std::vector<Slot> slots_;        // by task
};

}  // namespace agentecho
