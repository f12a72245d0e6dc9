#include "agentecho/trajectory/builder.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

TEST(TrajectoryBuilder, LinksCallsToTheirResults) {
  const Trajectory t = TrajectoryBuilder("retail", "7")
                           .user("hello")
                           .calls({{"a", {"x1"}, "ra"}, {"b", {"x2", "x3"}, "rb"}})
                           .build();
  ASSERT_EQ(t.calls.size(), 2u);
  EXPECT_EQ(t.result_of(t.calls[0]), "ra");
  EXPECT_EQ(t.result_of(t.calls[1]), "rb");
  EXPECT_EQ(t.leaves_of(t.calls[1]).size(), 2u);
  EXPECT_EQ(t.calls_of(t.messages[1]).size(), 2u);
  EXPECT_EQ(t.messages[3].answers, 1);
}

TEST(TrajectoryBuilder, ACallWithoutResultHasTheEmptyResult) {
  Trajectory t;
  t.calls.emplace_back();
  EXPECT_EQ(t.result_of(t.calls[0]), "");
}

TEST(Success, NeedsARewardOfOne) {
  EXPECT_FALSE(is_successful(TrajectoryBuilder().build()));
  EXPECT_FALSE(is_successful(TrajectoryBuilder().reward(0.99).build()));
  EXPECT_TRUE(is_successful(TrajectoryBuilder().reward(1.0 - 1e-10).build()));
}

}  // namespace
}  // namespace agentecho
