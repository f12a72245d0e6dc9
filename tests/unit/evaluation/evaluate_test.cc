#include "agentecho/evaluation/evaluate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "agentecho/evaluation/gold_file.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/readers/trajectory_writer.h"
#include "agentecho/trajectory/builder.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

double value_of(const Evaluation& e, const std::string& name, const std::string& subject = {}) {
  for (const GoldFigure& measure : e.measures) {
    if (measure.name == name && measure.subject == subject) return measure.value.value_or(-99);
  }
  return -99;
}

class Evaluate : public ::testing::Test {
 protected:
  Evaluate() {
    std::string lines;
    for (const char* task : {"1", "2"}) {
      lines +=
          to_json_line(
              TrajectoryBuilder("retail", task)
                  .model("m")
                  .trial(0)
                  .reward(1)
                  .user("Hello, I want to give back a lamp.")
                  .assistant(
                      "Gladly. Could you please provide your email address so that I can verify "
                      "your identity?")
                  .user("ann@example.com")
                  .call("find_user_by_email", {"ann@example.com"}, "ann_1")
                  .call("get_user_details", {"ann_1"}, "{\"order\": \"W778\"}")
                  .call("get_order_details", {"W778", "ann@example.com"}, "a lamp")
                  .assistant("I will send the lamp back. Do you confirm (yes/no)?")
                  .user("Yes")
                  .call("return_items", {"W778"}, "done")
                  .assistant("Your return has been processed successfully. Is there anything "
                             "else I can help you with?")
                  .build()) +
          "\n";
    }
    folder_.write("logs/m.jsonl", lines);
  }

  Result<Evaluation> run(GoldKind kind, const std::string& gold) const {
    EvaluateOptions options;
    options.kind = kind;
    options.gold_file = "gold.jsonl";
    options.gold = gold;
    options.load.files = resolve_inputs({{folder_.path(), {}}}).value().files;
    options.load.threads = 1;
    options.bootstrap = {200, 1, 0.95};
    return evaluate(options);
  }

  testing::TempFolder folder_;
};

TEST_F(Evaluate, CountsAgreementOfStages) {
  const auto e = run(
      GoldKind::kStages,
      R"({"file": "logs/m.jsonl", "task": "1", "item": 0, "type": "response", "stage": "Authentication"}
{"file": "logs/m.jsonl", "task": "1", "item": 2, "type": "response", "stage": "notification"}

{"file": "m.jsonl", "task": 2, "item": 0, "stage": "Elicitation"}
{"file": "m.jsonl", "task": "2", "item": 2, "stage": "Notification"}
)");
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->used, 4u);
  EXPECT_EQ(e->tasks, 2u);
  EXPECT_DOUBLE_EQ(value_of(*e, "accuracy"), 3.0 / 4);
  // Expected agreement: 1/4 x 1/2 (Authentication) + 1/2 x 1/2 (Notification) = 3/8.
  EXPECT_DOUBLE_EQ(value_of(*e, "kappa"), (3.0 / 4 - 3.0 / 8) / (1 - 3.0 / 8));
  EXPECT_EQ(e->confusion.count(1, 0),
            1u);  // Elicitation that the annotator takes for Authentication
  ASSERT_TRUE(e->measures[0].interval);
  EXPECT_DOUBLE_EQ(e->measures[0].interval->low, 0.5);  // task 2 alone
  EXPECT_DOUBLE_EQ(e->measures[0].interval->high, 1);   // task 1 alone
}

TEST_F(Evaluate, ProvenanceHasTheLogsThatLabelsNameAndTheBackendInItsRole) {
  folder_.write("logs/other.jsonl", "{}\n");
  const auto e = run(GoldKind::kStages,
                     R"({"file": "m.jsonl", "task": "1", "item": 0, "stage": "Authentication"})");
  ASSERT_TRUE(e) << e.error().message;
  const Provenance provenance = provenance_of(*e);
  ASSERT_EQ(provenance.inputs.size(), 1u);  // nobody labelled the other file
  EXPECT_TRUE(provenance.inputs.front().path.ends_with("logs/m.jsonl"));
  EXPECT_GT(provenance.inputs.front().trajectories, 0u);
  EXPECT_EQ(provenance.annotator(), e->backend);
  EXPECT_EQ(provenance.rps_backend, "");
  EXPECT_EQ(provenance.bootstrap.replicates, 200u);
}

