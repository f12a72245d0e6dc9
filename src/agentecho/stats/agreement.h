// Agreement of judges, annotators and outcomes, beyond what chance gives.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/stats/statistic.h"

namespace agentecho {

// How often the first rater gave category i where the second gave j.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(std::size_t categories)
      : categories_(categories), counts_(categories * categories, 0) {}

  std::size_t categories() const { return categories_; }

  // Categories below categories().
  void add(std::size_t first, std::size_t second);
  std::size_t count(std::size_t first, std::size_t second) const;

  std::size_t total() const;
  std::size_t first_total(std::size_t category) const;   // row sum
  std::size_t second_total(std::size_t category) const;  // column sum

 private:
  std::size_t categories_;
  std::vector<std::size_t> counts_;
};

// Share of items on the diagonal; nullopt without items.
std::optional<double> accuracy(const ConfusionMatrix& matrix);

// (observed - expected) / (1 - expected) agreement, expected from the two raters' own rates
// (J. Cohen, Educ. Psychol. Meas. 20, 1960). Undefined: no items (kTooFew), or both raters gave one
// and the same category throughout (kConstant).
Statistic<double> cohen_kappa(const ConfusionMatrix& matrix);

// The same for two raters of yes and no, from the share of agreements and each one's rate of yes:
// expected = r_a r_b + (1 - r_a)(1 - r_b). Nothing when that is 1.
std::optional<double> cohen_kappa(double observed_agreement, double rate_a, double rate_b);

// For ordered categories: 1 - observed / expected squared distance of category numbers (J. Cohen,
// Psychol. Bull. 70, 1968). Undefined as above.
Statistic<double> quadratic_weighted_kappa(const ConfusionMatrix& matrix);

// Mean of |first - second|; nullopt without items. The lists have the same length, here and below.
std::optional<double> mean_absolute_difference(std::span<const double> first,
                                               std::span<const double> second);

enum class MeasurementLevel { kOrdinal, kInterval };

// Krippendorff's alpha: 1 - observed / expected disagreement over all pairs of ratings of a unit,
// for any number of raters and missing ratings (K. Krippendorff, "Content Analysis", 2nd ed. 2004,
// chapter 11). 1: perfect, 0: chance, negative: systematic disagreement. From sums over units,
// which a resample of units only reweights. For each of the possible values (ascending): how many
// ratings it has (counts), and for each ordered pair of values the coincidences, row-major: every
// ordered pair of ratings of a unit with m >= 2 of them adds 1 / (m - 1). Values without ratings
// change nothing. Undefined: fewer than two ratings (kTooFew), one value only (kConstant).
Statistic<double> krippendorff_alpha_of_sums(std::span<const double> values,
                                             std::span<const double> counts,
                                             std::span<const double> coincidences,
                                             MeasurementLevel level);

// Do two models succeed and fail on the same tasks more often than two models with these success
// rates would by chance?
struct ErrorConsistency {
  double observed = 0;  // mean chance that a trial of each has the same outcome
  double expected = 0;  // the same for models with these rates whose outcomes are unrelated
  // (observed - expected) / (1 - expected); missing when expected is 1, and on one task, where the
  // two are the same whatever happens.
  std::optional<double> kappa;
  std::size_t tasks = 0;
};

// first and second: share of successful trials (0 to 1) on each common task; with one trial a task,
// 0 or 1, kappa is Cohen's (R. Geirhos, K. Meding, F. A. Wichmann, NeurIPS 2020). nullopt without
// tasks. With shares strictly between 0 and 1, two unrelated trials of one task are what is
// compared, so kappa of a model with its equal stays below 1.
std::optional<ErrorConsistency> error_consistency(std::span<const double> first,
                                                  std::span<const double> second);

}  // namespace agentecho
