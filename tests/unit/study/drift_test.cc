#include "agentecho/study/drift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "agentecho/report/drift_report.h"
#include "support/drift_runs.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::Habits;
using testing::runs_of;

DriftResults compare(const LoadedCorpus& a, const LoadedCorpus& b, DriftOptions options = {}) {
  options.replicates = options.replicates == 10'000 ? 2000 : options.replicates;
  options.threads = 1;
  return drift({&a, {0}}, {&b, {0}}, options).value();
}

const ChannelDrift& at(const DriftResults& results, Channel channel) {
  return results.channels[static_cast<std::size_t>(channel)];
}

TEST(Drift, SeesAnAgentThatLooksTwice) {
  const auto before = runs_of("m", {0.1}, 40, 3, 1);
  const auto after = runs_of("m", {0.9}, 40, 3, 2);
  const DriftResults results = compare(before, after);
  EXPECT_EQ(results.verdict, Verdict::kChanged);
  EXPECT_EQ(at(results, Channel::kTools).verdict, Verdict::kChanged);
  EXPECT_EQ(at(results, Channel::kCalls).verdict, Verdict::kChanged);
  EXPECT_NE(at(results, Channel::kWording).verdict, Verdict::kChanged);
  EXPECT_EQ(results.common_tasks, 40u);
  EXPECT_EQ(results.noise_tasks, 40u);
  const std::string words = drift_verdict(results);
  EXPECT_TRUE(words.starts_with("Changed: ")) << words;
  EXPECT_NE(words.find("calls check_state in 88 % of runs (was 16 %), up on 38 of 40 tasks"),
            std::string::npos)
      << words;
}

// Runs that call one tool and nothing else; so many of each task.
LoadedCorpus runs_calling(const std::string& tool, const std::vector<int>& runs_of_tasks) {
  std::vector<TrajectoryFeatures> features;
  for (std::size_t task = 0; task < runs_of_tasks.size(); ++task) {
    for (int trial = 0; trial < runs_of_tasks[task]; ++trial) {
      TrajectoryBuilder builder("shop", std::to_string(task));
      builder.model("m").trial(trial).reward(1).user("please").assistant("Hello.").call(tool);
      features.push_back(testing::with_habits(builder.assistant("Done.").build()));
    }
  }
  LoadedCorpus loaded;
  loaded.corpus = testing::corpus_of(std::move(features));
  return loaded;
}

// Of an agent whose success fell from 100 to 80 %, which is the margin, ten new runs show nothing
// in one of nine comparisons, fourteen in one of twenty-three.
TEST(Drift, RunsThatAgreeAreTheSameWhereTheyAreEnough) {
  const auto few =
      compare(runs_calling("get_x", {2, 2, 2, 2, 2}), runs_calling("get_x", {2, 2, 2, 2, 2}));
  const ChannelDrift& tools = at(few, Channel::kTools);
  EXPECT_TRUE(tools.identical);
  EXPECT_EQ(tools.verdict, Verdict::kCannotTell);
  ASSERT_TRUE(tools.needed);
  EXPECT_EQ(tools.needed->tasks, 7u);
  EXPECT_EQ(tools.needed->runs, 3u);
  const std::vector<int> seven(7, 2);
  const auto enough = compare(runs_calling("get_x", seven), runs_calling("get_x", seven));
  EXPECT_FALSE(at(enough, Channel::kTools).needed);  // it is the same, if these were no copies
}

// Whatever the seed: of few re-labellings each is looked at, and where the least p is not below
// alpha, nothing is promised.
TEST(Drift, NeverSaysChangedWhereTheLeastPIsNotBelowTheLevel) {
  struct Case {
    std::vector<int> before;
    std::vector<int> after;
    double level;
    double least;
    std::size_t deals;
  };
  for (const Case& of : {Case{{3}, {3}, 0.902, 0.1, 20}, Case{{3, 4}, {1, 1}, 0.95, 0.05, 20},
                         Case{{3}, {3}, 0.9, 0.1, 20}}) {
    const auto before = runs_calling("get_x", of.before);
    const auto after = runs_calling("get_y", of.after);
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      DriftOptions options;
      options.level = of.level;
      options.seed = seed;
      const auto results = compare(before, after, options);
      EXPECT_EQ(results.verdict, Verdict::kCannotTell);
      EXPECT_EQ(results.least_p, of.least);
      EXPECT_EQ(results.listed_deals, of.deals);
      EXPECT_DOUBLE_EQ(*at(results, Channel::kTools).p, of.least);
      EXPECT_NE(drift_verdict(results).find("no difference, however large"), std::string::npos);
    }
  }
  // A level that it is below.
  DriftOptions options;
  options.level = 0.89;
  const auto changed = compare(runs_calling("get_x", {3}), runs_calling("get_y", {3}), options);
  EXPECT_EQ(changed.verdict, Verdict::kChanged);
}