TEST_F(Evaluate, NamesLabelsThatItCannotUse) {
  const auto e = run(GoldKind::kStages,
                     R"({"file": "m.jsonl", "task": "1", "item": 0, "stage": "Authentication"}
{"file": "m.jsonl", "task": "9", "item": 0, "stage": "Authentication"}
{"file": "other.jsonl", "task": "1", "item": 0, "stage": "Authentication"}
{"file": "m.jsonl", "task": "1", "trial": 5, "item": 0, "stage": "Authentication"}
{"file": "m.jsonl", "task": "1", "item": 3, "stage": "Authentication"}
{"file": "m.jsonl", "task": "1", "item": 0, "type": "think", "stage": "Authentication"})");
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->labels, 6u);
  EXPECT_EQ(e->used, 1u);
  EXPECT_EQ(e->without_trajectory, 3u);
  EXPECT_EQ(e->without_item, 2u);
  EXPECT_EQ(e->unused[0], "m.jsonl, task 9");
  EXPECT_FALSE(e->measures[0].interval);  // one task
}

TEST_F(Evaluate, FailsWhenNoLabelCanBeUsed) {
  const auto e = run(
      GoldKind::kEdges,
      R"({"file": "none.jsonl", "task": "1", "src": 0, "dst": 1, "value": "x", "label": true})");
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().kind, ErrorKind::kInput);
  EXPECT_FALSE(run(GoldKind::kStages, ""));
}

TEST_F(Evaluate, JudgesDependenciesByTheirValue) {
  // Calls 1 and 2 depend on each other through the order, not through anything that the user said.
  const auto e =
      run(GoldKind::kEdges,
          R"({"file": "m.jsonl", "task": "1", "src": 0, "dst": 1, "value": "ann_1", "label": true}
{"file": "m.jsonl", "task": "1", "src": 1, "dst": 2, "value": "w778", "label": true}
{"file": "m.jsonl", "task": "1", "src": 1, "dst": 2, "value": "ann@example.com", "label": false}
{"file": "m.jsonl", "task": "2", "src": 1, "dst": 2, "value": "W778", "label": false}
{"file": "m.jsonl", "task": "2", "src": 1, "dst": 4, "value": "W778", "label": true})");
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->used, 4u);
  EXPECT_EQ(e->without_item, 1u);
  EXPECT_DOUBLE_EQ(value_of(*e, "accuracy"), 3.0 / 4);
  EXPECT_DOUBLE_EQ(value_of(*e, "precision"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(value_of(*e, "recall"), 1);
}

TEST_F(Evaluate, ComparesScoresOfPairs) {
  const auto e = run(
      GoldKind::kRps,
      R"({"task": "1", "a": "m.jsonl", "a_items": [0], "b": "m.jsonl", "b_items": [0], "style": 5, "structure": 5, "alignment": 5, "overall": 5}
{"task": "1", "a": "m.jsonl", "a_items": [0], "b": "m.jsonl", "b_items": [1], "style": 2, "structure": 3, "alignment": 2, "overall": 2}
{"task": "2", "a": "m.jsonl", "a_items": [1, 0], "b": "m.jsonl", "b_items": [1], "style": 3, "structure": 3, "alignment": 3, "overall": 3}
{"task": "2", "a": "m.jsonl", "a_items": [7], "b": "m.jsonl", "b_items": [1], "style": 3, "structure": 3, "alignment": 3, "overall": 3})");
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->used, 3u);
  EXPECT_EQ(e->without_item, 1u);
  EXPECT_EQ(e->measures.size(), 12u);
  EXPECT_GT(value_of(*e, "spearman", "overall"), 0);
  EXPECT_GE(value_of(*e, "mae", "style"), 0);
}

