// What the experiments compare: measures of two trajectories, and metrics made of them.
//
// A measure turns a pair of trajectories into a few numbers; the numbers of a task are pooled over
// trial pairs into a row, and a score over tasks is a function of the rows' column sums, so that a
// resample of tasks only reweights rows. A metric is the mean of the scores of its measures. To
// add a metric (a new kind of feature), append a measure and a metric that names it: chance level,
// ceiling, intervals, affinity, families and all tables follow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/scoring/pair_scores.h"

namespace agentecho {

// What a metric looks at. Channels weigh equally in the combined evidence.
enum class Channel : std::uint8_t { kAction, kWording };

// How the numbers of trial pairs and tasks become a score.
enum class Pooling : std::uint8_t {
  kMean,   // cells: pairs with a value, sum of values; a task's score is the mean over them
  kKappa,  // cells: decisions, agreements, decisions for by A, by B; Cohen's kappa over all tasks
};

using Cells = std::array<double, 4>;

// Two trajectories, by their places in Corpus::trajectories(); they may be of different tasks.
struct TrialPair {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

struct Measure {
  std::string name;
  Pooling pooling = Pooling::kMean;
  // Other tasks that each task is set against for the chance level; 0: no chance level.
  std::uint32_t mismatches = 10;
  // Trial i with trial i only, and a model's own trials each with the next (METHOD 4, to bound
  // cost); else all pairs of trials.
  bool paired_trials = false;
  // Adds the cells of each pair of trajectories, in this order. Called from several threads, once
  // a task. A measure that is undefined for two trajectories adds nothing for them.
  std::function<void(std::span<const TrialPair>, Cells&)> add;

  std::size_t columns() const { return pooling == Pooling::kMean ? 2 : 4; }
};

struct Metric {
  std::string name;   // "s_node", for files
  std::string title;  // "S_node", for tables
  Channel channel = Channel::kAction;
  std::vector<std::size_t> parts;  // places in MetricSet::measures
  bool evidence = false;           // takes part in the combined evidence
};

// The score of one measure from the sums of its columns; nothing where it is undefined.
std::optional<double> measure_score(const Measure& measure, std::span<const double> sums);

struct MetricSet {
  std::vector<Measure> measures;
  std::vector<Metric> metrics;

  std::size_t columns() const;  // of all measures
  std::size_t first_column(std::size_t measure) const;
  std::optional<std::size_t> find(std::string_view metric) const;

  // From column sums over tasks; nothing where it is undefined.
  std::optional<double> score(std::size_t metric, std::span<const double> sums) const;
};

struct ActionMetricOptions {
  bool ged = false;  // graph edit distance similarity as well (METHOD 5); the one slow metric
};

// Metrics of the text: RPS by the local judge (its overall score, 1 to 5) and the 2-gram overlap of
// responses. Both are evidence. For a corpus whose trajectories hold both verbal parts; it must
// outlive the set.
void add_wording_metrics(MetricSet& set, const Corpus& corpus);

// Profile "paper" (s_node, s_seq, s_dep, ags), profile "calibrated" (calibrated_...), and GED. AGS
// and, when it is there, GED are evidence. What a measure needs of a trajectory is computed here,
// once, and kept by the set.
//
// [choice] On different tasks (for the chance level) the tools compared are those that are optional
// in both: where one task leaves no choice, no decision can agree.
MetricSet action_metrics(const Corpus& corpus, const ToolSplit& split,
                         const ActionMetricOptions& options = {});

}  // namespace agentecho
