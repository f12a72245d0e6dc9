#include "agentecho/study/lineage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "agentecho/base/array_store.h"
#include "agentecho/base/random.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/report/lineage_tables.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::run;

// Seven models of one letter each; on every task each shows each of 40 words by chance, and "b"
// repeats the choice of "a" with probability `repeats`. Markers are kept in `store`, if there is
// one.
std::vector<TrajectoryFeatures> runs_of(const std::string& benchmark, std::size_t tasks,
                                        double repeats, std::uint64_t seed,
                                        ArrayStore* store = nullptr) {
  std::vector<TrajectoryFeatures> runs;
  Rng rng(seed);
  for (std::size_t t = 0; t < tasks; ++t) {
    std::vector<double> rates(40);
    for (double& rate : rates) rate = 0.1 + 0.8 * rng.uniform();
    std::vector<bool> of_a(rates.size());
    for (const char* model : {"a", "b", "c", "d", "e", "f", "g"}) {
      lineage::Markers words;
      for (std::size_t x = 0; x < rates.size(); ++x) {
        bool shows = rng.chance(rates[x]);
        if (*model == 'a') of_a[x] = shows;
        if (*model == 'b' && rng.chance(repeats)) shows = of_a[x];
        if (shows) words.push_back(100 + x);
      }
      auto verbal = std::make_shared<VerbalFeatures>();
      verbal->markers = lineage::RunMarkers{lineage::make_sketch(words, store), {}, {}};
      runs.push_back(run(model, std::to_string(t), true, {"x"}));
      runs.back().task.benchmark = benchmark;
      runs.back().verbal = verbal;
    }
  }
  return runs;
}

std::vector<TrajectoryFeatures> of_models(std::vector<TrajectoryFeatures> runs,
                                          std::string_view models) {
  std::erase_if(runs, [&](const TrajectoryFeatures& run) {
    return models.find(run.model) == std::string_view::npos;
  });
  return runs;
}

DataCell cell(const DataTable& table, std::size_t row, std::string_view column) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].name == column) return table.rows[row][c];
  }
  ADD_FAILURE() << column;
  return {};
}

LineageResults weigh(const Corpus& corpus, std::size_t replicates = 200, unsigned threads = 1) {
  return weigh_lineage(corpus, guess_families(corpus), {{replicates, 1, 0.95}, {}, threads});
}

TEST(Lineage, APairIsNamedByTwoModelsAndNoPattern) {
  const Corpus corpus = corpus_of(runs_of("one", 2, 0.5, 3));
  EXPECT_FALSE(named_pair(corpus, {}, "pair").value());
  EXPECT_EQ(*named_pair(corpus, {"b", "a"}, "pair").value(), ModelPair(1, 0));
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"a"}, {"a", "a"}, {"a", "*"}, {"a", "nobody"}}) {
    const auto pair = named_pair(corpus, wrong, "pair");
    ASSERT_FALSE(pair);
    EXPECT_EQ(pair.error().kind, ErrorKind::kUsage);
  }
}

TEST(Lineage, CohortsAreAllOrOfOneMode) {
  const Corpus corpus = corpus_of(runs_of("one", 2, 0.5, 3));
  EXPECT_TRUE(cohort_kinds(corpus, "all")->empty());
  EXPECT_EQ(*cohort_kinds(corpus, "mode"), guess_modes(corpus));
  EXPECT_FALSE(cohort_kinds(corpus, "neither"));
}

TEST(Lineage, FewTasksHaveNoOdds) {
  const Corpus corpus = corpus_of(runs_of("one", kEnoughForWords - 1, 0.5, 3));
  const LineageResults results = weigh(corpus);
  const LineagePair& first = results.pairs[by_words(results).front()];
  EXPECT_TRUE(first.of(LineageChannel::kWords).z);
  EXPECT_FALSE(first.likelihood_ratio);
}

