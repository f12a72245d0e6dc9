#include "agentecho/stats/correlation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/distributions.h"
#include "agentecho/stats/ranking.h"

namespace agentecho {
namespace {

bool is_constant(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(),
                     [&](double value) { return value == values.front(); });
}

// Of two lists that are not constant.
double product_moment(std::span<const double> x, std::span<const double> y) {
  const double mean_x = *mean(x);
  const double mean_y = *mean(y);
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - mean_x;
    const double dy = y[i] - mean_y;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  const double r = xy / (std::sqrt(xx) * std::sqrt(yy));
  // Within rounding of a perfect line.
  const double rounding = static_cast<double>(x.size()) * std::numeric_limits<double>::epsilon();
  return std::fabs(r) > 1 - rounding ? std::copysign(1.0, r) : r;
}

double p_value(double r, std::size_t n) {
  const double freedom = static_cast<double>(n - 2);
  const double unexplained = (1 - r) * (1 + r);
  if (unexplained == 0) return 0;
  return t_two_sided_p(r * std::sqrt(freedom / unexplained), freedom);
}

// `variance` is (n - 3) times the variance of z.
std::optional<Interval> fisher_interval(double r, std::size_t n, double variance, double level) {
  if (n < 4) return std::nullopt;
  if (std::fabs(r) == 1) return Interval{r, r};
  const double half_width =
      normal_quantile(0.5 + level / 2) * std::sqrt(variance / static_cast<double>(n - 3));
  const double z = std::atanh(r);
  return Interval{std::tanh(z - half_width), std::tanh(z + half_width)};
}

}  // namespace

Statistic<Correlation> pearson(std::span<const double> x, std::span<const double> y, double level) {
  assert(x.size() == y.size());
  if (x.size() < 3) return undefined(Undefined::kTooFew);
  if (is_constant(x) || is_constant(y)) return undefined(Undefined::kConstant);
  const double r = product_moment(x, y);
  return Correlation{r, x.size(), p_value(r, x.size()), fisher_interval(r, x.size(), 1, level)};
}

Statistic<Correlation> spearman(std::span<const double> x, std::span<const double> y,
                                double level) {
  Statistic<Correlation> result = pearson(average_ranks(x), average_ranks(y), level);
  if (result) {
    const double r = result->coefficient;
    result->interval = fisher_interval(r, result->n, 1 + r * r / 2, level);
  }
  return result;
}

std::pair<std::vector<double>, std::vector<double>> defined_pairs(std::span<const double> x,
                                                                  std::span<const double> y) {
  std::pair<std::vector<double>, std::vector<double>> kept;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) continue;
    kept.first.push_back(x[i]);
    kept.second.push_back(y[i]);
  }
  return kept;
}

}  // namespace agentecho
