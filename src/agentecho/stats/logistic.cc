#include "agentecho/stats/logistic.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace agentecho {

namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
};

// No value of x has all cases of one kind on its one side and all others on the other.
bool overlap(std::span<const LogisticCase> cases) {
  Range yes, no;
  for (const LogisticCase& one : cases) {
    Range& range = one.yes ? yes : no;
    range.low = std::min(range.low, one.x);
    range.high = std::max(range.high, one.x);
  }
  return yes.low < no.high && no.low < yes.high;
}

}  // namespace

std::optional<LogisticFit> fit_logistic(std::span<const LogisticCase> cases) {
  if (!overlap(cases)) return std::nullopt;
  constexpr int kMostSteps = 100;
  constexpr double kConverged = 1e-12;
  LogisticFit fit;
  for (int step = 0; step < kMostSteps; ++step) {
    double gradient[2] = {0, 0};
    double hessian[3] = {0, 0, 0};
    for (const LogisticCase& one : cases) {
      const double p = 1 / (1 + std::exp(-(fit.intercept + fit.slope * one.x)));
      const double residual = one.weight * ((one.yes ? 1 : 0) - p);
      const double curvature = one.weight * p * (1 - p);
      gradient[0] += residual;
      gradient[1] += residual * one.x;
      hessian[0] += curvature;
      hessian[1] += curvature * one.x;
      hessian[2] += curvature * one.x * one.x;
    }
    const double determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
    if (!(determinant > 1e-12 * hessian[0] * hessian[2])) return std::nullopt;
    const double by_intercept = (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
    const double by_slope = (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
    fit.intercept += by_intercept;
    fit.slope += by_slope;
    if (!std::isfinite(fit.intercept) || !std::isfinite(fit.slope)) return std::nullopt;
    if (std::abs(by_intercept) + std::abs(by_slope) < kConverged) return fit;
  }
  return std::nullopt;
}

}  // namespace agentecho