TEST(Lineage, ThePairThatRepeatsComesFirstWithItsShare) {
  const Corpus corpus = corpus_of(runs_of("one", 40, 0.5, 3));
  const LineageResults results = weigh(corpus);
  const LineagePair& first = results.pairs[by_words(results).front()];
  EXPECT_EQ(corpus.models()[first.a], "a");
  EXPECT_EQ(corpus.models()[first.b], "b");
  const LineageFigures& words = first.of(LineageChannel::kWords);
  EXPECT_NEAR(*words.share, 0.5, 0.05);
  ASSERT_TRUE(words.share_interval);
  EXPECT_LT(words.share_interval->low, 0.5);
  EXPECT_GT(words.share_interval->high, 0.5);
  EXPECT_EQ(words.tasks, 40u);
  EXPECT_EQ(*first.likelihood_ratio, 10);  // capped
  EXPECT_LT(*words.p_strongest, 0.05);
  EXPECT_LE(*words.p_alone, *words.p_strongest);
  // No run has a layout or an action marker: nothing is said, and nothing is 0.
  EXPECT_FALSE(first.of(LineageChannel::kActions).z);
  EXPECT_FALSE(first.of(LineageChannel::kActions).share);
}

// The named pair's place among the pairs of two families other than its own two.
TEST(Lineage, APairNamedBeforehandIsHeldAgainstPairsOfOtherFamilies) {
  const Corpus corpus = corpus_of(runs_of("one", 40, 0.2, 3));
  const auto p_alone = [&](std::vector<std::string> families, std::size_t place) {
    const LineageResults results =
        weigh_lineage(corpus, {std::move(families), false}, {{200, 1, 0.95}, {}, 1});
    const LineagePair& pair = results.pairs[by_words(results)[place]];
    return *pair.of(LineageChannel::kWords).p_alone;
  };
  const std::vector<std::string> alone = {"1", "2", "3", "4", "5", "6", "7"};
  // Seven models: 21 pairs, one of which is the named one itself; strangers with smaller errors
  // than it has count in part.
  EXPECT_LE(p_alone(alone, 0), 1.5 / 21);
  EXPECT_NEAR(p_alone(alone, 10), 11.0 / 21, 0.1);
  EXPECT_GT(p_alone(alone, 20), 0.95);
  // Two families: 12 pairs of two, none of which are strangers to a pair of two.
  const LineageResults two =
      weigh_lineage(corpus, {{"1", "1", "1", "2", "2", "2", "2"}, false}, {{200, 1, 0.95}, {}, 1});
  for (const LineagePair& pair : two.pairs) {
    EXPECT_EQ(pair.of(LineageChannel::kWords).p_alone.has_value(), pair.same_family);
  }
}

TEST(Lineage, BenchmarksAreNormalisedApartAndThenAveraged) {
  std::vector<TrajectoryFeatures> both = runs_of("one", 30, 0.5, 3);
  for (TrajectoryFeatures& f : runs_of("two", 30, 0.5, 4)) both.push_back(std::move(f));
  const Corpus corpus = corpus_of(std::move(both));
  const LineageResults results = weigh(corpus);
  ASSERT_EQ(results.benchmarks.size(), 2u);
  for (const LineagePair& pair : results.pairs) {
    ASSERT_EQ(pair.words_z.size(), 2u);
    EXPECT_NEAR(*pair.of(LineageChannel::kWords).z, (*pair.words_z[0] + *pair.words_z[1]) / 2,
                1e-12);
  }
  const LineagePair& first = results.pairs[by_words(results).front()];
  EXPECT_EQ(rank_in(results, first, 0), 1u);
  EXPECT_EQ(rank_in(results, first, 1), 1u);
  ASSERT_EQ(results.agreements.size(), 1u);
  ASSERT_TRUE(results.agreements[0].words);
  EXPECT_GT(results.agreements[0].words->correlation, 0.3);  // one pair of 21 carries it
}

