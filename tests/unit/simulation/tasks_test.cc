#include "agentecho/simulation/tasks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "agentecho/simulation/user.h"

namespace agentecho::simulation {
namespace {

TEST(World, IsAFunctionOfItsSeedAndGrowsAtItsEnd) {
  const World small = make_world(5, 40), large = make_world(5, 90), other = make_world(6, 40);
  ASSERT_EQ(small.tasks.size(), 40u);
  std::size_t differences = 0;
  for (std::size_t i = 0; i < small.tasks.size(); ++i) {
    EXPECT_EQ(small.tasks[i].id, large.tasks[i].id);
    EXPECT_EQ(small.shop.members[i].email, large.shop.members[i].email);
    ASSERT_EQ(small.tasks[i].goals.size(), large.tasks[i].goals.size());
    EXPECT_EQ(small.tasks[i].goals[0].end, large.tasks[i].goals[0].end);
    differences += small.shop.members[i].email != other.shop.members[i].email;
  }
  EXPECT_GT(differences, 35u);
}

TEST(World, HasEveryKindOfGoalAndOfDifficulty) {
  const World world = make_world(1, 200);
  std::map<GoalKind, int> kinds;
  int two = 0, together = 0, corrects = 0, mistypes = 0, forbidden = 0, volunteers = 0, lacks = 0;
  for (const Task& task : world.tasks) {
    for (const Goal& goal : task.goals) {
      ++kinds[goal.kind];
      forbidden += !goal.allowed;
    }
    two += task.goals.size() == 2;
    together += task.together;
    corrects += task.corrects;
    mistypes += task.mistypes;
    volunteers += task.volunteers;
    lacks += task.lacks_email || task.lacks_phone || task.refuses_phone;
  }
  EXPECT_EQ(kinds.size(), kGoalKinds);
  for (const auto& [kind, n] : kinds) EXPECT_GE(n, 25) << goal_name(kind);
  for (const int n : {two, together, corrects, mistypes, forbidden, volunteers, lacks}) {
    EXPECT_GE(n, 5);
  }
}

TEST(World, WithoutTasksIsFine) { EXPECT_TRUE(make_world(1, 0).tasks.empty()); }

class CheckTest : public ::testing::Test {
 protected:
  // The first task with one goal of this kind.
  const Task& task_of(GoalKind kind, bool allowed = true) {
    return *std::find_if(world_.tasks.begin(), world_.tasks.end(), [&](const Task& t) {
      return t.goals.size() == 1 && t.goals[0].kind == kind && t.goals[0].allowed == allowed;
    });
  }
  bool fit(const Task& task, std::vector<Change> changes) {
    return changes_fit(world_, task, changes);
  }
  const World world_ = make_world(2, 200);
};

TEST_F(CheckTest, AsksForExactlyTheWantedChanges) {
  const Task& task = task_of(GoalKind::kPay);
  const Goal& g = task.goals[0];
  const Change right{Tool::kPayInvoice, g.invoice, -1, 0, 0, 0, g.method};
  EXPECT_TRUE(fit(task, {right}));
  EXPECT_FALSE(fit(task, {}));
  EXPECT_FALSE(fit(task, {right, right}));
  EXPECT_FALSE(fit(task, {{Tool::kPayInvoice, g.invoice, -1, 0, 0, 0, "cash"}}));
  EXPECT_FALSE(fit(task, {{Tool::kPayInvoice, g.invoice + 1, -1, 0, 0, 0, g.method}}));
}

TEST_F(CheckTest, AnyFreeUnitOfTheModelAtTheBranchWillDo) {
  const Task& task = task_of(GoalKind::kBook);
  const Goal& g = task.goals[0];
  const auto& shelf =
      world_.shop.shelf[static_cast<std::size_t>(g.branch) * world_.shop.models.size() +
                        static_cast<std::size_t>(g.model)];
  for (const int unit : shelf) {
    EXPECT_TRUE(fit(task, {{Tool::kBookHire, task.member, unit, g.start, g.days, 0, {}}}));
  }
  EXPECT_FALSE(fit(task, {{Tool::kBookHire, task.member, shelf[0], g.start, g.days + 1, 0, {}}}));
}

TEST_F(CheckTest, AForbiddenWishMeansNoChangeAndARefusal) {
  const Task& task = task_of(GoalKind::kCancel, false);
  EXPECT_TRUE(fit(task, {}));
  const std::array<std::string_view, 1> refusal = {"This cannot be done."}, shrug = {"Done."};
  EXPECT_TRUE(told(world_, task, 0, {}, refusal));
  EXPECT_FALSE(told(world_, task, 0, {}, shrug));
}

TEST_F(CheckTest, AnAnswerMustHoldTheFact) {
  const Task& task = task_of(GoalKind::kEndDate);
  const std::string date =
      date_text(world_.shop.hires[static_cast<std::size_t>(task.goals[0].hire)].end);
  const std::array<std::string_view, 2> right = {"Hello", date}, wrong = {"Hello", "tomorrow"};
  EXPECT_TRUE(told(world_, task, 0, {}, right));
  EXPECT_FALSE(told(world_, task, 0, {}, wrong));
}

TEST(Hearing, UnderstandsWhatTheUserSays) {
  // Whatever the user says at the start of any task is understood as the goals of that task.
  const World world = make_world(8, 200);
  for (std::size_t i = 0; i < world.tasks.size(); ++i) {
    const Task& task = world.tasks[i];
    User user(world, task, Rng(i));
    std::string text;
    user.answer(Act::kGreet, 0, text);
    std::array<Heard, 6> heard;
    const std::size_t n = hear(text, heard);
    ASSERT_EQ(n, 1 + task.together + task.volunteers) << text;
    EXPECT_EQ(static_cast<int>(heard[0].kind), static_cast<int>(task.goals[0].kind)) << text;
    const Goal& g = task.goals[0];
    EXPECT_EQ(heard[0].slots[Slot::kReason], g.reason);
    EXPECT_EQ(heard[0].slots[Slot::kValue], g.value);
    if (g.kind == GoalKind::kBook) {
      EXPECT_EQ(heard[0].slots[Slot::kDays], std::to_string(g.said_days));
      EXPECT_EQ(heard[0].slots[Slot::kStart], date_text(g.start));
    }
  }
}

TEST(Hearing, PassesOverOtherSentences) {
  std::array<Heard, 6> heard;
  EXPECT_EQ(hear("What a day. Yes, do that. Bye!", heard), 1u);
  EXPECT_EQ(heard[0].kind, Sentence::kYes);
  EXPECT_EQ(hear("", heard), 0u);
}

TEST(User, CorrectsHimselfOnceInTheSecondMessage) {
  const World world = make_world(1, 200);
  const Task& task = *std::find_if(world.tasks.begin(), world.tasks.end(), [](const Task& t) {
    return t.corrects && t.goals[0].kind == GoalKind::kBook;
  });
  User user(world, task, Rng(1));
  std::string first, second, third;
  user.answer(Act::kGreet, 0, first);
  user.answer(Act::kAskName, 0, second);
  user.answer(Act::kConfirm, 0, third);
  const std::string right = "need it for " + std::to_string(task.goals[0].days) + " days";
  EXPECT_EQ(first.find(right), std::string::npos);
  EXPECT_NE(second.find(right), std::string::npos);
  EXPECT_EQ(third.find(right), std::string::npos);
}

}  // namespace
}  // namespace agentecho::simulation
