// Correlation of two lists of values that belong together: coefficient, p value and interval.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "agentecho/stats/resampling.h"
#include "agentecho/stats/statistic.h"

namespace agentecho {

struct Correlation {
  double coefficient = 0;
  std::size_t n = 0;
  // Two-sided, against no correlation; in (0, 1]. Pearson: t = r sqrt((n - 2) / (1 - r^2)) with
  // n - 2 degrees of freedom, exact for normal values; a perfect line counts as one that is off by
  // rounding. Spearman: for n up to 9 the share of all orders of the ranks (ties keep theirs) that
  // give as large an |r|; else the same t, an approximation, but no less than 2 / n!, the share of
  // the two perfect orders (M. Kendall, J. D. Gibbons, "Rank Correlation Methods", 5th ed. 1990).
  double p_value = 1;
  // Fisher's z transform, standard error 1 / sqrt(n - 3) for Pearson and
  // sqrt((1 + r^2 / 2) / (n - 3)) for Spearman (D. G. Bonett, T. A. Wright, Psychometrika 65,
  // 2000). Needs n >= 4; a perfect correlation has the interval [r, r].
  std::optional<Interval> interval;
};

// Product-moment correlation. x and y have the same length. Undefined: fewer than 3 values
// (kTooFew), x or y constant but for rounding (kConstant). The values of pairs of models are not
// independent, so p value and interval are too narrow for them: resample the models instead.
Statistic<Correlation> pearson(std::span<const double> x, std::span<const double> y,
                               double level = 0.95);

// Rank correlation with average ranks for ties; undefined as pearson().
Statistic<Correlation> spearman(std::span<const double> x, std::span<const double> y,
                                double level = 0.95);

// Its coefficient alone, for resamples.
Statistic<double> spearman_coefficient(std::span<const double> x, std::span<const double> y);

// The values of x and y at the places where neither is NaN.
std::pair<std::vector<double>, std::vector<double>> defined_pairs(std::span<const double> x,
                                                                  std::span<const double> y);

}  // namespace agentecho
