// What a pair of models is measured by, as data: families of metrics, the columns that each sums
// over tasks, and the scores that derive from the sums.
//
// Every task gives one row of numbers. A score over tasks is a function of column sums, so a
// resample of tasks only reweights the rows, and all families share the same draws. Another metric
// is another family: its columns and scores here, what it derives from sums in metric_columns.cc,
// and a FamilyScorer that fills its columns for one task (family_scorer.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace agentecho {

enum class Family : std::uint8_t {
  kAgs,        // Action Graph Similarity, both profiles (METHOD 3)
  kRps,        // Response Pattern Similarity (METHOD 4)
  kBigram,     // 2-gram overlap (METHOD 5)
  kGed,        // graph edit distance (METHOD 5)
  kRse,        // Response Similarity Evaluation by an LLM judge (METHOD 5)
  kEmbedding,  // similarity of sentence embeddings (METHOD 5)
};
constexpr std::size_t kFamilies = 6;

// Sums and counts of one task; a column of zeros where a score is undefined. Those of a family
// stand together, in the order of families.
enum class Column : std::uint8_t {
  // AGS
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
  // RPS
  kRpsTasks,  // 1 where a shared stage was scored
  kStyle,     // mean of the task
  kStructure,
  kAlignment,
  kOverall,
  kPooledOverall,  // sum of the overall scores of all scored stages
  kScoredStages,   // counted over the trajectory pairs
  kSharedStages,
  kOneSidedStages,
  // 2-gram overlap
  kBigramTasks,  // 1 where the overlap is defined
  kBigram,
  // graph edit distance
  kGedTasks,       // 1 where the similarity is defined
  kGed,            // at the upper bound of the distance
  kGedAtMost,      // at the lower bound
  kGedExactShare,  // of the trajectory pairs
  // RSE
  kRseTasks,   // 1 where a pair of trajectories was scored
  kRse,        // mean of the task
  kRsePairs,   // pairs of trajectories
  kRseScored,  // of these, with a score
  // embeddings
  kEmbeddingTasks,  // 1 where the similarity is defined
  kEmbedding,
};
constexpr std::size_t kColumns = 34;
constexpr std::array<std::size_t, kFamilies + 1> kFirstColumn = {
    0,
    static_cast<std::size_t>(Column::kRpsTasks),
    static_cast<std::size_t>(Column::kBigramTasks),
    static_cast<std::size_t>(Column::kGedTasks),
    static_cast<std::size_t>(Column::kRseTasks),
    static_cast<std::size_t>(Column::kEmbeddingTasks),
    kColumns};

constexpr std::size_t column_count(Family family) {
  const auto f = static_cast<std::size_t>(family);
  return kFirstColumn[f + 1] - kFirstColumn[f];
}

// Some families, and where their columns stand in a row of theirs.
class FamilySet {
 public:
  constexpr FamilySet(std::initializer_list<Family> families) {
    for (const Family family : families) has_[static_cast<std::size_t>(family)] = true;
    place_.fill(kNowhere);
    for (std::size_t f = 0; f < kFamilies; ++f) {
      if (!has_[f]) continue;
      for (std::size_t c = kFirstColumn[f]; c < kFirstColumn[f + 1]; ++c) {
        place_[c] = static_cast<std::uint8_t>(columns_++);
      }
    }
  }

  constexpr bool has(Family family) const { return has_[static_cast<std::size_t>(family)]; }
  FamilySet with(Family family) const;
  constexpr std::size_t columns() const { return columns_; }
  // Of the family's first column in a row; the family is one of the set.
  constexpr std::size_t first_column(Family family) const {
    return place_[kFirstColumn[static_cast<std::size_t>(family)]];
  }
  // A column of a row; 0 where its family is not in the set.
  constexpr double at(std::span<const double> row, Column column) const {
    const std::uint8_t place = place_[static_cast<std::size_t>(column)];
    return place == kNowhere ? 0 : row[place];
  }
  bool operator==(const FamilySet&) const = default;

 private:
  static constexpr std::uint8_t kNowhere = 255;
  std::array<bool, kFamilies> has_{};
  std::array<std::uint8_t, kColumns> place_{};
  std::size_t columns_ = 0;
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
  kStyle,          // RPS: means over tasks, 1 to 5
  kStructure,
  kAlignment,
  kOverall,   // RPS itself
  kPooled,    // mean overall score of all scored stages
  kCoverage,  // scored of shared stages
  kBigram,
  kGed,
  kGedAtMost,
  kRse,  // 1 to 5
  kRseCoverage,
  kEmbedding,
};
constexpr std::size_t kScores = 20;
std::string_view name_of(Score score);  // "s_node", …; the same in both profiles of AGS
Family family_of(Score score);

// From sums over tasks, a row of `families`; nothing where it is undefined.
std::optional<double> derive(Score score, const FamilySet& families, std::span<const double> sums);
// How many tasks carry the score.
double tasks_behind(Score score, const FamilySet& families, std::span<const double> sums);

}  // namespace agentecho
