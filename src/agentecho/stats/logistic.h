// Logistic regression on one variable: P(yes | x) = 1 / (1 + exp(-(intercept + slope x))), so that
// intercept + slope x is the natural logarithm of the odds of yes. (D. R. Cox, "The regression
// analysis of binary sequences", J. R. Stat. Soc. B 20 (1958),
// doi:10.1111/j.2517-6161.1958.tb00292.x.)
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace agentecho {

struct LogisticFit {
  double intercept = 0;
  double slope = 0;
};

struct LogisticCase {
  double x = 0;
  bool yes = false;
  double weight = 1;  // above 0; cases of weight 2 count twice
};

// Maximum of the weighted likelihood, by Newton's method. Nothing without cases of both kinds, with
// a single value of x, or where a value of x parts the two kinds, so that there is no maximum.
// O(steps x cases), a few steps.
std::optional<LogisticFit> fit_logistic(std::span<const LogisticCase> cases);

}  // namespace agentecho
