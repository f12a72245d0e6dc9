// Which tasks carry the similarity of two models.
//
// On each task and in each metric, the excess of a pair is its score less the mean score of the two
// with all other models on the same task: how much more alike the two are to each other than to
// everybody else. Excesses are divided by their standard deviation over the tasks, averaged over
// the metrics of a channel and then over the channels (actions, wording), so neither outweighs the
// other. A metric whose excess is the same on all tasks, but for rounding, ranks none of them and
// is left out. [choice] It ranks tasks to look at; it is no test.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

struct TaskShare {
  TaskIndex task = 0;
  std::vector<std::optional<double>> scores;  // by TaskShares::metrics
  std::vector<std::optional<double>> excess;  // without other models: nothing
  std::optional<double> rank_score;           // what the ranking goes by
};

struct TaskShares {
  std::vector<std::size_t> metrics;  // of the study's MetricSet
  std::vector<std::size_t> even;     // those of them that are the same on all tasks
  std::size_t others = 0;            // models that the pair is set against
  // Strongest first; tasks without any score come last. Without other models the scores themselves
  // are standardised.
  std::vector<TaskShare> tasks;
};

// Metrics: S_node, S_seq, S_dep and the wording's evidence metrics; where none of them is computed,
// those that are. Cost: 2 models pairs scored.
TaskShares share_among_tasks(const Study& study, ModelIndex a, ModelIndex b);

}  // namespace agentecho