// Six tasks of two runs a side have 46,656 re-labellings, of which 64 give the same groups: p is
// drawn, and never below 1/729.
TEST(Drift, ShowsNoPBelowTheLeastOne) {
  const std::vector<int> two(6, 2);
  const auto before = runs_calling("get_x", two);
  const auto after = runs_calling("get_y", two);
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    DriftOptions options;
    options.seed = seed;
    options.replicates = 9'999;
    const auto results = compare(before, after, options);
    EXPECT_FALSE(results.listed_deals);
    EXPECT_DOUBLE_EQ(results.least_p, 1.0 / 729);
    for (const ChannelDrift& channel : results.channels) {
      if (!channel.p) continue;
      EXPECT_GE(*channel.p, results.least_p);
      EXPECT_GE(*channel.p_adjusted, results.least_p);
    }
    EXPECT_EQ(results.verdict, Verdict::kChanged);
  }
}

// Which side is called the baseline says nothing about whether they are the same: success, which
// has a direction, is tested apart. Drawn re-labellings are others when the sides are exchanged, so
// that p is the same but for their sampling error.
TEST(Drift, GivesTheSameAnswerWhenTheSidesAreExchanged) {
  for (const int tasks : {3, 4, 30}) {
    const auto a = runs_of("m", {0.3, "Hello there.", 0.2}, tasks, 2, 1);
    const auto b = runs_of("m", {0.7, "Hello there.", 0.8}, tasks, 2, 2);
    DriftOptions options;
    options.replicates = 9'999;
    const auto one_way = compare(a, b, options);
    const auto other_way = compare(b, a, options);
    EXPECT_EQ(one_way.listed_deals.has_value(), tasks < 30);
    EXPECT_EQ(one_way.listed_deals, other_way.listed_deals);
    EXPECT_EQ(one_way.verdict, other_way.verdict);
    for (std::size_t c = 0; c < kChannels; ++c) {
      const ChannelDrift& x = one_way.channels[c];
      const ChannelDrift& y = other_way.channels[c];
      EXPECT_EQ(x.verdict, y.verdict);
      if (!x.p) continue;
      const double error = one_way.listed_deals ? 0 : 0.02;
      EXPECT_NEAR(*x.p, *y.p, error) << name_of(x.channel);
      EXPECT_NEAR(*x.p_adjusted, *y.p_adjusted, error) << name_of(x.channel);
    }
    EXPECT_LT(*one_way.outcome.p_worse + *other_way.outcome.p_worse, 1.4);
  }
}

TEST(Drift, SaysSameOnlyWithEnoughRuns) {
  const auto few = compare(runs_of("m", {}, 6, 2, 1), runs_of("m", {}, 6, 2, 2));
  EXPECT_EQ(few.verdict, Verdict::kCannotTell);
  const auto many = compare(runs_of("m", {}, 150, 6, 1), runs_of("m", {}, 150, 6, 2));
  EXPECT_EQ(many.verdict, Verdict::kSame) << drift_verdict(many);
  for (const ChannelDrift& channel : many.channels) {
    if (channel.absent || channel.identical) continue;
    EXPECT_LT(*channel.over_margin, 0);
  }
}

TEST(Drift, FewRunsSayHowManyWouldDecide) {
  const auto results = compare(runs_of("m", {}, 32, 2, 3), runs_of("m", {}, 32, 2, 4));
  ASSERT_EQ(results.verdict, Verdict::kCannotTell);
  bool any = false;
  for (const ChannelDrift& channel : results.channels) {
    if (!channel.needed || channel.needed->tasks == 0) continue;
    any = true;
    EXPECT_GT(channel.needed->tasks, 32u);
    EXPECT_GT(channel.needed->runs, 2u);
  }
  EXPECT_TRUE(any);
}

