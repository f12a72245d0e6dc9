#include "agentecho/study/kinship_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

// So many models in families of two, with z of kin and of others drawn so that their likelihood
// ratio is exp(-0.5 + z): normal, of variance 1, around 1 and 0.
LineageResults drawn(std::size_t models, std::size_t benchmarks, std::uint64_t seed) {
  LineageResults results;
  Rng rng(seed);
  for (std::size_t b = 0; b < benchmarks; ++b) results.benchmarks.push_back(std::to_string(b));
  for (ModelIndex a = 0; a < models; ++a) {
    for (ModelIndex b = a + 1; b < models; ++b) {
      LineagePair& pair = results.pairs.emplace_back();
      pair.a = a;
      pair.b = b;
      pair.same_family = a / 2 == b / 2;
      for (std::size_t k = 0; k < benchmarks; ++k) {
        pair.words_z.emplace_back(rng.normal() + (pair.same_family ? 1 : 0));
      }
    }
  }
  return results;
}

TEST(KinshipFit, FindsTheScaleThatTheLogsHave) {
  const KinshipFit fit = fit_kinship(drawn(60, 40, 3), {});
  ASSERT_TRUE(fit.scale);
  EXPECT_EQ(fit.kin, 40 * 30u);
  EXPECT_NEAR(fit.scale->slope, 1, 0.1);
  EXPECT_NEAR(fit.scale->intercept, -0.5, 0.1);
  EXPECT_TRUE(fit.by_benchmark);
  // Odds of the right scale are as stated, and cost less than those of a wrong one.
  for (const OddsClass& of : fit.left_out.classes()) {
    const auto observed = fit.left_out.observed(of);
    ASSERT_TRUE(observed);
    EXPECT_GE(*observed, of.above * 0.8);
    EXPECT_LE(*observed, of.up_to * 1.25);
  }
  OddsReliability wrong({2, -1, 10});
  for (const LineagePair& pair : drawn(60, 1, 3).pairs)
    wrong.add(*pair.words_z[0], pair.same_family);
  EXPECT_LT(*fit.left_out.cost(), 1);
  EXPECT_GT(*wrong.cost(), 1);
}

TEST(KinshipFit, LeavesOutModelsWhereThereIsOneBenchmark) {
  const KinshipFit fit = fit_kinship(drawn(14, 1, 5), {});
  EXPECT_FALSE(fit.by_benchmark);
  // Every pair is judged twice, without either of its models.
  std::size_t judged = 0;
  for (const OddsClass& of : fit.left_out.classes()) judged += of.kin + of.others;
  EXPECT_EQ(judged, 2 * 91u);
}

TEST(KinshipFit, SaysWhyThereIsNone) {
  LineageResults strangers = drawn(6, 1, 1);
  for (LineagePair& pair : strangers.pairs) pair.same_family = false;
  const KinshipFit none = fit_kinship(strangers, {});
  EXPECT_FALSE(none.scale);
  EXPECT_EQ(none.why_not, "no benchmark has pairs of one family and of two");
  LineageResults parted = drawn(6, 1, 1);
  for (LineagePair& pair : parted.pairs) pair.words_z[0] = pair.same_family ? 3 : 0;
  EXPECT_FALSE(fit_kinship(parted, {}).scale);
}

TEST(OddsReliability, CostIsOneForSayingNothing) {
  OddsReliability nothing;
  nothing.add_odds(1, true);
  nothing.add_odds(1, false);
  EXPECT_DOUBLE_EQ(*nothing.cost(), 1);
  EXPECT_FALSE(OddsReliability().cost());
}

}  // namespace
}  // namespace agentecho
