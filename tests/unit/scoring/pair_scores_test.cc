// The scores of METHOD 3 on corpora small enough to score by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::Estimates;
using testing::estimates_of;
using testing::get;
using testing::run;

std::optional<double> value(const Corpus& corpus, std::string_view a, std::string_view b,
                            std::string_view metric, const MandatoryRule& rule = {}) {
  return get(estimates_of(corpus, a, b, {.rule = rule}), metric).value;
}

TEST(SNode, IsTheShareOfOptionalToolsWithTheSameDecision) {
  // Mandatory: get_m and p. Optional: q, r, s. A and B differ in q only; A and C in all three.
  const Corpus corpus =
      corpus_of({run("A", "1", true, {"get_m", "p", "q"}), run("B", "1", true, {"get_m", "p"}),
                 run("C", "1", true, {"p", "get_m", "r", "s"})});
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_node"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "C", "s_node"), 0);
}

TEST(SNode, CountsWhatAllOfThePoolDidAndNotHowOften) {
  // p is in every successful run, so mandatory.
  const Corpus corpus =
      corpus_of({run("A", "1", true, {"p", "p", "q"}), run("B", "1", true, {"p", "q", "q"}),
                 run("C", "1", true, {"p"})});
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_node"), 1);
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "C", "s_node"), 0);
}

TEST(SNode, FailingRunsShapeNothingAndAreScored) {
  // C fails: its tool x is no optional tool, and it does not stop p from being mandatory.
  const Corpus corpus = corpus_of({run("A", "1", true, {"p", "q"}), run("B", "1", true, {"p", "r"}),
                                   run("C", "1", false, {"x", "q"})});
  const ToolSplit split = ToolSplit::make(corpus, testing::everyone(corpus), {});
  EXPECT_EQ(split.tasks[0].mandatory, std::vector<ToolIndex>{*corpus.find_tool("p")});
  EXPECT_EQ(split.tasks[0].optional,
            (std::vector<ToolIndex>{*corpus.find_tool("q"), *corpus.find_tool("r")}));
  EXPECT_EQ(split.tasks[0].n_successful, 2u);
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "C", "s_node"), 1);
  EXPECT_DOUBLE_EQ(*value(corpus, "B", "C", "s_node"), 0);
}

TEST(SNode, LeavesOutTasksWithoutOptionalTools) {
  const Corpus corpus = corpus_of({run("A", "1", true, {"p", "q"}), run("B", "1", true, {"p"}),
                                   run("A", "2", true, {"p"}), run("B", "2", true, {"p"}),
                                   run("A", "3", false, {"p"}), run("B", "3", false, {"q"})});
  const Estimates estimates = estimates_of(corpus, "A", "B");
  EXPECT_DOUBLE_EQ(*get(estimates, "s_node").value, 0);
  EXPECT_EQ(get(estimates, "s_node").n_tasks, 1u);
  EXPECT_EQ(get(estimates, "s_seq").n_tasks, 3u);
}

TEST(SNode, IsUndefinedWithoutOptionalToolsAnywhere) {
  const Corpus corpus = corpus_of({run("A", "1", true, {"p"}), run("B", "1", true, {"p"})});
  const Estimates estimates = estimates_of(corpus, "A", "B");
  EXPECT_EQ(get(estimates, "s_node").value, std::nullopt);
  EXPECT_EQ(get(estimates, "ags").value, std::nullopt);
  EXPECT_EQ(get(estimates, "calibrated_s_node").value, std::nullopt);
  EXPECT_EQ(get(estimates, "calibrated_ags").value, std::nullopt);
  EXPECT_EQ(get(estimates, "s_seq").value, 1);
}

TEST(SNode, DependsOnThePool) {
  const Corpus corpus = corpus_of(
      {run("A", "1", true, {"p", "q"}), run("B", "1", true, {"p"}), run("C", "1", true, {"r"})});
  const std::vector<ModelIndex> pair = {*corpus.find_model("A"), *corpus.find_model("B")};
  EXPECT_EQ(ToolSplit::make(corpus, pair, {}).tasks[0].optional.size(), 1u);  // q
  EXPECT_EQ(ToolSplit::make(corpus, testing::everyone(corpus), {}).tasks[0].optional.size(), 3u);
  EXPECT_EQ(ToolSplit::make(corpus, {}, {}).tasks[0].n_successful, 0u);
}

