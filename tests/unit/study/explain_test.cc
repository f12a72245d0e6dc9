#include "agentecho/study/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "agentecho/readers/inputs.h"
#include "agentecho/readers/trajectory_writer.h"
#include "agentecho/study/task_shares.h"
#include "agentecho/trajectory/builder.h"
#include "support/corpora.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

std::vector<CallKey> calls(std::string_view tools) {
  std::vector<CallKey> keys;
  for (const char tool : tools) keys.push_back({std::string(1, tool), {}, 0, 0});
  return keys;
}

std::string drawn(const std::vector<AlignedStep>& steps) {
  std::string text;
  for (const AlignedStep& step : steps) text += "=~AB"[static_cast<std::size_t>(step.kind)];
  return text;
}

TEST(CallAlignment, PutsEqualToolsOnOneLineAndKeepsTheOrder) {
  EXPECT_EQ(drawn(align_calls(calls("abcd"), calls("abcd"))), "====");
  EXPECT_EQ(drawn(align_calls(calls("abd"), calls("abcd"))), "==B=");
  EXPECT_EQ(drawn(align_calls(calls("xab"), calls("aby"))), "A==B");
  EXPECT_EQ(drawn(align_calls(calls("ab"), calls("ba"))), "A=B");  // a crossing is no match
  EXPECT_EQ(drawn(align_calls(calls("ab"), {})), "AA");
  EXPECT_EQ(drawn(align_calls({}, {})), "");
}

TEST(CallAlignment, PrefersTheSameCallAmongCallsOfOneTool) {
  std::vector<CallKey> one{{"get", {"7"}, 0, 0}};
  std::vector<CallKey> two{{"get", {"5"}, 0, 0}, {"get", {"7"}, 0, 0}};
  EXPECT_EQ(drawn(align_calls(one, two)), "B=");
  two.pop_back();
  EXPECT_EQ(drawn(align_calls(one, two)), "~");
}

// Calls of few tools and arguments, so that many alignments count the same.
std::vector<CallKey> scattered_calls(std::size_t n, std::uint32_t seed) {
  std::vector<CallKey> keys;
  for (std::size_t i = 0; i < n; ++i) {
    seed = seed * 1664525 + 1013904223;
    keys.push_back({std::string(1, static_cast<char>('a' + (seed >> 24) % 3)),
                    {std::to_string((seed >> 16) % 2)},
                    0,
                    0});
  }
  return keys;
}

using Places =
    std::vector<std::tuple<StepKind, std::optional<std::uint32_t>, std::optional<std::uint32_t>>>;

Places places(const std::vector<AlignedStep>& steps) {
  Places all;
  for (const AlignedStep& step : steps) all.emplace_back(step.kind, step.a, step.b);
  return all;
}

TEST(CallAlignment, IsTheSameWhenLongRunsAreDivided) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    const auto a = scattered_calls(seed % 23, seed);
    const auto b = scattered_calls((7 * seed) % 29, seed + 1000);
    const Places whole = places(align_calls(a, b));
    for (const std::size_t cells : {0, 12, 60}) {
      EXPECT_EQ(places(align_calls(a, b, cells)), whole) << seed << ", " << cells << " cells";
    }
  }
}

TEST(CallAlignment, DividesWhatIsTooLongForOneTable) {
  const auto a = scattered_calls(1200, 1);
  const auto b = scattered_calls(1300, 2);
  ASSERT_GT(a.size() * b.size(), kMostAlignmentCells);
  EXPECT_EQ(places(align_calls(a, b)), places(align_calls(a, b, a.size() * b.size() * 2)));
}

class ExplainedRuns : public ::testing::Test {
 protected:
  ExplainedRuns() {
    std::string lines;
    const auto add = [&](const char* model, const std::vector<std::string>& tools,
                         const char* order) {
      TrajectoryBuilder run("retail", "1");
      run.model(model).trial(0).reward(1).user("I am Ann.");
      run.call("find", {"ann"}, "order w77");
      for (const std::string& tool : tools) run.call(tool, {order}, "");
      run.assistant("Right away, let us sort this out.");
      lines += to_json_line(run.build()) + "\n";
    };
    add("A", {"check", "book"}, "w77");
    add("B", {"check", "think", "book"}, "w77");
    add("C", {"book"}, "w77");
    add("D", {"think", "book"}, "w99");
    folder_.write("log.jsonl", lines);
  }

  Result<RunExplanation> explain(const std::string& a, const std::string& b,
                                 const ExplainRunsOptions& how = {}) {
    CorpusOptions options;
    options.load.files = resolve_inputs({{folder_.path(), {}}}).value().files;
    options.phrases = true;
    Selection selection;
    selection.models = {a, b};
    selection.task = "1";
    selection.others = true;
    auto selected = select_trajectories(options, selection);
    EXPECT_TRUE(selected) << selected.error().message;
    return explain_runs(*selected, how);
  }

  testing::TempFolder folder_;
};

