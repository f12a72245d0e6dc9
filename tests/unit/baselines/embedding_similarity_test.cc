#include "agentecho/metrics/baselines/embedding_similarity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

using Vectors = std::vector<std::vector<float>>;
using Indices = std::vector<std::uint32_t>;

struct Pair {
  SentenceVectors vectors;
  Indices a;
  Indices b;

  Pair(const Vectors& first, const Vectors& second) {
    for (const auto& vector : first) a.push_back(vectors.add(vector).value());
    for (const auto& vector : second) b.push_back(vectors.add(vector).value());
  }
  std::optional<EmbeddingSimilarity> similarity() const {
    return embedding_similarity(vectors, a, b);
  }
};

TEST(EmbeddingSimilarity, IsTheGreedyMatchByHand) {
  // cos:        b0 = (1,0)   b1 = (3,4)
  // a0 = (2,0)      1           3/5
  // a1 = (0,1)      0           4/5
  // a2 = (-1,0)    -1          -3/5
  const Pair pair({{2, 0}, {0, 1}, {-1, 0}}, {{1, 0}, {3, 4}});
  const auto similarity = pair.similarity();
  ASSERT_TRUE(similarity);
  EXPECT_NEAR(similarity->precision, (1.0 + 0.8 - 0.6) / 3, 1e-15);  // 0.4
  EXPECT_NEAR(similarity->recall, (1.0 + 0.8) / 2, 1e-15);           // 0.9
  EXPECT_NEAR(similarity->f1, 2 * 0.4 * 0.9 / 1.3, 1e-15);
}

TEST(EmbeddingSimilarity, IsOneForTheSameSentencesInAnyOrderAndScale) {
  const Pair pair({{1, 2, 3}, {-4, 5, 6}}, {{-8, 10, 12}, {0.5F, 1, 1.5F}, {1, 2, 3}});
  const auto similarity = pair.similarity();
  EXPECT_NEAR(similarity->precision, 1.0, 1e-15);
  EXPECT_NEAR(similarity->recall, 1.0, 1e-15);
  EXPECT_NEAR(similarity->f1, 1.0, 1e-15);
}

TEST(EmbeddingSimilarity, OfTheOtherWayRoundExchangesPrecisionAndRecall) {
  Rng rng(3);
  Vectors vectors(20, std::vector<float>(37));
  for (auto& vector : vectors) {
    for (float& number : vector) number = static_cast<float>(rng.uniform() - 0.4);
  }
  const Pair pair({vectors.begin(), vectors.begin() + 7}, {vectors.begin() + 7, vectors.end()});
  const auto one = pair.similarity();
  const auto other = embedding_similarity(pair.vectors, pair.b, pair.a);
  EXPECT_EQ(one->precision, other->recall);
  EXPECT_EQ(one->recall, other->precision);
  EXPECT_EQ(one->f1, other->f1);
  EXPECT_NE(one->precision, one->recall);
}

TEST(EmbeddingSimilarity, HasNoValueWhereASideIsEmpty) {
  EXPECT_FALSE(Pair({}, {}).similarity());
  EXPECT_FALSE(Pair({{1, 0}}, {}).similarity());
  EXPECT_FALSE(Pair({}, {{1, 0}}).similarity());
}

TEST(EmbeddingSimilarity, IsDefinedForZeroVectorsAndOpposites) {
  const auto zero = Pair({{0, 0}}, {{0, 0}, {1, 0}}).similarity();
  EXPECT_EQ(zero->precision, 0.0);
  EXPECT_EQ(zero->recall, 0.0);
  EXPECT_EQ(zero->f1, 0.0);
  const auto opposite = Pair({{1, 0}}, {{-1, 0}}).similarity();
  EXPECT_EQ(opposite->precision, -1.0);
  EXPECT_EQ(opposite->recall, -1.0);
  EXPECT_EQ(opposite->f1, 0.0);
}

TEST(EmbeddingSimilarity, BearsTheLargestAndSmallestFloats) {
  const float large = std::numeric_limits<float>::max();
  const float small = std::numeric_limits<float>::denorm_min();
  const auto similarity = Pair({{large, large}}, {{small, small}}).similarity();
  EXPECT_NEAR(similarity->f1, 1.0, 1e-12);
}

TEST(SentenceVectors, RefusesWhatCannotBeCompared) {
  SentenceVectors vectors;
  EXPECT_FALSE(vectors.add({}));
  EXPECT_FALSE(vectors.add(std::vector{1.0F, std::nanf("")}));
  EXPECT_FALSE(vectors.add(std::vector{std::numeric_limits<float>::infinity()}));
  EXPECT_EQ(vectors.add(std::vector{1.0F, 2.0F}).value(), 0u);
  const auto other = vectors.add(std::vector{1.0F});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kInput);
  EXPECT_EQ(vectors.size(), 1u);
  EXPECT_EQ(vectors.dimension(), 2u);
}

TEST(SentenceVectors, SumsEveryNumberOnce) {
  // 19 numbers: two rounds of eight and a rest.
  std::vector<float> x(19);
  std::vector<float> y(19);
  double expected = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(i + 1);
    y[i] = static_cast<float>((i * i) % 7);
    expected += double{x[i]} * double{y[i]};
    xx += double{x[i]} * double{x[i]};
    yy += double{y[i]} * double{y[i]};
  }
  const Pair pair({x}, {y});
  EXPECT_NEAR(pair.vectors.cosine(0, 1), expected / std::sqrt(xx * yy), 1e-15);
}

}  // namespace
}  // namespace agentecho
