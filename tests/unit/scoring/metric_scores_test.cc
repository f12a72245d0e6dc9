#include "agentecho/scoring/metric_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "agentecho/corpus/verbal_features.h"
#include "agentecho/scoring/mean_measure.h"
#include "support/corpora.h"
#include "support/study.h"

namespace agentecho {
namespace {

double value(const Study& study, const PairRows& rows, std::string_view metric) {
  return study.metrics.score(study.metrics.at(metric), column_sums(study.metrics, rows)).value();
}

TEST(MetricScores, ChanceComparesOnlyToolsThatAreOptionalInBothTasks) {
  // Optional: on t1 x, y and w, on t2 x and z.
  const Corpus corpus = make_corpus(
      {{"a", "t1", {"x", "y"}}, {"b", "t1", {"w"}}, {"a", "t2", {"x"}}, {"b", "t2", {"z"}}});
  const Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  // On the tasks themselves a and b disagree throughout.
  EXPECT_EQ(value(study, score_rows(study, pairs)[0], "s_node"), 0);
  // a on t1 calls x, b on t2 does not; a on t2 does, b on t1 does not: 0 of 2.
  const auto chance = chance_levels(study, pairs);
  EXPECT_EQ(chance[0][study.metrics.at("s_node")], 0.0);
  // No writes, errors or dependencies anywhere: the convention "both zero" gives 1.
  EXPECT_EQ(chance[0][study.metrics.at("s_seq")], 1.0);
}

TEST(MetricScores, ThereIsNoChanceLevelWithOneTask) {
  const Corpus corpus = make_corpus({{"a", "t1", {"x"}}, {"b", "t1", {"y"}}});
  const Study study = study_of(corpus);
  const auto chance = chance_levels(study, all_pairs(corpus));
  for (const auto& level : chance[0]) EXPECT_FALSE(level);
}

TEST(MetricScores, TasksOfAnotherBenchmarkAreNoChanceLevel) {
  PlainRun other{"b", "t2", {"y"}};
  other.benchmark = "elsewhere";
  const Corpus corpus = make_corpus({{"a", "t1", {"x"}}, {"b", "t1", {"y"}}, other});
  const Study study = study_of(corpus);
  EXPECT_FALSE(chance_levels(study, all_pairs(corpus))[0][study.metrics.at("s_seq")]);
}

TEST(MetricScores, ChanceTakesAllOtherTasksAndLeavesNothingToTheSeed) {
  const Corpus corpus = random_corpus(5, 40, 1);
  Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  const auto chance = chance_levels(study, pairs);
  study.bootstrap.seed += 1;
  const auto again = chance_levels(study, pairs);
  const std::size_t s_seq = study.metrics.at("s_seq");
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    for (const char* slug : {"s_node", "s_seq", "s_dep", "ags"}) {
      const std::size_t m = study.metrics.at(slug);
      EXPECT_NEAR(*chance[p][m], *again[p][m], 1e-12) << slug;
    }
    // By hand: the mean over tasks of the mean over all other tasks.
    double sum = 0;
    std::size_t n = 0;
    std::vector<double> row(2);
    const auto& measure = study.metrics.measures[1];  // of s_seq
    for (const CorpusTrajectory& a : corpus.trajectories()) {
      if (a.model != pairs[p].first) continue;
      double of_task = 0;
      std::size_t others = 0;
      for (const CorpusTrajectory& b : corpus.trajectories()) {
        if (b.model != pairs[p].second || b.task == a.task) continue;
        const auto place = [&](const CorpusTrajectory& t) {
          return static_cast<std::uint32_t>(&t - corpus.trajectories().data());
        };
        const RunPair both[] = {{place(a), place(b)}};
        row.assign(2, 0.0);
        measure.fill(RunPairs(both), row);
        of_task += row[1];
        ++others;
      }
      sum += of_task / static_cast<double>(others);
      ++n;
    }
    EXPECT_NEAR(*chance[p][s_seq], sum / static_cast<double>(n), 1e-12);
  }
}

// By hand, with trials: the mean over tasks of the mean over the pairs with all other tasks, so
// that another task with more trials counts for more.
TEST(MetricScores, ChanceOfCallFrequencyTakesAllOtherTasksToo) {
  std::vector<PlainRun> runs;
  for (int t = 0; t < 15; ++t) {
    const std::string task = "t" + std::to_string(t);
    runs.push_back({"a", task, {"x", t % 2 == 0 ? "y" : "z"}});
    for (int trial = 0; trial <= t % 3; ++trial) runs.push_back({"b", task, {t < 4 ? "x" : "w"}});
  }
  const Corpus corpus = make_corpus(runs);
  double sum = 0;
  for (int t = 0; t < 15; ++t) {
    double dice = 0;
    int pairs = 0;
    for (int other = 0; other < 15; ++other) {
      if (other == t) continue;
      pairs += other % 3 + 1;
      if (other < 4) dice += (other % 3 + 1) * 2.0 / 3;  // x of x and y, or x and z
    }
    sum += dice / pairs;
  }
  Study study = study_of(corpus, 0, 1, {"frequency"});
  for (const std::uint64_t seed : {1u, 2u}) {
    study.bootstrap.seed = seed;
    EXPECT_NEAR(*chance_levels(study, all_pairs(corpus))[0][0], sum / 15, 1e-12) << seed;
  }
}

// Chance is of the runs that the score is of, so neither tasks of one model alone nor which of the
// two comes first moves it.
TEST(MetricScores, ChanceIsOfTheTasksThatBothHaveRunsOf) {
  const auto chance_of = [](const std::vector<PlainRun>& runs) {
    const Corpus corpus = make_corpus(runs);
    const Study study = study_of(corpus);
    return chance_levels(study, all_pairs(corpus))[0][study.metrics.at("s_seq")];
  };
  const auto run = [](const char* model, const std::string& task, std::uint32_t verified) {
    PlainRun result{model, task, {"x"}};
    result.counts.writes = 2;
    result.counts.verified = verified;
    return result;
  };
  std::vector<PlainRun> common;
  for (const auto& [task, a, b] : {std::tuple("t1", 2, 0), {"t2", 0, 2}, {"t3", 1, 2}}) {
    common.push_back(run("a", task, static_cast<std::uint32_t>(a)));
    common.push_back(run("b", task, static_cast<std::uint32_t>(b)));
  }
  const auto chance = chance_of(common);
  ASSERT_TRUE(chance);
  EXPECT_GT(*chance, 0);
  EXPECT_LT(*chance, 1);
  std::vector<PlainRun> more = common;
  for (int i = 0; i < 5; ++i) more.push_back(run("b", "other" + std::to_string(i), 0));
  EXPECT_EQ(chance_of(more), chance);
  for (PlainRun& each : more) {
    if (each.model == "b") each.model = "A";  // now the first
  }
  EXPECT_NEAR(*chance_of(more), *chance, 1e-12);

  std::vector<PlainRun> one_in_common = {common.begin(), common.begin() + 2};
  for (int i = 0; i < 5; ++i) one_in_common.push_back(run("b", "other" + std::to_string(i), 0));
  EXPECT_FALSE(chance_of(one_in_common));
}

TEST(MetricScores, TheIntervalOfSDepAllowsForTasksThatWereNotMet) {
  const Corpus corpus = random_corpus(4, 30, 1);
  const Study study = study_of(corpus, 2000);
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  const auto rows = score_rows(study, pairs);
  const std::size_t s_dep = study.metrics.at("s_dep");
  const auto estimates = estimate_metrics(study, rows);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    std::vector<double> replicates = replicate_scores(study, std::span(rows).subspan(p, 1), s_dep);
    const auto percentiles = percentile_interval(replicates, 0.95);
    EXPECT_LT(estimates[p][s_dep].interval->low, percentiles->low);
    EXPECT_GT(estimates[p][s_dep].interval->high, percentiles->high);
    EXPECT_LE(estimates[p][s_dep].interval->high, 1);
  }
}

