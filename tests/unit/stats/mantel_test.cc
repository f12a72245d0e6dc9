#include "agentecho/stats/mantel.h"

#include <gtest/gtest.h>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

PairTable random_table(std::size_t items, std::uint64_t seed) {
  PairTable table(items);
  Rng rng(seed);
  for (std::size_t i = 0; i < items; ++i) {
    for (std::size_t j = i + 1; j < items; ++j) table.set(i, j, rng.normal());
  }
  return table;
}

TEST(Mantel, ATableAgreesWithItself) {
  const PairTable table = random_table(6, 1);
  const auto test = mantel_test(table, table);
  ASSERT_TRUE(test);
  EXPECT_NEAR(test->correlation, 1, 1e-12);
  EXPECT_EQ(test->pairs, 15u);
  EXPECT_TRUE(test->p.exact);
  EXPECT_NEAR(test->p.greater, 1 / 720.0, 1e-12);  // only the order itself
}

// A brute-force check in Python (itertools.permutations, numpy.corrcoef) gives the same figures.
TEST(Mantel, CountsTheOrdersThatAgreeAsWell) {
  PairTable x(4);
  PairTable y(4);
  const double a[] = {1, 2, 3, 4, 5, 7};
  const double b[] = {2, 1, 3, 5, 4, 6};
  std::size_t p = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = i + 1; j < 4; ++j, ++p) {
      x.set(i, j, a[p]);
      y.set(i, j, b[p]);
    }
  }
  const auto test = mantel_test(x, y);
  ASSERT_TRUE(test);
  EXPECT_NEAR(test->correlation, 0.8907689867497083, 1e-12);
  EXPECT_NEAR(test->p.greater, 1 / 24.0, 1e-12);
}

TEST(Mantel, MissingPairsAndItemsTakeNoPart) {
  PairTable x = random_table(7, 2);
  PairTable y = x;
  for (std::size_t i = 0; i < 6; ++i) y.set(i, 6, std::nullopt);
  const auto test = mantel_test(x, y);
  ASSERT_TRUE(test);
  EXPECT_EQ(test->items, 6u);
  EXPECT_EQ(test->pairs, 15u);
}

TEST(Mantel, SaysWhyThereIsNone) {
  EXPECT_EQ(mantel_test(random_table(3, 1), random_table(3, 2)).error(), Undefined::kTooFew);
  PairTable constant(5);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = i + 1; j < 5; ++j) constant.set(i, j, 0.5);
  }
  EXPECT_EQ(mantel_test(random_table(5, 1), constant).error(), Undefined::kConstant);
}

TEST(Mantel, RejectsAsOftenAsItSaysWhereNothingAgrees) {
  int rejected = 0;
  PermutationOptions options;
  options.exact_limit = 10;
  options.replicates = 199;
  for (std::uint64_t run = 0; run < 400; ++run) {
    options.seed = run;
    const auto test =
        mantel_test(random_table(7, 2 * run + 11), random_table(7, 2 * run + 12), options);
    rejected += test->p.greater <= 0.05;
  }
  EXPECT_NEAR(rejected / 400.0, 0.05, 0.033);  // three standard errors
}

}  // namespace
}  // namespace agentecho
