#include "agentecho/corpus/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/base/random.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using ::testing::ElementsAre;
using testing::features_of;
using testing::run;

TrajectoryFeatures without_trial(TrajectoryFeatures features) {
  features.trial.reset();
  return features;
}

TEST(Corpus, NumbersModelsTasksAndToolsByName) {
  const Corpus corpus = corpus_of({run("zeta", "2", true, {"b", "a", "b"}),
                                   run("alpha", "10", true, {"c"}), run("zeta", "10", true, {})});
  EXPECT_THAT(corpus.models(), ElementsAre("alpha", "zeta"));
  EXPECT_THAT(corpus.tools(), ElementsAre("a", "b", "c"));
  ASSERT_EQ(corpus.tasks().size(), 2u);
  EXPECT_EQ(corpus.tasks()[0].task_id, "10");
  const auto trials = corpus.trials(*corpus.find_model("zeta"), 1);
  ASSERT_EQ(trials.size(), 1u);
  EXPECT_THAT(trials[0].calls, ElementsAre(1, 0, 1));
  EXPECT_THAT(trials[0].tools, ElementsAre(0, 1));
  EXPECT_TRUE(corpus.trials(*corpus.find_model("alpha"), 1).empty());
}

TEST(Corpus, FindsByName) {
  const Corpus corpus = corpus_of({run("m", "1", true, {"a"})});
  EXPECT_EQ(corpus.find_model("m"), 0u);
  EXPECT_EQ(corpus.find_model("n"), std::nullopt);
  EXPECT_EQ(corpus.find_tool("a"), 0u);
  EXPECT_EQ(corpus.find_tool(""), std::nullopt);
}

TEST(Corpus, CanBeEmpty) {
  const Corpus corpus = corpus_of({});
  EXPECT_TRUE(corpus.models().empty() && corpus.tasks().empty() && corpus.trajectories().empty());
  EXPECT_EQ(corpus.find_model("m"), std::nullopt);
}

TEST(Corpus, TheSameIdOfAnotherBenchmarkOrDomainIsAnotherTask) {
  const auto of = [](const std::string& benchmark, const std::string& domain) {
    return features_of(
        TrajectoryBuilder(domain, "7").benchmark(benchmark).trial(0).assistant("").build());
  };
  EXPECT_EQ(
      corpus_of({of("tau", "retail"), of("tau2", "retail"), of("tau", "airline")}).tasks().size(),
      3u);
}

TEST(Corpus, DropsAndCountsIdenticalRuns) {
  Diagnostics diagnostics;
  const Corpus corpus = corpus_of({run("m", "1", true, {"a"}), run("m", "1", true, {"a"}),
                                   run("m", "1", true, {"a"}), run("n", "1", true, {"a"})},
                                  diagnostics);
  EXPECT_EQ(corpus.trajectories().size(), 2u);
  EXPECT_EQ(diagnostics.count(DiagnosticKind::kDuplicate), 2u);
  EXPECT_EQ(diagnostics.losses(), 0u);
}

TEST(Corpus, TheSameContentUnderAnotherTrialNumberIsAnotherTrial) {
  Diagnostics diagnostics;
  const Corpus corpus =
      corpus_of({run("m", "1", true, {"a"}, 0), run("m", "1", true, {"a"}, 1)}, diagnostics);
  EXPECT_EQ(corpus.trajectories().size(), 2u);
  EXPECT_EQ(diagnostics.count(DiagnosticKind::kDuplicate), 0u);
}

TEST(Corpus, DifferentRunsWithOneTrialNumberAreTrialsOfTheirOwn) {
  Diagnostics diagnostics;
  const Corpus corpus = corpus_of({run("m", "1", true, {"a"}, 0), run("m", "1", true, {"b"}, 0),
                                   run("m", "1", true, {"c"}, 1), run("m", "1", true, {"b"}, 0)},
                                  diagnostics);
  ASSERT_EQ(corpus.trajectories().size(), 3u);
  EXPECT_EQ(corpus.trajectories()[0].trial, 0);
  EXPECT_EQ(corpus.trajectories()[1].trial, 1);
  EXPECT_EQ(corpus.trajectories()[2].trial, 2);
  EXPECT_EQ(corpus.tools()[corpus.trajectories()[1].calls[0]], "c");  // keeps its number
  EXPECT_EQ(diagnostics.count(DiagnosticKind::kTrialRenumbered), 1u);
  EXPECT_EQ(diagnostics.count(DiagnosticKind::kDuplicate), 1u);
  EXPECT_EQ(corpus.most_trials(0), 3u);
}

TEST(Corpus, MissingTrialNumbersTakeTheNextFreeOnes) {
  Diagnostics diagnostics;
  const Corpus corpus =
      corpus_of({without_trial(run("m", "1", true, {"a"})), run("m", "1", true, {"b"}, 0),
                 without_trial(run("m", "1", true, {"c"})), run("m", "1", true, {"d"}, 2)},
                diagnostics);
  ASSERT_EQ(corpus.trajectories().size(), 4u);
  for (std::int64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(corpus.trajectories()[static_cast<std::size_t>(i)].trial, i);
  }
  EXPECT_EQ(diagnostics.count(DiagnosticKind::kTrialRenumbered), 0u);
}

TEST(Corpus, DoesNotDependOnTheOrderOfItsRuns) {
  std::vector<TrajectoryFeatures> runs = {
      run("m", "1", true, {"a"}, 0), run("m", "1", false, {"b"}, 0), run("m", "1", true, {"c"}, 0),
      run("n", "2", true, {"d"}), without_trial(run("n", "2", true, {"e"}))};
  const auto contents = [](const Corpus& corpus) {
    std::vector<std::pair<std::int64_t, Digest>> all;
    for (const auto& t : corpus.trajectories()) all.emplace_back(t.trial, t.content);
    return all;
  };
  const auto expected = contents(corpus_of(runs));
  Rng rng(1);
  for (int i = 0; i < 20; ++i) {
    rng.shuffle(runs);
    EXPECT_EQ(contents(corpus_of(runs)), expected);
  }
}

TEST(Corpus, GivesFeaturesBackAsTheyWere) {
  const TrajectoryFeatures before = run("m", "1", true, {"get_a", "set_b", "get_a"}, 4);
  const Corpus corpus = corpus_of({before, run("a", "0", true, {"z", "b"})});
  const TrajectoryFeatures after = corpus.features_of(corpus.trajectories()[1]);
  EXPECT_EQ(after.model, before.model);
  EXPECT_EQ(after.task, before.task);
  EXPECT_EQ(after.trial, before.trial);
  EXPECT_EQ(after.tools, before.tools);
  EXPECT_EQ(after.counts, before.counts);
  EXPECT_EQ(after.content, before.content);
}

}  // namespace
}  // namespace agentecho
