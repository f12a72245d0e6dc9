#include "agentecho/trajectory/trajectory.h"

#include <gtest/gtest.h>

#include <limits>

#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

TEST(TextArena, KeepsTextsInPlaceWhileItGrows) {
  TextArena arena;
  std::vector<std::string> texts;
  std::vector<std::string_view> copies;
  for (std::size_t i = 0; i < 300; ++i) {
    texts.emplace_back(i * 37 % 5000, static_cast<char>('a' + i % 26));
    copies.push_back(arena.copy(texts.back()));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(copies[i], texts[i]);
}

TEST(TextArena, ReservedRoomThatIsNotCommittedIsUsedAgain) {
  TextArena arena;
  char* const first = arena.reserve(100);
  EXPECT_EQ(arena.reserve(50), first);
  arena.commit(10);
  EXPECT_EQ(arena.reserve(50), first + 10);
}

TEST(TextArena, ServesTextsLargerThanAnyBlockAndAfterClear) {
  TextArena arena;
  const std::string large(3 << 20, 'x');
  EXPECT_EQ(arena.copy(large), large);
  arena.clear();
  EXPECT_EQ(arena.copy("again"), "again");
  EXPECT_EQ(arena.copy(""), "");
}

TEST(Trajectory, ClearForgetsEverything) {
  Trajectory t = TrajectoryBuilder("retail", "7").trial(3).reward(1).call("a", {"x"}, "y").build();
  t.termination_reason = "done";
  t.clear();
  EXPECT_EQ(t.model + t.benchmark + t.domain + t.task_id + t.termination_reason, "");
  EXPECT_FALSE(t.trial || t.reward);
  EXPECT_TRUE(t.messages.empty() && t.calls.empty() && t.leaves.empty());
}

TEST(Success, IsNeverAnUnusualNumberByAccident) {
  EXPECT_FALSE(
      is_successful(TrajectoryBuilder().reward(std::numeric_limits<double>::quiet_NaN()).build()));
  EXPECT_FALSE(is_successful(TrajectoryBuilder().reward(1 - 1e-8).build()));
  EXPECT_TRUE(is_successful(TrajectoryBuilder().reward(1).build()));
  EXPECT_TRUE(is_successful(TrajectoryBuilder().reward(2).build()));
}

}  // namespace
}  // namespace agentecho