TEST(SNode, FollowsTheMandatoryRule) {
  const Corpus corpus =
      corpus_of({run("A", "1", true, {"p", "q", "r"}), run("B", "1", true, {"p", "q"}),
                 run("C", "1", true, {"p", "s"})});
  using Kind = MandatoryRule::Kind;
  // Intersection: optional q r s. None: also p. Frequency 0.6: p and q mandatory.
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_node"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_node", {Kind::kNothing, 1, 1}), 3.0 / 4);
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_node", {Kind::kFrequency, 0.6, 1}), 1.0 / 2);
  // Support 2: only q remains optional.
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "C", "s_node", {Kind::kIntersection, 1, 2}), 0);

  // File: p and s listed for the task; q and r remain.
  std::vector<std::vector<ToolIndex>> listed = {{*corpus.find_tool("p"), *corpus.find_tool("s")}};
  const ToolSplit split =
      ToolSplit::make(corpus, testing::everyone(corpus), {Kind::kFile, 1, 1}, listed);
  EXPECT_EQ(split.tasks[0].optional,
            (std::vector<ToolIndex>{*corpus.find_tool("q"), *corpus.find_tool("r")}));
  // A task that the file does not name has no mandatory tools.
  const ToolSplit unlisted =
      ToolSplit::make(corpus, testing::everyone(corpus), {Kind::kFile, 1, 1});
  EXPECT_TRUE(unlisted.tasks[0].mandatory.empty());
  EXPECT_EQ(unlisted.tasks[0].optional.size(), 4u);
}

TEST(SSeq, IsTheMeanCosineOverTasks) {
  // Task 1: (1,0,0) and (0,1,0): 0. Task 2: both zero: 1. Task 3: one zero: 0. Task 4: 1/sqrt 2.
  const Corpus corpus = corpus_of(
      {run("A", "1", true, {"set_a", "get_a"}), run("B", "1", true, {"get_a", "set_a"}),
       run("A", "2", true, {"get_a"}), run("B", "2", true, {}), run("A", "3", true, {"get_a"}),
       run("B", "3", true, {"get_a", "set_a"}), run("A", "4", true, {"get_a", "set_a", "get_a"}),
       run("B", "4", true, {"get_a", "set_a"})});
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_seq"), (0 + 1 + 0 + 1 / std::sqrt(2.0)) / 4);
}

TEST(Ags, IsTheMeanOfItsThreeParts) {
  const Corpus corpus = corpus_of({run("A", "1", true, {"get_a", "set_a", "get_a", "q"}),
                                   run("B", "1", true, {"get_a", "set_a"})});
  const Estimates e = estimates_of(corpus, "A", "B");
  EXPECT_DOUBLE_EQ(*get(e, "s_node").value, 0);
  EXPECT_DOUBLE_EQ(*get(e, "s_seq").value, 1 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(*get(e, "s_dep").value, 1);
  EXPECT_DOUBLE_EQ(*get(e, "ags").value, (0 + 1 / std::sqrt(2.0) + 1) / 3);
}

TEST(Pairs, AreComparedOnTheTasksThatBothHave) {
  const Corpus corpus = corpus_of({run("A", "1", true, {"p"}), run("A", "2", true, {"q"}),
                                   run("B", "2", true, {"r"}), run("B", "3", true, {"p"})});
  EXPECT_EQ(get(estimates_of(corpus, "A", "B"), "s_seq").n_tasks, 1u);
}

TEST(Pairs, WithoutACommonTaskHaveNoScore) {
  const Corpus corpus = corpus_of({run("A", "1", true, {"p"}), run("B", "2", true, {"p"})});
  for (const auto& [metric, estimate] : estimates_of(corpus, "A", "B")) {
    EXPECT_EQ(estimate.value, std::nullopt);
    EXPECT_EQ(estimate.n_tasks, 0u);
  }
}

TEST(SeveralTrials, AreAveragedOverAllPairsOfThem) {
  // Optional: q. A calls it in one of two trials, B in one of three: agreement in (1*1 + 1*2) of 6.
  const Corpus corpus =
      corpus_of({run("A", "1", true, {"p", "q"}, 0), run("A", "1", true, {"p"}, 1),
                 run("B", "1", true, {"p", "q"}, 0), run("B", "1", true, {"p"}, 1),
                 run("B", "1", false, {"p", "p"}, 2)});
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_node"), 0.5);
  // A with itself: one pair of different trials, which disagree; B: one of three pairs agrees.
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "A", "s_node"), 0);
  EXPECT_DOUBLE_EQ(*value(corpus, "B", "B", "s_node"), 1.0 / 3);
}

TEST(SeveralTrials, TasksWeighEquallyWhateverTheirNumberOfTrials) {
  const Corpus corpus = corpus_of(
      {run("A", "1", true, {"get_a", "set_a"}, 0), run("A", "1", true, {"get_a", "set_a"}, 1),
       run("A", "1", true, {"get_a", "set_a"}, 2), run("B", "1", true, {"get_a", "set_a"}),
       run("A", "2", true, {"get_a", "set_a"}), run("B", "2", true, {"set_a", "get_a"})});
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_seq"), 0.5);
}

TEST(SelfPairs, NeedTwoTrials) {
  const Corpus corpus = corpus_of({run("A", "1", true, {"p"}, 0), run("A", "2", true, {"p"}, 0),
                                   run("A", "2", true, {"q"}, 1)});
  EXPECT_EQ(get(estimates_of(corpus, "A", "A"), "s_seq").n_tasks, 1u);
}

