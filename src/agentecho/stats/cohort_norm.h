// Symmetric score normalisation ("s-norm"): how unusual the score of a pair is among the scores
// that each of its two members has with others.
//
//   z_ij = ((score_ij - m_i) / s_i + (score_ij - m_j) / s_j) / 2
//
// with m_i and s_i mean and standard deviation (n - 1) of score_ik over the cohort: the items k
// other than i and j that have a score with i. An item that resembles everybody is no evidence for
// anybody. (R. Auckenthaler, M. Carey, H. Lloyd-Thomas, "Score normalization for text-independent
// speaker verification systems", Digital Signal Processing 10 (2000), doi:10.1006/dspr.1999.0360;
// METHOD 14.)
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agentecho/stats/pair_table.h"
#include "agentecho/stats/statistic.h"

namespace agentecho {

// With fewer in a cohort there is no z.
constexpr std::size_t kFewestInCohort = 3;
// A matched cohort with fewer is replaced by all others.
constexpr std::size_t kFewestInMatchedCohort = 5;

class CohortNorm {
 public:
  // `modes`: empty, or one kind for each item. Then the cohort of i against j is of j's kind, where
  // at least kFewestInMatchedCohort of those are left: models of one kind resemble each other
  // without kinship.
  explicit CohortNorm(std::size_t items, std::vector<std::size_t> modes = {});

  // `scores` and `z`: every pair in the order of pair_index, NaN where there is none; they may be
  // the same memory. z is NaN where the pair has no score, a cohort is too small or varies by
  // rounding alone (is_rounding of descriptive.h).
  // O(items^2).
  void normalise(std::span<const double> scores, std::span<double> z) const;

  PairTable operator()(const PairTable& scores) const;

  // Of a pair without z: too few other items have a score with i or j, or the pair has none
  // (kTooFew); else a cohort does not vary (kConstant).
  Undefined why_no_z(const PairTable& scores, std::size_t i, std::size_t j) const;

 private:
  std::size_t items_;
  std::vector<std::size_t> modes_;  // of each item; all 0 without
  std::size_t kinds_ = 1;
};

}  // namespace agentecho
