#include "agentecho/stats/affinity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

// numpy, for the 8 pairs (0,2), (0,3), (0,4), (1,2), (1,4), (2,3), (2,4), (3,4) of 5 items:
// b = lstsq(X, s); e = s - X b; h = diag(X inv(X'X) X'); se = sqrt(e'e / 3 * (1 - h));
// t = e / sqrt((e'e - e^2 / (1 - h)) / 2 * (1 - h)); p = 2 * scipy.stats.t.sf(abs(t), 2)
TEST(Affinity, AgreesWithLeastSquaresByNumpy) {
  PairTable table(5);
  table.set(0, 2, .62);
  table.set(0, 3, .71);
  table.set(0, 4, .55);
  table.set(1, 2, .58);
  table.set(1, 4, .49);
  table.set(2, 3, .90);
  table.set(2, 4, .52);
  table.set(3, 4, .60);
  const auto fit = fit_affinity(table);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->mean, 0.623, 1e-12);
  const double typicality[] = {-0.0215, -0.054, 0.042666666667, 0.1435, -0.110666666667};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(*fit->typicality[i], typicality[i], 1e-12);
  const double residual[] = {-0.024166666667, -0.035,         0.059166666667, -0.031666666667,
                             0.031666666667,  0.090833333333, -0.035,         -0.055833333333};
  const double leverage[] = {0.583333333333, 0.666666666667, 0.583333333333, 0.666666666667,
                             0.666666666667, 0.583333333333, 0.666666666667, 0.583333333333};
  const double studentised[] = {-0.389200392144, -0.672883402918, 1.208434053686,  -0.59667057837,
                                0.59667057837,   19.268659787318, -0.672883402918, -1.097328984985};
  ASSERT_EQ(fit->pairs.size(), 8u);
  for (std::size_t p = 0; p < 8; ++p) {
    EXPECT_NEAR(*fit->pairs[p].residual, residual[p], 1e-12) << p;
    EXPECT_NEAR(fit->pairs[p].leverage, leverage[p], 1e-12) << p;
    EXPECT_NEAR(*fit->pairs[p].studentised, studentised[p], 1e-10) << p;
  }
  EXPECT_NEAR(*fit->pairs[0].standard_error, 0.052583707518, 1e-12);
  EXPECT_NEAR(*fit->pairs[1].standard_error, 0.047032297807, 1e-12);
  EXPECT_NEAR(*fit->pairs[2].p_value, 0.350371197854, 1e-11);
  EXPECT_NEAR(*fit->pairs[5].p_value, 0.002682543184, 1e-11);
}

TEST(Affinity, FindsTheOnePairThatIsCloserThanTypical) {
  // mu 0.6, typicalities 0.1, 0.05, -0.05, -0.1, 0; the pair (1, 3) is 0.2 closer.
  const double a[] = {0.1, 0.05, -0.05, -0.1, 0};
  PairTable table(5);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = i + 1; j < 5; ++j) table.set(i, j, 0.6 + a[i] + a[j]);
  }
  table.set(1, 3, 0.6 + a[1] + a[3] + 0.2);
  const auto fit = fit_affinity(table);
  ASSERT_TRUE(fit);
  for (const PairAffinity& affinity : fit->pairs) {
    const bool special = affinity.pair.first == 1 && affinity.pair.second == 3;
    if (special) {
      EXPECT_NEAR(*affinity.residual, 0.1, 1e-12);  // half of it: the leverage is 5 / 10
      EXPECT_FALSE(affinity.studentised);           // the other pairs fit without error
    } else {
      EXPECT_LT(*affinity.residual, 0.05);
      EXPECT_TRUE(affinity.studentised);
    }
  }
}

TEST(Affinity, AnExactlyAdditiveTableHasNoSurprise) {
  PairTable table(4);
  const double b[] = {0.11, 0.23, 0.37, 0.41};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = i + 1; j < 4; ++j) table.set(i, j, b[i] + b[j]);
  }
  const auto fit = fit_affinity(table);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->mean, 0.56, 1e-14);
  for (const PairAffinity& affinity : fit->pairs) {
    EXPECT_NEAR(*affinity.residual, 0, 1e-14);
    EXPECT_FALSE(affinity.studentised);
    EXPECT_FALSE(affinity.p_value);
  }
}

TEST(Affinity, AModelWithOnePairSaysNothingAboutIt) {
  PairTable table(6);
  Rng rng(2);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = i + 1; j < 4; ++j) table.set(i, j, rng.uniform());
  }
  table.set(3, 4, 0.99);  // the only pair of 4; 5 has none
  const auto fit = fit_affinity(table);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->typicality[4]);
  EXPECT_FALSE(fit->typicality[5]);
  for (const PairAffinity& affinity : fit->pairs) {
    EXPECT_EQ(affinity.residual.has_value(), affinity.pair.second != 4);
    EXPECT_EQ(affinity.standard_error.has_value(), affinity.pair.second != 4);
  }
}