TEST_F(ExplainedRuns, SayWhereTheyPartAndWhatTheTaskLeavesFree) {
  const auto explained = explain("A", "B");
  ASSERT_TRUE(explained) << explained.error().message;
  EXPECT_EQ(drawn(explained->steps), "==B=");
  EXPECT_EQ(explained->first_difference, 2u);
  EXPECT_EQ(explained->others, 2u);
  EXPECT_EQ(explained->a.calls[0].role, ToolRole::kMandatory);
  EXPECT_EQ(explained->a.calls[1].role, ToolRole::kOptional);
  ASSERT_EQ(explained->a.calls[1].inputs.size(), 1u);  // the order came out of the first call
  EXPECT_EQ(explained->a.calls[1].inputs[0].call, 0u);
  EXPECT_EQ(explained->a.calls[1].inputs[0].value, "w77");
  EXPECT_EQ(explained->a.messages[explained->a.calls[1].message].calls,
            std::vector<std::uint32_t>{1});
}

TEST_F(ExplainedRuns, TellMandatoryToolsByTheRuleThatIsGiven) {
  ExplainRunsOptions how;
  how.mandatory.rule.kind = MandatoryRule::Kind::kNothing;
  const auto explained = explain("A", "B", how);
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->a.calls[0].role, ToolRole::kOptional);
}

TEST_F(ExplainedRuns, RankSharedChoicesByHowRareTheyAreAmongTheOthers) {
  const auto explained = explain("A", "B");
  ASSERT_TRUE(explained);
  const auto share_of = [&](std::string_view words) -> std::optional<double> {
    for (const SharedChoice& choice : explained->choices) {
      if (in_words(choice).starts_with(words)) return choice.others;
    }
    return std::nullopt;
  };
  EXPECT_EQ(share_of("both call check"), 0);        // neither C nor D
  EXPECT_EQ(share_of("both call book with"), 0.5);  // C books the same order, D another
  EXPECT_EQ(share_of("both call find with"), 1);
  EXPECT_FALSE(share_of("both call book directly after check"));  // B thinks between
  EXPECT_TRUE(std::is_sorted(
      explained->choices.begin(), explained->choices.end(),
      [](const SharedChoice& x, const SharedChoice& y) { return *x.others < *y.others; }));
}

TEST(SharesAmongTasks, RankTheTaskOnWhichTheTwoAreAlikeAndOthersAreNot) {
  // On task "same" A and B alone call p; on task "usual" everybody calls q or not at random.
  std::vector<PlainRun> runs;
  for (const char* model : {"A", "B", "C", "D"}) {
    const bool pair = model[0] <= 'B';
    runs.push_back(
        {model, "same",
         pair ? std::vector<std::string>{"m", "p"} : std::vector<std::string>{"m", "r"}});
    runs.push_back(
        {model, "usual",
         model[0] % 2 ? std::vector<std::string>{"m", "q"} : std::vector<std::string>{"m"}});
  }
  const Corpus corpus = make_corpus(runs);
  const TaskShares shares = share_among_tasks(study_of(corpus), 0, 1);
  EXPECT_EQ(shares.others, 2u);
  ASSERT_EQ(shares.tasks.size(), 2u);
  EXPECT_EQ(corpus.tasks()[shares.tasks[0].task].task_id, "same");
  EXPECT_EQ(shares.tasks[0].scores[0], 1);  // S_node: they agree on p and r
  EXPECT_EQ(shares.tasks[0].excess[0], 1);  // with C and D they agree on neither
  EXPECT_EQ(shares.tasks[1].scores[0], 0);
  EXPECT_EQ(shares.tasks[1].excess[0], -0.5);
}

// S_seq's excess is 1 - 4 / (6 sqrt 2) on each of so many tasks that their mean is off by rounding.
TEST(SharesAmongTasks, WhatIsTheSameOnAllTasksRanksNone) {
  std::vector<PlainRun> runs;
  for (const char* task : {"1", "2", "3", "4", "5", "6", "7", "8"}) {
    for (const char* model : {"A", "B", "C", "D", "E"}) {
      PlainRun run{model, task, {"m"}};
      run.counts.writes = 1;
      run.counts.verified = model[0] != 'C';
      run.counts.confirmed = model[0] <= 'B';
      runs.push_back(run);
    }
    runs.back().tools = {"m", "p"};  // E
  }
  runs[0].tools = {"m", "p"};
  const Corpus corpus = make_corpus(runs);
  const Study study = study_of(corpus);
  const TaskShares shares = share_among_tasks(study, 0, 1);
  const std::size_t s_seq = study.metrics.at("s_seq");
  EXPECT_NE(std::find(shares.even.begin(), shares.even.end(), s_seq), shares.even.end());
  for (const TaskShare& task : shares.tasks) {
    ASSERT_TRUE(task.rank_score);
    EXPECT_LT(std::abs(*task.rank_score), 10);
  }
}

}  // namespace
}  // namespace agentecho