TEST(MetricScores, CeilingIsSelfSimilarityAcrossTrials) {
  // Trials of a: {x}, {x}, {y} on tools x, y: agreements of the three pairs 2/2, 0/2, 0/2.
  const Corpus corpus =
      make_corpus({{"a", "t", {"x"}}, {"a", "t", {"x"}}, {"a", "t", {"y"}}, {"b", "t", {"x"}}});
  const Study study = study_of(corpus);
  const std::size_t s_node = study.metrics.at("s_node");
  const auto ceilings = self_similarities(study);
  EXPECT_NEAR(ceilings[0][s_node].value.value(), 1.0 / 3, 1e-12);
  EXPECT_FALSE(ceilings[1][s_node].value);
  EXPECT_FALSE(ceilings[0][s_node].interval);  // one task
}

TEST(MetricScores, PositionLiesBetweenChanceAndCeiling) {
  EXPECT_DOUBLE_EQ(position(0.7, 0.5, 0.9).value(), 0.5);
  EXPECT_DOUBLE_EQ(position(0.4, 0.5, 0.9).value(), -0.25);
  EXPECT_FALSE(position(0.7, 0.9, 0.9));
  EXPECT_FALSE(position(0.7, std::nullopt, 0.9));
  EXPECT_FALSE(position(0.7, 0.5, std::nullopt));
}

