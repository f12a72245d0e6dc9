#include "agentecho/stats/cohort_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/stats/descriptive.h"

namespace agentecho {
namespace {

PairTable random_table(Rng& rng, std::size_t items, double missing = 0) {
  PairTable table(items);
  for (std::size_t i = 0; i < items; ++i) {
    for (std::size_t j = i + 1; j < items; ++j) {
      if (!rng.chance(missing)) table.set(i, j, rng.normal());
    }
  }
  return table;
}

// One side of the definition, in so many words.
std::optional<double> plain_side(const PairTable& scores, const std::vector<std::size_t>& modes,
                                 std::size_t i, std::size_t j) {
  const auto cohort = [&](bool matched) {
    std::vector<double> values;
    for (std::size_t k = 0; k < scores.items(); ++k) {
      if (k == i || k == j || !scores.at(i, k)) continue;
      if (!matched || modes[k] == modes[j]) values.push_back(*scores.at(i, k));
    }
    return values;
  };
  std::vector<double> values = cohort(true);
  if (values.size() < kFewestInMatchedCohort) values = cohort(false);
  if (values.size() < kFewestInCohort) return std::nullopt;
  return (*scores.at(i, j) - *mean(values)) / *standard_deviation(values);
}

TEST(CohortNorm, IsTheDefinition) {
  Rng rng(1);
  for (int round = 0; round < 30; ++round) {
    const std::size_t items = 4 + rng.below(14);
    const PairTable scores = random_table(rng, items, round % 3 == 0 ? 0.2 : 0);
    std::vector<std::size_t> modes(items);
    for (auto& mode : modes) mode = round % 2 == 0 ? 0 : rng.below(2);
    const PairTable z = CohortNorm(items, modes)(scores);
    for (std::size_t i = 0; i < items; ++i) {
      for (std::size_t j = i + 1; j < items; ++j) {
        const auto first = scores.at(i, j) ? plain_side(scores, modes, i, j) : std::nullopt;
        const auto second = scores.at(i, j) ? plain_side(scores, modes, j, i) : std::nullopt;
        if (first && second) {
          EXPECT_NEAR(z.at(i, j).value(), (*first + *second) / 2, 1e-9);
        } else {
          EXPECT_FALSE(z.at(i, j).has_value());
        }
      }
    }
  }
}

TEST(CohortNorm, IgnoresHowTypicalTheScoresAre) {
  Rng rng(2);
  const PairTable scores = random_table(rng, 8);
  PairTable moved(8);
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t j = i + 1; j < 8; ++j) moved.set(i, j, 100 + 0.01 * *scores.at(i, j));
  }
  const PairTable a = CohortNorm(8)(scores);
  const PairTable b = CohortNorm(8)(moved);
  EXPECT_NEAR(*a.at(1, 5), *b.at(1, 5), 1e-8);
}

TEST(CohortNorm, IsUndefinedWhereACohortDoesNotVary) {
  PairTable scores(6);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = i + 1; j < 6; ++j) scores.set(i, j, 0.5);
  }
  EXPECT_FALSE(CohortNorm(6)(scores).at(0, 1).has_value());
  EXPECT_EQ(CohortNorm(6).why_no_z(scores, 0, 1), Undefined::kConstant);
  scores.set(0, 2, NAN);
  scores.set(0, 3, NAN);
  EXPECT_EQ(CohortNorm(6).why_no_z(scores, 0, 1), Undefined::kTooFew);
  EXPECT_EQ(CohortNorm(6).why_no_z(scores, 0, 2), Undefined::kTooFew);
}

TEST(CohortNorm, IsUndefinedWhereNothingButThePairStandsOut) {
  for (const double usual : {0.1, 0.3, 0.7}) {
    for (std::size_t items = 5; items < 12; ++items) {
      PairTable scores(items);
      for (std::size_t i = 0; i < items; ++i) {
        for (std::size_t j = i + 1; j < items; ++j) scores.set(i, j, usual);
      }
      scores.set(0, 1, usual + 0.61);
      EXPECT_FALSE(CohortNorm(items)(scores).at(0, 1).has_value()) << usual << ", " << items;
    }
  }
}

}  // namespace
}  // namespace agentecho
