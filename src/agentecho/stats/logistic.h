// Logistic regression on one variable: P(yes | x) = 1 / (1 + exp(-(intercept + slope x))).
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
  double weight = 1;
};

// Maximum of the weighted likelihood, by Newton's method. Nothing without cases of both kinds, with
// a single value of x, or where a value of x parts the two kinds, so that there is no maximum.
std::optional<LogisticFit> fit_logistic(std::span<const LogisticCase> cases);

}  // namespace agentecho
