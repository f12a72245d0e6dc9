#include <gtest/gtest.h>

#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/scoring/intervals.h"
#include "agentecho/scoring/pair_scores.h"
#include "support/verbal_runs.h"

namespace agentecho {
namespace {

using testing::Saying;
using testing::spoken_corpus;
using testing::spoken_run;

const std::string kWarm =
    "Great! I'd be happy to help you with that. Could you please tell me your email?";
const std::string kCold = "Provide the email address on file:\n- email\n- zip code";
const std::string kDone = "Perfect! Your return has been processed. Is there anything else?";

double judged(const TrajectoryFeatures& a, const TrajectoryFeatures& b, rps::StageId stage) {
  return rps::LocalJudge()
      .score(a.verbal->stages->stages[stage], b.verbal->stages->stages[stage])
      .overall;
}

PairScores scored(const Corpus& corpus, const char* a, const char* b, const FamilySet& families) {
  const std::pair<ModelIndex, ModelIndex> pair{*corpus.find_model(a), *corpus.find_model(b)};
  std::vector<ModelIndex> pool;
  for (ModelIndex m = 0; m < corpus.models().size(); ++m) pool.push_back(m);
  return score_pairs(corpus, ToolSplit::make(corpus, pool, {}), std::span(&pair, 1), 1, families)
      .front();
}

Estimates estimates_of(const PairScores& scores, const Corpus& corpus) {
  return estimate(std::span(&scores, 1), corpus.tasks().size(), {0, 1, 0.95}, 1).front();
}

Estimate get(const Estimates& estimates, Score score) {
  return estimates[static_cast<std::size_t>(score)];
}

TEST(RpsOfAPair, IsTheMeanOverTasksOfTheMeanOverSharedStages) {
  // Task 1: stages 0 and 4 on both sides; task 2: stage 0 on both sides, 4 on one side only.
  const auto a1 = spoken_run("A", "1", 0, {{0, kWarm}, {4, kDone}});
  const auto b1 = spoken_run("B", "1", 0, {{0, kCold}, {4, kDone}});
  const auto a2 = spoken_run("A", "2", 0, {{0, kWarm}});
  const auto b2 = spoken_run("B", "2", 0, {{0, kWarm}, {4, kDone}});
  const Corpus corpus = spoken_corpus({a1, b1, a2, b2});
  const PairScores scores = scored(corpus, "A", "B", {Family::kAgs, Family::kRps});
  const Estimates e = estimates_of(scores, corpus);
  const double stage0 = judged(a1, b1, 0);
  const double stage4 = judged(a1, b1, 4);
  const double other = judged(a2, b2, 0);
  ASSERT_LT(stage0, stage4);
  EXPECT_DOUBLE_EQ(*get(e, Score::kOverall).value, ((stage0 + stage4) / 2 + other) / 2);
  EXPECT_DOUBLE_EQ(*get(e, Score::kPooled).value, (stage0 + stage4 + other) / 3);
  EXPECT_EQ(get(e, Score::kCoverage).value, 1.0);
  EXPECT_EQ(get(e, Score::kOverall).n_tasks, 2u);
  EXPECT_EQ(scores.at(0, Column::kSharedStages), 2);
  EXPECT_EQ(scores.at(0, Column::kOneSidedStages), 0);
  EXPECT_EQ(scores.at(1, Column::kSharedStages), 1);
  EXPECT_EQ(scores.at(1, Column::kOneSidedStages), 1);
  EXPECT_EQ(get(e, Score::kBigram).value, std::nullopt);
}

TEST(RpsOfAPair, LeavesOutTasksWithoutASharedStage) {
  const Corpus corpus =
      spoken_corpus({spoken_run("A", "1", 0, {{0, kWarm}}), spoken_run("B", "1", 0, {{4, kDone}}),
                     spoken_run("A", "2", 0, {{0, kWarm}}), spoken_run("B", "2", 0, {{0, kWarm}})});
  const PairScores scores = scored(corpus, "A", "B", {Family::kRps});
  const Estimates e = estimates_of(scores, corpus);
  EXPECT_EQ(scores.tasks.size(), 2u);
  EXPECT_EQ(get(e, Score::kOverall).n_tasks, 1u);
  EXPECT_EQ(get(e, Score::kOverall).value, get(e, Score::kPooled).value);
  EXPECT_EQ(scores.at(0, Column::kOneSidedStages), 2);
}

TEST(RpsOfAPair, WithNothingSaidIsUndefined) {
  const Corpus corpus =
      spoken_corpus({spoken_run("A", "1", 0, {{0, kWarm}}), spoken_run("B", "1", 0, {{4, kDone}})});
  const Estimates e = estimates_of(scored(corpus, "A", "B", {Family::kAgs, Family::kRps}), corpus);
  EXPECT_EQ(get(e, Score::kOverall).value, std::nullopt);
  EXPECT_EQ(get(e, Score::kCoverage).value, std::nullopt);
  EXPECT_EQ(get(e, Score::kSSeq).value, 1.0);
}

TEST(RpsOfAPair, ComparesTrialsOfEqualPlace) {
  // A: warm, cold; B: warm, cold, warm. Compared: warm with warm, cold with cold.
  const auto warm = spoken_run("A", "1", 0, {{0, kWarm}});
  const auto cold = spoken_run("A", "1", 1, {{0, kCold}});
  const Corpus corpus =
      spoken_corpus({warm, cold, spoken_run("B", "1", 0, {{0, kWarm}}),
                     spoken_run("B", "1", 1, {{0, kCold}}), spoken_run("B", "1", 2, {{0, kWarm}})});
  const PairScores scores = scored(corpus, "A", "B", {Family::kAgs, Family::kRps});
  const Estimates e = estimates_of(scores, corpus);
  EXPECT_DOUBLE_EQ(*get(e, Score::kOverall).value,
                   (judged(warm, warm, 0) + judged(cold, cold, 0)) / 2);
  EXPECT_EQ(scores.at(0, Column::kSharedStages), 2);
  EXPECT_EQ(scores.tasks[0].trajectory_pairs, 6u);  // AGS compares each with each
}

TEST(RpsOfAModelWithItself, ComparesEachTrialWithTheNext) {
  const auto warm = spoken_run("A", "1", 0, {{0, kWarm}});
  const auto cold = spoken_run("A", "1", 1, {{0, kCold}});
  const auto warm_again = spoken_run("A", "1", 2, {{0, kWarm}, {4, kDone}});
  const Corpus corpus = spoken_corpus({warm, cold, warm_again});
  const PairScores scores = scored(corpus, "A", "A", {Family::kRps});
  const Estimates e = estimates_of(scores, corpus);
  EXPECT_DOUBLE_EQ(
      *get(e, Score::kOverall).value,
      (judged(warm, cold, 0) + judged(cold, warm_again, 0) + judged(warm_again, warm, 0)) / 3);
  EXPECT_EQ(scores.at(0, Column::kOneSidedStages), 2);
}

TEST(BigramOverlap, IsTheMeanOfTheDiceCoefficientsOfAllTrialPairs) {
  // Bigrams: {a b, b c} with {a b}: 2/3; with {x y}: 0. A run without a bigram has no evidence with
  // its like.
  const Corpus corpus =
      spoken_corpus({spoken_run("A", "1", 0, {{0, "a b c"}}), spoken_run("B", "1", 0, {{0, "a b"}}),
                     spoken_run("B", "1", 1, {{0, "x y"}}), spoken_run("A", "2", 0, {{0, "one"}}),
                     spoken_run("B", "2", 0, {{0, "one"}})});
  const PairScores scores = scored(corpus, "A", "B", {Family::kBigram});
  const Estimate e = get(estimates_of(scores, corpus), Score::kBigram);
  EXPECT_DOUBLE_EQ(*e.value, (2.0 / 3) / 2);
  EXPECT_EQ(e.n_tasks, 1u);
}

TEST(GraphEditSimilarity, CountsEditsOfTheActionGraphs) {
  // p -> q against p -> q -> r: one node and one edge more, of 3 + 5 elements.
  const Corpus corpus = spoken_corpus({spoken_run("A", "1", 0, {{0, kWarm}}, {"p", "q"}),
                                       spoken_run("B", "1", 0, {{0, kWarm}}, {"p", "q", "r"}),
                                       spoken_run("A", "2", 0, {{0, kWarm}}, {}),
                                       spoken_run("B", "2", 0, {{0, kWarm}}, {})});
  const PairScores scores = scored(corpus, "A", "B", {Family::kGed});
  const Estimates e = estimates_of(scores, corpus);
  EXPECT_DOUBLE_EQ(*get(e, Score::kGed).value, 1 - 2.0 / 8);
  EXPECT_EQ(get(e, Score::kGedAtMost).value, get(e, Score::kGed).value);
  EXPECT_EQ(get(e, Score::kGed).n_tasks, 1u);  // two empty graphs are no evidence
  EXPECT_EQ(scores.at(0, Column::kGedExactShare), 1);
}

TEST(Families, DoNotChangeEachOthersScoresAndIntervals) {
  std::vector<TrajectoryFeatures> runs;
  for (int task = 0; task < 9; ++task) {
    const std::string name = std::to_string(task);
    runs.push_back(spoken_run("A", name, 0, {{0, kWarm}, {4, kDone}}, {"get_a", "set_a"}));
    runs.push_back(spoken_run("B", name, 0, {{0, task % 2 == 0 ? kWarm : kCold}},
                              task % 3 == 0 ? std::vector<std::string>{"get_a"}
                                            : std::vector<std::string>{"get_a", "set_a", "get_a"}));
  }
  const Corpus corpus = spoken_corpus(runs);
  const auto estimated = [&](const FamilySet& families, unsigned threads) {
    const PairScores scores = scored(corpus, "A", "B", families);
    return estimate(std::span(&scores, 1), corpus.tasks().size(), {500, 7, 0.9}, threads).front();
  };
  const Estimates all = estimated({Family::kAgs, Family::kRps, Family::kBigram, Family::kGed}, 2);
  for (const Family family : {Family::kAgs, Family::kRps, Family::kBigram, Family::kGed}) {
    const Estimates alone = estimated({family}, 1);
    for (std::size_t s = 0; s < kScores; ++s) {
      if (family_of(static_cast<Score>(s)) != family) continue;
      EXPECT_EQ(alone[s].value, all[s].value) << s;
      ASSERT_EQ(alone[s].interval.has_value(), all[s].interval.has_value()) << s;
      if (!alone[s].interval) continue;
      EXPECT_EQ(alone[s].interval->low, all[s].interval->low) << s;
      EXPECT_EQ(alone[s].interval->high, all[s].interval->high) << s;
    }
  }
  EXPECT_LT(get(all, Score::kOverall).interval->low, get(all, Score::kOverall).interval->high);
}

}  // namespace
}  // namespace agentecho