// Below twenty tasks no number of runs gives "same".
TEST(Drift, SaysSameFromTwentyTasksOn) {
  const auto results = compare(runs_of("m", {}, 19, 40, 1), runs_of("m", {}, 19, 40, 2));
  EXPECT_EQ(results.verdict, Verdict::kCannotTell);
  const ChannelDrift& calls = at(results, Channel::kCalls);
  EXPECT_LT(*calls.over_margin, 0);
  EXPECT_EQ(calls.verdict, Verdict::kCannotTell);
  ASSERT_TRUE(calls.needed);
  EXPECT_EQ(calls.needed->toward, Verdict::kSame);
  EXPECT_EQ(calls.needed->tasks, 20u);
  EXPECT_EQ(calls.needed->runs, 0u);
  const std::string words = drift_verdict(results);
  EXPECT_NE(words.find("about 20 tasks (now 19) would decide"), std::string::npos) << words;
  const auto more = compare(runs_of("m", {}, 20, 40, 1), runs_of("m", {}, 20, 40, 2));
  EXPECT_EQ(more.verdict, Verdict::kSame) << drift_verdict(more);
}

// Its interval is not without width where every task happens to have the same excess.
TEST(Drift, SuccessHasAnIntervalWithWidth) {
  const auto always = runs_of("m", {0.5, "Hello.", 1}, 6, 2, 1);
  const auto never = runs_of("m", {0.5, "Hello.", 0}, 6, 2, 2);
  const ChannelDrift outcome = at(compare(always, never), Channel::kOutcome);
  EXPECT_EQ(*outcome.excess, 1);
  EXPECT_LT(outcome.interval->low, 0.5);
  EXPECT_NEAR(outcome.interval->high, 1, 1e-12);
}

// A change of success from 50 to 82 % is just the margin: E = 0.32^2, W = 0.25 + 0.15 and E = W
// / 4. A task with two failures beside two successes, which shows it, is in few tasks or none.
TEST(Drift, SeldomCallsAChangeOfTheMarginTheSame) {
  constexpr int kComparisons = 400;
  DriftOptions options;
  options.replicates = 499;
  for (const int tasks : {5, 10, 20, 30}) {
    int same = 0;
    for (std::uint64_t i = 0; i < kComparisons; ++i) {
      const auto results =
          compare(runs_of("m", {0.5, "Hello.", 0.5}, tasks, 2, 2 * i + 500),
                  runs_of("m", {0.5, "Hello.", 0.82}, tasks, 2, 2 * i + 501), options);
      same += at(results, Channel::kOutcome).verdict == Verdict::kSame ? 1 : 0;
    }
    EXPECT_LE(same, 0.05 * kComparisons) << tasks;
  }
}

TEST(Drift, NeverJudgesOneRunAgainstOneRun) {
  const auto results =
      compare(runs_of("m", {0.0}, 50, 1, 1), runs_of("m", {1.0, "Yo!", 0}, 50, 1, 2));
  EXPECT_EQ(results.verdict, Verdict::kCannotTell);
  EXPECT_EQ(results.noise_tasks, 0u);
  EXPECT_FALSE(results.outcome.worse);
  for (const ChannelDrift& channel : results.channels) {
    EXPECT_EQ(channel.verdict, Verdict::kCannotTell);
    EXPECT_FALSE(channel.p);
  }
  EXPECT_NE(drift_verdict(results).find("one run of each task"), std::string::npos);
}

TEST(Drift, TakesNoiseThatIsLent) {
  const auto noise = runs_of("m", {0.1}, 50, 3, 9);
  DriftOptions options;
  options.noise = &noise.corpus;
  const auto changed =
      compare(runs_of("m", {0.1}, 50, 1, 1), runs_of("m", {0.9}, 50, 1, 2), options);
  EXPECT_TRUE(changed.lent_noise);
  EXPECT_EQ(at(changed, Channel::kTools).verdict, Verdict::kChanged);
  const auto alike = compare(runs_of("m", {0.1}, 50, 1, 1), runs_of("m", {0.1}, 50, 1, 2), options);
  EXPECT_NE(alike.verdict, Verdict::kChanged) << drift_verdict(alike);
}

