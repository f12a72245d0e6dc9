#include "agentecho/study/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agentecho/report/evidence_report.h"
#include "support/corpora.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

EvidenceResults weigh(const Study& study) {
  return weigh_evidence(study, split_of(study.corpus), guess_families(study.corpus));
}

// Random habits, but "u" and "v" decide alike on every task.
Corpus with_twins() {
  Rng rng(11);
  std::vector<PlainRun> runs;
  for (int t = 0; t < 30; ++t) {
    const std::string task = std::string("t").append(std::to_string(t));
    std::vector<std::string> twin{"must"};
    for (const char* tool : {"p", "q", "r"}) {
      if (rng.chance(0.5)) twin.emplace_back(tool);
    }
    for (const char* model : {"k", "l", "m", "n", "u", "v"}) {
      PlainRun run{model, task, {"must"}};
      for (const char* tool : {"p", "q", "r"}) {
        if (rng.chance(0.5)) run.tools.emplace_back(tool);
      }
      if (*model == 'u' || *model == 'v') run.tools = twin;
      runs.push_back(std::move(run));
    }
  }
  return make_corpus(runs);
}

TEST(Evidence, FindsTheTwins) {
  const Corpus corpus = with_twins();
  const Study study = study_of(corpus);
  const EvidenceResults results = weigh(study);
  const PairEvidence& first = results.pairs[by_lineage(results)[0]];
  EXPECT_EQ(corpus.models()[first.a], "u");
  EXPECT_EQ(corpus.models()[first.b], "v");
  EXPECT_GT(*first.lineage.affinity, 2);
  EXPECT_GT(first.lineage.interval->low, 0);
  EXPECT_LT(*first.lineage.p_adjusted, 0.01);
  EXPECT_EQ(results.neighbours[4][0].model, 5u);
  // The twins join first, in every replicate.
  EXPECT_EQ(results.dendrogram.merges[0].left, 4u);
  EXPECT_EQ(results.dendrogram.merges[0].right, 5u);
  EXPECT_EQ(results.support[0], 1.0);
  EXPECT_FALSE(results.habits[0].habits.empty());
}

// It shrinks with the number of tasks, and the interval is that of the same replicates.
TEST(Evidence, TheStandardErrorIsThatOfTheTasksNotTheSpreadOfThePairs) {
  const auto mean_error = [](int tasks) {
    const Corpus corpus = random_corpus(6, tasks, 1);
    const Study study = study_of(corpus, 400);
    const EvidenceResults results = weigh(study);
    double sum = 0;
    for (const PairEvidence& pair : results.pairs) {
      const AffinityEvidence& ags = pair.metrics[study.metrics.at("ags")].affinity;
      sum += *ags.standard_error;
      const double half = (ags.interval->high - ags.interval->low) / 2;
      EXPECT_NEAR(half / *ags.standard_error, 1.96, 0.4);
    }
    return sum / static_cast<double>(results.pairs.size());
  };
  EXPECT_NEAR(mean_error(20) / mean_error(320), 4, 1.2);
}

TEST(Evidence, WithOneMetricLineageIsItsStandardisedAffinity) {
  const Corpus corpus = random_corpus(6, 10, 1);
  const Study study = study_of(corpus, 50);
  const EvidenceResults results = weigh(study);
  const std::size_t ags = *study.metrics.find("ags");
  EXPECT_EQ(results.metrics[ags].weight, 1.0);
  double squares = 0;
  for (const PairEvidence& pair : results.pairs) {
    EXPECT_NEAR(*pair.lineage.affinity, *pair.metrics[ags].standardised, 1e-9);
    EXPECT_NEAR(*pair.lineage.p_value, *pair.metrics[ags].affinity.p_value, 1e-9);
    squares += *pair.lineage.affinity * *pair.lineage.affinity;
  }
  EXPECT_NEAR(squares, 15, 1e-9);  // standard deviations
}

TEST(Evidence, ChannelsWeighEqually) {
  const Corpus corpus = random_corpus(6, 10, 1);
  Study study = study_of(corpus, 50);
  for (const std::size_t part : {0u, 1u}) {  // two stand-ins for wording metrics
    Metric metric = study.metrics.metrics[part];
    metric.slug = "wording" + std::to_string(part);
    metric.channel = MetricChannel::kWording;
    metric.evidence = true;
    study.metrics.metrics.push_back(std::move(metric));
  }
  const EvidenceResults results = weigh(study);
  const std::size_t ags = *study.metrics.find("ags");
  EXPECT_EQ(results.metrics[ags].weight, 0.5);
  EXPECT_EQ(results.metrics[8].weight, 0.25);
  for (const PairEvidence& pair : results.pairs) {
    EXPECT_NEAR(*pair.lineage.affinity,
                0.5 * *pair.metrics[ags].standardised + 0.25 * *pair.metrics[8].standardised +
                    0.25 * *pair.metrics[9].standardised,
                1e-9);
  }
}

