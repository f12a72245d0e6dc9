// Distances among the runs of a task, and what they say of two sides: the arithmetic of drift.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/stats/stratified_permutation.h"
#include "agentecho/study/drift_side.h"
#include "agentecho/study/run_distance.h"

namespace agentecho {

// An interval over fewer tasks says nothing: no "same" without it.
inline constexpr std::size_t kFewestTasksForInterval = 5;

// Runs of one task that are compared with each other.
struct Block {
  std::vector<const CorpusTrajectory*> before;
  std::vector<const CorpusTrajectory*> after;
};

// A task with at most 16 runs a side is one block. A larger one is dealt into blocks of about 16 at
// random (stream `task` of `seed`); where the smaller side does not suffice for two runs in each,
// there are fewer blocks, and of the larger side at most 64 runs are drawn for each.
std::vector<Block> make_blocks(const CommonTask& task, std::uint64_t seed,
                               std::uint64_t task_number);

struct BlockExcess {
  std::array<double, kChannels> between{};  // B
  std::array<double, kChannels> within{};   // W; 0 where no side has two runs
  double success = 0;  // success rate of the second side less that of the first
};

class BlockDistances {
 public:
  BlockDistances(const Block& block, const SideTools& tools);

  // Of the two sides that the split makes: ones are the first side. O(runs^2 channels).
  BlockExcess excess(const Split& split) const;
  double largest(std::size_t channel) const { return largest_[channel]; }

 private:
  std::size_t n_;
  std::vector<ChannelValues> distances_;  // of runs i < j: row i, from i + 1 on
  ChannelValues total_{};
  std::vector<std::uint8_t> success_;
  ChannelValues largest_{};
};

// The noise of other runs: the mean distance of two runs of one model on one task.
class NoiseByTask {
 public:
  // Errors (kInput): no model has two runs of a task.
  static Result<NoiseByTask> make(const Corpus& corpus);
  // Null where it holds no two runs of that task: noise differs between tasks, and that of others
  // is none of this one's.
  const std::array<double, kChannels>* of(const TaskKey& task) const;

 private:
  std::map<TaskKey, std::array<double, kChannels>> by_task_;
};

// What a reader must know before believing a verdict: other tools, other system texts, another
// serving stack, copies.
std::vector<std::string> warnings_of(const std::vector<CommonTask>& tasks, const SideTools& tools,
                                     std::size_t copies);

}  // namespace agentecho