// With few tasks, too: of one agent's channels about one in twenty has a p below 0.05, and some of
// all of them in at most as many comparisons. Where p is small, the interval lies above 0.
TEST(Drift, KeepsTheLevelWithNoiseThatIsLent) {
  int below = 0, channels = 0, alarms = 0;
  constexpr int kComparisons = 300;
  for (const int tasks : {5, 12}) {
    for (std::uint64_t i = 0; i < kComparisons; ++i) {
      const auto noise = runs_of("m", {}, tasks, 3, 3 * i + 1000);
      DriftOptions options;
      options.noise = &noise.corpus;
      const auto results = compare(runs_of("m", {}, tasks, 1, 3 * i + 1001),
                                   runs_of("m", {}, tasks, 1, 3 * i + 1002), options);
      bool alarm = false;
      for (const ChannelDrift& c : results.channels) {
        if (!c.p || c.identical) continue;
        ++channels;
        below += *c.p < 0.05 ? 1 : 0;
        alarm = alarm || *c.p_adjusted < 0.05;
        EXPECT_GE(*c.p_adjusted, results.least_p);
        // But for the few replicates that lie at the end of the interval.
        if (*c.p < 0.02) {
          EXPECT_GT(c.interval->low, 0);
        } else if (*c.p > 0.03) {
          EXPECT_LE(c.interval->low, 1e-12);
        }
      }
      alarms += alarm ? 1 : 0;
    }
  }
  EXPECT_LT(below, 0.06 * channels);
  EXPECT_LT(alarms, 0.05 * 2 * kComparisons);
}

// Five tasks of lent noise are too few to show a change in one of so many channels, and it is said.
TEST(Drift, SaysWhereLentNoiseCanShowNoChange) {
  const auto noise = runs_of("m", {0.1}, 5, 3, 9);
  DriftOptions options;
  options.noise = &noise.corpus;
  const auto results =
      compare(runs_of("m", {0.0}, 5, 1, 1), runs_of("m", {1.0, "Yo!", 0}, 5, 1, 2), options);
  EXPECT_EQ(results.verdict, Verdict::kCannotTell);
  EXPECT_GT(results.least_p, 0.05);
  EXPECT_NE(drift_verdict(results).find("no difference, however large"), std::string::npos);
}

TEST(Drift, ComparesAnAgentWithItselfAsIdentical) {
  const auto runs = runs_of("m", {0.0}, 20, 3, 1);
  const auto results = compare(runs, runs);
  EXPECT_EQ(results.copies, 60u);
  ASSERT_FALSE(results.warnings.empty());
  EXPECT_NE(results.warnings[0].find("copies"), std::string::npos);
  EXPECT_NE(results.verdict, Verdict::kChanged);
}

TEST(Drift, TellsWorseFromOtherwise) {
  const auto before = runs_of("m", {0.5, "Hello.", 0.9}, 60, 4, 1);
  const auto worse = compare(before, runs_of("m", {0.5, "Hello.", 0.4}, 60, 4, 2));
  EXPECT_TRUE(worse.outcome.worse);
  EXPECT_TRUE(gate_failure(worse, {.worse = true}));
  EXPECT_NE(drift_verdict(worse).find("worse beyond noise"), std::string::npos);
  const auto better = compare(before, runs_of("m", {0.5, "Hello.", 1.0}, 60, 4, 2));
  EXPECT_FALSE(better.outcome.worse);
  EXPECT_FALSE(gate_failure(better, {.worse = true}));
}

LoadedCorpus without_outcomes(const LoadedCorpus& runs) {
  std::vector<TrajectoryFeatures> unrecorded;
  for (const CorpusTrajectory& t : runs.corpus.trajectories()) {
    unrecorded.push_back(runs.corpus.features_of(t));
    unrecorded.back().reward.reset();
  }
  LoadedCorpus loaded;
  loaded.corpus = testing::corpus_of(std::move(unrecorded));
  return loaded;
}

TEST(Drift, DoesNotCompareSuccessThatOneSideDoesNotRecord) {
  const auto before = runs_of("m", {0.5, "Hello.", 0.9}, 60, 4, 1);
  const auto after = without_outcomes(runs_of("m", {0.5, "Hello.", 0.4}, 60, 4, 2));
  for (const auto& results : {compare(before, after), compare(after, before)}) {
    EXPECT_FALSE(results.outcome.recorded);
    EXPECT_FALSE(results.outcome.before);
    EXPECT_FALSE(results.outcome.worse);
    EXPECT_TRUE(results.channels[static_cast<std::size_t>(Channel::kOutcome)].absent);
    EXPECT_NE(results.verdict, Verdict::kChanged);
    ASSERT_FALSE(results.warnings.empty());
    EXPECT_NE(results.warnings.back().find("success is not compared"), std::string::npos);
    for (const Moved& moved : results.moved) EXPECT_NE(moved.channel, Channel::kOutcome);
  }
}

