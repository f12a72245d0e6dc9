#include "agentecho/metrics/ags/similarity.h"

#include <gtest/gtest.h>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

TEST(Cosine, OfTwoZeroVectorsIsOneAndOfOneIsZero) {
  EXPECT_EQ(cosine_similarity({0, 0, 0}, {0, 0, 0}), 1);
  EXPECT_EQ(cosine_similarity({0, 0, 0}, {0, 1, 0}), 0);
  EXPECT_EQ(cosine_similarity({0.5, 0, 0}, {0, 0, 0}), 0);
}

TEST(Cosine, OfSmallVectors) {
  EXPECT_EQ(cosine_similarity({1, 0, 0}, {0, 1, 0}), 0);
  EXPECT_DOUBLE_EQ(cosine_similarity({1, 1, 0}, {1, 0, 0}), 1 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(cosine_similarity({1, 2, 2}, {2, 4, 4}), 1);
  EXPECT_DOUBLE_EQ(cosine_similarity({1, 2, 2}, {2, 1, 2}), 8.0 / 9);
}

TEST(Cosine, IsSymmetricAndExactlyOneForEqualVectors) {
  Rng rng(4);
  for (int i = 0; i < 1000; ++i) {
    const std::array<double, 3> a{rng.uniform(), rng.uniform() * 20, rng.uniform()};
    const std::array<double, 3> b{rng.uniform(), rng.uniform() * 20, rng.uniform()};
    EXPECT_EQ(cosine_similarity(a, a), 1);
    EXPECT_EQ(cosine_similarity(a, b), cosine_similarity(b, a));
    EXPECT_TRUE(cosine_similarity(a, b) >= 0 && cosine_similarity(a, b) <= 1);
  }
}

TEST(CalibratedSequence, DropsFeaturesThatNeitherSideHas) {
  const ActionCounts writes{.writes = 4, .verified = 1, .confirmed = 2};  // 0.25, 0.5, -
  const ActionCounts other{.writes = 2, .verified = 1, .confirmed = 0};   // 0.5, 0, -
  // (1 - 0.25 + 1 - 0.5) / 2
  EXPECT_DOUBLE_EQ(calibrated_sequence_similarity(writes, other).value(), 0.625);
}

TEST(CalibratedSequence, AFeatureOfOneSideOnlyGivesNothing) {
  const ActionCounts writes{.writes = 1, .verified = 1};
  const ActionCounts errors{.errors = 1, .retried = 1};
  EXPECT_EQ(calibrated_sequence_similarity(writes, errors), 0);
  const ActionCounts both{.writes = 1, .verified = 1, .errors = 2, .retried = 1};
  EXPECT_DOUBLE_EQ(calibrated_sequence_similarity(writes, both).value(), 2.0 / 3);
}

TEST(CalibratedSimilarity, IsUndefinedWithoutAnyFeature) {
  const ActionCounts one{.calls = 1};
  EXPECT_EQ(calibrated_sequence_similarity(one, one), std::nullopt);
  EXPECT_EQ(calibrated_dependency_similarity(one, one), std::nullopt);
  EXPECT_EQ(calibrated_dependency_similarity(one, {}), std::nullopt);
}

TEST(CalibratedDependency, ComparesShares) {
  const ActionCounts chain{.calls = 5, .reusing = 4, .depth = 4, .sources = 4};  // 1, 1, 0
  const ActionCounts star{
      .calls = 5, .reusing = 2, .depth = 1, .sources = 1, .fanning_out = 1};  // 0.5, 0.25, 1
  EXPECT_DOUBLE_EQ(calibrated_dependency_similarity(chain, star).value(), (0.5 + 0.25 + 0) / 3);
  const ActionCounts loose{.calls = 5};  // 0, 0, -
  EXPECT_DOUBLE_EQ(calibrated_dependency_similarity(chain, loose).value(), 0);
  EXPECT_DOUBLE_EQ(calibrated_dependency_similarity(loose, loose).value(), 1);
}

}  // namespace
}  // namespace agentecho
