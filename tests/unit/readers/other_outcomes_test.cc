#include "agentecho/readers/other_outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::parse;
using testing::Parsed;

Parsed parse_with(const std::string& members) {
  return parse("{" + members + R"(,"messages":[{"role":"assistant","content":"hi"}]})");
}

std::vector<std::string> unread(const Parsed& parsed) {
  std::vector<std::string> all;
  for (const UnreadData& one : parsed.record.notes.unread) all.push_back(one.what);
  return all;
}

std::string otherwise(const std::string& key, const std::string& counts) {
  return "record member `" + key + "`, which says otherwise than `" + counts + "`,";
}

TEST(Contradictions, AreNamedWhereverOutcomesAreLookedFor) {
  const struct {
    const char* members;
    double reward;
    const char* key;
    const char* counts;
  } cases[] = {
      {R"("success":true,"evaluation":{"success":false})", 1, "evaluation.success", "success"},
      {R"("evaluation":{"passed":true},"success":false)", 0, "evaluation.passed", "success"},
      {R"("success":true,"info":{"judge":{"passed":false}})", 1, "info.judge.passed", "success"},
      {R"("info":{"reward":1,"success":false})", 1, "info.success", "info.reward"},
      {R"("metrics":{"score":1.0,"passed":false})", 1, "metrics.passed", "metrics.score"},
      {R"("reward":1.0,"info":{"reward":0.0})", 1, "info.reward", "reward"},
      {R"("reward_info":{"reward":1,"success":false})", 1, "reward_info.success",
       "reward_info.reward"},
      {R"("reward_info":{"reward":0},"success":true)", 0, "success", "reward_info.reward"},
      {R"("reward":1.0,"verdict":"FAIL")", 1, "verdict", "reward"},
      {R"("success":true,"status":"failed")", 1, "status", "success"},
      {R"("success":true,"result":"FAILED: no refund")", 1, "result", "success"},
      {R"("result":"failed","evaluation":{"score":1.0})", 1, "result", "evaluation.score"},
      {R"("success":true,"grade":"I")", 1, "grade", "success"},
      {R"("success":true,"score":{"value":0})", 1, "score.value", "success"},
      {R"("success":true,"metrics":{"passed":0,"failed":4})", 1, "metrics.passed", "success"},
      {R"("success":true,"report":{"is_failure":true})", 1, "report.is_failure", "success"}};
  for (const auto& one : cases) {
    const Parsed parsed = parse_with(one.members);
    EXPECT_EQ(parsed.t.reward, one.reward) << one.members;
    EXPECT_THAT(unread(parsed), ElementsAre(otherwise(one.key, one.counts))) << one.members;
  }
}

TEST(Contradictions, AreNotSeenWhereAMemberMaySpeakOfSomethingElse) {
  for (const std::string members : {
           R"("success":true,"reward":0.5,"metrics":{"score":0.5})",  // how much of it
           R"("success":true,"score":"85 %")",
           R"("success":false,"passed":1,"failed":3)",
           R"("success":false,"rewards":[0,0,1])",  // of steps
           R"("success":false,"info":{"rewards":[0,1]})",
           R"("success":true,"status":"completed")",  // the program's
           R"("reward":0,"status":"success","info":{"status":"ok"})",
           R"("correct":true,"result":"no")",  // an answer
           R"("correct":false,"outcome":"C")",
           R"("success":true,"target":false)",
           R"("reward":1,"metrics":{"accuracy":0,"exact_match":0,"f1":0.3})",  // criteria
           R"("success":true,"scores":{"helpfulness":0,"correctness":0})",
           R"("success":false,"judge":{"score":1})",  // perhaps of 5
           R"("success":true,"info":{"failed":0})",
           R"("success":true,"evaluation":null)",
           R"("call_type":"acompletion","status":"failure","reward":1)",
       }) {
    EXPECT_THAT(unread(parse_with(members)), IsEmpty()) << members;
  }
}

TEST(Contradictions, OfWhatTheUserChoseAreNotNamed) {
  RecordDefaults defaults;
  defaults.success_key = "checked";
  const Parsed parsed =
      parse(R"({"checked":false,"success":true,"messages":[{"role":"assistant","content":"hi"}]})",
            defaults);
  EXPECT_EQ(parsed.t.reward, 0);
  EXPECT_THAT(unread(parsed), IsEmpty());
}

TEST(Contradictions, AreSeenBetweenARecordAndWhatHoldsItsMessages) {
  const Parsed parsed = parse(
      R"({"success":true,"data":{"messages":[{"role":"assistant","content":"hi"}],"reward":0}})");
  EXPECT_EQ(parsed.t.reward, 0);
  EXPECT_THAT(unread(parsed), ElementsAre(otherwise("success", "reward")));
}

TEST(OutcomeCandidates, AreNamedInListsAndObjects) {
  const struct {
    const char* member;
    std::vector<std::string> names;
  } cases[] = {
      {R"("scores":[{"name":"style","value":0},{"name":"accuracy","value":1}])",
       {"scores[].value"}},
      {R"("results":[{"passed":true},{"passed":false}])", {"results[].passed"}},
      {R"("checks":[true,false])", {"checks[]"}},
      {R"("evaluation":[{"criterion":"a","passed":true},{"criterion":"b","passed":false}])",
       {"evaluation[].passed"}},
      {R"("evals":[{"name":"acc","score":1}])", {"evals[].score"}},
      {R"("rubric":[{"criterion":"a","met":true}])", {"rubric[].met"}},
      {R"("graders":{"main":{"passed":true}})", {"graders.main.passed"}},
      {R"("evaluation":{"checks":[true,false]})", {"evaluation.checks[]"}},
      {R"("metrics":{"judge_ok":true})", {"metrics.judge_ok"}},
      {R"("stats":{"reward":1})", {"stats.reward"}},
      {R"("judge_ok":true)", {"judge_ok"}},
      {R"("results":["found it","and that"])", {}},
      {R"("results":[{"tool":"find","output":"x"}])", {}},
      {R"("labels":[-100,3])", {}},
      {R"("steps":[{"reward":0},{"reward":1}])", {}},
      {R"("config":{"metrics":["accuracy"]})", {}},
  };
  for (const auto& one : cases) {
    const Parsed parsed = parse_with(one.member);
    EXPECT_EQ(parsed.t.reward, std::nullopt) << one.member;
    EXPECT_EQ(parsed.record.outcome_candidates, one.names) << one.member;
  }
}

TEST(OutcomeCandidates, AListOfOneScoreCounts) {
  EXPECT_EQ(parse_with(R"("scores":[1])").t.reward, 1);
  EXPECT_EQ(parse_with(R"("scores":[false])").t.reward, 0);
  EXPECT_EQ(parse_with(R"("scores":[{"name":"accuracy","value":0.5}])").t.reward, 0.5);
  EXPECT_EQ(parse_with(R"("scores":[{"name":"style","value":1}])").t.reward, std::nullopt);
  EXPECT_EQ(parse_with(R"("scores":[1,1])").t.reward, std::nullopt);
  EXPECT_EQ(parse_with(R"("scores":[1],"success":false)").t.reward, 0);
}

}  // namespace
}  // namespace agentecho
