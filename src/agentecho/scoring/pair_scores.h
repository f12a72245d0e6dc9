// Pairs of models, task by task: everything that a similarity and its bootstrap need, as one row of
// numbers a task (metric_columns.h; METHOD 3 and "Several trials").
//
// A task's score for models A != B is the mean over all trial pairs; for a model with itself, over
// the unordered pairs of different trials. (RPS pairs fewer trials, to bound cost: METHOD 4.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/scoring/family_scorer.h"
#include "agentecho/scoring/metric_columns.h"

namespace agentecho {

struct TaskScore {
  TaskIndex task = 0;
  std::uint32_t trajectory_pairs = 0;
};

struct PairScores {
  ModelIndex a = 0;
  ModelIndex b = 0;
  FamilySet families{};
  std::vector<TaskScore> tasks;  // those that both models have, ascending
  std::vector<double> values;    // their rows, one after the other

  std::span<const double> row(std::size_t i) const {
    return std::span(values).subspan(i * families.columns(), families.columns());
  }
  // Column of tasks[i]; 0 where its family was not scored.
  double at(std::size_t i, Column column) const { return families.at(row(i), column); }
  // Of each column over all tasks, as a row.
  std::vector<double> sums() const;
};

// All pairs, in the given order. The corpus has the features that the families need; families that
// are in `judged` are taken from there, and RSE and embeddings are nowhere else. `threads`: 0 is
// one per core; the result does not depend on it.
std::vector<PairScores> score_pairs(const Corpus& corpus, const ToolSplit& split,
                                    std::span<const std::pair<ModelIndex, ModelIndex>> pairs,
                                    unsigned threads, const FamilySet& families = {Family::kAgs},
                                    const JudgedMetrics& judged = {});

}  // namespace agentecho