TEST_F(Evaluate, RefusesFilesThatFitTwoInputsAndUnknownStages) {
  folder_.write("more/m.jsonl", "{}\n");
  const std::string label =
      R"({"file": "m.jsonl", "task": "1", "item": 0, "stage": "Notification"})";
  EXPECT_FALSE(run(GoldKind::kStages, label));
  EXPECT_FALSE(run(GoldKind::kStages,
                   R"({"file": "logs/m.jsonl", "task": "1", "item": 0, "stage": "Smalltalk"})"));
}

TEST(GoldFile, NamesTheLineThatIsWrong) {
  const std::string good = R"({"file": "f", "task": "1", "item": 0, "stage": "S"})";
  for (const char* bad : {"[]", "{", R"({"file": "f", "task": "1", "item": 0})",
                          R"({"file": "f", "task": "1", "item": -1, "stage": "S"})",
                          R"({"file": 3, "task": "1", "item": 0, "stage": "S"})",
                          R"({"file": "f", "task": "1", "item": 0, "stage": "S", "type": "call"})",
                          R"({"file": "f", "task": "1", "item": 0, "stage": "S", "trial": "x"})"}) {
    const auto labels = parse_gold_stages(good + "\n\n" + bad + "\n");
    ASSERT_FALSE(labels) << bad;
    EXPECT_NE(labels.error().message.find("line 3"), std::string::npos) << labels.error().message;
  }
  EXPECT_EQ(parse_gold_stages(good)->size(), 1u);
  EXPECT_FALSE(parse_gold_pairs(
      R"({"task": "1", "a": "f", "a_items": [0], "b": "f", "b_items": [0], "style": 6, "structure": 3, "alignment": 2, "overall": 2})"));
  EXPECT_FALSE(parse_gold_pairs(
      R"({"task": "1", "a": "f", "a_items": [], "b": "f", "b_items": [0], "style": 5, "structure": 3, "alignment": 2, "overall": 2})"));
}

// Against labels that are not part of the project.
class ReferenceLabels : public ::testing::Test {
 protected:
  Evaluation run(GoldKind kind) {
    const std::string root = AGENTECHO_SOURCE_DIR "/../shared";
    EvaluateOptions options;
    options.kind = kind;
    options.gold_file = fmt::format("{}/gold/{}.jsonl", root, name_of(kind));
    std::ostringstream text;
    text << std::ifstream(options.gold_file).rdbuf();
    options.gold = text.str();
    options.load.files = resolve_inputs({{root + "/corpus", {}}}).value().files;
    options.bootstrap.replicates = 0;
    return evaluate(options).value();
  }

  void SetUp() override {
    if (!std::filesystem::exists(AGENTECHO_SOURCE_DIR "/../shared/gold")) GTEST_SKIP();
  }
};

TEST_F(ReferenceLabels, StagesAreAboveTheirFloor) {
  const Evaluation e = run(GoldKind::kStages);
  EXPECT_EQ(e.used, e.labels);
  EXPECT_GE(value_of(e, "accuracy"), 0.88);
  EXPECT_GE(value_of(e, "kappa"), 0.85);
}

TEST_F(ReferenceLabels, DependenciesAreAboveTheirFloor) {
  const Evaluation e = run(GoldKind::kEdges);
  EXPECT_EQ(e.used, e.labels);
  EXPECT_GE(value_of(e, "accuracy"), 0.95);
}

TEST_F(ReferenceLabels, ScoresAreAboveTheirFloor) {
  const Evaluation e = run(GoldKind::kRps);
  EXPECT_EQ(e.used, e.labels);
  EXPECT_GE(value_of(e, "spearman", "overall"), 0.72);
  EXPECT_LE(value_of(e, "mae", "overall"), 0.60);
  EXPECT_GE(value_of(e, "spearman", "style"), 0.65);
  EXPECT_GE(value_of(e, "spearman", "structure"), 0.74);
}

}  // namespace
}  // namespace agentecho
