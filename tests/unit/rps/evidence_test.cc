#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "agentecho/metrics/rps/habits.h"
#include "agentecho/metrics/rps/phrases.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::rps {
namespace {

void say(PhraseTable& table, std::string_view text) {
  const Trajectory t = TrajectoryBuilder().assistant(text).build();
  table.add(items_of(t));
}

PhraseTable saying(std::string_view text, int times) {
  PhraseTable table;
  for (int i = 0; i < times; ++i) say(table, text);
  return table;
}

TEST(SharedPhrases, AreThoseOfTheTwoThatAreRareAmongTheOthers) {
  const PhraseTable a = saying("Let me dive right in. Your order is on its way.", 4);
  const PhraseTable b = saying("Now let me dive right in. Your order is on its way.", 4);
  const PhraseTable c = saying("Your order is on its way.", 4);
  const PhraseTable* others[] = {&c};
  const auto phrases = shared_phrases(a, b, others, 10);
  ASSERT_FALSE(phrases.empty());
  EXPECT_EQ(phrases[0].text, "let me dive right in");
  EXPECT_DOUBLE_EQ(phrases[0].share_a, 1.0);
  EXPECT_DOUBLE_EQ(phrases[0].share_others, 0.0);
  for (const SharedPhrase& phrase : phrases)
    EXPECT_EQ(phrase.text.find("order"), std::string::npos);
}

TEST(SharedPhrases, HaveNoIdsAndNeedMoreThanOneTrajectory) {
  const PhraseTable ids = saying("order w77 for 12 dollars was w77 shipped", 5);
  for (const SharedPhrase& phrase : shared_phrases(ids, ids, {}, 10)) {
    EXPECT_EQ(phrase.text.find("w77"), std::string::npos);
  }
  const PhraseTable once = saying("a phrase said only once", 1);
  EXPECT_TRUE(shared_phrases(once, once, {}, 10).empty());
  EXPECT_TRUE(shared_phrases({}, {}, {}, 10).empty());
}

TEST(PhraseTable, CountsTrajectoriesNotOccurrences) {
  PhraseTable table;
  say(table, "again and again. again and again.");
  say(table, "nothing");
  EXPECT_FALSE(table.entries().empty());
  for (const auto& [hash, entry] : table.entries()) EXPECT_EQ(entry.count, 1u);
}

TEST(PhraseTable, MergesShards) {
  PhraseTable left = saying("we are so glad", 3);
  const PhraseTable right = saying("we are so glad", 2);
  const PhraseTable whole = saying("we are so glad", 5);
  left.merge(right);
  EXPECT_EQ(left.trajectories(), 5u);
  for (const auto& [hash, entry] : whole.entries()) EXPECT_EQ(left.share(hash), 1.0) << entry.text;
}

TEST(PhraseTable, ForgetsWhatStaysRare) {
  PhraseTable table;
  for (std::uint32_t i = 0; i < 20 * PhraseTable::kBucket; ++i) {
    std::string text = "common words all around. ";
    // Words of letters alone, different every time.
    for (std::uint32_t n = i + 1; n > 0; n /= 26) text += static_cast<char>('a' + n % 26);
    say(table, text + " is rare indeed");
  }
  EXPECT_LT(table.entries().size(), 40u * PhraseTable::kBucket);
  double best = 0;
  for (const auto& [hash, entry] : table.entries()) best = std::max(best, table.share(hash));
  EXPECT_DOUBLE_EQ(best, 1.0);
}

HabitTotals totals(double responses, double bold) {
  HabitTotals habits;
  habits.counts[static_cast<std::size_t>(Count::kResponses)] = responses;
  habits.counts[static_cast<std::size_t>(Count::kBold)] = bold;
  return habits;
}

TEST(SharedHabits, AreThoseThatSetTheTwoApart) {
  const HabitTotals a = totals(10, 50);
  const HabitTotals b = totals(10, 40);
  const HabitTotals c = totals(10, 0);
  const HabitTotals d = totals(10, 10);
  const HabitTotals* others[] = {&c, &d};
  const auto habits = shared_habits(a, b, others);
  ASSERT_EQ(habits.size(), 1u);
  EXPECT_EQ(habits[0].name, "bold spans per response");
  EXPECT_DOUBLE_EQ(habits[0].rate_b, 4.0);
  EXPECT_DOUBLE_EQ(habits[0].others_mean, 0.5);
  // Nearer of the two: 4 - 0.5; spread of 0 and 1: sqrt(0.5).
  EXPECT_NEAR(habits[0].distance, 3.5 / std::sqrt(0.5), 1e-12);
  EXPECT_TRUE(shared_habits(a, c, others).empty());
  EXPECT_TRUE(shared_habits(a, b, {}).empty());
}

TEST(HabitRates, AreUndefinedWithoutAnythingToDivideBy) {
  for (std::size_t habit = 0; habit < habit_count(); ++habit) {
    EXPECT_FALSE(habit_rate(habit, HabitTotals{})) << habit_name(habit);
  }
}

}  // namespace
}  // namespace agentecho::rps
