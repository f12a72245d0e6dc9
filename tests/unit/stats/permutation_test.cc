#include "agentecho/stats/permutation.h"

#include <gtest/gtest.h>

#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

using Groups = std::vector<std::size_t>;

PairTable table_of(std::size_t items, const std::vector<double>& values) {
  PairTable table(items);
  std::size_t next = 0;
  for (std::size_t i = 0; i < items; ++i) {
    for (std::size_t j = i + 1; j < items; ++j) table.set(i, j, values[next++]);
  }
  return table;
}

const std::vector<double> kSixItems{.9, .5, .6, .4, .3, .5, .4, .7, .2, .8, .6, .5, .4, .3, .9};

PermutationOptions monte_carlo(std::size_t replicates) {
  return {.exact_limit = 0, .replicates = replicates, .seed = 7};
}

// All 720 orders of the labels by itertools.permutations, difference of means by numpy.
TEST(GroupDifference, EnumeratesAllRelabellings) {
  const auto result = group_difference_test(table_of(6, kSixItems), Groups{0, 0, 1, 1, 2, 3});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->difference, 0.3653846153846155, 1e-14);
  EXPECT_NEAR(result->within_mean, 0.85, 1e-14);
  EXPECT_EQ(result->within_pairs, 2u);
  EXPECT_EQ(result->cross_pairs, 13u);
  EXPECT_TRUE(result->p.exact);
  EXPECT_EQ(result->p.relabellings, 90u);  // 6! / (2! 2! 2!), the two loners being alike
  EXPECT_NEAR(result->p.greater, 0.06666666666666667, 1e-14);
  EXPECT_NEAR(result->p.two_sided, 0.06666666666666667, 1e-14);
}

TEST(GroupDifference, TheNumbersOfTheGroupsDoNotMatter) {
  const std::size_t last = static_cast<std::size_t>(-1);
  const auto result = group_difference_test(table_of(6, kSixItems), Groups{last, last, 0, 0, 9, 7});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->difference, 0.3653846153846155, 1e-14);
  EXPECT_NEAR(result->p.greater, 0.06666666666666667, 1e-14);
}

TEST(GroupDifference, DrawnRelabellingsComeClose) {
  const auto result =
      group_difference_test(table_of(6, kSixItems), Groups{0, 0, 1, 1, 2, 3}, monte_carlo(20000));
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->p.exact);
  EXPECT_EQ(result->p.relabellings, 20000u);
  EXPECT_NEAR(result->p.greater, 0.0667, 0.01);
  EXPECT_NEAR(result->p.two_sided, 0.0667, 0.01);
}

TEST(GroupDifference, ADrawnPValueIsNeverZero) {
  // 8 + 8 items, 1 within and 0 across: the observed labels are the extreme ones.
  PairTable table(16);
  Groups groups;
  for (std::size_t i = 0; i < 16; ++i) groups.push_back(i / 8);
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t j = i + 1; j < 16; ++j) table.set(i, j, groups[i] == groups[j]);
  }
  const auto drawn = group_difference_test(table, groups, monte_carlo(99));
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->p.greater, 0.01);
  const auto exact = group_difference_test(table, groups);
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->p.relabellings, 12870u);
  EXPECT_EQ(exact->p.greater, 2.0 / 12870);  // itself and the two groups swapped
}

TEST(GroupDifference, SymmetricCasesTieDespiteRounding) {
  // Each of the three ways to split four items into two couples is as good as any other.
  const auto result =
      group_difference_test(table_of(4, {0.1, 0.2, 0.3, 0.3, 0.2, 0.1}), Groups{1, 1, 0, 0});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->difference, 0.1 - 0.25, 1e-15);
  EXPECT_EQ(result->p.greater, 1);
  EXPECT_EQ(result->p.two_sided, 2.0 / 3);  // differences -0.15, 0, 0.15
}

