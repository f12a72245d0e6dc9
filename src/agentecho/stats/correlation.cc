#include "agentecho/stats/correlation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/distributions.h"
#include "agentecho/stats/ranking.h"

namespace agentecho {
namespace {

constexpr std::size_t kFewest = 3;
constexpr std::size_t kMostEnumerated = 9;  // 9! = 362,880 orders

std::optional<Undefined> why_undefined(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  if (x.size() < kFewest) return Undefined::kTooFew;
  if (!spread_above_rounding(x) || !spread_above_rounding(y)) return Undefined::kConstant;
  return std::nullopt;
}

// 1 less the size of a coefficient that is within rounding of a perfect line of n values.
double rounding_of(std::size_t n) {
  return static_cast<double>(n) * std::numeric_limits<double>::epsilon();
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
  return std::fabs(r) > 1 - rounding_of(x.size()) ? std::copysign(1.0, r) : r;
}

double t_p_value(double r, std::size_t n) {
  const double freedom = static_cast<double>(n - 2);
  const double unexplained = std::max((1 - r) * (1 + r), rounding_of(n));
  const double p = t_two_sided_p(r * std::sqrt(freedom / unexplained), freedom);
  return std::max(p, std::numeric_limits<double>::min());
}

// The share of the orders of y that go together with x as closely as the given one. Orders that
// tied ranks make equal are equally many, so that each is looked at once.
double share_of_orders(std::span<const double> x, std::span<const double> y) {
  const double centre = *mean(x) * *mean(y) * static_cast<double>(x.size());
  const auto distance = [&](std::span<const double> order) {
    return std::fabs(std::inner_product(x.begin(), x.end(), order.begin(), -centre));
  };
  constexpr double kTie = 1e-6;  // products of ranks are multiples of 1/4
  const double observed = distance(y);
  std::vector<double> order(y.begin(), y.end());
  std::sort(order.begin(), order.end());
  std::size_t as_far = 0;
  std::size_t orders = 0;
  do {
    ++orders;
    as_far += distance(order) >= observed - kTie ? 1 : 0;
  } while (std::next_permutation(order.begin(), order.end()));
  return static_cast<double>(as_far) / static_cast<double>(orders);
}

double rank_p_value(double r, std::span<const double> x, std::span<const double> y) {
  if (x.size() <= kMostEnumerated) return share_of_orders(x, y);
  const double perfect = 2 / std::tgamma(static_cast<double>(x.size()) + 1);
  return std::max(t_p_value(r, x.size()), perfect);
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
  if (const auto reason = why_undefined(x, y)) return undefined(*reason);
  const double r = product_moment(x, y);
  return Correlation{r, x.size(), t_p_value(r, x.size()), fisher_interval(r, x.size(), 1, level)};
}

Statistic<Correlation> spearman(std::span<const double> x, std::span<const double> y,
                                double level) {
  if (const auto reason = why_undefined(x, y)) return undefined(*reason);
  const std::vector<double> ranks_x = average_ranks(x);
  const std::vector<double> ranks_y = average_ranks(y);
  const double r = product_moment(ranks_x, ranks_y);
  return Correlation{r, x.size(), rank_p_value(r, ranks_x, ranks_y),
                     fisher_interval(r, x.size(), 1 + r * r / 2, level)};
}

Statistic<double> spearman_coefficient(std::span<const double> x, std::span<const double> y) {
  if (const auto reason = why_undefined(x, y)) return undefined(*reason);
  return product_moment(average_ranks(x), average_ranks(y));
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
