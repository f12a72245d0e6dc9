#include "agentecho/metrics/rps/rps.h"

#include <gtest/gtest.h>

#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::rps {
namespace {

StageVerdict verdict(StageId stage, double overall) {
  return {stage, PairScore{overall, overall, overall, overall}};
}

TEST(TrialPairs, CompareLikeTrialsAndATrialWithTheNext) {
  EXPECT_EQ(paired_trials(3, 2), (std::vector<TrialPair>{{0, 0}, {1, 1}}));
  EXPECT_TRUE(self_paired_trials(1).empty());
  EXPECT_EQ(self_paired_trials(2), (std::vector<TrialPair>{{0, 1}}));
  EXPECT_EQ(self_paired_trials(3), (std::vector<TrialPair>{{0, 1}, {1, 2}, {2, 0}}));
}

TEST(Rps, IsTheMeanOverTasksAndPooledOverStages) {
  // Task 1: stages 2 and 4 -> 3; task 2: stage 5 -> 5; mean 4, pooled (2 + 4 + 5) / 3.
  const std::vector<std::vector<TrajectoryPairVerdict>> tasks = {
      {{{verdict(0, 2), verdict(1, 4)}, 1}}, {{{verdict(1, 5)}, 0}}};
  const RpsScore rps = score_rps(tasks, 3);
  EXPECT_DOUBLE_EQ(rps.mean->overall, 4.0);
  EXPECT_DOUBLE_EQ(rps.pooled->overall, 11.0 / 3.0);
  EXPECT_DOUBLE_EQ(rps.by_stage[1].mean->overall, 4.5);
  EXPECT_EQ(rps.by_stage[1].scored, 2u);
  EXPECT_FALSE(rps.by_stage[2].mean);
  EXPECT_EQ(rps.counts.one_sided, 1u);
  EXPECT_DOUBLE_EQ(*rps.counts.coverage(), 1.0);
}

TEST(Rps, SeveralTrialPairsOfATaskWeighEqually) {
  const std::vector<TrajectoryPairVerdict> pairs = {{{verdict(0, 1), verdict(1, 1)}, 0},
                                                    {{verdict(0, 5)}, 0}};
  EXPECT_DOUBLE_EQ(score_task(pairs).mean->overall, 3.0);
}

TEST(Rps, AFailedJudgementIsNoScoreAndLowersTheCoverage) {
  const std::vector<std::vector<TrajectoryPairVerdict>> tasks = {
      {{{verdict(0, 4), {1, std::nullopt}}, 0}}, {{{{0, std::nullopt}}, 0}}};
  const RpsScore rps = score_rps(tasks, 2);
  EXPECT_DOUBLE_EQ(rps.mean->overall, 4.0);
  EXPECT_EQ(rps.tasks, 2u);
  EXPECT_EQ(rps.tasks_scored, 1u);
  EXPECT_DOUBLE_EQ(*rps.counts.coverage(), 1.0 / 3.0);
}

TEST(Rps, OfNothingIsUndefined) {
  const RpsScore rps = score_rps({}, 5);
  EXPECT_FALSE(rps.mean);
  EXPECT_FALSE(rps.pooled);
  EXPECT_FALSE(rps.counts.coverage());
}

TEST(Rps, JudgesTheStagesThatBothProfilesHave) {
  const Trajectory t = TrajectoryBuilder().assistant("one thing").assistant("another").build();
  const std::vector<Item> items = items_of(t);
  const StageProfile a = make_stage_profile(t, items, {0, 1}, 5);
  const StageProfile b = make_stage_profile(t, items, {0, 2}, 5);
  const TrajectoryPairVerdict pair = judge_profiles(LocalJudge(), default_taxonomy(), a, b);
  ASSERT_EQ(pair.shared.size(), 1u);
  EXPECT_EQ(pair.shared[0].stage, 0);
  EXPECT_GT(pair.shared[0].score->overall, 4.5);
  EXPECT_EQ(pair.one_sided, 2u);
}

}  // namespace
}  // namespace agentecho::rps
