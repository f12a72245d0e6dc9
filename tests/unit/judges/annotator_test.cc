#include "agentecho/judges/annotator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agentecho/judges/request.h"
#include "support/scripted_asker.h"

namespace agentecho::judges {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ScriptedAsker;
using testing::take_apart;

struct Annotated {
  Trajectory trajectory;
  std::vector<rps::Item> items;

  explicit Annotated(Trajectory t) : trajectory(std::move(t)), items(rps::items_of(trajectory)) {}
  rps::AnnotationRequest request() const { return {&trajectory, &items}; }
};

Trajectory service() {
  return TrajectoryBuilder("retail", "1")
      .model("m")
      .system("the policy")
      .user("hello, cancel my order")
      .assistant("May I have your e-mail?", "I must find the user.")
      .user("ann@x.org")
      .call("find_user", {"ann@x.org"}, "user id: ann_1")
      .assistant("Found you. Cancelled.")
      .build();
}

Trajectory talkative(int n) {
  TrajectoryBuilder builder("retail", "2");
  for (int i = 0; i < n; ++i) {
    builder.user("question " + std::to_string(i)).assistant("answer " + std::to_string(i));
  }
  return builder.build();
}

LlmAnnotator annotator(Asker& asker) {
  return LlmAnnotator(rps::default_taxonomy(), {.model = "judge"}, asker);
}

std::string labels(const std::vector<std::pair<int, std::string>>& pairs) {
  nlohmann::json reply = {{"labels", nlohmann::json::array()}};
  for (const auto& [item, stage] : pairs) {
    reply["labels"].push_back({{"item", item}, {"stage", stage}});
  }
  return reply.dump();
}

// Labels every item that the request asks for with `stage`.
std::string label_all(const llm::ChatRequest& request, const std::string& stage) {
  std::vector<std::pair<int, std::string>> pairs;
  for (const std::string& line : take_apart(request.messages[1].content).ours) {
    if (line.starts_with("item ")) pairs.emplace_back(std::stoi(line.substr(5)), stage);
  }
  return labels(pairs);
}

TEST(LlmAnnotator, shows_the_dialogue_and_reads_labels) {
  const Annotated input(service());
  ScriptedAsker asker(labels({{0, "Authentication"}, {2, "Notification"}, {1, "Elicitation"}}));
  const LlmAnnotator llm = annotator(asker);
  const auto answers = llm.annotate({{input.request()}});
  ASSERT_EQ(answers.size(), 1u);
  ASSERT_TRUE(answers[0]);
  EXPECT_THAT(*answers[0], ElementsAre(0, 1, 4));
  EXPECT_EQ(llm.name(), "llm:judge stages/1");
  EXPECT_THAT(asker.purposes, ElementsAre("stages"));
  ASSERT_EQ(asker.requests.size(), 1u);
  const llm::ChatRequest& request = asker.requests[0];
  EXPECT_EQ(request.messages[0].content, stages_prompt().text);
  EXPECT_EQ(request.prompt_version, "stages/1");
  const auto parts = take_apart(request.messages[1].content);
  EXPECT_THAT(parts.ours,
              ElementsAre("Stages: Authentication, Elicitation, Execution, Verification, "
                          "Notification",
                          "Label items 0 to 2.", "user", "item 0 (reasoning)", "item 1 (response)",
                          "user", "tool call", "tool result", "item 2 (response)"));
  EXPECT_EQ(parts.quoted.find("the policy"), std::string::npos);
  EXPECT_THAT(parts.quoted, HasSubstr("find_user("));
  EXPECT_THAT(parts.quoted, HasSubstr("user id: ann_1"));
}

TEST(LlmAnnotator, gives_no_label_where_the_reply_has_none_or_several) {
  const Annotated input(service());
  ScriptedAsker asker(labels(
      {{0, "Execution"}, {0, "Execution"}, {2, "Execution"}, {7, "Execution"}, {-1, "Execution"}}));
  const LlmAnnotator llm = annotator(asker);
  const auto answers = llm.annotate({{input.request()}});
  ASSERT_TRUE(answers[0]);
  EXPECT_THAT(*answers[0], ElementsAre(rps::kNoStage, rps::kNoStage, 2));
  EXPECT_EQ(llm.counts().items, 3u);
  EXPECT_EQ(llm.counts().labelled, 1u);
  EXPECT_EQ(llm.counts().missing, 1u);
  EXPECT_EQ(llm.counts().repeated, 1u);
  EXPECT_EQ(llm.counts().unknown, 2u);
}

TEST(LlmAnnotator, asks_long_trajectories_in_parts) {
  const Annotated input(talkative(95));
  ScriptedAsker asker([](const llm::ChatRequest& request, std::size_t) {
    return label_all(request, "Notification");
  });
  const auto answers = annotator(asker).annotate({{input.request()}});
  EXPECT_EQ(asker.requests.size(), 3u);
  ASSERT_TRUE(answers[0]);
  EXPECT_EQ(answers[0]->size(), 95u);
  EXPECT_THAT(*answers[0], Each(4));
  // The part before is context, without numbers.
  const auto parts = take_apart(asker.requests[1].messages[1].content);
  EXPECT_THAT(parts.ours, Contains("Label items 40 to 79."));
  EXPECT_THAT(parts.ours, Contains("agent (response), not to be labelled"));
  EXPECT_THAT(parts.ours, Not(Contains("item 39 (response)")));
}

TEST(LlmAnnotator, a_part_without_reply_fails_its_trajectory_alone) {
  const Annotated long_one(talkative(50));
  const Annotated short_one(service());
  ScriptedAsker asker(
      [](const llm::ChatRequest& request, std::size_t) { return label_all(request, "Execution"); });
  asker.failing = {1};
  asker.failed_as = llm::OutcomeKind::kSkipped;
  const auto answers = annotator(asker).annotate({{long_one.request(), short_one.request()}});
  ASSERT_EQ(answers.size(), 2u);
  ASSERT_FALSE(answers[0]);
  EXPECT_EQ(answers[0].error().kind, ErrorKind::kBudget);
  EXPECT_TRUE(answers[1]);
}

TEST(LlmAnnotator, nothing_to_label_asks_nothing) {
  const Annotated empty(TrajectoryBuilder().user("hello").call("f").build());
  ScriptedAsker asker("{}");
  const auto answers = annotator(asker).annotate({{empty.request()}});
  EXPECT_THAT(asker.requests, IsEmpty());
  ASSERT_TRUE(answers[0]);
  EXPECT_THAT(*answers[0], IsEmpty());
}

TEST(LlmAnnotator, what_cannot_be_asked_is_an_error_for_all) {
  const Annotated input(service());
  ScriptedAsker asker("{}");
  asker.broken = true;
  const auto answers = annotator(asker).annotate({{input.request(), input.request()}});
  EXPECT_EQ(answers[0].error().kind, ErrorKind::kUsage);
  EXPECT_EQ(answers[1].error().kind, ErrorKind::kUsage);
}

TEST(LlmAnnotator, requests_stay_within_bounds) {
  TrajectoryBuilder builder;
  for (int i = 0; i < 40; ++i) {
    builder.user(std::string(20000, 'u'))
        .assistant(std::string(20000, 'a'), "r" + std::string(9000, '\n') + "r");
    for (int k = 0; k < 30; ++k)
      builder.call("get", {std::string(3000, 'x')}, std::string(3000, 'y'));
  }
  const Annotated input(builder.build());
  ScriptedAsker asker(labels({}));
  annotator(asker).annotate({{input.request()}});
  ASSERT_EQ(asker.requests.size(), 2u);
  for (const llm::ChatRequest& request : asker.requests) {
    EXPECT_LE(request.messages[1].content.size(), kMaxShownBytes + 1000);
    EXPECT_THAT(request.messages[1].content, HasSubstr("messages left out here)"));
    EXPECT_THAT(request.messages[1].content, HasSubstr("bytes left out here)"));
  }
}

TEST(LlmAnnotator, takes_the_taxonomy_it_is_given) {
  const auto taxonomy = rps::parse_taxonomy(R"({"schema_version":1,"stages":["Greeting","Work"]})");
  ASSERT_TRUE(taxonomy);
  const Annotated input(service());
  ScriptedAsker asker(labels({{0, "Work"}, {1, "Greeting"}, {2, "Work"}}));
  const auto answers =
      LlmAnnotator(*taxonomy, {.model = "judge"}, asker).annotate({{input.request()}});
  ASSERT_TRUE(answers[0]);
  EXPECT_THAT(*answers[0], ElementsAre(1, 0, 1));
  EXPECT_THAT(asker.requests[0].schema, HasSubstr(R"(["Greeting","Work"])"));
  ScriptedAsker wrong(labels({{0, "Notification"}}));
  EXPECT_FALSE(LlmAnnotator(*taxonomy, {.model = "judge"}, wrong).annotate({{input.request()}})[0]);
}

}  // namespace
}  // namespace agentecho::judges