TEST(Drift, SaysWhereNoRunRecordsItsSuccess) {
  const auto results = compare(without_outcomes(runs_of("m", {}, 10, 2, 1)),
                               without_outcomes(runs_of("m", {}, 10, 2, 2)));
  ASSERT_FALSE(results.warnings.empty());
  EXPECT_TRUE(results.warnings.back().starts_with("no run records whether it succeeded"));
}

// One tool on all tasks, another in its place on so many of them, one run of a side.
double t_of_first_moved(std::size_t tasks, std::size_t moved) {
  LoadedCorpus before = runs_calling("get_x", std::vector<int>(tasks, 1));
  std::vector<TrajectoryFeatures> after;
  const LoadedCorpus other = runs_calling("get_y", std::vector<int>(tasks, 1));
  for (std::size_t t = 0; t < tasks; ++t) {
    const Corpus& corpus = (t < moved ? other : before).corpus;
    after.push_back(corpus.features_of(corpus.trajectories()[t]));
  }
  LoadedCorpus mixed;
  mixed.corpus = testing::corpus_of(std::move(after));
  for (const Moved& habit : compare(before, mixed).moved) {
    if (habit.habit == "calls get_y") return habit.t;
  }
  return 0;
}

TEST(Drift, TOfWhatMovedIsStudents) {
  // 2 of 6 differences are 1: mean 1/3, variance 4/15.
  EXPECT_NEAR(t_of_first_moved(6, 2), (1.0 / 3) / std::sqrt(4.0 / 15 / 6), 1e-12);
  // All alike: that of one more task that did not move.
  EXPECT_DOUBLE_EQ(t_of_first_moved(6, 6), 6);
}

// What is not known is said with its reason: an interval takes five tasks.
TEST(DriftReport, SaysWhyThereIsNoInterval) {
  const auto json_of = [](int tasks, int trials) {
    const auto results =
        compare(runs_of("m", {}, tasks, trials, 1), runs_of("m", {}, tasks, trials, 2));
    return nlohmann::json::parse(
        report_to_json(drift_report(results), {}))["tables"]["channels"][0];
  };
  const auto three = json_of(3, 2);
  EXPECT_TRUE(three["excess_interval"].is_null());
  EXPECT_EQ(three["excess_interval_reason"], "fewer than five tasks to resample");
  EXPECT_EQ(three["over_margin_reason"], "fewer than five tasks to resample");
  EXPECT_FALSE(json_of(5, 2)["excess_interval"].is_null());
  const auto single = json_of(6, 1);
  EXPECT_EQ(single["excess_interval_reason"], "no task with two runs of a side");
  EXPECT_EQ(single["over_margin_reason"], "no task with two runs of a side");
  EXPECT_EQ(single["p_value_reason"], "no task with two runs of a side");
}

TEST(Drift, RefusesSidesWithoutACommonTask) {
  const auto a = runs_of("m", {}, 3, 2, 1);
  LoadedCorpus b = runs_of("m", {}, 3, 2, 1);
  std::vector<TrajectoryFeatures> moved;
  for (const CorpusTrajectory& t : b.corpus.trajectories()) {
    moved.push_back(b.corpus.features_of(t));
    moved.back().task.benchmark = "another";
  }
  b.corpus = testing::corpus_of(std::move(moved));
  const auto results = drift({&a, {0}}, {&b, {0}}, {});
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kInput);
}

TEST(Drift, WarnsOfAnotherSystemTextAndOtherTools) {
  const auto before = runs_of("m", {}, 10, 2, 1);
  Habits other;
  other.system = "be quick";
  const auto results = compare(before, runs_of("m", other, 10, 2, 2));
  ASSERT_FALSE(results.warnings.empty());
  EXPECT_NE(results.warnings[0].find("system text differs on 10 of 10"), std::string::npos);
}

