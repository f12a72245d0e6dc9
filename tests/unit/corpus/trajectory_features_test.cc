#include "agentecho/corpus/trajectory_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/study.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using testing::features_of;
using ::testing::Pair;

TEST(TrajectoryFeatures, KeepWhatLaterStepsNeed) {
  const TrajectoryFeatures f = features_of(TrajectoryBuilder("retail", "7")
                                               .benchmark("b")
                                               .model("m")
                                               .trial(2)
                                               .reward(1)
                                               .assistant("hi", "thinking")
                                               .call("get_a", {}, "abc-77")
                                               .user_call("check")
                                               .call("set_b", {"abc-77"})
                                               .build());
  EXPECT_EQ(f.model, "m");
  EXPECT_EQ(f.task, (TaskKey{"b", "retail", "7"}));
  EXPECT_EQ(f.trial, 2);
  EXPECT_EQ(f.reward, 1);
  EXPECT_TRUE(f.success);
  EXPECT_THAT(f.tools, ElementsAre("get_a", "set_b"));
  EXPECT_THAT(f.dependencies, ElementsAre(Pair(0, 1)));
  EXPECT_EQ(f.counts.calls, 2u);
  EXPECT_EQ(f.assistant_messages, 3u);
  EXPECT_EQ(f.reasoning_messages, 1u);
  EXPECT_EQ(f.user_calls, 1u);
}

TEST(ContentDigest, TellsDifferentRunsApart) {
  const auto digest = [](auto build) {
    TrajectoryBuilder builder;
    builder.reward(1).user("hi");
    build(builder);
    return features_of(builder.build()).content;
  };
  const Digest base = digest([](TrajectoryBuilder& b) { b.call("a", {"x"}, "y"); });
  EXPECT_EQ(base, digest([](TrajectoryBuilder& b) { b.call("a", {"x"}, "y"); }));
  EXPECT_EQ(base,
            digest([](TrajectoryBuilder& b) { b.model("other").trial(9).call("a", {"x"}, "y"); }));
  EXPECT_NE(base, digest([](TrajectoryBuilder& b) { b.call("a", {"x"}, "z"); }));
  EXPECT_NE(base, digest([](TrajectoryBuilder& b) { b.call("a", {"z"}, "y"); }));
  EXPECT_NE(base, digest([](TrajectoryBuilder& b) { b.call("b", {"x"}, "y"); }));
  EXPECT_NE(base, digest([](TrajectoryBuilder& b) { b.reward(0).call("a", {"x"}, "y"); }));
  EXPECT_NE(base, digest([](TrajectoryBuilder& b) { b.call("a", {"x"}, "y").assistant(""); }));
  EXPECT_NE(base, digest([](TrajectoryBuilder& b) { b.user_call("a", {"x"}, "y"); }));
  // What the log says about a result is content too.
  EXPECT_NE(base, digest([](TrajectoryBuilder& b) { b.failing_call("a", {"x"}, "y"); }));
}

}  // namespace
}  // namespace agentecho
