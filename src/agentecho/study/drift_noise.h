// Distances among the runs of a task, and what they say of two sides: the arithmetic of drift.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/stats/stratified_permutation.h"
#include "agentecho/study/drift_side.h"
#include "agentecho/study/run_distance.h"

namespace agentecho {

// An interval over fewer tasks says nothing: no "same" without it.
inline constexpr std::size_t kFewestTasksForInterval = 5;

// No "same" over fewer: with five tasks, the upper limit of a channel that changed by exactly the
// margin lies below it in up to a fifth of comparisons, since the few runs that are far off are in
// no task, or in none of many a resample; from twenty on in about one of twenty
// (docs/laboratory.md).
inline constexpr std::size_t kFewestTasksForSame = 20;

// Tasks for which a mean of this standard deviation over tasks, `below` under the margin, has its
// upper limit under it as well with probability `power`; room: see bounded_mean_reach(). At least
// kFewestTasksForSame; more than a million where it is beyond counting.
double tasks_to_say_same(double below, double deviation, std::optional<double> room, double level,
                         double power);

// Runs of one task that are compared with each other.
struct Block {
  std::vector<const CorpusTrajectory*> before;
  std::vector<const CorpusTrajectory*> after;
};

// Runs of a task and side of which all pairs are looked at. Pairs are quadratic in the runs, and
// all of them are added up anew for every split.
inline constexpr std::size_t kMostBlockRuns = 64;

// A task with at most kMostBlockRuns a side is one block, so that B and W are means of all its
// pairs. A larger one is dealt into blocks of so many at random (stream `task` of `seed`); where
// the smaller side does not suffice for two runs in each, there are fewer blocks, and of the larger
// side at most so many runs are drawn for each.
std::vector<Block> make_blocks(const CommonTask& task, std::uint64_t seed,
                               std::uint64_t task_number);

// Whether that leaves out pairs, so that its B and W depend on the seed.
bool is_dealt(const CommonTask& task);

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
  // Over the pairs of these runs, which are in ascending order.
  ChannelValues sum_within(const std::vector<std::size_t>& runs) const;

  std::size_t n_;
  std::vector<ChannelValues> distances_;  // of runs i < j: row i, from i + 1 on
  ChannelValues total_{};
  std::vector<std::uint8_t> success_;
  ChannelValues largest_{};
};

// The noise of other runs: the mean distance of two runs of one model on one task.
class NoiseByTask {
 public:
  // Of a task with more than kMostBlockRuns runs of a model the first so many are looked at.
  // Errors (kInput): no model has two runs of a task.
  static Result<NoiseByTask> make(const Corpus& corpus);
  // Null where it holds no two runs of that task: noise differs between tasks, and that of others
  // is none of this one's.
  const std::array<double, kChannels>* of(const TaskKey& task) const;
  std::size_t cut_tasks() const { return cut_tasks_; }  // those of which some runs are left out

 private:
  std::map<TaskKey, std::array<double, kChannels>> by_task_;
  std::size_t cut_tasks_ = 0;
};

// What a reader must know before believing a verdict: other tools, other system texts, another
// serving stack, copies.
std::vector<std::string> warnings_of(const std::vector<CommonTask>& tasks, const SideTools& tools,
                                     std::size_t copies);

}  // namespace agentecho
