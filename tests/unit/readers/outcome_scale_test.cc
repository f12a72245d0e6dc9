#include "agentecho/readers/outcome_scale.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace agentecho {
namespace {

OutcomeScales scales_of(std::string_view key, std::initializer_list<double> numbers) {
  OutcomeScales scales;
  for (const double number : numbers) scales.add(key, number);
  return scales;
}

TEST(OutcomeScales, AreSharesPerCentOrPointsByAllNumbersTogether) {
  EXPECT_EQ(scales_of("score", {0, 0.5, 1}).scale_of("score"), OutcomeScale::kShare);
  EXPECT_EQ(scales_of("score", {-1, 1}).scale_of("score"), OutcomeScale::kShare);
  EXPECT_EQ(scales_of("score", {0, 100}).scale_of("score"), OutcomeScale::kPerCent);
  EXPECT_EQ(scales_of("score", {0, 1, 85}).scale_of("score"), OutcomeScale::kPerCent);
  EXPECT_EQ(scales_of("score", {1, 2, 3, 4, 5}).scale_of("score"), OutcomeScale::kPoints);
  EXPECT_EQ(scales_of("score", {0, 10}).scale_of("score"), OutcomeScale::kPoints);
  EXPECT_EQ(scales_of("score", {-1, 100}).scale_of("score"), OutcomeScale::kPoints);
  EXPECT_EQ(scales_of("score", {0, 340}).scale_of("score"), OutcomeScale::kPoints);
  EXPECT_EQ(scales_of("score", {0, 85}).scale_of("accuracy"), OutcomeScale::kShare);
}

TEST(OutcomeScales, RewardsAreAsTheyAreUnlessAllSpeakForPerCent) {
  EXPECT_EQ(scales_of("reward", {-1, 12}).scale_of("reward"), OutcomeScale::kShare);
  EXPECT_EQ(scales_of("finalReward", {0, 85}).scale_of("finalReward"), OutcomeScale::kShare);
  EXPECT_EQ(scales_of("info.reward", {0, 50, 100}).scale_of("info.reward"), OutcomeScale::kPerCent);
  EXPECT_EQ(scales_of("reward", {0, 0.5, 100}).scale_of("reward"), OutcomeScale::kShare);
}

TEST(OutcomeScales, GiveTheShareThatANumberMeans) {
  const OutcomeScales percent = scales_of("score", {1, 85, 100});
  EXPECT_EQ(percent.share("score", 100), 1.0);
  EXPECT_EQ(percent.share("score", 1), 0.01);
  EXPECT_EQ(percent.share("other", 1), 1.0);
  EXPECT_EQ(scales_of("score", {1, 7}).share("score", 1), std::nullopt);
  EXPECT_EQ(scales_of("reward", {12}).share("reward", 12), 12.0);
}

TEST(OutcomeScales, AreTheSameInAnyOrder) {
  OutcomeScales one = scales_of("score", {0, 1});
  OutcomeScales other = scales_of("score", {85});
  OutcomeScales turned = other;
  turned += one;
  one += other;
  for (const OutcomeScales* scales : {&one, &turned}) {
    EXPECT_EQ(scales->scale_of("score"), OutcomeScale::kPerCent);
    const auto seen = scales->above_one().at("score");
    EXPECT_EQ(seen.runs, 3u);
    EXPECT_EQ(seen.shares, 1u);
    EXPECT_EQ(seen.least, 0);
    EXPECT_EQ(seen.most, 85);
  }
}

TEST(OutcomeScales, ChangeSomethingOnlyWhereANumberMeansLessThanItSeems) {
  EXPECT_FALSE(scales_of("score", {0, 1}).change_anything());
  EXPECT_FALSE(scales_of("score", {0, 100}).change_anything());
  EXPECT_TRUE(scales_of("score", {1, 100}).change_anything());
  EXPECT_TRUE(scales_of("score", {1, 7}).change_anything());
  EXPECT_TRUE(scales_of("reward", {0, 50, 100}).change_anything());
  EXPECT_FALSE(scales_of("reward", {1, 12}).change_anything());
}

}  // namespace
}  // namespace agentecho