TEST(Lineage, DomainsOfOneBenchmarkAreOneBenchmark) {
  const auto lead = [](const std::string& other, const std::string& domain) {
    std::vector<TrajectoryFeatures> both = runs_of("one", 30, 0.5, 3);
    for (TrajectoryFeatures& f : runs_of(other, 30, 0.5, 4)) {
      f.task.domain = domain;
      both.push_back(std::move(f));
    }
    const Corpus corpus = corpus_of(std::move(both));
    const LineageResults results = weigh(corpus);
    EXPECT_EQ(results.benchmarks.size(), 2u);
    DataReport report("evidence", "");
    lead_with_lineage(report, corpus, &results, std::nullopt);
    return std::pair(results.pairs.front().of(LineageChannel::kWords).benchmarks,
                     paragraph_of(report.verdict));
  };
  const auto [one, of_domains] = lead("one", "other");
  EXPECT_EQ(one, 1u);
  EXPECT_NE(of_domains.find("tasks of 2 domains of one benchmark, in which"), std::string::npos)
      << of_domains;
  EXPECT_NE(of_domains.find("one benchmark is no replication"), std::string::npos);
  const auto [two, of_benchmarks] = lead("two", "other");
  EXPECT_EQ(two, 2u);
  EXPECT_NE(of_benchmarks.find("tasks of 2 benchmarks, in which"), std::string::npos)
      << of_benchmarks;
}

TEST(Lineage, FeaturesWithoutMarkersAreCountedAndGiveNothing) {
  std::vector<TrajectoryFeatures> runs = runs_of("one", 5, 0, 3);
  for (TrajectoryFeatures& f : runs) f.verbal = nullptr;
  const Corpus corpus = corpus_of(std::move(runs));
  const LineageResults results = weigh(corpus);
  EXPECT_EQ(results.runs_without_markers, 35u);
  for (const LineagePair& pair : results.pairs) EXPECT_FALSE(pair.of(LineageChannel::kWords).z);
}

TEST(Lineage, WhereAllWriteTheSameNothingSaysWhatIsUnusual) {
  std::vector<TrajectoryFeatures> runs = runs_of("one", 25, 0, 3);
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].verbal = runs[i - i % 7].verbal;
  const Corpus corpus = corpus_of(std::move(runs));
  const LineageResults results = weigh(corpus);
  for (const LineagePair& pair : results.pairs) {
    EXPECT_FALSE(pair.of(LineageChannel::kWords).z);
    EXPECT_EQ(pair.of(LineageChannel::kWords).no_z, Undefined::kConstant);
  }
  EXPECT_THAT(lineage_verdict(corpus, results, {}),
              ElementsAre(HasSubstr("all write equally alike")));
  EXPECT_THAT(cell(lineage_table(corpus, results), 0, "words_z").reason,
              HasSubstr("equally alike"));
  // Nor is there a z in any world of strangers that is drawn from them.
  const DataCell maximum = cell(lineage_auc_table(results), 0, "strangers_maximum");
  EXPECT_FALSE(maximum.number);
  EXPECT_THAT(maximum.reason, HasSubstr("equally alike"));
}

// Cohorts of three: of some resamples of tasks a z is many times that of the others.
TEST(Lineage, PAloneHardlyDependsOnTheSeed) {
  const Corpus corpus = corpus_of(of_models(runs_of("one", 10, 0.1, 3), "abcde"));
  std::vector<double> least(10, 1);
  std::vector<double> most(10, 0);
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    const LineageResults results =
        weigh_lineage(corpus, {{"1", "2", "3", "4", "5"}, false}, {{2000, seed, 0.95}, {}, 1});
    for (std::size_t p = 0; p < most.size(); ++p) {
      const double alone = *results.pairs[p].of(LineageChannel::kWords).p_alone;
      least[p] = std::min(least[p], alone);
      most[p] = std::max(most[p], alone);
    }
  }
  for (std::size_t p = 0; p < most.size(); ++p) EXPECT_LT(most[p] - least[p], 0.05) << p;
}

