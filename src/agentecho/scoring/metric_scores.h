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
#include "agentecho/scoring/intervals.h"
#include "agentecho/scoring/metric_set.h"
#include "agentecho/stats/pair_table.h"

namespace agentecho {

using ModelPair = std::pair<ModelIndex, ModelIndex>;

// What the experiments are run on. The corpus outlives it.
struct Study {
  const Corpus& corpus;
  MetricSet metrics;
  BootstrapOptions bootstrap;
  unsigned threads = 0;  // never changes a figure
};

// One pair's numbers, task by task: tasks.size() x MetricSet::columns(), row-major.
struct PairRows {
  ModelIndex a = 0;
  ModelIndex b = 0;
  std::vector<TaskIndex> tasks;  // those with at least one pair of trials, ascending
  std::vector<double> rows;
  std::uint64_t trajectory_pairs = 0;
};

// Whether two trials are compared. Called from several threads.
using TrialFilter = std::function<bool(const CorpusTrajectory&, const CorpusTrajectory&)>;

// Every model with every later one.
std::vector<ModelPair> all_pairs(const Corpus& corpus);
// Every model that has several trials on a task, with itself.
std::vector<ModelPair> self_pairs(const Corpus& corpus);

// In the order of `pairs`; a model with itself is scored over unordered pairs of different trials.
// Cost: trajectory pairs x measures.
std::vector<PairRows> score_rows(const Study& study, std::span<const ModelPair> pairs,
                                 const TrialFilter& filter = {});

// Column sums over the tasks of a pair.
std::vector<double> column_sums(const MetricSet& metrics, const PairRows& rows);

// [pair][metric]; intervals from resamples of all tasks of the corpus, the same for every pair.
// Cost: replicates x tasks x pairs x columns multiply-adds, all columns in one pass. The replicates
// of the metrics in `keep` are put into `kept`, each as replicate_scores() gives them.
std::vector<std::vector<Estimate>> estimate_metrics(
    const Study& study, std::span<const PairRows> rows, std::span<const std::size_t> keep = {},
    std::vector<std::vector<double>>* kept = nullptr);

// All replicates of one metric for all pairs: replicates x pairs, row-major, NaN where undefined.
std::vector<double> replicate_scores(const Study& study, std::span<const PairRows> rows,
                                     std::size_t metric);

// The scores of one metric as a table over the models of the corpus; self pairs are passed over.
PairTable score_table(const Study& study, std::span<const PairRows> rows, std::size_t metric);

// A on task t against B on other tasks of the same benchmark and domain, where the other task comes
// from Measure::mismatches seeded rotations of the domain's tasks (fewer in domains of more than
// 200 tasks, so that a pair takes about 2,000 comparisons; all other tasks when there are no more).
// With several trials, each of A meets one of B. [pair][metric]; nothing where a domain has a
// single task or a measure has no chance level.
std::vector<std::vector<std::optional<double>>> chance_levels(const Study& study,
                                                              std::span<const ModelPair> pairs);

// Similarity of each model to itself across trials: [model][metric]; nothing for models with single
// trials.
std::vector<std::vector<Estimate>> self_similarities(const Study& study);

// (score - chance) / (ceiling - chance), with the ceiling the mean of both models' own; nothing
// when one of them is missing or the ceiling is not above chance.
std::optional<double> position(std::optional<double> score, std::optional<double> chance,
                               std::optional<double> ceiling);

}  // namespace agentecho
