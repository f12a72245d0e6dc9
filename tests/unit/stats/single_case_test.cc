#include "agentecho/stats/single_case.h"

#include <gtest/gtest.h>

#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

TEST(SingleCase, IsStudentsTestOfASampleOfOne) {
  // t = 6 / sqrt(10/3 * 5/4); with x = t / sqrt(3), P(T3 > t) = 1/2 - (atan x + x / (1 + x^2)) / pi
  const std::vector<double> controls = {1, 2, 4, 5};
  const auto test = single_case_test(9, controls);
  ASSERT_TRUE(test);
  EXPECT_NEAR(test->t, 2.9393876913398134, 1e-12);
  EXPECT_EQ(test->degrees_of_freedom, 3);
  EXPECT_NEAR(test->p_greater, 0.0302700433, 1e-9);
  EXPECT_NEAR(single_case_test(-3, controls)->p_greater, 1 - 0.0302700433, 1e-9);
}

TEST(SingleCase, NeedsTwoControlsThatDiffer) {
  const std::vector<double> one = {1};
  const std::vector<double> same = {2, 2, 2};
  EXPECT_FALSE(single_case_test(3, one));
  EXPECT_FALSE(single_case_test(3, same));
}

TEST(SingleCase, RejectsAsOftenAsItSaysWhereTheCaseIsOneMoreControl) {
  Rng rng(5);
  int rejected = 0;
  for (int run = 0; run < 4000; ++run) {
    std::vector<double> controls(3);
    for (double& value : controls) value = rng.normal();
    rejected += single_case_test(rng.normal(), controls)->p_greater < 0.05;
  }
  EXPECT_NEAR(rejected / 4000.0, 0.05, 0.0105);  // three standard errors
}

TEST(SingleCase, EachIsHeldAgainstTheOthers) {
  const std::vector<double> values = {1, 2, 9, 4, 5};
  const auto all = each_against_the_others(values);
  ASSERT_EQ(all.size(), 5u);
  EXPECT_NEAR(all[2]->p_greater, 0.0302700433, 1e-9);
  EXPECT_GT(all[0]->p_greater, 0.5);
}

}  // namespace
}  // namespace agentecho
