#include "agentecho/corpus/run_habits.h"

#include <gtest/gtest.h>

#include <numeric>

#include "agentecho/corpus/feature_file.h"
#include "agentecho/trajectory/builder.h"
#include "support/feature_lines.h"
#include "support/study.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

Trajectory run(std::string_view said, std::string_view system = "be kind") {
  return TrajectoryBuilder("retail", "1")
      .model("m")
      .system(system)
      .user("hello")
      .assistant(said)
      .build();
}

std::uint32_t total(const std::vector<MarkCount>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0u,
                         [](std::uint32_t sum, const MarkCount& c) { return sum + c.count; });
}

// A call as a log would have it.
Trajectory call(std::string_view id, std::string_view arguments) {
  Trajectory trajectory = TrajectoryBuilder().call("get_order", {"a"}, "x").build();
  trajectory.calls[0].id = id;
  trajectory.calls[0].arguments = arguments;
  return trajectory;
}

std::uint32_t serving(const RunHabits& habits, std::uint32_t mark) {
  for (const MarkCount& c : habits.serving) {
    if (c.mark == mark) return c.count;
  }
  return 0;
}

TEST(RunHabits, CountsWordsAndCourtesy) {
  const RunHabits habits = run_habits(run("Thank you! Please wait."));
  EXPECT_EQ(habits.count(rps::Count::kResponses), 1u);
  EXPECT_EQ(habits.count(rps::Count::kWords), 4u);
  EXPECT_EQ(habits.count(rps::Count::kPolite), 2u);
  EXPECT_EQ(habits.count(rps::Count::kExclamations), 1u);
}

TEST(RunHabits, TellsSystemTextsApart) {
  EXPECT_EQ(run_habits(run("a b")).system_text, run_habits(run("c d")).system_text);
  EXPECT_NE(run_habits(run("a b")).system_text, run_habits(run("a b", "be rude")).system_text);
  EXPECT_EQ(run_habits(TrajectoryBuilder().assistant("hi").build()).system_text, 0u);
}

TEST(RunHabits, SeesTheOrderOfKeysAndTheirSpacing) {
  const RunHabits sorted = run_habits(call("call_1", R"({"a":{"z":1,"b":2},"c":"d, e"})"));
  EXPECT_EQ(serving(sorted, kKeysSorted), 1u);
  EXPECT_EQ(serving(sorted, kUnspaced), 1u);
  const RunHabits unsorted = run_habits(call("call_2", R"({"c": "x\"y", "a": 1})"));
  EXPECT_EQ(serving(unsorted, kKeysUnsorted), 1u);
  EXPECT_EQ(serving(unsorted, kSpaced), 1u);
  const RunHabits single = run_habits(call("call_3", R"({"only":1})"));
  EXPECT_EQ(serving(single, kKeysSorted) + serving(single, kKeysUnsorted), 0u);
}

TEST(RunHabits, GivesIdsOfOneServerOneMark) {
  const auto marks = [](std::string_view id) { return run_habits(call(id, "{}")).serving; };
  EXPECT_EQ(marks("call_abc123"), marks("call_x9y8z7"));
  EXPECT_NE(marks("call_abc123"), marks("toolu_abc12"));
  EXPECT_EQ(marks("functions.get_a:0").size(), 1u);
}

TEST(RunGrams, HoldsOneGramForEachPlaceAndNoDigits) {
  const RunGrams grams = run_grams(run("order 123"));
  EXPECT_EQ(total(grams.grams), 6u);
  EXPECT_EQ(total(grams.openings), 1u);
  EXPECT_EQ(grams.grams, run_grams(run("order   456")).grams);
  EXPECT_NE(grams.grams, run_grams(run("Order 123")).grams);
}

TEST(RunHabits, ComesBackFromAFeatureFile) {
  TrajectoryFeatures features = testing::features_of(run("Let me check order #12 for you."));
  auto verbal = std::make_shared<VerbalFeatures>();
  verbal->habits = run_habits(run("Let me check order #12 for you."));
  verbal->grams = run_grams(run("Let me check order #12 for you."));
  features.verbal = verbal;
  const testing::TempFolder folder;
  const std::string path = folder.write("f.jsonl", to_json_line(features, {}));
  const auto read = testing::read_features(path);
  ASSERT_EQ(read.lines.size(), 1u);
  ASSERT_TRUE(read.lines[0].features.verbal);
  EXPECT_EQ(*read.lines[0].features.verbal, *verbal);
}

TEST(RunHabits, RefusesDamagedNumbers) {
  std::vector<std::uint64_t> numbers = to_numbers(run_habits(run("hi there")));
  EXPECT_TRUE(habits_from_numbers(numbers));
  for (const rps::Count part : {rps::Count::kListed, rps::Count::kSentences, rps::Count::kWords,
                                rps::Count::kWrites, rps::Count::kThinkWords}) {
    std::vector<std::uint64_t> impossible = numbers;
    impossible[1 + static_cast<std::size_t>(part)] = 4'000'000'000;
    EXPECT_FALSE(habits_from_numbers(impossible)) << static_cast<int>(part);
  }
  numbers.pop_back();
  EXPECT_FALSE(habits_from_numbers(numbers));
  EXPECT_FALSE(habits_from_numbers(std::vector<std::uint64_t>{2, 1}));
  EXPECT_FALSE(grams_from_numbers(std::vector<std::uint64_t>{1, 1, kGramBuckets, 1, 0}));
  EXPECT_FALSE(grams_from_numbers(std::vector<std::uint64_t>{1, 1000, 1}));
}

}  // namespace
}  // namespace agentecho
