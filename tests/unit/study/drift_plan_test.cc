#include "agentecho/study/drift_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agentecho/report/drift_plan_report.h"
#include "support/drift_runs.h"

namespace agentecho {
namespace {

using testing::runs_of;

const ChannelPlan* channel_of(const DriftPlan& plan, Channel channel) {
  const auto found = std::find_if(plan.channels.begin(), plan.channels.end(),
                                  [&](const ChannelPlan& of) { return of.channel == channel; });
  return found != plan.channels.end() ? &*found : nullptr;
}

// Two runs of each of eight tasks: on every second task one of them calls a further tool, so that
// the distances of tools are 1/3 (1 - 2/3) and 0 in turn.
LoadedCorpus alternating() {
  std::vector<TrajectoryFeatures> features;
  for (int task = 0; task < 8; ++task) {
    for (int trial = 0; trial < 2; ++trial) {
      TrajectoryBuilder builder("shop", std::to_string(task));
      builder.model("m").trial(trial).reward(1).user("please").assistant("Hello.");
      builder.call("get_order");
      if (task % 2 == 0 && trial == 1) builder.call("find_user");
      features.push_back(testing::with_habits(builder.assistant("Done.").build()));
    }
  }
  LoadedCorpus loaded;
  loaded.corpus = testing::corpus_of(std::move(features));
  return loaded;
}

// By hand: W = 1/6; the variance over the tasks is (1/6)^2 * 8/7; with two runs a side the excess
// of a task has the variance v (1/4 + 1/2). For "same": ((1.9600 + 0.8416) sd / (W/4))^2 = 107.6.
TEST(DriftPlan, CountsTasksFromTheNoiseOfTheBaseline) {
  const LoadedCorpus baseline = alternating();
  const DriftPlan plan = plan_drift({&baseline, {0}}, {}).value();
  EXPECT_EQ(plan.tasks, 8u);
  EXPECT_EQ(plan.noise_tasks, 8u);
  // The least p: 1/3 for each task of two runs a side, 1/10 for three, 1/126 for five; it is to be
  // below a twentieth of 0.05.
  EXPECT_EQ(plan.tasks_for_p, (std::vector<std::size_t>{6, 3, 2, 1}));
  const ChannelPlan* const tools = channel_of(plan, Channel::kTools);
  ASSERT_NE(tools, nullptr);
  EXPECT_NEAR(tools->within, 1.0 / 6, 1e-7);
  EXPECT_TRUE(tools->careful);  // no task has four runs
  EXPECT_EQ(tools->tasks_for_same[0], 108u);
  // All channels together: the one that asks for most.
  for (const ChannelPlan& channel : plan.channels) {
    for (std::size_t k = 0; k < plan.options.runs.size(); ++k) {
      EXPECT_LE(channel.tasks_for_same[k], plan.tasks_for_same[k]);
      EXPECT_LE(channel.tasks_for_change[k], plan.tasks_for_change[k]);
    }
  }
  // Nothing differs in what is said: no noise to plan with.
  EXPECT_EQ(channel_of(plan, Channel::kWords), nullptr);
}

TEST(DriftPlan, MoreRunsAndLargerChangesNeedFewerTasks) {
  const LoadedCorpus baseline = runs_of("m", {}, 20, 4, 1);
  PlanOptions options;
  const DriftPlan usual = plan_drift({&baseline, {0}}, options).value();
  const ChannelPlan* const tools = channel_of(usual, Channel::kTools);
  ASSERT_NE(tools, nullptr);
  EXPECT_FALSE(tools->careful);
  EXPECT_TRUE(std::is_sorted(tools->tasks_for_same.rbegin(), tools->tasks_for_same.rend()));
  EXPECT_TRUE(std::is_sorted(tools->least_change.rbegin(), tools->least_change.rend()));
  options.change = 1;
  options.power = 0.9;
  const DriftPlan large = plan_drift({&baseline, {0}}, options).value();
  EXPECT_LT(large.tasks_for_change[0], usual.tasks_for_change[0]);
  EXPECT_GT(large.tasks_for_same[0], usual.tasks_for_same[0]);  // of the power
}

// What is planned for is found: with the tasks for "same" of two runs a side, two sets of runs of
// the agent are mostly called so.
TEST(DriftPlan, KeepsItsPromiseOfSame) {
  const LoadedCorpus baseline = runs_of("m", {}, 20, 4, 1);
  const DriftPlan plan = plan_drift({&baseline, {0}}, {}).value();
  const ChannelPlan* const tools = channel_of(plan, Channel::kTools);
  ASSERT_NE(tools, nullptr);
  const auto tasks = static_cast<int>(tools->tasks_for_same[1]);  // three runs a side
  int same = 0;
  DriftOptions options;
  options.replicates = 99;
  options.threads = 1;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const LoadedCorpus a = runs_of("m", {}, tasks, 3, 100 + 2 * i);
    const LoadedCorpus b = runs_of("m", {}, tasks, 3, 101 + 2 * i);
    const auto results = drift({&a, {0}}, {&b, {0}}, options).value();
    same += results.channels[0].verdict == Verdict::kSame ? 1 : 0;
  }
  EXPECT_GE(same, 11);  // 80 % of 20, less three standard errors
}

TEST(DriftPlan, NeedsATaskWithTwoRuns) {
  const LoadedCorpus single = runs_of("m", {}, 20, 1, 1);
  const auto plan = plan_drift({&single, {0}}, {});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::kInput);
}

}  // namespace
}  // namespace agentecho
