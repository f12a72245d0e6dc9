// What the promises of `drift` are worth where the truth is known (study/drift.h).
//
// "drift-null"   two sets of runs of one simulated agent, by numbers of tasks and trials: how often
//                the least adjusted p value is below 0.05, and what the verdicts are.
// "drift-power"  a habit planted in 10, 20 and 40 % of the new runs: reading again after every
//                write, which the baseline never does.
// "drift-same"   a real change of exactly delta W: new runs are of another agent with the
//                probability q that makes E = delta W in the channel that moves most. As E is an
//                energy distance, it is q^2 times that of the two agents, and W follows from the
//                mean distances within and between them, which 40 runs of each task and agent give.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/laboratory/laboratory.h"
#include "agentecho/study/drift.h"

namespace agentecho {

struct DriftSummary {
  std::string label;
  bool planted = false;  // "drift-power": some of the new runs have another habit
  std::size_t tasks = 0;
  std::size_t trials = 0;  // of each task and side
  std::size_t n = 0;       // comparisons
  double alarm = 0;        // share with an adjusted p value below 0.05 in some channel
  double changed = 0;      // verdicts as a whole
  double same = 0;
  double cannot_tell = 0;
  double changed_at_small_margin = 0;  // "changed" as a whole, had the margin been 0.05
  // "drift-same": the channel that changes by delta W, and how often it is called the same.
  std::optional<Channel> channel;
  std::optional<double> channel_same;
};

// LaboratoryOptions::runs comparisons in all, shared among the conditions.
std::vector<DriftSummary> run_drift_study(std::string_view name, const LaboratoryOptions& options);

}  // namespace agentecho