TEST(Evidence, ThreeModelsAreTooFew) {
  const Corpus corpus = random_corpus(3, 10, 1);
  const Study study = study_of(corpus, 20);
  const EvidenceResults results = weigh(study);
  EXPECT_EQ(results.no_lineage, Undefined::kTooFew);
  EXPECT_EQ(results.no_clustering, Undefined::kTooFew);
  EXPECT_FALSE(results.pairs[0].lineage.affinity);
  EXPECT_TRUE(results.habits.empty());
  EXPECT_TRUE(results.pairs[0].metrics[3].score.value);  // scores are there all the same
}

TEST(Evidence, AllFailedPoolGivesNoAgsAndSaysSo) {
  std::vector<PlainRun> runs;
  for (const char* model : {"a", "b", "c", "d", "e"}) runs.push_back({model, "t", {"x"}, false});
  const Corpus corpus = make_corpus(runs);
  const Study study = study_of(corpus, 20);
  const EvidenceResults results = weigh(study);
  EXPECT_EQ(results.no_lineage, Undefined::kTooFew);
  const std::string json = report_to_json(evidence_report(study, results), {});
  EXPECT_THAT(json, HasSubstr(R"("lineage": null)"));
  EXPECT_THAT(json, HasSubstr(R"("lineage_reason": "too few values")"));
  EXPECT_THAT(json, HasSubstr("AGS is left out: too few values"));
  EXPECT_THAT(render_report(evidence_report(study, results), {}),
              HasSubstr("not shown: the combined evidence of 0.1 (too few values)"));
}

TEST(Evidence, ConstantScoresGiveNoLineage) {
  std::vector<PlainRun> runs;
  for (const char* model : {"a", "b", "c", "d", "e", "f"}) {
    for (const char* task : {"t1", "t2"}) {
      // Every two models differ on exactly two of the six tools.
      runs.push_back({model, task, {std::string("tool ") + model}});
    }
  }
  const Corpus corpus = make_corpus(runs);
  const Study study = study_of(corpus, 20);
  const EvidenceResults results = weigh(study);
  EXPECT_EQ(results.metrics[*study.metrics.find("ags")].no_affinity, Undefined::kConstant);
  EXPECT_EQ(results.no_lineage, Undefined::kConstant);
}

TEST(Evidence, DisconnectedModelsGiveAReason) {
  std::vector<PlainRun> runs;
  for (const char* model : {"a", "b", "c", "d"}) {
    runs.push_back({model, "t1", {*model < 'c' ? "x" : "y"}});
    runs.push_back({model, "t3", {*model % 2 == 0 ? "x" : "y"}});
  }
  for (const char* model : {"e", "f", "g", "h"}) {
    runs.push_back({model, "t2", {*model < 'g' ? "x" : "y"}});
    runs.push_back({model, "t4", {*model % 2 == 0 ? "x" : "z"}});
  }
  const Corpus corpus = make_corpus(runs);
  const Study study = study_of(corpus, 20);
  const EvidenceResults results = weigh(study);
  EXPECT_EQ(results.no_lineage, Undefined::kDisconnected);
  EXPECT_FALSE(results.pairs[6].metrics[3].score.value);  // a and h
}

TEST(Evidence, IsTheSameForAnyNumberOfThreads) {
  const Corpus corpus = random_corpus(7, 12, 2);
  const Study one = study_of(corpus, 300, 1);
  const Study three = study_of(corpus, 300, 3);
  EXPECT_EQ(report_to_json(evidence_report(one, weigh(one)), {}),
            report_to_json(evidence_report(three, weigh(three)), {}));
}