TEST(CalibratedSNode, IsKappaOverAllCells) {
  // Task 1: optional q r. A: q; B: q r. Task 2: optional s. A: s; B: none.
  // Agreement 1 of 3; A calls 2 of 3, B 2 of 3; p_e = 5/9; kappa = (1/3 - 5/9) / (4/9) = -0.5.
  const Corpus corpus =
      corpus_of({run("A", "1", true, {"p", "q"}), run("B", "1", true, {"p", "q", "r"}),
                 run("C", "1", true, {"p"}), run("A", "2", true, {"p", "s"}),
                 run("B", "2", true, {"p"}), run("D", "9", true, {"p"})});
  EXPECT_NEAR(value(corpus, "A", "B", "calibrated_s_node").value(), -0.5, 1e-12);
}

// Small pools (METHOD 3.1): with two models and one run each, optional are exactly the tools on
// which they differ.
TEST(CalibratedSNode, IsUndefinedInAPoolOfFewerThanFourModels) {
  const Corpus corpus = corpus_of(
      {run("A", "1", true, {"p", "q"}), run("B", "1", true, {"p"}), run("C", "9", true, {"p"})});
  EXPECT_EQ(value(corpus, "A", "B", "s_node"), 0);
  EXPECT_EQ(value(corpus, "A", "B", "calibrated_s_node"), std::nullopt);
  EXPECT_EQ(value(corpus, "A", "B", "calibrated_ags"), std::nullopt);
}

TEST(CalibratedSNode, IsUndefinedWhenBothAlwaysDoTheSame) {
  const Corpus corpus =
      corpus_of({run("A", "1", true, {"q"}), run("B", "1", true, {"q"}), run("C", "1", true, {})});
  EXPECT_EQ(value(corpus, "A", "B", "calibrated_s_node"), std::nullopt);
  EXPECT_EQ(value(corpus, "A", "B", "calibrated_ags"), std::nullopt);
  EXPECT_EQ(value(corpus, "A", "B", "s_node"), 1);
}

TEST(CalibratedSNode, OfAModelWithItselfUsesOneRate) {
  // Trials: {q}, {}. One pair of trials: agreement 0; r = (1 + 0) / 2 on both sides; p_e = 0.5.
  const Corpus corpus = corpus_of({run("A", "1", true, {"p", "q"}, 0),
                                   run("A", "1", true, {"p"}, 1), run("B", "9", true, {"p"}),
                                   run("C", "9", true, {"p"}), run("D", "9", true, {"p"})});
  EXPECT_NEAR(value(corpus, "A", "A", "calibrated_s_node").value(), -1, 1e-12);
}

TEST(CalibratedSSeq, LeavesOutTasksWithoutAnyFeatureAndCountsTheRest) {
  // Task 1 has neither writes nor errors on either side. Task 2: r_verify 1 and 0, r_confirm 0, 1.
  // Task 3: writes on one side only.
  const Corpus corpus =
      corpus_of({run("A", "1", true, {"get_a"}), run("B", "1", true, {"get_a"}),
                 run("A", "2", true, {"set_a", "get_a"}), run("B", "2", true, {"set_a", "set_a"}),
                 run("A", "3", true, {"set_a"}), run("B", "3", true, {"get_a"})});
  const Estimates e = estimates_of(corpus, "A", "B");
  EXPECT_EQ(get(e, "calibrated_s_seq").n_tasks, 2u);
  EXPECT_DOUBLE_EQ(*get(e, "calibrated_s_seq").value, (0.5 + 0) / 2);
  // r_reuse and depth are defined with two calls, in task 2 only, and 0 on both sides.
  EXPECT_EQ(get(e, "calibrated_s_dep").n_tasks, 1u);
  EXPECT_DOUBLE_EQ(*get(e, "calibrated_s_dep").value, 1);
}

TEST(CalibratedSSeq, TakesTheMeanOverTrialPairsThatHaveAScore) {
  // Trial 0 of both has no features, so that pair is left out; the other three count.
  const Corpus corpus =
      corpus_of({run("A", "1", true, {"get_a"}, 0), run("A", "1", true, {"set_a", "get_a"}, 1),
                 run("B", "1", true, {"get_a"}, 0), run("B", "1", true, {"set_a", "get_a"}, 1)});
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "calibrated_s_seq"), (0 + 0 + 1) / 3.0);
}

TEST(Scores, CountMoreThanSixtyFourOptionalTools) {
  std::vector<std::string> tools;
  for (int i = 0; i < 130; ++i) tools.push_back("tool_" + std::to_string(i));
  const Corpus corpus =
      corpus_of({run("A", "1", true, tools), run("B", "1", true, {"tool_7", "tool_129"}),
                 run("C", "1", true, {})});
  EXPECT_DOUBLE_EQ(*value(corpus, "A", "B", "s_node"), 2.0 / 130);
  EXPECT_DOUBLE_EQ(*value(corpus, "B", "C", "s_node"), 128.0 / 130);
}

}  // namespace
}  // namespace agentecho
