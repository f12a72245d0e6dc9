#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/pair_features.h"
#include "agentecho/metrics/rps/stage_profile.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::rps {
namespace {

StageSketch sketch_of(const Trajectory& t) {
  const std::vector<Item> items = items_of(t);
  std::vector<std::uint32_t> all(items.size());
  std::iota(all.begin(), all.end(), 0u);
  return make_stage_sketch(t, items, all);
}

StageSketch said(std::string_view text) {
  return sketch_of(TrajectoryBuilder().user("hello").assistant(text).build());
}

constexpr std::string_view kWarm =
    "Perfect! I found your booking.\n\n**Details:**\n- Seat: window\n- Meal: none\n\nWould you "
    "like "
    "me to change anything?";
constexpr std::string_view kWarmToo =
    "Great! I found your booking.\n\n**Details:**\n- Room: double\n- Breakfast: none\n\nWould you "
    "like me to add anything?";
constexpr std::string_view kDry =
    "The reservation is on file; it has a window seat. State the modification you require.";

TEST(LocalJudge, GivesTheHighestScoreToTheSameText) {
  const LocalJudge judge;
  for (const std::string_view text : {kWarm, kDry}) {
    const PairScore score = judge.score(said(text), said(text));
    EXPECT_GT(score.overall, 4.7);
    EXPECT_GT(score.style, 4.7);
    EXPECT_GT(score.structure, 4.7);
  }
}

TEST(LocalJudge, RanksLikeHabitsAboveUnlikeOnes) {
  const LocalJudge judge;
  const PairScore alike = judge.score(said(kWarm), said(kWarmToo));
  const PairScore unlike = judge.score(said(kWarm), said(kDry));
  EXPECT_GT(alike.overall, unlike.overall + 1);
  EXPECT_GT(alike.style, unlike.style + 1);
  EXPECT_GT(alike.structure, unlike.structure + 1);
}

TEST(LocalJudge, IsSymmetric) {
  const LocalJudge judge;
  const PairScore ab = judge.score(said(kWarm), said(kDry));
  const PairScore ba = judge.score(said(kDry), said(kWarm));
  EXPECT_EQ(ab.overall, ba.overall);
  EXPECT_EQ(ab.alignment, ba.alignment);
}

TEST(LocalJudge, ExplainsItsOverallScoreByHabits) {
  const LocalJudge judge;
  const StageSketch a = said(kWarm);
  const StageSketch b = said(kWarmToo);
  double sum = default_judge_model().overall.intercept;
  double last = 1e9;
  for (const HabitEvidence& evidence : judge.explain(a, b)) {
    const double added = evidence.similarity * evidence.weight;
    EXPECT_LE(added, last);
    last = added;
    sum += added;
  }
  EXPECT_NEAR(std::clamp(sum, 1.0, 5.0), judge.score(a, b).overall, 1e-12);
}

TEST(LocalJudge, StaysOnTheScaleForEmptySketches) {
  const LocalJudge judge;
  const PairScore empty = judge.score(StageSketch{}, StageSketch{});
  const PairScore one_empty = judge.score(StageSketch{}, said(kWarm));
  for (const double value : {empty.overall, one_empty.overall, one_empty.style}) {
    EXPECT_GE(value, 1);
    EXPECT_LE(value, 5);
  }
}

TEST(JudgeModel, NeverPunishesBeingAlike) {
  const JudgeModel& model = default_judge_model();
  for (const ScoreModel* score :
       {&model.style, &model.structure, &model.alignment, &model.overall}) {
    for (const double weight : score->weights) EXPECT_GE(weight, 0);
  }
}

TEST(JudgeModel, SaysWhatIsWrong) {
  EXPECT_FALSE(parse_judge_model("{}"));
  EXPECT_FALSE(parse_judge_model(R"({"schema_version": 1, "scores": {}})"));
  const auto unknown = parse_judge_model(
      R"({"schema_version": 1, "scores": {"style": {"intercept": 1, "weights": {"nope": 1}}}})");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, ::testing::HasSubstr("nope"));
}

