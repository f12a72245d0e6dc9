#include "agentecho/study/drift_series.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "agentecho/report/drift_plan_report.h"
#include "support/drift_runs.h"

namespace agentecho {
namespace {

using testing::runs_of;

const ChannelTrend& trend_of(const SeriesResults& results, Channel channel) {
  return results.trends[static_cast<std::size_t>(channel)];
}

DriftOptions quick() {
  DriftOptions options;
  options.replicates = 499;
  options.threads = 1;
  return options;
}

template <class... Steps>
std::vector<LoadedCorpus> steps(Steps... each) {
  std::vector<LoadedCorpus> all;
  (all.push_back(std::move(each)), ...);
  return all;
}

SeriesResults series_of(const std::vector<LoadedCorpus>& corpora,
                        const LoadedCorpus* teacher = nullptr,
                        const LoadedCorpus* control = nullptr) {
  std::vector<SeriesStep> named;
  for (const LoadedCorpus& step : corpora) {
    named.push_back({"v" + std::to_string(named.size() + 1), {&step, {0}}});
  }
  const DriftSide of_teacher{teacher, {0}};
  const DriftSide of_control{control, {0}};
  return drift_series(named, teacher != nullptr ? &of_teacher : nullptr,
                      control != nullptr ? &of_control : nullptr, quick())
      .value();
}

// Two runs of each of six tasks, all alike: get_order, and `more` further calls of check_state.
LoadedCorpus plain_runs(int more, int tasks = 6, bool recorded = true) {
  std::vector<TrajectoryFeatures> features;
  for (int task = 0; task < tasks; ++task) {
    for (int trial = 0; trial < 2; ++trial) {
      TrajectoryBuilder builder("shop", std::to_string(task));
      if (recorded) builder.reward(1);
      builder.model("m").trial(trial).user("please").assistant("Hello.");
      builder.call("get_order");
      for (int i = 0; i < more; ++i) builder.call("check_state");
      features.push_back(testing::with_habits(builder.assistant("Done.").build()));
    }
  }
  LoadedCorpus loaded;
  loaded.corpus = testing::corpus_of(std::move(features));
  return loaded;
}

// Runs that do not say how they ended are no failures beside some that do.
TEST(DriftSeries, ComparesSuccessWhereAllStepsRecordIt) {
  const SeriesResults results =
      series_of(steps(plain_runs(0), plain_runs(0), plain_runs(0, 6, false)));
  EXPECT_FALSE(results.change);
  for (const SeriesPlace& place : results.places) EXPECT_TRUE(place.channels.empty());
  EXPECT_FALSE(trend_of(results, Channel::kOutcome).slope);
  EXPECT_TRUE(trend_of(results, Channel::kTools).slope);
  EXPECT_TRUE(trend_of(series_of(steps(plain_runs(0), plain_runs(0))), Channel::kOutcome).slope);
}

TEST(DriftSeries, SaysWhyATrendHasNoInterval) {
  const auto json = nlohmann::json::parse(report_to_json(
      series_report(series_of(steps(plain_runs(0, 3), plain_runs(1, 3)))), {}))["tables"]["trend"];
  EXPECT_EQ(json[0]["slope_interval_reason"], "fewer than five tasks to resample");
}

// By hand: distances of the steps from the first are 0, 1/3 (1 - 2/3) and 1/2, within a step 0. The
// least-squares slope is (1/2 - 0) / 2.
TEST(DriftSeries, TheTrendIsTheSlopeOfTheDistanceFromTheFirstStep) {
  const SeriesResults results = series_of(steps(plain_runs(0), plain_runs(1), plain_runs(2)));
  EXPECT_EQ(results.common_tasks, 6u);
  ASSERT_EQ(results.steps.size(), 3u);
  EXPECT_EQ(results.steps[0].runs, 12u);
  EXPECT_FALSE(results.steps[0].from_first);
  EXPECT_NEAR(*results.steps[1].from_first->channels[0].excess, 1.0 / 3, 1e-6);
  EXPECT_NEAR(*results.steps[2].from_first->channels[0].excess, 0.5, 1e-6);
  // From {get_order, check_state} to {get_order, 2 check_state}: 1 - 4/5.
  EXPECT_NEAR(*results.steps[2].from_previous->channels[0].excess, 0.2, 1e-6);
  EXPECT_NEAR(*trend_of(results, Channel::kTools).slope, 0.25, 1e-6);
  EXPECT_NEAR(trend_of(results, Channel::kTools).interval->low, 0.25, 1e-6);
  EXPECT_NEAR(*trend_of(results, Channel::kWords).slope, 0, 1e-6);
  EXPECT_FALSE(results.has_teacher);
  EXPECT_FALSE(trend_of(results, Channel::kTools).toward_teacher);
}

// Eleven channels, each with an interval of its own: of agents that stay as they are some have one
// that leaves out 0.
TEST(DriftSeries, ClaimsATrendForAllChannelsTogether) {
  int alone = 0;
  int claimed = 0;
  for (std::uint64_t seed = 1; seed <= 200; seed += 4) {
    const SeriesResults results =
        series_of(steps(runs_of("m", {}, 8, 2, seed), runs_of("m", {}, 8, 2, seed + 1),
                        runs_of("m", {}, 8, 2, seed + 2), runs_of("m", {}, 8, 2, seed + 3)));
    bool leaves_out_0 = false;
    for (const ChannelTrend& trend : results.trends) {
      leaves_out_0 |= trend.interval && trend.interval->low > 1e-9;
    }
    alone += leaves_out_0 ? 1 : 0;
    const bool said = series_verdict(results).find("moves away") != std::string::npos;
    claimed += said ? 1 : 0;
  }
  EXPECT_GE(alone, 3);
  EXPECT_EQ(claimed, 0);
}

TEST(DriftSeries, StillSeesATrend) {
  const SeriesResults results =
      series_of(steps(runs_of("m", {0.0}, 12, 3, 1), runs_of("m", {0.3}, 12, 3, 2),
                      runs_of("m", {0.7}, 12, 3, 3), runs_of("m", {1.0}, 12, 3, 4)));
  EXPECT_TRUE(trend_of(results, Channel::kTools).moves_away(0.95));
  EXPECT_FALSE(trend_of(results, Channel::kWording).moves_away(0.95));
  const std::string said = series_verdict(results);
  EXPECT_NE(said.find("It moves away from the first step in: tools"), std::string::npos) << said;
  // Where nothing differs there is no test: the outcome of plain runs is always the same.
  const SeriesResults plain = series_of(steps(plain_runs(0), plain_runs(1), plain_runs(2)));
  EXPECT_FALSE(trend_of(plain, Channel::kOutcome).p_adjusted);
  EXPECT_EQ(trend_of(plain, Channel::kTools).p_adjusted, 0.0);  // the same slope on every task
}

// The teacher calls check_state twice, the control never: distance to the control less distance to
// the teacher is 0 - 1/2, 1/3 - 1/5 and 1/2 - 0 over the steps, slope (1/2 + 1/2) / 2.
TEST(DriftSeries, MovementTowardTheTeacherIsTheSlopeOfTheDifference) {
  const LoadedCorpus teacher = plain_runs(2);
  const LoadedCorpus control = plain_runs(0);
  const SeriesResults results =
      series_of(steps(plain_runs(0), plain_runs(1), plain_runs(2)), &teacher, &control);
  EXPECT_TRUE(results.has_teacher);
  EXPECT_NEAR(*trend_of(results, Channel::kTools).toward_teacher, 0.5, 1e-6);
  const SeriesResults away =
      series_of(steps(plain_runs(2), plain_runs(1), plain_runs(0)), &teacher, &control);
  EXPECT_NEAR(*trend_of(away, Channel::kTools).toward_teacher, -0.5, 1e-6);
}

TEST(DriftSeries, NamesTheStepAtWhichItChanged) {
  const SeriesResults results =
      series_of(steps(runs_of("m", {0.1}, 30, 3, 1), runs_of("m", {0.1}, 30, 3, 2),
                      runs_of("m", {0.9}, 30, 3, 3), runs_of("m", {0.9}, 30, 3, 4)));
  ASSERT_TRUE(results.change);
  EXPECT_EQ(results.change->step, 2u);
  EXPECT_EQ(results.places.size(), 3u);
  EXPECT_LT(*results.places[1].p_adjusted, 0.05);
  EXPECT_NE(series_verdict(results).find("v3"), std::string::npos) << series_verdict(results);
  const SeriesResults still = series_of(
      steps(runs_of("m", {}, 30, 3, 5), runs_of("m", {}, 30, 3, 6), runs_of("m", {}, 30, 3, 7)));
  EXPECT_FALSE(still.change) << series_verdict(still);
}

TEST(DriftSeries, TellsAChangeThatWasTakenBack) {
  const SeriesResults results =
      series_of(steps(runs_of("m", {0.1}, 150, 4, 1), runs_of("m", {0.9}, 150, 4, 2),
                      runs_of("m", {0.1}, 150, 4, 3)));
  ASSERT_TRUE(results.change);
  EXPECT_EQ(results.comparisons, 4u);  // two places, and two steps with the first
  EXPECT_EQ(results.change->step, 1u);
  EXPECT_FALSE(results.change->from_here_on);
  EXPECT_TRUE(results.steps[1].differs);
  EXPECT_FALSE(results.steps[2].differs);
  EXPECT_EQ(results.change->last_that_differs, 1u);
  EXPECT_EQ(results.change->back_at, 2u);
  EXPECT_LT(*results.change->p, 0.05);
  const std::string said = series_verdict(results);
  EXPECT_TRUE(said.starts_with("Changed at \"v2\" (against the first step: ")) << said;
  EXPECT_NE(said.find(", and back at \"v3\": there it is the same as the first step"),
            std::string::npos)
      << said;
}

TEST(DriftSeries, AChangeThatLastsIsNotCalledTakenBack) {
  const SeriesResults results = series_of(steps(
      runs_of("m", {0.1}, 30, 3, 1), runs_of("m", {0.9}, 30, 3, 2), runs_of("m", {0.9}, 30, 3, 3)));
  ASSERT_TRUE(results.change);
  EXPECT_EQ(results.change->step, 1u);
  EXPECT_TRUE(results.change->from_here_on);
  EXPECT_FALSE(results.change->last_that_differs);
  EXPECT_FALSE(results.change->back_at);
}

TEST(DriftSeries, RefusesOneStepAndStepsWithoutACommonTask) {
  const LoadedCorpus one = plain_runs(0);
  const auto alone = drift_series({{"v1", {&one, {0}}}}, nullptr, nullptr, quick());
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().kind, ErrorKind::kUsage);
  LoadedCorpus other;
  std::vector<TrajectoryFeatures> moved;
  for (const CorpusTrajectory& run : one.corpus.trajectories()) {
    moved.push_back(one.corpus.features_of(run));
    moved.back().task.benchmark = "another";
  }
  other.corpus = testing::corpus_of(std::move(moved));
  const auto apart =
      drift_series({{"v1", {&one, {0}}}, {"v2", {&other, {0}}}}, nullptr, nullptr, quick());
  ASSERT_FALSE(apart);
  EXPECT_EQ(apart.error().kind, ErrorKind::kInput);
}

}  // namespace
}  // namespace agentecho
