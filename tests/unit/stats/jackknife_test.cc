#include "agentecho/stats/jackknife.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "agentecho/stats/descriptive.h"

namespace agentecho {
namespace {

// Of a mean it is the usual standard error.
TEST(Jackknife, OfAMeanIsItsStandardError) {
  const std::vector<double> values = {1, 4, 4, 9, 11};
  std::vector<double> left_out;
  for (const double value : values) left_out.push_back((29 - value) / 4);
  EXPECT_NEAR(*jackknife_error(left_out), *standard_deviation(values) / std::sqrt(5.0), 1e-12);
}

TEST(Jackknife, NeedsTwoValues) { EXPECT_FALSE(jackknife_error(std::vector<double>{1})); }

}  // namespace
}  // namespace agentecho
