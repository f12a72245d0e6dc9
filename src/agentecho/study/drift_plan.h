// How many runs would it take? Before any new run is made, from the noise of the baseline.
//
// For runs of one system the excess E of a task has mean 0 and, with r runs a side, the variance of
// a degenerate U-statistic:
//
//   var = v (1 / r^2 + 1 / (r (r - 1)))
//
// where v is the variance of the distance of two runs after what each run has by itself is taken
// out (row and column means; the linear parts cancel in B - W). v is estimated by tasks with four
// runs or more; with fewer, the variance of distances within tasks, or over tasks, stands in, which
// is too large and makes the plan careful. A change of size x W is found with the power asked for
// when E exceeds its critical value and its own spread, and "same" is said where E = 0:
//
//   tasks(change) = ((z(1 - alpha / m) + z(power)) sd / (x W))^2
//   tasks(same)   = ((z(1 - alpha / 2) + z(power)) sd / (delta W))^2
//
// m: channels. For "same" at least kFewestTasksForSame, and in a channel of bounded distances more
// than this (tasks_to_say_same(), with the bound: careful); for a change so many that the least p
// is at most a twentieth of alpha [choice]: the normal quantile does not see that few tasks have
// few deals. With few tasks the figures stay rough.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/study/drift.h"

namespace agentecho {

struct PlanOptions {
  double level = 0.95;
  double margin = 0.25;
  double power = 0.8;
  double change = 0.5;                            // size of the change to be found, in units of W
  std::vector<std::size_t> runs = {2, 3, 5, 10};  // of each task and side
};

struct ChannelPlan {
  Channel channel{};
  double within = 0;     // W of the baseline
  bool careful = false;  // v is an upper bound: no task has four runs
  // By PlanOptions::runs.
  std::vector<std::size_t> tasks_for_change;
  std::vector<std::size_t> tasks_for_same;
  // Smallest change that the baseline's tasks would show, in units of W.
  std::vector<double> least_change;
};

struct DriftPlan {
  std::string model;
  PlanOptions options;
  std::size_t tasks = 0;                 // of the baseline
  std::size_t noise_tasks = 0;           // with two runs or more
  std::size_t cut_tasks = 0;             // with more runs than are looked at
  std::vector<ChannelPlan> channels;     // those with noise
  std::vector<std::size_t> tasks_for_p;  // so that p can be well below alpha
  // All channels: the largest.
  std::vector<std::size_t> tasks_for_change;
  std::vector<std::size_t> tasks_for_same;
};

// Errors (kInput): no task of the baseline has two runs; features without habits.
Result<DriftPlan> plan_drift(const DriftSide& baseline, const PlanOptions& options);

}  // namespace agentecho