TEST(Lineage, SaysWhyNothingIsKnownOfAPairNamedBeforehand) {
  const Corpus corpus = corpus_of(runs_of("one", 20, 0.2, 3));
  const std::vector<std::string> one_family(7, "1");
  const LineageResults results = weigh_lineage(corpus, {one_family, false}, {{50, 1, 0.95}, {}, 1});
  const DataTable table = lineage_table(corpus, results);
  EXPECT_TRUE(cell(table, 0, "words_p").number);
  EXPECT_EQ(cell(table, 0, "words_p_alone").reason,
            "no pair of two families, other than these two, has a z");
  EXPECT_THAT(lineage_verdict(corpus, results, ModelPair(0, 1))[1],
              HasSubstr("cannot be said: no pair of two families"));
  EXPECT_EQ(cell(lineage_table(corpus, weigh(corpus, 0)), 0, "words_p_alone").reason,
            "too few pairs, or no replicates");
}

TEST(Lineage, UsesTheReplicatesThatWereAskedForOrSaysHowMany) {
  EXPECT_EQ(replicates_of_kinship(10'000, 91), 10'000u);
  EXPECT_EQ(replicates_of_kinship(10'000, 4'950), 2'020u);
  EXPECT_EQ(replicates_of_kinship(10'000, 1'000'000), 2'000u);
  EXPECT_EQ(replicates_of_kinship(500, 1'000'000), 500u);
  EXPECT_EQ(replicates_of_kinship(0, 0), 0u);
  const Corpus corpus = corpus_of(runs_of("one", 20, 0.9, 3));
  LineageResults results = weigh(corpus, 3000);
  EXPECT_EQ(results.replicates, 3000u);
  // p of the search is a share of as many worlds.
  for (const LineagePair& pair : results.pairs) {
    const double worlds = 3001 * *pair.of(LineageChannel::kWords).p_strongest;
    EXPECT_NEAR(worlds, std::round(worlds), 1e-6);
  }
  EXPECT_EQ(cell(lineage_auc_table(results), 0, "worlds").number, 3000);
  EXPECT_FALSE(fewer_replicates(results));
  results.replicates_asked = 10'000;
  EXPECT_THAT(lineage_table(corpus, results).note,
              HasSubstr("3000 replicates and worlds of strangers in place of 10000"));
}

// A share that may be 0 is no sentence of more or of less.
TEST(Lineage, SaysNothingOfASharesSignThatItsIntervalLeavesOpen) {
  const Corpus corpus = corpus_of(runs_of("one", 20, 0.5, 3));
  LineageResults results = weigh(corpus);
  LineageFigures& words = results.pairs.front().channels[0];
  const auto said = [&] {
    const std::vector<std::string> all = lineage_verdict(corpus, results, ModelPair(0, 1));
    return std::count_if(all.begin(), all.end(), [](const std::string& sentence) {
      return sentence.find("free choices of words") != std::string::npos;
    });
  };
  EXPECT_EQ(said(), 1);
  words.share = -0.003;
  words.share_interval = Interval{-0.06, 0.05};
  EXPECT_EQ(said(), 0);
  words.share_interval = Interval{-0.06, -0.001};
  EXPECT_EQ(said(), 1);
}

TEST(Lineage, FourModelsAreTooFewToSayWhatIsUnusual) {
  std::vector<TrajectoryFeatures> runs = runs_of("one", 25, 0, 3);
  std::erase_if(runs, [](const TrajectoryFeatures& f) { return f.model > "d"; });
  const Corpus corpus = corpus_of(std::move(runs));
  const LineageResults results = weigh(corpus);
  EXPECT_EQ(results.pairs.front().of(LineageChannel::kWords).no_z, Undefined::kTooFew);
  EXPECT_THAT(lineage_verdict(corpus, results, {}), ElementsAre(HasSubstr("at least 5 models")));
}

TEST(Lineage, IsTheSameForAnyNumberOfThreads) {
  const Corpus corpus = corpus_of(runs_of("one", 12, 0.3, 5));
  const LineageResults one = weigh(corpus, 100, 1);
  const LineageResults many = weigh(corpus, 100, 5);
  for (std::size_t p = 0; p < one.pairs.size(); ++p) {
    const LineageFigures& x = one.pairs[p].of(LineageChannel::kWords);
    const LineageFigures& y = many.pairs[p].of(LineageChannel::kWords);
    EXPECT_EQ(x.z, y.z);
    EXPECT_EQ(x.p_strongest, y.p_strongest);
    EXPECT_EQ(x.share_interval->low, y.share_interval->low);
  }
}

TEST(Lineage, IsTheSameWhereMarkersAreInAFile) {
  const auto store = ArrayStore::make(0);
  const Corpus kept = corpus_of(runs_of("one", 12, 0.3, 5, store.get()));
  EXPECT_EQ(store->moved(), 0u);
  store->put(std::span<const std::uint64_t>(std::vector<std::uint64_t>(1 << 20)));  // a new chunk
  EXPECT_GT(store->moved(), 0u);
  const LineageResults read = weigh(kept);
  const LineageResults in_memory = weigh(corpus_of(runs_of("one", 12, 0.3, 5)));
  for (std::size_t p = 0; p < read.pairs.size(); ++p) {
    const LineageFigures& words = read.pairs[p].of(LineageChannel::kWords);
    const LineageFigures& expected = in_memory.pairs[p].of(LineageChannel::kWords);
    EXPECT_EQ(*words.similarity, *expected.similarity);
    EXPECT_EQ(*words.share, *expected.share);
    EXPECT_EQ(*words.p_strongest, *expected.p_strongest);
  }
}

TEST(Lineage, TheMetricsHaveTheSameFigures) {
  const Corpus corpus = corpus_of(runs_of("one", 12, 0.3, 5));
  const LineageResults results = weigh(corpus);
  testing::Scoring scoring;
  scoring.metrics = {"words"};
  scoring.bootstrap = {200, 1, 0.95};
  for (const LineagePair& pair : results.pairs) {
    const auto estimates =
        testing::estimates_of(corpus, corpus.models()[pair.a], corpus.models()[pair.b], scoring);
    const LineageFigures& words = pair.of(LineageChannel::kWords);
    EXPECT_NEAR(*testing::get(estimates, "words").value, *words.similarity, 1e-12);
    EXPECT_NEAR(*testing::get(estimates, "words_share").value, *words.share, 1e-12);
    EXPECT_EQ(testing::get(estimates, "words").n_tasks, 12u);
    const auto& share = testing::get(estimates, "words_share");
    ASSERT_TRUE(share.interval);
    EXPECT_NEAR(share.interval->low, words.share_interval->low, 1e-12);
    EXPECT_NEAR(share.interval->high, words.share_interval->high, 1e-12);
  }
}

TEST(Lineage, ReasoningModelsAreKnownByTheirNames) {
  std::vector<TrajectoryFeatures> runs;
  for (const char* model : {"DeepSeek-R1-0528", "claude-thinking-off", "claude-thinking-on",
                            "o3-high", "gpt-4o", "qwen"}) {
    runs.push_back(run(model, "1", true, {"x"}));
  }
  const Corpus corpus = corpus_of(std::move(runs));
  const std::vector<std::size_t> modes = guess_modes(corpus);
  const auto mode = [&](const char* model) { return modes[*corpus.find_model(model)]; };
  EXPECT_EQ(mode("DeepSeek-R1-0528"), 1u);
  EXPECT_EQ(mode("claude-thinking-off"), 0u);
  EXPECT_EQ(mode("claude-thinking-on"), 1u);
  EXPECT_EQ(mode("o3-high"), 1u);
  EXPECT_EQ(mode("gpt-4o"), 0u);
  EXPECT_EQ(mode("qwen"), 0u);
}

}  // namespace
}  // namespace agentecho
