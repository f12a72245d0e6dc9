#include "agentecho/judges/pair_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/judges/prompts.h"
#include "agentecho/judges/request.h"
#include "support/scripted_asker.h"

namespace agentecho::judges {
namespace {

using testing::block_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::pair_reply;
using testing::ScriptedAsker;
using testing::take_apart;

// Two sides that can be told apart by their words: "alpha" and "beta".
struct Sides {
  Trajectory a = TrajectoryBuilder("retail", "1")
                     .model("cedar-9")
                     .user("hi")
                     .assistant("alpha: I, Cedar-9, look it up.", "alpha thinks of birch-2")
                     .call("get_order", {"W1"}, "shipped")
                     .assistant("alpha done")
                     .build();
  Trajectory b = TrajectoryBuilder("retail", "1")
                     .model("birch-2")
                     .user("hi")
                     .assistant("beta at work")
                     .call("get_order", {"W1"}, "shipped")
                     .build();
  std::vector<rps::Item> a_items = rps::items_of(a);
  std::vector<rps::Item> b_items = rps::items_of(b);
  std::vector<std::uint32_t> a_numbers{0, 1, 2};
  std::vector<std::uint32_t> b_numbers{0};

  rps::BlockPair pair() const {
    return {block_of(a, a_items, a_numbers), block_of(b, b_items, b_numbers)};
  }
};

// 5 when side "alpha" comes first, 1 when it comes second.
std::string favours_first(const llm::ChatRequest& request) {
  const std::string& text = request.messages[1].content;
  return text.find("alpha") < text.find("beta") ? pair_reply(5, 4, 3, 5) : pair_reply(1, 2, 3, 1);
}

TEST(LlmJudge, shows_items_with_their_calls_and_reads_scores) {
  const Sides sides;
  ScriptedAsker asker(pair_reply(5, 4, 3, 2));
  const LlmJudge judge({.model = "judge"}, {}, asker);
  const auto scores = judge.judge({{sides.pair()}});
  ASSERT_EQ(scores.size(), 1u);
  ASSERT_TRUE(scores[0]);
  EXPECT_EQ(scores[0]->style, 5);
  EXPECT_EQ(scores[0]->structure, 4);
  EXPECT_EQ(scores[0]->alignment, 3);
  EXPECT_EQ(scores[0]->overall, 2);
  ASSERT_EQ(asker.requests.size(), 1u);
  EXPECT_THAT(asker.purposes, ElementsAre("pairs"));
  const llm::ChatRequest& request = asker.requests[0];
  EXPECT_EQ(request.messages[0].content, pair_prompt(Framing::kNeutral).text);
  const auto parts = take_apart(request.messages[1].content);
  EXPECT_THAT(parts.ours,
              ElementsAre("Stage: Execution", "item 1 of 3 (reasoning)", "item 2 of 3 (response)",
                          "calls after it", "item 3 of 3 (response)", "item 1 of 1 (response)",
                          "calls after it"));
  EXPECT_THAT(parts.fences,
              ElementsAre("BEGIN side 1", "END side 1", "BEGIN side 2", "END side 2"));
  EXPECT_THAT(parts.quoted, HasSubstr("get_order("));
  EXPECT_THAT(parts.quoted, HasSubstr(" -> shipped"));
}

TEST(LlmJudge, shows_calls_between_items_once) {
  const Trajectory t = TrajectoryBuilder("retail", "1")
                           .user("hi")
                           .assistant("who are you?")
                           .user("ann")
                           .call("find_user", {"ann"}, "Error: not found")
                           .assistant("not found", "it failed")
                           .call("find_again", {"ann"}, "ann_1")
                           .assistant("found")
                           .build();
  const auto items = rps::items_of(t);
  const std::vector<std::uint32_t> all{0, 1, 2, 3};
  const std::vector<std::uint32_t> last{3};
  ScriptedAsker asker(pair_reply(3, 3, 3, 3));
  LlmJudge({.model = "judge"}, {}, asker)
      .judge({{{block_of(t, items, all), block_of(t, items, last)}}});
  const auto parts = take_apart(asker.requests[0].messages[1].content);
  EXPECT_THAT(parts.ours,
              ElementsAre("Stage: Execution", "item 1 of 4 (response)", "calls before it",
                          "item 2 of 4 (reasoning)", "item 3 of 4 (response)", "calls after it",
                          "item 4 of 4 (response)", "calls before it", "item 1 of 1 (response)"));
  EXPECT_THAT(parts.quoted, HasSubstr("who are you?\nfind_user("));
  EXPECT_THAT(parts.quoted, HasSubstr("not found\nfind_again("));
}

TEST(LlmJudge, hides_the_models_names_unless_the_papers_framing_shows_them) {
  const Sides sides;
  ScriptedAsker asker(pair_reply(3, 3, 3, 3));
  LlmJudge({.model = "judge"}, {}, asker).judge({{sides.pair()}});
  const std::string neutral = asker.requests[0].messages[1].content;
  EXPECT_THAT(neutral, HasSubstr("I, [model], look"));
  EXPECT_THAT(neutral, HasSubstr("thinks of [model]"));
  EXPECT_THAT(neutral, Not(HasSubstr("edar-9")));
  EXPECT_THAT(neutral, Not(HasSubstr("birch-2")));

  LlmJudge({.model = "judge"}, {.framing = Framing::kPaper}, asker).judge({{sides.pair()}});
  const llm::ChatRequest& paper = asker.requests[1];
  EXPECT_EQ(paper.messages[0].content, pair_prompt(Framing::kPaper).text);
  EXPECT_THAT(take_apart(paper.messages[1].content).quoted, HasSubstr("cedar-9\n"));
  EXPECT_THAT(paper.messages[1].content, HasSubstr("I, Cedar-9, look"));
}

TEST(LlmJudge, swapping_cancels_a_preference_for_an_order) {
  const Sides sides;
  ScriptedAsker asker(
      [](const llm::ChatRequest& request, std::size_t) { return favours_first(request); });
  const LlmJudge judge({.model = "judge"}, {.swap = true, .repeats = 2}, asker);
  const auto scores = judge.judge({{sides.pair(), {sides.pair().b, sides.pair().a}}});
  ASSERT_TRUE(scores[0]);
  EXPECT_EQ(scores[0]->overall, 3);
  EXPECT_EQ(scores[0]->structure, 3);
  ASSERT_TRUE(scores[1]);
  EXPECT_EQ(scores[1]->overall, 3);
  EXPECT_EQ(asker.requests.size(), 8u);
  EXPECT_THAT(asker.purposes, ElementsAre("pairs"));  // one batch
  EXPECT_EQ(judge.name(), "llm:judge pair-neutral/1 swapped x2");
}

TEST(LlmJudge, each_asking_is_a_question_of_its_own) {
  const Sides sides;
  ScriptedAsker asker(
      [](const llm::ChatRequest& request, std::size_t) { return favours_first(request); });
  const LlmJudge judge({.model = "judge"}, {}, asker);
  const auto straight = judge.judge_once({{sides.pair()}}, {.side_order = 0, .repeat = 0});
  const auto swapped = judge.judge_once({{sides.pair()}}, {.side_order = 1, .repeat = 2});
  EXPECT_EQ(straight[0]->overall, 5);
  EXPECT_EQ(swapped[0]->overall, 1);
  EXPECT_EQ(asker.requests[1].side_order, 1);
  EXPECT_EQ(asker.requests[1].repeat_index, 2);
  EXPECT_LT(asker.requests[1].messages[1].content.find("beta"),
            asker.requests[1].messages[1].content.find("alpha"));
}

TEST(LlmJudge, a_pair_is_scored_only_when_both_orders_have_a_reply) {
  const Sides sides;
  ScriptedAsker asker(
      [](const llm::ChatRequest& request, std::size_t) { return favours_first(request); });
  const LlmJudge judge({.model = "judge"}, {.swap = true, .repeats = 2}, asker);
  // questions: order 0 repeat 0, order 0 repeat 1, order 1 repeat 0, order 1 repeat 1
  asker.failing = {2};
  auto scores = judge.judge({{sides.pair()}});
  ASSERT_TRUE(scores[0]);
  EXPECT_EQ(scores[0]->overall, 3);  // the orders weigh the same, not the replies
  asker.failing = {2, 3};
  scores = judge.judge({{sides.pair()}});
  ASSERT_FALSE(scores[0]);
  EXPECT_EQ(scores[0].error().kind, ErrorKind::kFailed);
  EXPECT_THAT(scores[0].error().message, HasSubstr("refused"));
}

TEST(LlmJudge, a_failure_is_no_score_of_its_pair_alone) {
  const Sides sides;
  ScriptedAsker asker(pair_reply(4, 4, 4, 4));
  asker.failing = {1};
  asker.failed_as = llm::OutcomeKind::kSkipped;
  const LlmJudge judge({.model = "judge"}, {}, asker);
  const auto scores = judge.judge({{sides.pair(), sides.pair(), sides.pair()}});
  EXPECT_TRUE(scores[0]);
  ASSERT_FALSE(scores[1]);
  EXPECT_EQ(scores[1].error().kind, ErrorKind::kBudget);
  EXPECT_TRUE(scores[2]);
  EXPECT_EQ(asker.counts()[0].skipped, 1u);

  asker.broken = true;
  EXPECT_EQ(judge.judge({{sides.pair()}})[0].error().kind, ErrorKind::kUsage);
  asker.broken = false;
  EXPECT_THAT(judge.judge({}), IsEmpty());
}

TEST(LlmJudge, requests_stay_within_bounds_and_say_what_is_left_out) {
  for (const std::string& text : {std::string(3000, 'a'), std::string(3000, '\n') + "x",
                                  std::string(3000, '\x80'), std::string(3000, '\x01')}) {
    TrajectoryBuilder builder("retail", "1");
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < 100; ++i) {
      builder.assistant("x" + text + "x");
      for (int k = 0; k < 20; ++k) builder.call("tool" + text, {text}, text);
      numbers.push_back(i);
    }
    const Trajectory t = builder.build();
    const auto items = rps::items_of(t);
    ASSERT_GE(items.size(), numbers.size());
    ScriptedAsker asker(pair_reply(3, 3, 3, 3));
    const auto block = block_of(t, items, numbers);
    LlmJudge({.model = "judge"}, {}, asker).judge({{{block, block}}});
    const std::string& shown = asker.requests[0].messages[1].content;
    EXPECT_LE(shown.size(), kMaxShownBytes + 1000);
    EXPECT_THAT(shown, HasSubstr("items left out here)"));
    EXPECT_THAT(shown, HasSubstr("calls left out here)"));
    EXPECT_THAT(shown, HasSubstr("bytes left out here)"));
  }
}

}  // namespace
}  // namespace agentecho::judges
