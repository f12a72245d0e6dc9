#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "agentecho/metrics/rps/habits.h"
#include "agentecho/metrics/rps/phrases.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::rps {
namespace {

// One more run, in which the agent says this.
void say(ResponseSample& sample, std::string_view text) {
  const Trajectory t = TrajectoryBuilder().assistant(text).build();
  sample.add(items_of(t), mixed_hash(sample.runs().size() + hash_word(text)));
}

PhraseTable saying(std::string_view text, int times) {
  ResponseSample sample;
  for (int i = 0; i < times; ++i) say(sample, text);
  return PhraseTable(sample);
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

TEST(PhraseTable, CountsRunsNotOccurrences) {
  ResponseSample sample;
  say(sample, "again and again. again and again.");
  say(sample, "nothing");
  const PhraseTable table(sample);
  EXPECT_TRUE(table.entries().empty());
  EXPECT_EQ(table.runs(), 2u);
}

// Runs of different lengths, which together have more text than fits.
std::string words_of(int run) {
  std::string text = "Common words all around.";
  for (int i = 0; i < 40 + 37 * (run % 50); ++i) {
    text += i % 12 == 0 ? "\n" : " ";
    for (int n = run * 4001 + i + 1; n > 0; n /= 26) text += static_cast<char>('a' + n % 26);
  }
  return text;
}

TEST(ResponseSample, IsTheSameInAnyOrderAndNumberOfParts) {
  constexpr int kRuns = 1000;
  const auto add = [](int run, ResponseSample& sample) {
    const Trajectory t = TrajectoryBuilder().assistant(words_of(run)).build();
    sample.add(items_of(t), mixed_hash(static_cast<std::uint64_t>(run) + 1), std::to_string(run));
  };
  ResponseSample forwards;
  for (int run = 0; run < kRuns; ++run) add(run, forwards);
  ResponseSample backwards;
  for (int run = kRuns; run-- > 0;) add(run, backwards);
  for (int run = 0; run < 10; ++run) add(run, backwards);  // once more
  std::vector<ResponseSample> parts(7);
  for (int run = 0; run < kRuns; ++run) {
    add(run, parts[static_cast<std::size_t>(run * run % 7)]);
  }
  ResponseSample merged;
  for (const ResponseSample& part : parts) merged.merge(part);
  std::size_t bytes = 0;
  const auto numbers = [&](const ResponseSample& sample) {
    std::vector<std::string> runs;
    bytes = 0;
    for (const auto& [number, run] : sample.runs()) {
      runs.push_back(run.where);
      bytes += run.text.size();
    }
    return runs;
  };
  const std::vector<std::string> runs = numbers(forwards);
  EXPECT_LT(runs.size(), static_cast<std::size_t>(kRuns));
  EXPECT_LE(bytes, ResponseSample::kMostBytes);
  EXPECT_GT(bytes, ResponseSample::kMostBytes - ResponseSample::kMostOfRun);
  EXPECT_EQ(numbers(backwards), runs);
  EXPECT_EQ(numbers(merged), runs);
  const PhraseTable table(forwards);
  const PhraseTable same(merged);
  ASSERT_EQ(table.entries().size(), same.entries().size());
  double best = 0;
  for (const PhraseTable::Entry& entry : table.entries()) {
    EXPECT_EQ(same.share(entry.hash), table.share(entry.hash)) << table.text_of(entry);
    best = std::max(best, table.share(entry.hash));
  }
  EXPECT_EQ(best, 1);  // what all runs say
}

TEST(ResponseSample, KeepsTheBeginningOfALongRun) {
  ResponseSample sample;
  for (int run = 0; run < 40; ++run) {
    std::string text = "This is how it begins.";
    while (text.size() < ResponseSample::kMostBytes) text += words_of(run);
    say(sample, text + " And never again.");
  }
  EXPECT_EQ(sample.runs().size(), 16u);
  const PhraseTable table(sample);
  const auto begins = std::find_if(
      table.entries().begin(), table.entries().end(),
      [&](const auto& entry) { return table.text_of(entry) == "this is how it begins"; });
  ASSERT_NE(begins, table.entries().end());
  EXPECT_EQ(begins->count, 16u);
}

TEST(SharedPhrases, AreFoundHoweverManyThereAre) {
  ResponseSample one;
  ResponseSample two;
  ResponseSample three;
  for (int run = 0; run < 10; ++run) {
    say(one, words_of(run % 5) + "\nwe are so glad");
    say(two, words_of(run % 5) + "\nwe are so glad");
    say(three, words_of(run % 5));
  }
  const PhraseTable a(one);
  const PhraseTable b(two);
  const PhraseTable c(three);
  const PhraseTable* others[] = {&c};
  const auto phrases = shared_phrases(a, b, others, 2);
  ASSERT_FALSE(phrases.empty());
  EXPECT_NE(phrases[0].text.find("we are so glad"), std::string::npos) << phrases[0].text;
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
