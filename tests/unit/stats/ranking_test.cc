#include "agentecho/stats/ranking.h"

#include <gtest/gtest.h>

#include <vector>

namespace agentecho {
namespace {

using Values = std::vector<double>;

TEST(AverageRanks, TiesShareTheMeanRank) {
  EXPECT_EQ(average_ranks(Values{3, 1, 3, 2, 3}), (Values{4, 1, 4, 2, 4}));
  EXPECT_EQ(average_ranks(Values{7, 7}), (Values{1.5, 1.5}));
  EXPECT_TRUE(average_ranks({}).empty());
}

TEST(AverageRanks, WhatDiffersByRoundingTies) {
  // As residuals of equal scores do.
  EXPECT_EQ(average_ranks(Values{1e-17, -2e-16, 0.5, 0}), (Values{2, 2, 4, 2}));
  EXPECT_EQ(average_ranks(Values{0.1 + 0.2, 0.3, 0.3 + 1e-6}), (Values{1.5, 1.5, 3}));
}

TEST(RocAuc, IsTheChanceThatAPositiveScoresHigher) {
  EXPECT_EQ(roc_auc(Values{3, 4}, Values{1, 2}), 1);
  EXPECT_EQ(roc_auc(Values{1, 2}, Values{3, 4}), 0);
  EXPECT_EQ(roc_auc(Values{5, 5}, Values{5}), 0.5);
  // sklearn.metrics.roc_auc_score([1]*4 + [0]*5, positives + negatives)
  EXPECT_DOUBLE_EQ(*roc_auc(Values{0.9, 0.8, 0.8, 0.3}, Values{0.8, 0.2, 0.5, 0.3, 0.1}), 0.825);
}

TEST(RocAuc, NeedsBothGroups) {
  EXPECT_FALSE(roc_auc({}, Values{1}));
  EXPECT_FALSE(roc_auc(Values{1}, {}));
}

}  // namespace
}  // namespace agentecho