TEST(MetricScores, DoNotDependOnThreads) {
  const Corpus corpus = random_corpus(6, 10, 2);
  const Study one = study_of(corpus, 300, 1);
  const Study three = study_of(corpus, 300, 3);
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  EXPECT_EQ(replicate_scores(one, score_rows(one, pairs), 3),
            replicate_scores(three, score_rows(three, pairs), 3));
  EXPECT_EQ(chance_levels(one, pairs), chance_levels(three, pairs));
}

// Columns that repeat are resampled once; each must still be the resample of its own values.
TEST(MetricScores, ReplicatesAreThoseOfEachPairAlone) {
  const Corpus corpus = random_corpus(7, 9, 2);
  const Study study = study_of(corpus, 100, 2);
  const std::vector<PairRows> rows = score_rows(study, all_pairs(corpus));
  const Resampler resampler(corpus.tasks().size(), 100, 7);
  for (const char* name : {"ags", "calibrated_ags"}) {
    const std::size_t metric = study.metrics.at(name);
    const std::vector<double> replicates = replicate_scores(study, rows, metric);
    for (std::size_t r = 0; r < 100; ++r) {
      for (std::size_t p = 0; p < rows.size(); ++p) {
        std::vector<double> sums(study.metrics.columns(), 0.0);
        for (std::size_t t = 0; t < rows[p].tasks.size(); ++t) {
          for (std::size_t c = 0; c < sums.size(); ++c) {
            sums[c] += resampler.count(r, rows[p].tasks[t]) * rows[p].rows[t * sums.size() + c];
          }
        }
        const auto expected = study.metrics.score(metric, sums);
        ASSERT_EQ(expected.has_value(), !std::isnan(replicates[r * rows.size() + p]));
        if (!expected) continue;
        EXPECT_NEAR(replicates[r * rows.size() + p], *expected, 1e-12);
      }
    }
  }
}

TEST(MetricScores, GraphEditDistanceIsAMetricOnRequest) {
  const Corpus corpus = make_corpus({{"a", "t", {"x", "y"}}, {"b", "t", {"x"}}});
  const Study study = study_of(corpus, 0, 1, {"ged"});
  // Two nodes and an edge against one node: one node and one edge are deleted, of 2 + 1 + 1 + 0.
  EXPECT_DOUBLE_EQ(value(study, score_rows(study, all_pairs(corpus))[0], "ged"), 0.5);
}

TEST(MetricScores, PairedTrialsAreTheFirstWithTheFirst) {
  const Corpus corpus = make_corpus({{"a", "t", {"x"}},
                                     {"a", "t", {"x", "x"}},
                                     {"a", "t", {"x"}},
                                     {"b", "t", {"x"}},
                                     {"b", "t", {"x"}}});
  Study study = study_of(corpus, 0, 1, {});
  Measure same = mean_measure([&](RunPair pair) {
    const auto& runs = corpus.trajectories();
    return std::optional(runs[pair.a].trial == runs[pair.b].trial ? 1.0 : 0.0);
  });
  same.paired_trials = true;
  study.metrics.metrics.push_back(mean_metric("same", "same", study.metrics.add(same)));
  const std::vector<ModelPair> pairs = {{0, 1}, {0, 0}};
  const auto rows = score_rows(study, pairs);
  EXPECT_EQ(value(study, rows[0], "same"), 1);
  EXPECT_EQ(value(study, rows[1], "same"), 0);
}

