#include "agentecho/metrics/baselines/response_sentences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> sentences_of(const std::vector<std::string>& responses,
                                      const SentenceLimits& limits = {}) {
  TrajectoryBuilder builder;
  for (const std::string& response : responses) builder.assistant(response);
  return response_sentences(builder.build(), limits);
}

TEST(ResponseSentences, EndAtMarksAndLineEnds) {
  EXPECT_THAT(sentences_of({"Hello there. Is it you?  Yes!\nA line\n\nThe rest"}),
              ElementsAre("Hello there.", "Is it you?", "Yes!", "A line", "The rest"));
  EXPECT_THAT(sentences_of({"One.", "Two."}), ElementsAre("One.", "Two."));
  EXPECT_THAT(sentences_of({"He said \"yes.\" (So did I.) **Done.** End"}),
              ElementsAre("He said \"yes.\"", "(So did I.)", "**Done.**", "End"));
  EXPECT_THAT(sentences_of({"Really?! Well... maybe"}),
              ElementsAre("Really?!", "Well...", "maybe"));
}

TEST(ResponseSentences, DoNotEndInsideWordsNumbersOrBeforeTheFirstLetter) {
  EXPECT_THAT(sentences_of({"It costs $12.50 at example.com today."}),
              ElementsAre("It costs $12.50 at example.com today."));
  EXPECT_THAT(sentences_of({"1. Refund it.\n2. Close it."}),
              ElementsAre("1. Refund it.", "2. Close it."));
}

TEST(ResponseSentences, EndAtFullWidthMarks) {
  EXPECT_THAT(sentences_of({"您好。请稍等！好吗？谢谢"}),
              ElementsAre("您好。", "请稍等！", "好吗？", "谢谢"));
}

TEST(ResponseSentences, LeaveOutWhatSaysNothing) {
  EXPECT_THAT(sentences_of({"", " \n\t", "---\n***\n...", "| - |"}), IsEmpty());
  EXPECT_THAT(sentences_of({"\r\nYes.\r\n42\r\n"}), ElementsAre("Yes.", "42"));
}

TEST(ResponseSentences, ComeFromAssistantTextAlone) {
  const Trajectory trajectory = TrajectoryBuilder()
                                    .system("Follow the policy.")
                                    .user("Please help me.")
                                    .assistant("Of course.", "Let me think.")
                                    .call("get_order", {"some argument"}, "A long result.")
                                    .build();
  EXPECT_THAT(response_sentences(trajectory), ElementsAre("Of course."));
}

TEST(ResponseSentences, AreCutByCodePointsAndAlwaysValid) {
  EXPECT_THAT(sentences_of({"äöüß"}, {.sentences = 9, .code_points = 3}), ElementsAre("äöü"));
  EXPECT_THAT(sentences_of({"a\xFF z"}), ElementsAre("a\xEF\xBF\xBD z"));
}

TEST(ResponseSentences, AreSpreadEvenlyWhereThereAreTooMany) {
  std::string text;
  for (char digit = '0'; digit <= '9'; ++digit) text += {'s', digit, '\n'};
  // floor((2k + 1) 10 / 8) = 1, 3, 6, 8
  EXPECT_THAT(sentences_of({text}, {.sentences = 4, .code_points = 400}),
              ElementsAre("s1", "s3", "s6", "s8"));
  EXPECT_THAT(sentences_of({text}, {.sentences = 1, .code_points = 400}), ElementsAre("s5"));
  EXPECT_EQ(sentences_of({text}, {.sentences = 10, .code_points = 400}).size(), 10u);
  EXPECT_EQ(sentences_of({text}, {.sentences = 9, .code_points = 400}).size(), 9u);
  EXPECT_THAT(sentences_of({text}, {.sentences = 0, .code_points = 400}), IsEmpty());
}

TEST(ResponseSentences, StayLinearAndBoundedOnHostileText) {
  std::string marks;
  for (int i = 0; i < 300'000; ++i) marks += "a.) ";
  EXPECT_EQ(sentences_of({marks, std::string(1'000'000, '.'), std::string(1'000'000, ')')}).size(),
            64u);
}

}  // namespace
}  // namespace agentecho
