// Scores of pairs of models in every metric of a MetricSet: values with intervals, the chance level
// from mismatched tasks, the self-similarity ceiling, and the place between the two (METHOD 6).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/scoring/metric.h"
#include "agentecho/stats/pair_table.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {

using ModelPair = std::pair<ModelIndex, ModelIndex>;

// Resampling one task says nothing about other tasks.
inline constexpr std::uint32_t kFewestTasks = 2;
// Below this many tasks a percentile interval is known to be too narrow, and single tasks decide.
inline constexpr std::uint32_t kFewTasks = 20;

struct BootstrapOptions {
  std::size_t replicates = 10000;  // 0: no intervals
  std::uint64_t seed = 1;
  double level = 0.95;
};

struct Estimate {
  std::optional<double> value;
  std::optional<Interval> interval;  // nothing with fewer than two tasks
  std::uint32_t n_tasks = 0;         // tasks that carry the score
  // Why there is no value or no interval, where that is not for want of tasks or replicates.
  std::string_view reason = {};
};

// What all analyses are run on. The corpus outlives it.
struct Study {
  const Corpus& corpus;
  MetricSet metrics;
  BootstrapOptions bootstrap;
  unsigned threads = 0;  // never changes a figure
};

// One pair's numbers, task by task: tasks.size() x MetricSet::columns(), row-major.
//
// A task's score for models A != B is that of all trial pairs; for a model with itself, of the
// unordered pairs of different trials ("Several trials" of METHOD 3).
struct PairRows {
  ModelIndex a = 0;
  ModelIndex b = 0;
  std::vector<TaskIndex> tasks;  // those with at least one pair of trials, ascending
  std::vector<double> rows;
  std::vector<std::uint32_t> run_pairs;  // by place in `tasks`: pairs of trials
  std::vector<std::size_t> withheld;     // metrics of which too little was answered (coverage)

  std::uint64_t trajectory_pairs() const;
};

// Whether two trials are compared. Called from several threads.
using TrialFilter = std::function<bool(const CorpusTrajectory&, const CorpusTrajectory&)>;

// Every model with every later one.
std::vector<ModelPair> all_pairs(const Corpus& corpus);
// Every model that has several trials on a task, with itself.
std::vector<ModelPair> self_pairs(const Corpus& corpus);

// All pairs of trials of two models on a task; of one model, those of different trials.
RunPairs run_pairs(const Corpus& corpus, ModelPair models, TaskIndex task);

// In the order of `pairs`. A metric with a coverage below the least is withheld from a pair: its
// columns are 0 throughout, so that nothing rests on it. Cost: trajectory pairs x measures.
std::vector<PairRows> score_rows(const Study& study, std::span<const ModelPair> pairs,
                                 const TrialFilter& filter = {});

// Column sums over the tasks of a pair.
std::vector<double> column_sums(const MetricSet& metrics, const PairRows& rows);

// [pair][metric]; intervals from resamples of all tasks of the corpus, the same for every pair.
// Cost: replicates x tasks x pairs x columns multiply-adds, all columns in one pass. The replicates
// of the metrics in `keep` are put into `kept`, each as replicate_scores() gives them. `draws`:
// draws_of(study), for those who ask again and again.
std::vector<std::vector<Estimate>> estimate_metrics(
    const Study& study, std::span<const PairRows> rows, std::span<const std::size_t> keep = {},
    std::vector<std::vector<double>>* kept = nullptr, const Resampler* draws = nullptr);

// The resamples of all tasks of the corpus that every interval rests on. Replicates x tasks bytes.
Resampler draws_of(const Study& study);

// All replicates of one metric for all pairs: replicates x pairs, row-major, NaN where undefined.
std::vector<double> replicate_scores(const Study& study, std::span<const PairRows> rows,
                                     std::size_t metric);

// The scores of one metric as a table over the models of the corpus; self pairs are passed over.
PairTable score_table(const Study& study, std::span<const PairRows> rows, std::size_t metric);

// A on task t against B on other tasks of the same benchmark and domain: Measure::mismatches of
// those that come next when the domain's tasks are shuffled by the seed (fewer in domains of more
// than 200 tasks, so that a pair takes about 2,000 comparisons; all others when there are no more).
// Only tasks of which both have runs take part, so that the runs are those of the score. With
// several trials, each of A meets one of B. [pair][metric]; nothing where a pair has no two tasks
// of a domain in common or a measure has no chance level.
std::vector<std::vector<std::optional<double>>> chance_levels(const Study& study,
                                                              std::span<const ModelPair> pairs);

// Similarity of each model to itself across trials: [model][metric]; nothing for models with single
// trials.
std::vector<std::vector<Estimate>> self_similarities(const Study& study);

// (score - chance) / (ceiling - chance), with the ceiling the mean of both models' own; nothing
// when one of them is missing or the ceiling is not above chance by more
// than rounding.
std::optional<double> position(std::optional<double> score, std::optional<double> chance,
                               std::optional<double> ceiling);

}  // namespace agentecho
