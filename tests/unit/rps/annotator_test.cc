#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::rps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> stages_of(const Trajectory& t, const LocalAnnotator& annotator) {
  std::vector<std::string> names;
  for (const StageId stage : annotator.label(t, items_of(t))) {
    names.push_back(annotator.taxonomy().stages[stage]);
  }
  return names;
}

TEST(DefaultTaxonomy, HasTheFiveStagesOfThePaper) {
  EXPECT_THAT(default_taxonomy().stages, ElementsAre("Authentication", "Elicitation", "Execution",
                                                     "Verification", "Notification"));
  EXPECT_GT(default_taxonomy().weights.size(), 50u);
}

TEST(LocalAnnotator, FollowsAPlainDialogue) {
  const Trajectory t =
      TrajectoryBuilder()
          .assistant("Good morning! How may I help?")
          .user("I want to give back a lamp.")
          .assistant(
              "Gladly. Could you please provide your email address so that I can verify "
              "your identity?")
          .user("ann@example.com")
          .call("find_user_by_email", {"ann@example.com"}, "ann_1")
          .assistant("Thank you, Ann. Which order is the lamp in?")
          .user("Order 77")
          .calls({{"get_order_details", {"77"}, "{...}"}}, "Let me look up that order.")
          .assistant(
              "Here is what I would submit:\n- Item: lamp\n- Refund: $20\n\nDo you confirm "
              "that you want to proceed? (yes/no)")
          .user("Yes")
          .call("return_items", {"77"}, "ok")
          .assistant(
              "Your return has been processed successfully. You will receive an email. Is "
              "there anything else I can help you with?")
          .user("No, thanks")
          .build();
  EXPECT_THAT(stages_of(t, LocalAnnotator()),
              ElementsAre("Elicitation", "Authentication", "Elicitation", "Execution",
                          "Verification", "Notification"));
}

TEST(LocalAnnotator, FollowsATaxonomyOfTheUser) {
  const auto taxonomy = parse_taxonomy(R"({
    "schema_version": 1,
    "stages": ["Hello", "Work", "Bye"],
    "cues": {"hello": ["good _ morning"], "bye": ["farewell"]},
    "bias": {"Work": 0.5},
    "weights": {"cue.hello": {"Hello": 1}, "cue.bye.last": {"Bye": 1}, "think:kind.think": {"Bye": 9}}
  })");
  ASSERT_TRUE(taxonomy) << taxonomy.error().message;
  const Trajectory t = TrajectoryBuilder()
                           .assistant("Good sunny morning!")
                           .assistant("Farewell is a word. One. Two. Three.")
                           .assistant("One. Farewell!", "no cue")
                           .build();
  EXPECT_THAT(stages_of(t, LocalAnnotator(*taxonomy)), ElementsAre("Hello", "Work", "Bye", "Bye"));
}

TEST(LocalAnnotator, AnswersEachRequestInOrder) {
  const Trajectory one = TrajectoryBuilder().assistant("a").assistant("b").build();
  const Trajectory none;
  const std::vector<Item> items = items_of(one);
  const std::vector<Item> no_items;
  const AnnotationRequest requests[] = {{&none, &no_items}, {&one, &items}};
  const auto answers = LocalAnnotator().annotate(requests);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(answers[0]->empty());
  EXPECT_EQ(answers[1]->size(), 2u);
}

TEST(Taxonomy, SaysWhatIsWrong) {
  const auto message = [](const char* json) {
    const auto taxonomy = parse_taxonomy(json);
    return taxonomy ? std::string("accepted") : taxonomy.error().message;
  };
  EXPECT_THAT(message("["), HasSubstr("not a JSON object"));
  EXPECT_THAT(message(R"({"stages": ["A"]})"), HasSubstr("schema_version"));
  EXPECT_THAT(message(R"({"schema_version": 1, "stages": []})"), HasSubstr("stages"));
  EXPECT_THAT(message(R"({"schema_version": 1, "stages": ["A", "a"]})"), HasSubstr("twice"));
  EXPECT_THAT(message(R"({"schema_version": 1, "stages": ["A"], "bias": {"B": 1}})"),
              HasSubstr("\"B\""));
  EXPECT_THAT(message(R"({"schema_version": 1, "stages": ["A"], "weights": {"cue.x": {"A": 1}}})"),
              HasSubstr("no feature \"cue.x\""));
  EXPECT_THAT(
      message(R"({"schema_version": 1, "stages": ["A"], "weights": {"kind.think": {"A": "1"}}})"),
      HasSubstr("no number"));
  EXPECT_THAT(message(R"({"schema_version": 1, "stages": ["A"], "cues": {"a.b": []}})"),
              HasSubstr("a.b"));
}

TEST(StageFeatures, KnowTheStateOfTheDialogue) {
  const StageFeatureExtractor extractor({});
  const Trajectory t = TrajectoryBuilder()
                           .user("hi 42")
                           .assistant("who are you?")
                           .user("Ann")
                           .call("find_user", {}, "Error: none")
                           .assistant("not found")
                           .user("Bob")
                           .call("find_user", {}, "bob_1")
                           .assistant("found")
                           .build();
  const std::vector<Item> items = items_of(t);
  const auto features = extractor.extract(t, items);
  const auto holds = [&](std::size_t item, std::string_view name) {
    for (const std::uint16_t f : features[item]) {
      if (extractor.names()[f] == name) return true;
    }
    return false;
  };
  EXPECT_TRUE(holds(0, "turn.first"));
  EXPECT_TRUE(holds(0, "user.ident"));
  EXPECT_TRUE(holds(0, "text.asks_late"));
  EXPECT_TRUE(holds(0, "reply.then_lookup"));
  EXPECT_TRUE(holds(1, "state.unidentified"));
  EXPECT_TRUE(holds(1, "before.error"));
  EXPECT_FALSE(holds(1, "state.identified"));
  EXPECT_TRUE(holds(2, "state.identified"));
  EXPECT_TRUE(holds(2, "turn.last"));
}

TEST(CueMatcher, APoliteClosingAsksForNothing) {
  const CueMatcher matcher({{"closing", {"anything else"}}, {"ask", {"please provide"}}});
  TextScan scan;
  CueMatcher::Scratch scratch;
  std::vector<std::uint8_t> held;
  scan_text("It is done. Is there anything else I can do?", scan);
  EXPECT_FALSE(matcher.match(scan, scratch, held).anywhere);
  scan_text("Please provide the number. Anything else?", scan);
  const CueMatcher::Asking asking = matcher.match(scan, scratch, held);
  EXPECT_TRUE(asking.anywhere);
  EXPECT_TRUE(asking.late);
}

}  // namespace
}  // namespace agentecho::rps
