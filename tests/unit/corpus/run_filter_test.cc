#include "agentecho/corpus/run_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "agentecho/corpus/names.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::run;

TEST(MatchesGlob, StarIsAnyTextAndQuestionMarkOneCharacter) {
  EXPECT_TRUE(matches_glob("gpt-*", "gpt-4.1"));
  EXPECT_TRUE(matches_glob("*4*1", "gpt-4.1"));
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(matches_glob("a*b*c", "a-c-b"));
  EXPECT_TRUE(matches_glob("模?-甲", "模型-甲"));
  EXPECT_FALSE(matches_glob("gpt-?", "gpt-4.1"));
  EXPECT_FALSE(matches_glob("", "a"));
  EXPECT_TRUE(matches_glob("[a]", "[a]"));
}

TEST(MatchesAny, EntriesHoldSeveralNamesAndANameMayHoldAComma) {
  EXPECT_TRUE(matches_any({"a,b"}, "b"));
  EXPECT_TRUE(matches_any({"x", "a,b*"}, "bcd"));
  EXPECT_TRUE(matches_any({"a,b"}, "a,b"));
  EXPECT_FALSE(matches_any({"a,b"}, "c"));
  EXPECT_FALSE(matches_any({","}, "c"));
}

TEST(RunFilter, TakesTasksByIdDomainAndBenchmark) {
  const TaskKey task = {"tau2-bench", "airline", "12"};
  EXPECT_TRUE(RunFilter{}.takes(task));
  EXPECT_TRUE((RunFilter{{}, {"12"}, {}, {}}.takes(task)));
  EXPECT_TRUE((RunFilter{{}, {"airline/1?"}, {}, {}}.takes(task)));
  EXPECT_TRUE((RunFilter{{}, {"tau2-bench/*/12"}, {}, {}}.takes(task)));
  EXPECT_FALSE((RunFilter{{}, {"retail/12"}, {}, {}}.takes(task)));
  EXPECT_FALSE((RunFilter{{}, {"12"}, {"retail"}, {}}.takes(task)));
  EXPECT_TRUE((RunFilter{{}, {}, {"air*"}, {"tau2*"}}.takes(task)));
  EXPECT_TRUE((RunFilter{{"some-model"}, {}, {}, {}}.takes(task)));
}

TEST(CorpusBuilder, LeavesOutRunsOfOtherTasksWithTheirToolsAndModels) {
  CorpusBuilder builder(false, false, {{}, {"1"}, {}, {}});
  builder.add(run("a", "1", true, {"look"}));
  builder.add(run("a", "2", true, {"write"}));
  builder.add(run("b", "2", true, {"look"}));
  Diagnostics diagnostics;
  BuildNotes notes;
  const Corpus corpus = std::move(builder).build({}, diagnostics, &notes);
  EXPECT_EQ(corpus.models(), std::vector<std::string>{"a"});
  EXPECT_EQ(corpus.tools(), std::vector<std::string>{"look"});
  ASSERT_EQ(corpus.tasks().size(), 1u);
  EXPECT_EQ(corpus.tasks()[0].task_id, "1");
  EXPECT_EQ(corpus.trajectories().size(), 1u);
  EXPECT_EQ(notes.of_other_tasks, 2u);
}

TEST(Corpus, WithModelsKeepsTasksToolsAndTheirRunsInOrder) {
  const Corpus whole = corpus_of({run("a", "1", true, {"x"}), run("b", "1", true, {"y"}),
                                  run("b", "2", true, {"y", "z"}), run("c", "2", true, {"z"})});
  const Corpus part = whole.with_models(std::vector<ModelIndex>{1, 2});
  EXPECT_EQ(part.models(), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(part.tasks(), whole.tasks());
  EXPECT_EQ(part.tools(), whole.tools());
  ASSERT_EQ(part.trajectories().size(), 3u);
  EXPECT_EQ(part.trials(0, 0).size(), 1u);
  EXPECT_EQ(part.trials(0, 1).size(), 1u);
  EXPECT_EQ(part.trials(1, 0).size(), 0u);
  EXPECT_EQ(part.trials(1, 1).size(), 1u);
  EXPECT_EQ(part.trials(0, 1)[0].calls, whole.trials(1, 1)[0].calls);
}

TEST(RequireModels, TakesGlobsListsAndNamesWithCommas) {
  const Corpus corpus = corpus_of({run("gpt-4", "1", true, {}), run("gpt-5", "1", true, {}),
                                   run("o3", "1", true, {}), run("odd,name", "1", true, {})});
  const auto places = [&](const std::vector<std::string>& names) {
    return require_models(corpus, names).value_or(std::vector<ModelIndex>{99});
  };
  EXPECT_EQ(places({"gpt-*"}), (std::vector<ModelIndex>{0, 1}));
  EXPECT_EQ(places({"o3,gpt-4"}), (std::vector<ModelIndex>{0, 2}));
  EXPECT_EQ(places({"odd,name"}), (std::vector<ModelIndex>{3}));
  EXPECT_EQ(places({"odd,name", "o3"}), (std::vector<ModelIndex>{2, 3}));
  EXPECT_EQ(require_models(corpus, {"claude-*"}).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(require_models(corpus, {"gpt-4,nobody"}).error().kind, ErrorKind::kUsage);
}

TEST(RunFilter, SaysWhatNoRunIsOf) {
  const std::vector<TaskKey> tasks = {{"tau-bench", "retail", "1"}, {"tau-bench", "retail", "a,b"}};
  RunFilter filter;
  filter.models = {"gpt-4", "clade-*,o3"};
  filter.tasks = {"1,17", "a,b", "retail/1"};
  filter.domains = {"retail", "airlin"};
  using Names = std::vector<std::string>;
  EXPECT_EQ(filter.idle_for(tasks), (Names{"--tasks 17", "--domain airlin"}));
  EXPECT_EQ(filter.idle_for(Names{"gpt-4", "o3"}), (Names{"--models clade-*"}));
  EXPECT_EQ(RunFilter{}.idle_for(tasks), Names{});
}

TEST(ShortestNames, AreTheIdsUnlessAnotherTaskHasThem) {
  const Corpus corpus = corpus_of({
      run("a", "1", true, {"look"}),
      run("a", "2", true, {"look"}),
  });
  EXPECT_EQ(shortest_names(corpus)[0], "1");
  TrajectoryFeatures elsewhere = run("a", "1", true, {"look"});
  elsewhere.task.domain = "other";
  const Corpus two = corpus_of({run("a", "1", true, {"look"}), elsewhere});
  ASSERT_EQ(two.tasks().size(), 2u);
  for (TaskIndex t = 0; t < 2; ++t) {
    EXPECT_EQ(shortest_names(two)[t], two.tasks()[t].domain + "/1");
  }
  elsewhere.task.domain = corpus.tasks()[0].domain;
  elsewhere.task.benchmark = "another";
  const Corpus three = corpus_of({run("a", "1", true, {"look"}), elsewhere});
  ASSERT_EQ(three.tasks().size(), 2u);
  for (TaskIndex t = 0; t < 2; ++t) {
    EXPECT_EQ(shortest_names(three)[t], names_of(three.tasks()[t])[0]);
  }
}

}  // namespace
}  // namespace agentecho
