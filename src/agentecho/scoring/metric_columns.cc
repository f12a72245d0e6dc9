#include "agentecho/scoring/metric_columns.h"

#include "agentecho/metrics/ags/similarity.h"

namespace agentecho {

namespace {

std::optional<double> quotient(double numerator, double denominator) {
  if (denominator <= 0) return std::nullopt;
  return numerator / denominator;
}

std::optional<double> mean_of_three(std::optional<double> x, std::optional<double> y,
                                    std::optional<double> z) {
  if (!x || !y || !z) return std::nullopt;
  return (*x + *y + *z) / 3;
}

// The column of ones where the score is defined.
constexpr Column task_column(Score score) {
  switch (score) {
    case Score::kSNode:
    case Score::kAgs:
    case Score::kCalibratedSNode:
    case Score::kCalibratedAgs:
      return Column::kNodeTasks;
    case Score::kSSeq:
    case Score::kSDep:
      return Column::kTasks;
    case Score::kCalibratedSSeq:
      return Column::kCalibratedSeqTasks;
    case Score::kCalibratedSDep:
      return Column::kCalibratedDepTasks;
    case Score::kStyle:
    case Score::kStructure:
    case Score::kAlignment:
    case Score::kOverall:
    case Score::kPooled:
    case Score::kCoverage:
      return Column::kRpsTasks;
    case Score::kBigram:
      return Column::kBigramTasks;
    case Score::kGed:
    case Score::kGedAtMost:
      return Column::kGedTasks;
    case Score::kRse:
    case Score::kRseCoverage:
      return Column::kRseTasks;
    case Score::kEmbedding:
      return Column::kEmbeddingTasks;
  }
  return Column::kTasks;
}

}  // namespace

FamilySet FamilySet::with(Family family) const {
  FamilySet set{};
  for (std::size_t f = 0; f < kFamilies; ++f) {
    const auto other = static_cast<Family>(f);
    if (!has(other) && other != family) continue;
    set.has_[f] = true;
    for (std::size_t c = kFirstColumn[f]; c < kFirstColumn[f + 1]; ++c) {
      set.place_[c] = static_cast<std::uint8_t>(set.columns_++);
    }
  }
  return set;
}

std::string_view name_of(Score score) {
  constexpr std::string_view kNames[kScores] = {
      "s_node", "s_seq", "s_dep",       "ags",       "s_node",       "s_seq",    "s_dep",
      "ags",    "style", "structure",   "alignment", "overall",      "pooled",   "coverage",
      "bigram", "ged",   "ged_at_most", "rse",       "rse_coverage", "embedding"};
  return kNames[static_cast<std::size_t>(score)];
}

Family family_of(Score score) {
  const auto column = static_cast<std::size_t>(task_column(score));
  std::size_t f = 0;
  while (column >= kFirstColumn[f + 1]) ++f;
  return static_cast<Family>(f);
}

std::optional<double> derive(Score score, const FamilySet& families, std::span<const double> sums) {
  const auto at = [&](Column column) { return families.at(sums, column); };
  const auto score_of = [&](Score part) { return derive(part, families, sums); };
  const auto mean_of = [&](Column column) { return quotient(at(column), at(task_column(score))); };
  switch (score) {
    case Score::kSNode:
      return mean_of(Column::kNode);
    case Score::kSSeq:
      return mean_of(Column::kSeq);
    case Score::kSDep:
      return mean_of(Column::kDep);
    case Score::kAgs:
      return mean_of_three(score_of(Score::kSNode), score_of(Score::kSSeq), score_of(Score::kSDep));
    case Score::kCalibratedSNode: {
      const double cells = at(Column::kCells);
      if (cells <= 0) return std::nullopt;
      return cohen_kappa(at(Column::kAgreement) / cells, at(Column::kCallsA) / cells,
                         at(Column::kCallsB) / cells);
    }
    case Score::kCalibratedSSeq:
      return mean_of(Column::kCalibratedSeq);
    case Score::kCalibratedSDep:
      return mean_of(Column::kCalibratedDep);
    case Score::kCalibratedAgs:
      return mean_of_three(score_of(Score::kCalibratedSNode), score_of(Score::kCalibratedSSeq),
                           score_of(Score::kCalibratedSDep));
    case Score::kStyle:
      return mean_of(Column::kStyle);
    case Score::kStructure:
      return mean_of(Column::kStructure);
    case Score::kAlignment:
      return mean_of(Column::kAlignment);
    case Score::kOverall:
      return mean_of(Column::kOverall);
    case Score::kPooled:
      return quotient(at(Column::kPooledOverall), at(Column::kScoredStages));
    case Score::kCoverage:
      return quotient(at(Column::kScoredStages), at(Column::kSharedStages));
    case Score::kBigram:
      return mean_of(Column::kBigram);
    case Score::kGed:
      return mean_of(Column::kGed);
    case Score::kGedAtMost:
      return mean_of(Column::kGedAtMost);
    case Score::kRse:
      return mean_of(Column::kRse);
    case Score::kRseCoverage:
      return quotient(at(Column::kRseScored), at(Column::kRsePairs));
    case Score::kEmbedding:
      return mean_of(Column::kEmbedding);
  }
  return std::nullopt;
}

double tasks_behind(Score score, const FamilySet& families, std::span<const double> sums) {
  return families.at(sums, task_column(score));
}

}  // namespace agentecho
