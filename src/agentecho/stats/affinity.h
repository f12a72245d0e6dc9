// Affinity: how much more alike two models are than two models that typical.
//
// Additive model over the pairs with a score: score_ij = mu + a_i + a_j + e_ij with the a adding up
// to 0, by least squares. a_i is the typicality of model i, the residual e_ij the affinity of the
// pair. Written as score_ij = b_i + b_j with b_i = mu / 2 + a_i, the design has one column for each
// model, and X'X (pairs of each model on the diagonal, 1 for each pair off it) is inverted once;
// each further score vector then costs O(pairs + models^2), which is what a bootstrap needs.
//
// The parameters exist when the pairs connect all models that have any and do not run only between
// two halves of them (an odd cycle, such as a triangle, exists). This is the model of round-robin
// ("social relations") designs: D. A. Kenny, L. La Voie, Adv. Exp. Soc. Psychol. 18 (1984);
// leverages and studentised residuals: R. D. Cook, S. Weisberg, "Residuals and Influence in
// Regression" (1982).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/stats/pair_table.h"
#include "agentecho/stats/statistic.h"

namespace agentecho {

struct ItemPair {
  std::size_t first = 0;
  std::size_t second = 0;
};

// What the scores say about one pair. The residual understates a close pair, because its own score
// pulls the typicalities of the two; `studentised` allows for that.
struct PairAffinity {
  ItemPair pair;
  // Missing when the fit must go through the score (leverage 1), so that it says nothing.
  std::optional<double> residual;
  double leverage = 0;  // how far the score determines its own fitted value
  // Of the residual, from the spread of all residuals: s sqrt(1 - leverage).
  std::optional<double> standard_error;
  // The residual over its standard error from the spread of the other residuals, and the two-sided
  // p value from Student's t with pairs - models - 1 degrees of freedom. Approximate: errors are
  // taken as normal and of equal variance. Missing when the other residuals are all 0
  // but for rounding, or too few.
  std::optional<double> studentised;
  std::optional<double> p_value;
};

struct AffinityFit {
  double mean = 0;  // mu
  // Root mean square of the residuals, to measure them in; missing where it is rounding
  // (is_rounding of descriptive.h) or there are none.
  std::optional<double> spread;
  std::vector<std::optional<double>> typicality;  // a_i; missing for a model without any pair
  std::vector<PairAffinity> pairs;                // in the order of the design
};

// The pairs that have a score, prepared for any number of score vectors over them. Immutable.
class AffinityDesign {
 public:
  // `pairs`: different unordered pairs of items below `items`. Undefined: fewer than one pair more
  // than items that have any (kTooFew), kDisconnected, kNoOddCycle.
  static Statistic<AffinityDesign> make(std::size_t items, std::vector<ItemPair> pairs);

  std::span<const ItemPair> pairs() const { return pairs_; }

  // One score for each pair, in the order of pairs().
  AffinityFit fit(std::span<const double> scores) const;

  // Residuals only: `scores` and `residuals` are vectors x pairs, row-major, and may be the same
  // memory. A vector with a NaN has residuals that are NaN.
  void residuals(std::span<const double> scores, std::span<double> residuals) const;

 private:
  AffinityDesign() = default;

  void solve(std::span<const double> scores, std::span<double> sums,
             std::span<double> effects) const;

  std::vector<ItemPair> pairs_;
  std::vector<std::optional<std::size_t>> column_of_item_;
  std::vector<ItemPair> columns_;  // of each pair
  std::size_t size_ = 0;           // number of columns: items that have a pair
  std::vector<double> inverse_;    // of X'X, size_ x size_
  std::vector<double> leverages_;
};

// The design of the pairs that have a score, fitted to those scores.
Statistic<AffinityFit> fit_affinity(const PairTable& scores);

}  // namespace agentecho
