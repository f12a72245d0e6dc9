#include "agentecho/readers/said_outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What members of a record say, as pairs of key and JSON; with what cannot be understood.
struct Record {
  Record(std::initializer_list<RecordMember> members) {
    for (const auto& [key, json] : members) {
      if (may_be_count(key)) outcomes.take_count(key, json);
      if (const auto rank = outcome_rank(key)) outcomes.take(*rank, key, json, odd);
      keys.push_back(key);
    }
  }
  SaidOutcomes::Settled settle(std::string_view named_key = {}) {
    return outcomes.settle(named_key, keys, odd);
  }

  SaidOutcomes outcomes;
  std::vector<std::string_view> keys;
  std::vector<std::string> odd;
};

TEST(SaidOutcomes, NothingSaidIsNothing) {
  Record record{{"note", "\"fine\""}};
  const auto settled = record.settle();
  EXPECT_FALSE(settled.value.has_value());
  EXPECT_THAT(settled.key, IsEmpty());
}

TEST(SaidOutcomes, TheKeyOfTheLeastRankCountsWhateverTheOrder) {
  for (Record record : {Record{{"reward", "0"}, {"success", "true"}},
                        Record{{"success", "true"}, {"reward", "0"}}}) {
    const auto settled = record.settle();
    ASSERT_TRUE(settled.value.has_value());
    EXPECT_EQ(settled.key, "reward");
    EXPECT_EQ(settled.value->share, 0);
    EXPECT_THAT(record.outcomes.contradictions(*settled.value, "messages", record.keys),
                ElementsAre("success"));
  }
}

TEST(SaidOutcomes, RewardInfoCountsBeforeEverythingButARewardOfTheRecord) {
  Record other{{"success", "true"}};
  other.outcomes.take_of_reward_info("reward", "0.0", other.odd);
  EXPECT_EQ(other.settle().key, "reward_info.reward");
  Record own{{"reward", "1"}};
  own.outcomes.take_of_reward_info("reward", "0.0", own.odd);
  const auto settled = own.settle();
  EXPECT_EQ(settled.key, "reward");
  EXPECT_THAT(own.outcomes.contradictions(*settled.value, "messages", own.keys),
              ElementsAre("reward_info.reward"));
}

TEST(SaidOutcomes, TheMemberThatTheUserNamesCountsAlone) {
  Record record{{"reward", "2.5"}};
  record.outcomes.take_named(OutcomeValue{1});
  const auto settled = record.settle("judge_ok");
  EXPECT_TRUE(settled.named);
  EXPECT_EQ(settled.key, "judge_ok");
  EXPECT_EQ(settled.value->share, 1);
  EXPECT_THAT(settled.other_points, ElementsAre(std::pair<std::string, double>("reward", 2.5)));
}

TEST(SaidOutcomes, TheStatusOfAGatewayIsHowItsRequestWent) {
  Record record{{"status", "\"success\""}, {"litellm_call_id", "\"a\""}};
  EXPECT_FALSE(record.settle().value.has_value());
}

TEST(SaidOutcomes, ANumberOfTestsNeedsHowManyThereAre) {
  Record without{{"tests_passed", "3"}};
  EXPECT_FALSE(without.settle().value.has_value());
  EXPECT_THAT(without.odd, ElementsAre("`tests_passed` without how many there are"));
  Record with{{"tests_passed", "3"}, {"tests_total", "4"}};
  const auto settled = with.settle();
  ASSERT_TRUE(settled.value.has_value());
  EXPECT_EQ(settled.value->share, 0.75);
}

TEST(SaidOutcomes, ObjectsAreLookedIntoWhereTheRecordItselfDoesNotSayIt) {
  Record silent{};
  silent.outcomes.take_holder("metrics", R"({"success": true})");
  EXPECT_EQ(silent.settle().key, "metrics.success");
  Record spoken{{"reward", "0"}};
  spoken.outcomes.take_holder("metrics", R"({"success": true})");
  EXPECT_EQ(spoken.settle().key, "reward");
}

TEST(SaidOutcomes, WhatTheObjectOfTheMessagesSaysCountsBehindTheRecord) {
  Record inner{{"reward", "1"}};
  Record outer{};
  outer.outcomes.take_inner("row", inner.outcomes);
  EXPECT_EQ(outer.settle().value, OutcomeValue({1, 1.0}));
  Record contradicted{{"reward", "0"}};
  contradicted.outcomes.take_inner("row", inner.outcomes);
  const auto settled = contradicted.settle();
  EXPECT_EQ(settled.value->share, 0);
  EXPECT_THAT(contradicted.outcomes.contradictions(*settled.value, "row", contradicted.keys),
              ElementsAre("row.reward"));
}

TEST(SaidOutcomes, WhereNoneCountsTheMembersThatMaySayItAreNamed) {
  Record record{};
  RecordMembers members;
  members.flags.push_back({"judge_ok", "true"});
  members.flags.push_back({"messages", "true"});
  EXPECT_FALSE(record.settle().value.has_value());
  EXPECT_THAT(record.outcomes.candidates(members, "messages"), ElementsAre("judge_ok"));
}

}  // namespace
}  // namespace agentecho
