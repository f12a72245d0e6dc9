#include <gtest/gtest.h>

#include "agentecho/metrics/rps/local_judge.h"
#include "support/study.h"
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
      .score(a.verbal->stages->unpacked().stages[stage], b.verbal->stages->unpacked().stages[stage])
      .overall;
}

struct Scored {
  MetricSet metrics;
  PairRows rows;
  std::vector<Estimate> estimates;

  const Estimate& get(std::string_view metric) const { return estimates[metrics.at(metric)]; }
  // A counted column of a task, by its place among the tasks.
  double count(std::size_t task, std::string_view slug) const {
    for (const CountColumn& column : metrics.counts) {
      if (column.slug == slug) return rows.rows[task * metrics.columns() + column.column];
    }
    return -1;
  }
};

Scored scored(const Corpus& corpus, const char* a, const char* b,
              const std::vector<std::string>& names,
              const BootstrapOptions& bootstrap = {0, 1, 0.95}, unsigned threads = 1) {
  const ModelPair pair{*corpus.find_model(a), *corpus.find_model(b)};
  const ToolSplit split = ToolSplit::make(corpus, testing::everyone(corpus), {});
  Study study{corpus, make_metrics(names, {corpus, split}).value(), bootstrap, threads};
  study.metrics.show_details();
  std::vector<PairRows> rows = score_rows(study, std::span(&pair, 1));
  auto estimates = estimate_metrics(study, rows);
  return {study.metrics, std::move(rows.front()), std::move(estimates.front())};
}

TEST(RpsOfAPair, IsTheMeanOverTasksOfTheMeanOverSharedStages) {
  // Task 1: stages 0 and 4 on both sides; task 2: stage 0 on both sides, 4 on one side only.
  const auto a1 = spoken_run("A", "1", 0, {{0, kWarm}, {4, kDone}});
  const auto b1 = spoken_run("B", "1", 0, {{0, kCold}, {4, kDone}});
  const auto a2 = spoken_run("A", "2", 0, {{0, kWarm}});
  const auto b2 = spoken_run("B", "2", 0, {{0, kWarm}, {4, kDone}});
  const Corpus corpus = spoken_corpus({a1, b1, a2, b2});
  const Scored scores = scored(corpus, "A", "B", {"ags", "rps"});
  const double stage0 = judged(a1, b1, 0);
  const double stage4 = judged(a1, b1, 4);
  const double other = judged(a2, b2, 0);
  ASSERT_LT(stage0, stage4);
  EXPECT_DOUBLE_EQ(*scores.get("rps").value, ((stage0 + stage4) / 2 + other) / 2);
  EXPECT_DOUBLE_EQ(*scores.get("rps_pooled").value, (stage0 + stage4 + other) / 3);
  EXPECT_EQ(scores.get("rps_coverage").value, 1.0);
  EXPECT_EQ(scores.get("rps").n_tasks, 2u);
  EXPECT_EQ(scores.count(0, "rps_shared_stages"), 2);
  EXPECT_EQ(scores.count(0, "rps_one_sided_stages"), 0);
  EXPECT_EQ(scores.count(1, "rps_shared_stages"), 1);
  EXPECT_EQ(scores.count(1, "rps_one_sided_stages"), 1);
}

TEST(RpsOfAPair, LeavesOutTasksWithoutASharedStage) {
  const Corpus corpus =
      spoken_corpus({spoken_run("A", "1", 0, {{0, kWarm}}), spoken_run("B", "1", 0, {{4, kDone}}),
                     spoken_run("A", "2", 0, {{0, kWarm}}), spoken_run("B", "2", 0, {{0, kWarm}})});
  const Scored scores = scored(corpus, "A", "B", {"rps"});
  EXPECT_EQ(scores.rows.tasks.size(), 2u);
  EXPECT_EQ(scores.get("rps").n_tasks, 1u);
  EXPECT_EQ(scores.get("rps").value, scores.get("rps_pooled").value);
  EXPECT_EQ(scores.count(0, "rps_one_sided_stages"), 2);
}

TEST(RpsOfAPair, WithNothingSaidIsUndefined) {
  const Corpus corpus =
      spoken_corpus({spoken_run("A", "1", 0, {{0, kWarm}}), spoken_run("B", "1", 0, {{4, kDone}})});
  const Scored scores = scored(corpus, "A", "B", {"ags", "rps"});
  EXPECT_EQ(scores.get("rps").value, std::nullopt);
  EXPECT_EQ(scores.get("rps_coverage").value, std::nullopt);
  EXPECT_EQ(scores.get("s_seq").value, 1.0);
}

