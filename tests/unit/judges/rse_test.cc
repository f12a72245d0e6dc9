#include "agentecho/judges/rse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/judges/prompts.h"
#include "agentecho/judges/request.h"
#include "support/scripted_asker.h"

namespace agentecho::judges {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ScriptedAsker;
using testing::take_apart;

using Pair = std::pair<const Trajectory*, const Trajectory*>;

const std::string kReply =
    R"({"similarity":{"style":5,"logic":4,"detail":2,"overall":3},"why":"because"})";

Trajectory talker(const std::string& model, const std::string& words) {
  return TrajectoryBuilder("retail", "1")
      .model(model)
      .user("the user's words")
      .assistant(words, "a thought")
      .call("get_order", {"W1"}, "a result")
      .assistant("Bye from " + model)
      .build();
}

TEST(RseJudge, shows_all_responses_and_nothing_else) {
  const Trajectory a = talker("cedar-1", "Aye.");
  const Trajectory b = talker("birch-2", "Yes.");
  const std::vector<Pair> pairs{{&a, &b}};
  ScriptedAsker asker(kReply);
  const RseJudge judge({.model = "judge"}, asker);
  const auto scores = judge.judge(pairs);
  ASSERT_TRUE(scores[0]);
  EXPECT_EQ(scores[0]->style, 5);
  EXPECT_EQ(scores[0]->logic, 4);
  EXPECT_EQ(scores[0]->detail, 2);
  EXPECT_EQ(scores[0]->overall, 3);
  EXPECT_EQ(judge.name(), "llm:judge rse/1");
  EXPECT_THAT(asker.purposes, ElementsAre("rse"));
  EXPECT_EQ(asker.requests[0].messages[0].content, rse_prompt().text);
  const auto parts = take_apart(asker.requests[0].messages[1].content);
  EXPECT_EQ(parts.quoted, "Aye.\nBye from [model]\nYes.\nBye from [model]\n");
  EXPECT_THAT(parts.ours, ElementsAre("response 1 of 2", "response 2 of 2", "response 1 of 2",
                                      "response 2 of 2"));
}

TEST(RseJudge, without_responses_there_is_nothing_to_ask) {
  const Trajectory a = talker("a", "Aye.");
  const Trajectory silent = TrajectoryBuilder().user("x").call("f").build();
  const std::vector<Pair> pairs{{&a, &silent}, {&a, &a}, {&silent, &silent}};
  ScriptedAsker asker(kReply);
  const auto scores = RseJudge({.model = "judge"}, asker).judge(pairs);
  EXPECT_FALSE(scores[0]);
  EXPECT_TRUE(scores[1]);
  EXPECT_FALSE(scores[2]);
  EXPECT_EQ(asker.requests.size(), 1u);
}

TEST(RseJudge, failures_are_no_scores) {
  const Trajectory a = talker("a", "Aye.");
  const std::vector<Pair> pairs{{&a, &a}, {&a, &a}};
  ScriptedAsker asker(kReply);
  asker.failing = {0};
  auto scores = RseJudge({.model = "judge"}, asker).judge(pairs);
  EXPECT_EQ(scores[0].error().kind, ErrorKind::kFailed);
  EXPECT_TRUE(scores[1]);
  asker.broken = true;
  scores = RseJudge({.model = "judge"}, asker).judge(pairs);
  EXPECT_EQ(scores[1].error().kind, ErrorKind::kUsage);
}

TEST(RseJudge, requests_stay_within_bounds) {
  TrajectoryBuilder builder;
  for (int i = 0; i < 200; ++i) builder.assistant(std::string(5000, 'a'));
  const Trajectory t = builder.build();
  const std::vector<Pair> pairs{{&t, &t}};
  ScriptedAsker asker(kReply);
  RseJudge({.model = "judge"}, asker).judge(pairs);
  const std::string& shown = asker.requests[0].messages[1].content;
  EXPECT_LE(shown.size(), kMaxShownBytes + 1000);
  EXPECT_GE(shown.size(), kMaxShownBytes / 4);
  EXPECT_THAT(shown, HasSubstr("responses left out here)"));
}

}  // namespace
}  // namespace agentecho::judges