TEST(Affinity, IsUndefinedWithTheReason) {
  const auto reason = [](std::size_t items, std::vector<ItemPair> pairs) {
    return AffinityDesign::make(items, std::move(pairs)).error();
  };
  EXPECT_EQ(reason(0, {}), Undefined::kTooFew);
  EXPECT_EQ(reason(2, {{0, 1}}), Undefined::kTooFew);
  EXPECT_EQ(reason(3, {{0, 1}, {0, 2}, {1, 2}}), Undefined::kTooFew);
  // Two complete sets of four.
  EXPECT_EQ(reason(8, {{0, 1},
                       {0, 2},
                       {0, 3},
                       {1, 2},
                       {1, 3},
                       {2, 3},
                       {4, 5},
                       {4, 6},
                       {4, 7},
                       {5, 6},
                       {5, 7},
                       {6, 7}}),
            Undefined::kDisconnected);
  // Three against three: b + c for one half and b - c for the other fit equally well.
  EXPECT_EQ(reason(6, {{0, 3}, {0, 4}, {0, 5}, {1, 3}, {1, 4}, {1, 5}, {2, 3}, {2, 4}, {2, 5}}),
            Undefined::kNoOddCycle);
}

TEST(Affinity, HasNoPWhereTheOtherPairsFitExactly) {
  for (const double shift : {0.1, 0.3, 0.77}) {
    PairTable table(6);
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t j = i + 1; j < 6; ++j) table.set(i, j, 0.1 * static_cast<double>(i + j));
    }
    table.set(1, 4, *table.at(1, 4) + shift);
    const auto fit = fit_affinity(table);
    ASSERT_TRUE(fit);
    EXPECT_TRUE(fit->spread);
    for (const PairAffinity& pair : fit->pairs) {
      const bool moved = pair.pair.first == 1 && pair.pair.second == 4;
      EXPECT_EQ(pair.p_value.has_value(), !moved);
    }
  }
}

TEST(AffinityDesign, ResidualsOfManyVectorsAreThoseOfEach) {
  std::vector<ItemPair> pairs;
  for (std::size_t i = 0; i < 7; ++i) {
    for (std::size_t j = i + 1; j < 7; ++j) {
      if ((i + j) % 5 != 0) pairs.push_back({i, j});
    }
  }
  const auto design = AffinityDesign::make(7, pairs);
  ASSERT_TRUE(design);
  Rng rng(9);
  std::vector<double> scores(3 * pairs.size());
  for (double& score : scores) score = rng.uniform();
  std::vector<double> residuals(scores.size());
  design->residuals(scores, residuals);
  for (std::size_t v = 0; v < 3; ++v) {
    const auto fit = design->fit(std::span(scores).subspan(v * pairs.size(), pairs.size()));
    std::vector<double> sums(7, 0);
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      const double residual = residuals[v * pairs.size() + p];
      EXPECT_EQ(residual, *fit.pairs[p].residual);
      sums[pairs[p].first] += residual;
      sums[pairs[p].second] += residual;
    }
    for (const double sum : sums) EXPECT_NEAR(sum, 0, 1e-13);  // the normal equations
  }
  design->residuals(scores, scores);
  EXPECT_EQ(scores, residuals);
}

TEST(AffinityDesign, AnUndefinedReplicateStaysApart) {
  const auto design = AffinityDesign::make(4, {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}});
  ASSERT_TRUE(design);
  std::vector<double> scores{1, 2, 3, NAN, 5, 6, 1, 2, 3, 4, 5, 7};
  design->residuals(scores, scores);
  EXPECT_TRUE(std::isnan(scores[0]));
  EXPECT_FALSE(std::isnan(scores[6]));
}

TEST(PairTable, IsSymmetricAndMayHaveHoles) {
  PairTable table(4);
  table.set(2, 0, 0.5);
  table.set(1, 3, NAN);
  EXPECT_EQ(table.at(0, 2), 0.5);
  EXPECT_FALSE(table.at(1, 3));
  EXPECT_FALSE(table.at(0, 1));
  std::size_t next = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = i + 1; j < 4; ++j) EXPECT_EQ(pair_index(j, i, 4), next++);
  }
  EXPECT_EQ(pair_count(4), next);
  EXPECT_EQ(pair_count(0), 0u);
}

}  // namespace
}  // namespace agentecho
