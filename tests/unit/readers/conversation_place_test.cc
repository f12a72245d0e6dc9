#include "agentecho/readers/conversation_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace agentecho {
namespace {

constexpr std::string_view kAsked = R"([{"role": "user", "content": "Where is it?"}])";
constexpr std::string_view kAnswered = R"([{"role": "assistant", "content": "Here."}])";
constexpr std::string_view kWhole =
    R"([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}])";

TEST(ConversationPlace, TheListWithTheLikeliestNameIsTaken) {
  RecordMembers members;
  EXPECT_EQ(list_of_messages(members), nullptr);
  members.lists = {{"numbers", "[1, 2]"}, {"other", kWhole}, {"conversation", kWhole}};
  ASSERT_NE(list_of_messages(members), nullptr);
  EXPECT_EQ(list_of_messages(members)->key, "conversation");
}

TEST(ConversationPlace, AnAnswerIsTakenBeforeWhatWasAsked) {
  RecordMembers members;
  members.lists = {{"query", kAsked}, {"new_items", kAnswered}};
  const RecordMember* const list = list_of_messages(members);
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->key, "new_items");
  const auto before = what_comes_before(*list, members);
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->key, "query");
}

TEST(ConversationPlace, AQuestionComesBeforeAnAnswerThatDoesNotBeginWithIt) {
  RecordMembers members;
  members.unknown = {{"question", "\"Where is it?\""}};
  members.lists = {{"output", kAnswered}};
  EXPECT_EQ(what_comes_before(members.lists[0], members)->key, "question");
  members.lists = {{"output", kWhole}};
  EXPECT_FALSE(what_comes_before(members.lists[0], members).has_value());
  members.lists = {{"messages", kAnswered}};
  EXPECT_FALSE(what_comes_before(members.lists[0], members).has_value());
}

TEST(ConversationPlace, ARequestAndItsAnswerAreOneListUnlessTheAnswerRepeatsIt) {
  const std::string request = R"({"input": )" + std::string(kAsked) + "}";
  const std::string answer = R"({"output": )" + std::string(kAnswered) + "}";
  const std::string whole = R"({"output": )" + std::string(kWhole) + "}";
  const RecordMember both[] = {{"request", request}, {"response", answer}};
  const auto exchange = exchange_in(both);
  ASSERT_TRUE(exchange.has_value());
  EXPECT_EQ(exchange->answer_key, "response");
  EXPECT_EQ(
      exchange->messages,
      R"([{"role": "user", "content": "Where is it?"},{"role": "assistant", "content": "Here."}])");
  const RecordMember repeated[] = {{"request", request}, {"response", whole}};
  EXPECT_EQ(exchange_in(repeated)->messages, kWhole);
  EXPECT_FALSE(exchange_in(std::span(both).first(1)).has_value());
}

TEST(ConversationPlace, APromptInAnObjectIsFound) {
  const std::string prompt = R"({"messages": )" + std::string(kAsked) + "}";
  RecordMembers members;
  members.objects = {{"settings", prompt}};
  EXPECT_FALSE(asked_in_object(members).has_value());
  members.objects = {{"prompt", prompt}};
  EXPECT_EQ(asked_in_object(members)->json, kAsked);
}

TEST(ConversationPlace, WhoSpeaksInAList) {
  EXPECT_TRUE(begins_with_the_user(kWhole));
  EXPECT_FALSE(begins_with_the_user(kAnswered));
  EXPECT_TRUE(begins_with_the_user(R"([{"role": "system"}, {"role": "human"}])"));
  EXPECT_TRUE(is_of_agent_alone(kAnswered));
  EXPECT_FALSE(is_of_agent_alone(kWhole));
}

TEST(ConversationPlace, AStateHoldsAConversationOneLevelDown) {
  const std::string state = R"({"in_memory": {"messages": )" + std::string(kWhole) + "}}";
  EXPECT_TRUE(holds_conversation({"state", state}));
  EXPECT_FALSE(holds_conversation({"elsewhere", state}));
}

TEST(ConversationPlace, ACallHasSomethingInItsMember) {
  EXPECT_TRUE(holds_calls(R"({"a": [{"tool_calls" : [{"id": 1}]}]})"));
  EXPECT_FALSE(holds_calls(R"({"a": [{"tool_calls": []}]})"));
  EXPECT_FALSE(holds_calls(R"({"a": "the \"tool_calls\" of it"})"));
  EXPECT_TRUE(holds_calls(R"([{"type": "tool_use"}])"));
  EXPECT_TRUE(looks_like_results(R"([{"tool_call_id": "1", "output": "ok"}])"));
  EXPECT_FALSE(looks_like_results(R"([{"output": "ok"}])"));
}

TEST(ConversationPlace, TurnsThatAServerKeptAreNoticed) {
  const RecordMember kept[] = {{"request", R"({"previous_response_id": "r1"})"}};
  const RecordMember first[] = {{"request", R"({"previous_response_id": null})"}};
  EXPECT_TRUE(goes_on_from_server(kept));
  EXPECT_FALSE(goes_on_from_server(first));
}

}  // namespace
}  // namespace agentecho
