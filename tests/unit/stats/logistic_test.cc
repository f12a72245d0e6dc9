#include "agentecho/stats/logistic.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

TEST(Logistic, OfTwoValuesIsTheLogOdds) {
  // At x = 0 one of four, at x = 1 two of three: ln(1/3), ln 2 - ln(1/3).
  const std::vector<LogisticCase> cases = {{0, true}, {0, false}, {0, false}, {0, false},
                                           {1, true}, {1, true},  {1, false}};
  const auto fit = fit_logistic(cases);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->intercept, std::log(1 / 3.0), 1e-9);
  EXPECT_NEAR(fit->slope, std::log(2.0) - std::log(1 / 3.0), 1e-9);
}

TEST(Logistic, AWeightOfTwoIsACaseTwice) {
  const std::vector<LogisticCase> twice = {{0, true}, {0, true}, {0, false}, {2, true}, {2, false}};
  const std::vector<LogisticCase> weighted = {{0, true, 2}, {0, false}, {2, true}, {2, false}};
  EXPECT_NEAR(fit_logistic(twice)->slope, fit_logistic(weighted)->slope, 1e-9);
  EXPECT_NEAR(fit_logistic(twice)->intercept, fit_logistic(weighted)->intercept, 1e-9);
}

TEST(Logistic, FindsTheTruthAgain) {
  Rng rng(4);
  std::vector<LogisticCase> cases;
  for (int i = 0; i < 40'000; ++i) {
    const double x = 2 * rng.normal();
    cases.push_back({x, rng.chance(1 / (1 + std::exp(0.46 - 1.13 * x)))});
  }
  const auto fit = fit_logistic(cases);
  EXPECT_NEAR(fit->intercept, -0.46, 0.05);
  EXPECT_NEAR(fit->slope, 1.13, 0.05);
}

TEST(Logistic, SaysNothingWhereThereIsNoMaximum) {
  EXPECT_FALSE(fit_logistic(std::vector<LogisticCase>{{0, false}, {1, false}, {2, true}}));
  EXPECT_FALSE(fit_logistic(std::vector<LogisticCase>{{1, false}, {1, true}}));
  EXPECT_FALSE(fit_logistic(std::vector<LogisticCase>{{1, true}, {2, true}}));
  EXPECT_FALSE(fit_logistic(std::vector<LogisticCase>{}));
}

}  // namespace
}  // namespace agentecho