TEST(Drift, GivesTheSameFiguresForAnyNumberOfThreads) {
  const auto a = runs_of("m", {0.3}, 30, 3, 1);
  const auto b = runs_of("m", {0.6}, 30, 3, 2);
  DriftOptions options;
  options.replicates = 1500;
  options.threads = 1;
  const auto one = drift({&a, {0}}, {&b, {0}}, options).value();
  options.threads = 3;
  const auto three = drift({&a, {0}}, {&b, {0}}, options).value();
  for (std::size_t c = 0; c < kChannels; ++c) {
    EXPECT_EQ(one.channels[c].p_adjusted, three.channels[c].p_adjusted);
    EXPECT_EQ(one.channels[c].over_margin, three.channels[c].over_margin);
  }
}

using Means = std::array<double, kChannels>;

// Over all pairs of the runs of one task: (x, y) with x of `a` and y of `b`, or those within `a`.
Means mean_over_pairs(const LoadedCorpus& a, const LoadedCorpus& b, TaskIndex task) {
  const SideTools tools(a.corpus, b.corpus);
  const bool within = &a == &b;
  const auto first = a.corpus.trials(0, task);
  const auto second = b.corpus.trials(0, task);
  Means sum{};
  double pairs = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (std::size_t j = within ? i + 1 : 0; j < second.size(); ++j, ++pairs) {
      const ChannelValues values =
          distances(run_point(first[i], tools.before), run_point(second[j], tools.after));
      for (std::size_t c = 0; c < kChannels; ++c) sum[c] += static_cast<double>(values[c]);
    }
  }
  for (double& s : sum) s /= pairs;
  return sum;
}

// Where all pairs are few enough to be looked at, B and W are means over all of them, whatever the
// seed.
TEST(Drift, LooksAtAllPairsOfTasksWithManyRuns) {
  const auto a = runs_of("m", {0.3}, 3, 20, 1);
  const auto b = runs_of("m", {0.4}, 3, 64, 2);
  Means between{};
  Means within{};
  for (TaskIndex t = 0; t < 3; ++t) {
    const Means both = mean_over_pairs(a, b, t);
    const Means first = mean_over_pairs(a, a, t);
    const Means second = mean_over_pairs(b, b, t);
    for (std::size_t c = 0; c < kChannels; ++c) {
      between[c] += both[c] / 3;
      within[c] += (first[c] + second[c]) / 6;
    }
  }
  for (const std::uint64_t seed : {1, 2}) {
    DriftOptions options;
    options.replicates = 99;
    options.seed = seed;
    const auto results = compare(a, b, options);
    EXPECT_EQ(results.blocks, 3u);
    EXPECT_EQ(results.dealt_tasks, 0u);
    for (const ChannelDrift& channel : results.channels) {
      if (channel.absent) continue;
      const auto c = static_cast<std::size_t>(channel.channel);
      EXPECT_NEAR(*channel.between, between[c], 5e-5);
      EXPECT_NEAR(*channel.within, within[c], 5e-5);
    }
    EXPECT_EQ(dealt_text(results.dealt_tasks, seed), "");
  }
}

TEST(Drift, DealsLargeTasksIntoBlocks) {
  const auto a = runs_of("m", {0.3}, 2, 200, 1);
  const auto b = runs_of("m", {0.3}, 2, 40, 2);
  const auto results = compare(a, b);
  EXPECT_EQ(results.blocks, 8u);  // 4 of each task
  EXPECT_EQ(results.noise_tasks, 2u);
  EXPECT_EQ(results.dealt_tasks, 2u);
  const DataReport report = drift_report(results);
  const auto json = nlohmann::json::parse(report_to_json(report, {}));
  EXPECT_EQ(json["tables"]["verdict"][0]["dealt_tasks"], 2);
  EXPECT_NE(report.tables[1].note.find("2 tasks have more than 64 runs on a side"),
            std::string::npos);
  EXPECT_NE(results.verdict, Verdict::kChanged);
  const auto changed = compare(a, runs_of("m", {0.9}, 2, 40, 2));
  EXPECT_EQ(at(changed, Channel::kTools).verdict, Verdict::kChanged);
}