TEST(PairFeatures, AreOneForTheSameSketchAndWithinTheUnitInterval) {
  const StageSketch warm = said(kWarm);
  for (const double value : pair_features(warm, warm)) EXPECT_DOUBLE_EQ(value, 1.0);
  for (const double value : pair_features(warm, said(kDry))) {
    EXPECT_GE(value, 0);
    EXPECT_LE(value, 1);
  }
}

TEST(StageSketch, CountsHabitsOfWordsAndCalls) {
  const StageSketch sketch =
      sketch_of(TrajectoryBuilder()
                    .user("hello")
                    .calls({{"get_a", {}, "Error: no"}, {"get_b", {}, "x"}}, "Let me check that.")
                    .call("get_b", {}, "x")
                    .assistant("Perfect! Let me look again.")
                    .user("fine")
                    .build());
  EXPECT_EQ(sketch.count(Count::kResponses), 2);
  EXPECT_EQ(sketch.count(Count::kCalls), 3);
  EXPECT_EQ(sketch.count(Count::kCallMessages), 2);
  EXPECT_EQ(sketch.count(Count::kAnnouncedMessages), 1);
  EXPECT_EQ(sketch.count(Count::kCallErrors), 1);
  EXPECT_EQ(sketch.count(Count::kPromises), 2);
  EXPECT_EQ(sketch.count(Count::kBrokenPromises), 1);
  EXPECT_EQ(sketch.count(Count::kOpensWithEnthusiasm), 1);
}

TEST(StageSketch, SurvivesBeingStored) {
  const StageSketch sketch = said(kWarm);
  const auto back = sketch_from_numbers(to_numbers(sketch));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, sketch);
  std::vector<double> cut = to_numbers(sketch);
  cut.pop_back();
  EXPECT_FALSE(sketch_from_numbers(cut));
  cut = to_numbers(sketch);
  cut[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(sketch_from_numbers(cut));
}

TEST(StageProfile, KeepsStagesApartAndCountsTheUnlabelled) {
  const Trajectory t =
      TrajectoryBuilder().assistant("one").assistant("two").assistant("three").build();
  const StageProfile profile = make_stage_profile(t, items_of(t), {1, kNoStage, 1}, 3);
  EXPECT_FALSE(profile.has(0));
  EXPECT_TRUE(profile.has(1));
  EXPECT_EQ(profile.stages[1].n_items, 2u);
  EXPECT_EQ(profile.unlabelled, 1u);
  const auto back = profile_from_numbers(to_numbers(profile));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, profile);
  EXPECT_FALSE(profile_from_numbers(std::vector<double>{0, 1e9}));
  EXPECT_FALSE(profile_from_numbers({}));
}

TEST(BottomK, IsExactWhileItHoldsAll) {
  BottomK a(8);
  BottomK b(8);
  for (const std::uint64_t v : {1, 2, 3, 4}) a.add(v << 32);
  for (const std::uint64_t v : {3, 4, 5}) b.add(v << 32);
  a.tidy();
  b.tidy();
  const auto both = overlap(a, b);
  ASSERT_TRUE(both);
  EXPECT_DOUBLE_EQ(both->dice, 4.0 / 7.0);
  EXPECT_DOUBLE_EQ(both->containment, 2.0 / 3.0);
  EXPECT_FALSE(overlap(a, BottomK(8)));
}

TEST(BottomK, EstimatesWhenItDoesNot) {
  BottomK a(256);
  BottomK b(256);
  for (std::uint64_t v = 0; v < 20000; ++v) {
    const std::uint64_t hash = (v * 0x9E3779B97F4A7C15u);
    if (v < 15000) a.add(hash);
    if (v >= 5000) b.add(hash);
  }
  a.tidy();
  b.tidy();
  EXPECT_EQ(a.values().size(), 256u);
  EXPECT_NEAR(overlap(a, b)->dice, 2.0 * 10000 / 30000, 0.1);
}

}  // namespace
}  // namespace agentecho::rps
