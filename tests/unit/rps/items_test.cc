#include "agentecho/metrics/rps/items.h"

#include <gtest/gtest.h>

#include "agentecho/trajectory/builder.h"

namespace agentecho::rps {
namespace {

std::vector<std::string> names(const Trajectory& t, CallRange range) {
  std::vector<std::string> list;
  for_each_agent_call(t, range, [&](const ToolCall& call) { list.emplace_back(call.name); });
  return list;
}

using Names = std::vector<std::string>;

TEST(Items, AreReasoningThenTextOfEachAssistantMessage) {
  const Trajectory t = TrajectoryBuilder()
                           .assistant("Hi")
                           .user("help")
                           .assistant(" Sure ", "they want help")
                           .assistant("", "still thinking")
                           .assistant("  \n")
                           .build();
  const std::vector<Item> items = items_of(t);
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(items[0].kind, ItemKind::kResponse);
  EXPECT_EQ(items[1].kind, ItemKind::kThink);
  EXPECT_EQ(items[1].text, "they want help");
  EXPECT_EQ(items[2].text, "Sure");
  EXPECT_EQ(items[3].kind, ItemKind::kThink);
}

TEST(Items, ATextThatNeverClosesItsReasoningIsReasoning) {
  const Trajectory t = TrajectoryBuilder().assistant("<think>\nwell, so").build();
  EXPECT_EQ(items_of(t)[0].kind, ItemKind::kThink);
}

TEST(Items, KnowTheCallsAroundThem) {
  const Trajectory t = TrajectoryBuilder()
                           .user("u1")
                           .call("a")
                           .calls({{"b", {}, ""}, {"c", {}, ""}}, "let me check")
                           .call("d")
                           .assistant("result")
                           .user("u2")
                           .call("e")
                           .assistant("done")
                           .build();
  const std::vector<Item> items = items_of(t);
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(names(t, items[0].before), Names({"a"}));
  EXPECT_EQ(names(t, items[0].own), Names({"b", "c"}));
  EXPECT_EQ(names(t, items[0].after), Names({"b", "c", "d"}));
  EXPECT_EQ(names(t, items[1].before), Names({"b", "c", "d"}));
  EXPECT_EQ(names(t, items[1].after), Names());
  EXPECT_EQ(names(t, items[2].before), Names({"e"}));
}

TEST(Items, CallsOfTheSimulatedUserAreNoCallsOfTheAgent) {
  const Trajectory t = TrajectoryBuilder()
                           .user("u1")
                           .assistant("please toggle it")
                           .user_call("toggle", {}, "ok")
                           .user("I did")
                           .assistant("thanks")
                           .build();
  const std::vector<Item> items = items_of(t);
  EXPECT_EQ(names(t, items[0].after), Names());
  EXPECT_EQ(names(t, items[1].before), Names());
}

TEST(Items, ARemarkOfTheHarnessAfterAResultIsNoUserTurn) {
  const Trajectory t = TrajectoryBuilder()
                           .user("u1")
                           .call("a")
                           .user("The tool has finished.")
                           .assistant("here")
                           .build();
  EXPECT_TRUE(is_user_turn(t, 0));
  EXPECT_FALSE(is_user_turn(t, 3));
  EXPECT_EQ(names(t, items_of(t)[0].before), Names({"a"}));
}

TEST(CallNature, IsReadFromTheWordsOfTheName) {
  EXPECT_EQ(nature_of("find_user_id_by_email"), CallNature::kLookup);
  EXPECT_EQ(nature_of("getCustomerByPhone"), CallNature::kLookup);
  EXPECT_EQ(nature_of("authenticate"), CallNature::kLookup);
  EXPECT_EQ(nature_of("get_user_details"), CallNature::kRead);
  EXPECT_EQ(nature_of("get_bills_for_customer"), CallNature::kRead);
  EXPECT_EQ(nature_of("cancel-order"), CallNature::kWrite);
  EXPECT_EQ(nature_of("transfer_to_human_agents"), CallNature::kOther);
  EXPECT_EQ(nature_of("calculate"), CallNature::kOther);
  EXPECT_EQ(nature_of(""), CallNature::kOther);
}

TEST(ShortenedCall, CutsArgumentsAndResult) {
  const Trajectory t = TrajectoryBuilder().call("find", {"abcdef"}, "0123456789").build();
  EXPECT_EQ(shortened_call(t, t.calls[0], 5, 4), "find({\"ar…) -> 012…");
}

TEST(Items, OfAnEmptyTrajectoryAreNone) { EXPECT_TRUE(items_of(Trajectory{}).empty()); }

}  // namespace
}  // namespace agentecho::rps