// The p value is exact: over many comparisons of an agent with itself it is below 0.05 about as
// often as it should be.
TEST(Drift, RaisesFalseAlarmsAsOftenAsPromised) {
  int alarms = 0;
  constexpr int kComparisons = 200;
  DriftOptions options;
  options.replicates = 199;
  for (std::uint64_t i = 0; i < kComparisons; ++i) {
    options.seed = i + 1;
    const auto results = compare(runs_of("m", {}, 10, 2, 2 * i + 100),
                                 runs_of("m", {}, 10, 2, 2 * i + 101), options);
    double least = 1;
    for (const ChannelDrift& c : results.channels)
      least = std::min(least, c.p_adjusted.value_or(1));
    alarms += least < 0.05 ? 1 : 0;
  }
  EXPECT_GE(alarms, 3);  // the 99 % band of 200 at 5 %
  EXPECT_LE(alarms, 19);
}

// Real trials of one agent, two against the other two, the split drawn for every task apart: the
// runs of a split are as exchangeable as those of any other. Skipped where the logs are not there.
TEST(Drift, SplitsOfRealTrialsRaiseFewAlarms) {
  const std::filesystem::path logs = std::filesystem::path(AGENTECHO_SOURCE_DIR) /
                                     "../shared/corpus/variants/four-trials-gpt-4o-airline.json";
  if (!std::filesystem::exists(logs)) GTEST_SKIP() << "the real logs are not beside the project";
  CorpusOptions reading;
  InputFile file;
  file.path = logs.string();
  reading.load.files = {file};
  reading.parts.habits = true;
  const LoadedCorpus all = load_corpus(reading).value();
  const char* const said = std::getenv("AGENTECHO_DRIFT_SPLITS");
  const std::uint64_t splits = said != nullptr ? std::stoull(said) : 200;
  DriftOptions options;
  options.replicates = 199;
  options.threads = 1;
  std::size_t alarms = 0;
  std::size_t changed = 0;
  for (std::uint64_t i = 0; i < splits; ++i) {
    Rng rng(7, i);
    CorpusBuilder sides[2];
    for (TaskIndex task = 0; task < all.corpus.tasks().size(); ++task) {
      const auto trials = all.corpus.trials(0, task);
      std::vector<std::size_t> order(trials.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      rng.shuffle(order);
      for (std::size_t k = 0; k < order.size(); ++k) {
        sides[k % 2].add(all.corpus.features_of(trials[order[k]]));
      }
    }
    LoadedCorpus a;
    LoadedCorpus b;
    Diagnostics ignored;
    a.corpus = std::move(sides[0]).build({}, ignored);
    b.corpus = std::move(sides[1]).build({}, ignored);
    options.seed = i + 1;
    const auto results = drift({&a, {0}}, {&b, {0}}, options).value();
    double least = 1;
    for (const ChannelDrift& c : results.channels) {
      least = std::min(least, c.p_adjusted.value_or(1));
    }
    alarms += least < 0.05 ? 1 : 0;
    changed += results.verdict == Verdict::kChanged ? 1 : 0;
  }
  RecordProperty("alarms", static_cast<int>(alarms));
  RecordProperty("changed", static_cast<int>(changed));
  const double share = static_cast<double>(alarms) / static_cast<double>(splits);
  const double error = std::sqrt(0.05 * 0.95 / static_cast<double>(splits));
  EXPECT_LT(share, 0.05 + 2.6 * error) << alarms << " alarms, " << changed << " changed";
  EXPECT_GT(share, 0.05 - 2.6 * error) << alarms << " alarms, " << changed << " changed";
}

TEST(DriftReport, GatesForMachines) {
  const auto before = runs_of("m", {0.1}, 40, 3, 1);
  const auto results = compare(before, runs_of("m", {0.9}, 40, 3, 2));
  EXPECT_TRUE(gate_failure(results, {.changed = true}));
  EXPECT_FALSE(gate_failure(results, {.cannot_tell = true}));
  const std::string junit = drift_to_junit(results, {.changed = true});
  EXPECT_NE(junit.find("<failure message=\"changed: excess"), std::string::npos);
  EXPECT_NE(junit.find("name=\"tools\""), std::string::npos);
  EXPECT_NE(
      drift_to_annotations(results, {.changed = true}).find("::error title=agentecho drift%3A"),
      std::string::npos);
  EXPECT_TRUE(drift_to_annotations(results, {}).starts_with("::warning "));
  const std::string open = drift_to_junit(
      compare(runs_of("m", {}, 5, 1, 1), runs_of("m", {}, 5, 1, 2)), {.changed = true});
  EXPECT_NE(open.find("<skipped"), std::string::npos);
  EXPECT_EQ(open.find("<failure"), std::string::npos);
}

}  // namespace
}  // namespace agentecho
