#include "agentecho/stats/strangers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

// Scores of strangers: a typicality for each model, normal noise of size 1 between pairs.
PairTable strangers(std::size_t models, Rng& rng) {
  std::vector<double> typicality(models);
  for (double& a : typicality) a = 2 * rng.normal();
  PairTable table(models);
  for (std::size_t i = 0; i < models; ++i) {
    for (std::size_t j = i + 1; j < models; ++j) {
      table.set(i, j, typicality[i] + typicality[j] + rng.normal());
    }
  }
  return table;
}

std::vector<double> z_of(const PairTable& scores) {
  const PairTable z = CohortNorm(scores.items())(scores);
  return {z.condensed().begin(), z.condensed().end()};
}

StrangersTest test_of(const PairTable& scores, std::size_t worlds, std::uint64_t seed) {
  const BenchmarkScores benchmark{scores, PairTable(scores.items())};
  return test_strangers({&benchmark, 1}, CohortNorm(scores.items()), z_of(scores),
                        {worlds, seed, 1})
      .value();
}

TEST(Strangers, some_pair_is_called_kin_as_often_as_the_level_says) {
  constexpr int kCorpora = 300;
  int strongest = 0;
  for (int c = 0; c < kCorpora; ++c) {
    Rng rng(7, static_cast<std::uint64_t>(c));
    const StrangersTest test = test_of(strangers(14, rng), 400, 3);
    double least = 1;
    for (const auto& p : test.strongest) least = std::min(least, *p);
    strongest += least <= 0.05;
  }
  // The strangers here have normal noise, the null heavier tails: no more than the level says.
  // Binomial, 300 draws at .05: 99.8 % lie below 28.
  EXPECT_LE(strongest, 28);
}

TEST(Strangers, a_kindred_pair_stands_out) {
  Rng rng(11);
  PairTable scores = strangers(20, rng);
  scores.set(3, 9, *scores.at(3, 9) + 200);
  const StrangersTest test = test_of(scores, 1000, 1);
  const std::size_t kin = pair_index(3, 9, 20);
  EXPECT_LE(*test.strongest[kin], 0.01);
  for (std::size_t p = 0; p < test.strongest.size(); ++p) {
    if (p == kin) continue;
    EXPECT_GT(*test.strongest[p], 0.01);
  }
}

// The same score says less where few tasks made it.
TEST(Strangers, pairs_with_large_errors_of_their_own_are_expected_to_stand_out) {
  Rng rng(5);
  const PairTable scores = strangers(14, rng);
  const std::vector<double> z = z_of(scores);
  const BenchmarkScores exact{scores, PairTable(14)};
  BenchmarkScores noisy = exact;
  noisy.errors.set(2, 6, 20.0);
  const CohortNorm norm(14);
  const std::size_t pair = pair_index(2, 6, 14);
  std::vector<double> high = z;
  high[pair] = 5.0;
  const auto p_exact = test_strangers({&exact, 1}, norm, high, {1000, 1, 1})->strongest[pair];
  const auto p_noisy = test_strangers({&noisy, 1}, norm, high, {1000, 1, 1})->strongest[pair];
  EXPECT_GT(*p_noisy, *p_exact + 0.05);
}

TEST(Strangers, threads_change_nothing_and_too_few_models_give_nothing) {
  Rng rng(2);
  const PairTable scores = strangers(8, rng);
  const BenchmarkScores benchmark{scores, PairTable(8)};
  const CohortNorm norm(8);
  const auto one = test_strangers({&benchmark, 1}, norm, z_of(scores), {200, 4, 1});
  const auto many = test_strangers({&benchmark, 1}, norm, z_of(scores), {200, 4, 7});
  EXPECT_EQ(one->strongest, many->strongest);
  EXPECT_EQ(one->usual_maximum, many->usual_maximum);
  const BenchmarkScores small{strangers(3, rng), PairTable(3)};
  EXPECT_FALSE(test_strangers({&small, 1}, CohortNorm(3), std::vector<double>(3, 1.0), {10, 1, 1}));
}

TEST(Strangers, without_any_spread_have_no_usual_maximum) {
  PairTable alike(6);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = i + 1; j < 6; ++j) alike.set(i, j, 0.5);
  }
  const BenchmarkScores benchmark{alike, PairTable(6)};
  const auto test = test_strangers({&benchmark, 1}, CohortNorm(6), z_of(alike), {100, 1, 1});
  ASSERT_TRUE(test);
  EXPECT_FALSE(test->usual_maximum);
}

}  // namespace
}  // namespace agentecho