TEST(RpsOfAPair, ComparesTrialsOfEqualPlace) {
  // A: warm, cold; B: warm, cold, warm. Compared: warm with warm, cold with cold.
  const auto warm = spoken_run("A", "1", 0, {{0, kWarm}});
  const auto cold = spoken_run("A", "1", 1, {{0, kCold}});
  const Corpus corpus =
      spoken_corpus({warm, cold, spoken_run("B", "1", 0, {{0, kWarm}}),
                     spoken_run("B", "1", 1, {{0, kCold}}), spoken_run("B", "1", 2, {{0, kWarm}})});
  const Scored scores = scored(corpus, "A", "B", {"ags", "rps"});
  EXPECT_DOUBLE_EQ(*scores.get("rps").value, (judged(warm, warm, 0) + judged(cold, cold, 0)) / 2);
  EXPECT_EQ(scores.count(0, "rps_shared_stages"), 2);
  EXPECT_EQ(scores.rows.run_pairs[0], 6u);  // AGS compares each with each
}

TEST(RpsOfAModelWithItself, ComparesEachTrialWithTheNext) {
  const auto warm = spoken_run("A", "1", 0, {{0, kWarm}});
  const auto cold = spoken_run("A", "1", 1, {{0, kCold}});
  const auto warm_again = spoken_run("A", "1", 2, {{0, kWarm}, {4, kDone}});
  const Corpus corpus = spoken_corpus({warm, cold, warm_again});
  const Scored scores = scored(corpus, "A", "A", {"rps"});
  EXPECT_DOUBLE_EQ(
      *scores.get("rps").value,
      (judged(warm, cold, 0) + judged(cold, warm_again, 0) + judged(warm_again, warm, 0)) / 3);
  EXPECT_EQ(scores.count(0, "rps_one_sided_stages"), 2);
}

TEST(BigramOverlap, IsTheMeanOfTheDiceCoefficientsOfAllTrialPairs) {
  // Bigrams: {a b, b c} with {a b}: 2/3; with {x y}: 0. A run without a bigram has no evidence with
  // its like.
  const Corpus corpus =
      spoken_corpus({spoken_run("A", "1", 0, {{0, "a b c"}}), spoken_run("B", "1", 0, {{0, "a b"}}),
                     spoken_run("B", "1", 1, {{0, "x y"}}), spoken_run("A", "2", 0, {{0, "one"}}),
                     spoken_run("B", "2", 0, {{0, "one"}})});
  const Scored scores = scored(corpus, "A", "B", {"bigram"});
  const Estimate& e = scores.get("bigram");
  EXPECT_DOUBLE_EQ(*e.value, (2.0 / 3) / 2);
  EXPECT_EQ(e.n_tasks, 1u);
}

TEST(GraphEditSimilarity, CountsEditsOfTheActionGraphs) {
  // p -> q against p -> q -> r: one node and one edge more, of 3 + 5 elements.
  const Corpus corpus = spoken_corpus({spoken_run("A", "1", 0, {{0, kWarm}}, {"p", "q"}),
                                       spoken_run("B", "1", 0, {{0, kWarm}}, {"p", "q", "r"}),
                                       spoken_run("A", "2", 0, {{0, kWarm}}, {}),
                                       spoken_run("B", "2", 0, {{0, kWarm}}, {})});
  const Scored scores = scored(corpus, "A", "B", {"ged"});
  EXPECT_DOUBLE_EQ(*scores.get("ged").value, 1 - 2.0 / 8);
  EXPECT_EQ(scores.get("ged_at_most").value, scores.get("ged").value);
  EXPECT_EQ(scores.get("ged").n_tasks, 1u);  // two empty graphs are no evidence
  EXPECT_EQ(scores.get("ged_exact_share").value, 1);
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
  const BootstrapOptions bootstrap{500, 7, 0.9};
  const Scored all = scored(corpus, "A", "B", {"ags", "rps", "bigram", "ged"}, bootstrap, 2);
  for (const std::string family : {"ags", "rps", "bigram", "ged"}) {
    const Scored alone = scored(corpus, "A", "B", {family}, bootstrap);
    for (const Metric& metric : alone.metrics.metrics) {
      const Estimate& x = alone.get(metric.slug);
      const Estimate& y = all.get(metric.slug);
      EXPECT_EQ(x.value, y.value) << metric.slug;
      ASSERT_EQ(x.interval.has_value(), y.interval.has_value()) << metric.slug;
      if (!x.interval) continue;
      EXPECT_EQ(x.interval->low, y.interval->low) << metric.slug;
      EXPECT_EQ(x.interval->high, y.interval->high) << metric.slug;
    }
  }
  EXPECT_LT(all.get("rps").interval->low, all.get("rps").interval->high);
}

}  // namespace
}  // namespace agentecho