TEST(GroupDifference, PassesOverRelabellingsWithoutBothKinds) {
  // Only the pairs (0,1), (0,2) and (1,2) have scores; item 3 is alone and has none.
  PairTable table(4);
  table.set(0, 1, 0.9);
  table.set(0, 2, 0.1);
  table.set(1, 2, 0.2);
  const auto result = group_difference_test(table, Groups{5, 5, 8, 9});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->within_pairs, 1u);
  EXPECT_EQ(result->cross_pairs, 2u);
  EXPECT_EQ(result->p.relabellings, 3u);  // of 6, those with the couple among 0, 1, 2
  EXPECT_NEAR(result->p.greater, 1.0 / 3, 1e-15);
}

TEST(GroupDifference, IsUndefinedWithoutBothKindsOfPairs) {
  EXPECT_EQ(group_difference_test(PairTable(0), {}).error(), Undefined::kNoWithin);
  EXPECT_EQ(group_difference_test(table_of(3, {1, 2, 3}), Groups{0, 1, 2}).error(),
            Undefined::kNoWithin);
  EXPECT_EQ(group_difference_test(table_of(3, {1, 2, 3}), Groups{4, 4, 4}).error(),
            Undefined::kNoCross);
}

TEST(GroupDifference, ConstantScoresAreNoEvidence) {
  const auto result =
      group_difference_test(table_of(4, std::vector<double>(6, 0.7)), Groups{0, 0, 1, 2});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->difference, 0, 1e-15);
  EXPECT_EQ(result->p.greater, 1);
  EXPECT_EQ(result->p.two_sided, 1);
}

// itertools.product([1, -1], repeat=6): shares of sums >= sum(v), of |sums| >= sum(v);
// scipy.stats.permutation_test((v,), np.mean, permutation_type='samples') agrees.
TEST(SignFlip, EnumeratesAllSigns) {
  const auto result = sign_flip_test(std::vector<double>{0.3, -0.1, 0.5, 0.2, 0.0, 0.4});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->mean, 1.3 / 6, 1e-15);
  EXPECT_EQ(result->n, 6u);
  EXPECT_TRUE(result->p.exact);
  EXPECT_EQ(result->p.relabellings, 32u);
  EXPECT_EQ(result->p.greater, 0.0625);
  EXPECT_EQ(result->p.two_sided, 0.125);
}

TEST(SignFlip, TheObservedSignsCountDespiteRounding) {
  // (0.1 + 0.2) + 0.3 > 0.1 + (0.2 + 0.3) in floating point.
  const auto result = sign_flip_test(std::vector<double>{0.1, 0.2, 0.3});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->p.greater, 0.125);
}

TEST(SignFlip, DrawnSignsComeClose) {
  std::vector<double> values;
  Rng rng(3);
  for (int i = 0; i < 18; ++i) values.push_back(0.4 + rng.normal());
  const auto exact = sign_flip_test(values);
  const auto drawn = sign_flip_test(values, monte_carlo(20000));
  ASSERT_TRUE(exact && drawn);
  EXPECT_TRUE(exact->p.exact);
  EXPECT_FALSE(drawn->p.exact);
  EXPECT_EQ(exact->p.relabellings, 262144u);
  EXPECT_NEAR(drawn->p.greater, exact->p.greater, 0.015);
  EXPECT_NEAR(drawn->p.two_sided, exact->p.two_sided, 0.015);
}

TEST(SignFlip, UsesEverySignOfALongList) {
  // 200 values of 1: no drawn pattern reaches their sum.
  const auto result = sign_flip_test(std::vector<double>(200, 1.0), monte_carlo(999));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->p.greater, 0.001);
  EXPECT_EQ(result->p.two_sided, 0.001);
}

TEST(SignFlip, AllZeroIsNoEvidence) {
  const auto result = sign_flip_test(std::vector<double>{0, 0, 0});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->p.two_sided, 1);
  EXPECT_EQ(sign_flip_test({}).error(), Undefined::kTooFew);
}

TEST(SignFlip, IsAPureFunctionOfTheSeed) {
  const std::vector<double> values{0.3, -0.2, 0.9, 0.4, -0.5};
  EXPECT_EQ(sign_flip_test(values, monte_carlo(500))->p.greater,
            sign_flip_test(values, monte_carlo(500))->p.greater);
}

}  // namespace
}  // namespace agentecho
