// Pairs of models, task by task: everything that a similarity and its bootstrap need, as one row of
// numbers a task (METHOD 3 and "Several trials").
//
// A task's score for models A != B is the mean over all trial pairs; for a model with itself, over
// the unordered pairs of different trials. Scores over tasks are functions of column sums, so a
// resample of tasks only reweights the rows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/metrics/ags/optional_tools.h"
#include "agentecho/study/corpus.h"

namespace agentecho {

// Sums and counts of one task; a column of zeros where a score is undefined.
enum class Column : std::uint8_t {
  kTasks,      // 1
  kSeq,        // S_seq
  kDep,        // S_dep
  kNodeTasks,  // 1 where the task has optional tools
  kNode,       // S_node
  kCells,      // optional tools of the task
  kAgreement,  // sum over cells of the mean agreement
  kCallsA,     // sum over cells of the rate at which A calls the tool
  kCallsB,
  kCalibratedSeqTasks,  // 1 where calibrated S_seq is defined
  kCalibratedSeq,
  kCalibratedDepTasks,
  kCalibratedDep,
};
constexpr std::size_t kColumns = 13;
using Row = std::array<double, kColumns>;

struct TaskScore {
  TaskIndex task = 0;
  std::uint32_t trajectory_pairs = 0;
  Row row{};
};

struct PairScores {
  ModelIndex a = 0;
  ModelIndex b = 0;
  std::vector<TaskScore> tasks;  // those that both models have, ascending
};

// The scores that derive from column sums.
enum class Score : std::uint8_t {
  kSNode,
  kSSeq,
  kSDep,
  kAgs,  // profile "paper"
  kCalibratedSNode,
  kCalibratedSSeq,
  kCalibratedSDep,
  kCalibratedAgs,  // profile "calibrated"
};
constexpr std::size_t kScores = 8;
std::string_view name_of(Score score);  // "s_node", …; the same in both profiles

// From sums over tasks; nothing where it is undefined.
std::optional<double> derive(Score score, std::span<const double, kColumns> sums);
// How many tasks carry the score.
double tasks_behind(Score score, std::span<const double, kColumns> sums);

// Mandatory and optional tools of every task of the corpus, over a pool of models.
struct ToolSplit {
  std::vector<TaskTools> tasks;  // by TaskIndex
  // For rule kFile: tools by task; tasks that are not listed have none.
  static ToolSplit make(const Corpus& corpus, std::span<const ModelIndex> pool,
                        const MandatoryRule& rule,
                        const std::vector<std::vector<ToolIndex>>& listed = {});
};

// All pairs, in the given order. `threads`: 0 is one per core; the result does not depend on it.
std::vector<PairScores> score_pairs(const Corpus& corpus, const ToolSplit& split,
                                    std::span<const std::pair<ModelIndex, ModelIndex>> pairs,
                                    unsigned threads);

}  // namespace agentecho