TEST(SharedHabits, CountTasksAndWhatOthersWouldShare) {
  // x is optional on both tasks. a and b call it on both; of c, d, e only c does, on t1 only.
  std::vector<PlainRun> runs;
  for (const char* task : {"t1", "t2"}) {
    for (const char* model : {"a", "b", "c", "d", "e"}) {
      const bool calls = *model < 'c' || (*model == 'c' && task[1] == '1');
      runs.push_back({model, task, {"must"}});
      if (calls) runs.back().tools.emplace_back("x");
    }
  }
  const Corpus corpus = make_corpus(runs);
  const SharedHabits habits = HabitFinder(corpus, split_of(corpus)).find(0, 1, 10);
  ASSERT_FALSE(habits.habits.empty());
  const SharedHabit& first = habits.habits[0];
  EXPECT_EQ(first.kind, SharedHabit::Kind::kCalls);
  EXPECT_EQ(first.tool, "x");
  EXPECT_EQ(first.tasks, 2u);
  EXPECT_EQ(first.both, 2u);
  EXPECT_DOUBLE_EQ(first.expected, 0);  // no two of c, d, e call x on one task
  EXPECT_DOUBLE_EQ(first.excess, 2);
  EXPECT_THAT(first.rarest, ElementsAre(1u, 0u));  // nobody else does on t2
  EXPECT_EQ(in_words(first),
            "both call x in 2 of 2 tasks where it is optional; two other models in 0.0 on average");

  // d and e avoid it on both tasks. Of the pairs of a, b, c one in three avoids it on t1 0, on t2
  // 0.
  const SharedHabits avoiding = HabitFinder(corpus, split_of(corpus)).find(3, 4, 1);
  EXPECT_EQ(avoiding.habits.at(0).kind, SharedHabit::Kind::kAvoids);
  EXPECT_DOUBLE_EQ(avoiding.habits[0].excess, 2);
}

// With several trials both sides are means of products of shares of trials.
TEST(SharedHabits, CountTasksByTheirSharesOfTrials) {
  std::vector<PlainRun> runs;
  for (const char* task : {"t1", "t2"}) {
    for (const char* model : {"a", "b", "c", "d"}) {
      for (const int trial : {0, 1}) {
        runs.push_back({model, task, {"must"}});
        // b calls x in both trials, the others in one of two.
        if (*model == 'b' || trial == 0) runs.back().tools.emplace_back("x");
      }
    }
  }
  const Corpus corpus = make_corpus(runs);
  const SharedHabits habits = HabitFinder(corpus, split_of(corpus)).find(0, 1, 10);
  ASSERT_FALSE(habits.habits.empty());
  const SharedHabit& first = habits.habits[0];
  EXPECT_EQ(first.tool, "x");
  EXPECT_DOUBLE_EQ(first.together, 2 * 0.5);   // 1/2 times 1, on two tasks
  EXPECT_DOUBLE_EQ(first.expected, 2 * 0.25);  // 1/2 times 1/2
  EXPECT_EQ(in_words(first),
            "both call x in 1 of 2 tasks where it is optional; two other models in 0.5 on average");
}

TEST(SharedHabits, NeedTwoOtherModels) {
  const Corpus corpus = make_corpus({{"a", "t", {"x"}}, {"b", "t", {"x"}}, {"c", "t", {"y"}}});
  EXPECT_TRUE(HabitFinder(corpus, split_of(corpus)).find(0, 1, 10).habits.empty());
}

TEST(SharedHabits, RatesOnOneSideOfAllOthersAreListed) {
  std::vector<PlainRun> runs;
  const std::uint32_t verified[] = {9, 9, 1, 2, 3};
  for (int m = 0; m < 5; ++m) {
    runs.push_back({std::string(1, static_cast<char>('a' + m)), "t", {"x"}});
    runs.back().counts.writes = 10;
    runs.back().counts.verified = verified[m];
  }
  const Corpus corpus = make_corpus(runs);
  const SharedHabits habits = HabitFinder(corpus, split_of(corpus)).find(0, 1, 10);
  ASSERT_EQ(habits.rates.size(), 1u);
  EXPECT_DOUBLE_EQ(habits.rates[0].others_mean, 0.2);
  EXPECT_NEAR(habits.rates[0].others_sd, 0.1, 1e-12);
  EXPECT_EQ(in_words(habits.rates[0]),
            "reads directly after a write: 90 % and 90 %, others 20 % (SD 10)");
}

TEST(DataTables, UndefinedNumbersAreEmptyInCsvAndNullWithReasonInJson) {
  DataTable table;
  table.name = "numbers";
  table.columns = {"model", interval_column("score")};
  DataCell cell = number_cell(0.25);
  cell.interval = Interval{0.125, 0.5};
  table.rows = {{text_cell("a,b"), cell},
                {text_cell("c"), number_cell(std::nullopt, 3, "no task")}};
  EXPECT_EQ(table_to_csv(table),
            "model,score,score_low,score_high\n\"a,b\",0.25,0.125,0.5\nc,,,\n");
  DataReport report;
  report.name = "test";
  report.tables = {table};
  const std::string json = report_to_json(report, {});
  EXPECT_THAT(json, HasSubstr(R"("score_reason": "no task")"));
  EXPECT_THAT(json, HasSubstr(R"("paper_table": null)"));
  EXPECT_THAT(render_report(report, {}), HasSubstr("0.250 [.12 .50]"));
  EXPECT_THAT(render_report(report, {TableStyle::kMarkdown}), HasSubstr("| a,b"));
}

}  // namespace
}  // namespace agentecho