TEST(MetricScores, WordingMetricsCompareVerbalFeatures) {
  const auto verbal = [](std::vector<std::uint64_t> bigrams) {
    VerbalFeatures features;
    rps::StageProfile profile;
    profile.stages.resize(rps::default_taxonomy().stages.size());
    features.stages.emplace(profile);
    features.bigrams = std::move(bigrams);
    return std::make_shared<const VerbalFeatures>(std::move(features));
  };
  const Corpus corpus = make_corpus({{"a", "t", {"x"}, true, {}, "bench", verbal({1, 2, 3})},
                                     {"b", "t", {"x"}, true, {}, "bench", verbal({2, 3, 4})}});
  const Study study = study_of(corpus, 0, 1, {"rps", "bigram"});
  const auto rows = score_rows(study, all_pairs(corpus));
  EXPECT_DOUBLE_EQ(value(study, rows[0], "bigram"), 2.0 * 2 / 6);
  // No stage on either side: no score.
  EXPECT_FALSE(study.metrics.score(study.metrics.at("rps"), column_sums(study.metrics, rows[0])));
}

TEST(MetricScores, AMetricIsAddedAsAMeasureAndAName) {
  const Corpus corpus = make_corpus({{"a", "t", {"x", "y"}}, {"b", "t", {"x"}}});
  Study study = study_of(corpus);
  const std::size_t first = study.metrics.add(mean_measure([&](RunPair pair) {
    const auto& runs = corpus.trajectories();
    return std::optional(runs[pair.a].calls.size() == runs[pair.b].calls.size() ? 1 : 0.25);
  }));
  study.metrics.metrics.push_back(mean_metric("same_length", "length", first));
  EXPECT_DOUBLE_EQ(value(study, score_rows(study, all_pairs(corpus))[0], "same_length"), 0.25);
}

TEST(MetricScores, AModelWithoutAnswersHasNoScoreBesideOneWithMany) {
  std::vector<TrajectoryFeatures> runs;
  for (const char* const model : {"a", "b"}) {
    runs.push_back(testing::run(model, "1", true, {"x", model}));
  }
  runs[0].candidates = {100, 100};
  runs[1].candidates = {2, 0};
  const Corpus corpus = testing::corpus_of(runs);
  const Study study = study_of(corpus);
  const auto rows = score_rows(study, all_pairs(corpus));
  EXPECT_EQ(estimate_metrics(study, rows)[0][study.metrics.at("s_dep")].value, std::nullopt);
}

TEST(MetricScores, WhatRestsOnUnansweredDependenciesIsWithheldFromThePair) {
  std::vector<TrajectoryFeatures> runs;
  for (const char* const model : {"a", "b", "c"}) {
    for (const char* const task : {"1", "2"}) {
      runs.push_back(testing::run(model, task, true, {"x", model}));
      runs.back().candidates = {5, model == std::string("c") ? 0u : 5u};
    }
  }
  const Corpus corpus = testing::corpus_of(runs);
  const ToolSplit split = ToolSplit::make(corpus, testing::everyone(corpus), MandatoryRule());
  const std::vector<std::string> names = {"ags", "ged"};
  const Study study{corpus, make_metrics(names, {corpus, split}).value(), {0, 1, 0.95}, 1};
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  const auto rows = score_rows(study, pairs);
  const auto estimates = estimate_metrics(study, rows);
  const auto chance = chance_levels(study, pairs);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const bool of_c = pairs[p].second == 2;
    for (const char* const slug : {"s_dep", "ags", "calibrated_s_dep", "ged"}) {
      const std::size_t m = study.metrics.at(slug);
      if (!of_c && slug == std::string("calibrated_s_dep")) continue;  // nobody has dependencies
      EXPECT_EQ(estimates[p][m].value.has_value(), !of_c) << slug;
      EXPECT_EQ(estimates[p][m].n_tasks, of_c ? 0u : 2u) << slug;
      EXPECT_EQ(chance[p][m].has_value(), !of_c) << slug;
    }
    EXPECT_TRUE(estimates[p][study.metrics.at("s_node")].value);
    EXPECT_EQ(rows[p].withheld.empty(), !of_c);
  }
}

}  // namespace
}  // namespace agentecho
