#include "agentecho/study/diversity.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agentecho/base/random.h"
#include "agentecho/report/diversity_report.h"
#include "agentecho/study/diversity_verdict.h"
#include "agentecho/study/outcomes.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::run;

// A corpus and what is computed on it, which refers to it.
struct Setting {
  Corpus corpus;
  ToolSplit split;
  Study study;

  Setting(std::vector<TrajectoryFeatures> runs, const std::vector<std::string>& metrics,
          BootstrapOptions bootstrap = {0, 1, 0.95}, unsigned threads = 1)
      : corpus(corpus_of(std::move(runs))),
        split(ToolSplit::make(corpus, testing::everyone(corpus), {})),
        study{corpus, make_metrics(metrics, {corpus, split}).value(), bootstrap, threads} {}
};

const Likeness& at(const DiversityResults& results, std::string_view slug) {
  for (const Likeness& likeness : results.likenesses) {
    if (likeness.slug == slug) return likeness;
  }
  ADD_FAILURE() << "no likeness " << slug;
  return results.likenesses.front();
}

TEST(Diversity, EffectiveNumberIsThatOfKish) {
  EXPECT_DOUBLE_EQ(*effective_number(14, 0.25), 14 / 4.25);
  EXPECT_DOUBLE_EQ(*effective_number(3, 0), 3);
  EXPECT_DOUBLE_EQ(*effective_number(3, 1), 1);
  EXPECT_DOUBLE_EQ(*effective_number(5, -0.1), 5 / 0.6);
  EXPECT_DOUBLE_EQ(*effective_number(3, 1.2), 1);
  EXPECT_FALSE(effective_number(3, -0.5));
  EXPECT_FALSE(effective_number(3, -0.7));
  EXPECT_FALSE(effective_number(4, -(1 - 1e-15) / 3));  // -1/3 but for rounding
}

// a and b solve tasks 0 and 1, c tasks 0 and 2: kappa of a and b is 1, of the other pairs 0
// (agreement on half of the tasks, as much as by chance), the mean 1/3, and 3 / (1 + 2/3) = 1.8.
TEST(Diversity, ModelsThatFailTogetherCountForLess) {
  std::vector<TrajectoryFeatures> runs;
  const bool solves[3][4] = {
      {true, true, false, false}, {true, true, false, false}, {true, false, true, false}};
  for (int m = 0; m < 3; ++m) {
    for (int t = 0; t < 4; ++t) {
      runs.push_back(
          run(std::string(1, static_cast<char>('a' + m)), std::to_string(t), solves[m][t], {"x"}));
    }
  }
  const Setting setting(std::move(runs), {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  ASSERT_TRUE(results.errors);
  const Likeness& errors = results.likenesses[*results.errors];
  EXPECT_TRUE(errors.errors);
  EXPECT_DOUBLE_EQ(*errors.pairs[0].rho.value, 1);
  EXPECT_DOUBLE_EQ(*errors.pairs[1].rho.value, 0);
  EXPECT_DOUBLE_EQ(*errors.pairs[2].rho.value, 0);
  EXPECT_EQ(errors.effective.models, 3u);
  EXPECT_DOUBLE_EQ(*errors.effective.rho.value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(*errors.effective.number.value, 1.8);
  EXPECT_FALSE(errors.effective.number.interval);  // none was asked for
  // The two most different by errors are a and c.
  ASSERT_FALSE(results.different.empty());
  EXPECT_EQ(results.different.front().models, (std::vector<ModelIndex>{0, 2}));
  EXPECT_DOUBLE_EQ(*results.different.front().effective.number.value, 2);
  EXPECT_DOUBLE_EQ(*results.different.front().success, 0.5);
}

TEST(Diversity, ErrorConsistencyIsThatOfTheOtherCommands) {
  std::vector<TrajectoryFeatures> runs;
  Rng rng(3);
  for (const char* model : {"a", "b", "c"}) {
    for (int t = 0; t < 12; ++t) {
      for (int trial = 0; trial < 3; ++trial) {
        runs.push_back(run(model, std::to_string(t), rng.chance(0.6), {"x"}, trial));
      }
    }
  }
  const Setting setting(std::move(runs), {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  for (std::size_t p = 0; p < results.pairs.size(); ++p) {
    const auto expected = error_consistency_of(setting.corpus, results.pairs[p]);
    EXPECT_NEAR(*results.likenesses[0].pairs[p].rho.value, *expected->kappa, 1e-12);
  }
}

// Both tasks alike, with other tools each, so that chance is 0. a calls x twice, b calls x once and
// something else: Dice 1/2. a repeats itself (1), b half (1/2): ceiling 3/4, rho 2/3, and two
// models are worth 2 / (1 + 2/3) = 1.2.
TEST(Diversity, HabitsAreMeasuredAgainstTheCeiling) {
  std::vector<TrajectoryFeatures> runs;
  for (const std::string task : {"0", "1"}) {
    for (int trial = 0; trial < 2; ++trial) {
      const std::string x = "x" + task;
      runs.push_back(run("a", task, trial == 0, {x, x}, trial));
      runs.push_back(run("b", task, true, {x, (trial == 0 ? "y" : "z") + task}, trial));
    }
  }
  const Setting setting(std::move(runs), {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  const Likeness& habit = at(results, "frequency");
  EXPECT_FALSE(habit.upper_bound);
  EXPECT_DOUBLE_EQ(*habit.pairs[0].score, 0.5);
  EXPECT_DOUBLE_EQ(*habit.pairs[0].chance, 0);
  EXPECT_DOUBLE_EQ(*habit.pairs[0].ceiling, 0.75);
  EXPECT_DOUBLE_EQ(*habit.pairs[0].rho.value, 2.0 / 3);
  EXPECT_DOUBLE_EQ(*habit.effective.number.value, 1.2);
  ASSERT_EQ(results.substitutes.size(), 2u);
  const Substitute& for_a = results.substitutes[0];
  EXPECT_EQ(for_a.model, 0u);
  EXPECT_EQ(for_a.other, 1u);
  EXPECT_DOUBLE_EQ(*for_a.own.success, 0.5);
  EXPECT_DOUBLE_EQ(*for_a.its.success, 1);
  EXPECT_DOUBLE_EQ(*for_a.success_gain.value, 0.5);
  EXPECT_DOUBLE_EQ(for_a.its.calls, 2);
  EXPECT_EQ(for_a.tasks, 2u);
}

// With one run of each task nobody has a ceiling: that of a run with itself, which is 1.
TEST(Diversity, WithoutTrialsTheNumberIsAnUpperBound) {
  std::vector<TrajectoryFeatures> runs;
  for (const std::string task : {"0", "1"}) {
    runs.push_back(run("a", task, true, {"x" + task, "x" + task}));
    runs.push_back(run("b", task, true, {"x" + task, "y" + task}));
  }
  const Setting setting(std::move(runs), {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  const Likeness& habit = at(results, "frequency");
  EXPECT_TRUE(habit.upper_bound);
  EXPECT_DOUBLE_EQ(*habit.pairs[0].ceiling, 1);
  EXPECT_DOUBLE_EQ(*habit.effective.number.value, 2 / 1.5);
  // Everybody solves everything: no kappa, and it is said.
  EXPECT_FALSE(results.errors);
  const std::string words = paragraph_of(diversity_verdict(setting.study, results));
  EXPECT_NE(words.find("at most 1.3 independent ones by habit"), std::string::npos) << words;
  EXPECT_NE(words.find("nothing is said about when they fail"), std::string::npos) << words;
}

TEST(Diversity, TheLeadingHabitIsCallFrequencyUnlessAnotherIsNamed) {
  std::vector<TrajectoryFeatures> runs;
  for (int t = 0; t < 6; ++t) {
    for (const char* model : {"a", "b", "c", "d"}) {
      const std::string tool = (t + *model) % 3 == 0 ? "y" : "z";
      runs.push_back(run(model, std::to_string(t), true, {"x" + std::to_string(t), tool}));
    }
  }
  const Setting setting(std::move(runs), {"ged", "frequency"});
  const DiversityResults usual = diversity(setting.study, {}).value();
  EXPECT_EQ(usual.likenesses[*usual.habits].slug, "frequency");
  DiversityOptions options;
  options.by = "ged";
  const DiversityResults other = diversity(setting.study, options).value();
  EXPECT_EQ(other.likenesses[*other.habits].slug, "ged");
  options.by = "rps";
  EXPECT_EQ(diversity(setting.study, options).error().kind, ErrorKind::kUsage);
}

// With a single task there is no other one for the chance level.
TEST(Diversity, SaysWhenNothingIsKnownOfHabits) {
  const Setting setting({run("a", "0", true, {"x"}), run("b", "0", false, {"x"})}, {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  EXPECT_FALSE(results.habits);
  EXPECT_TRUE(results.substitutes.empty());
  const std::string words = paragraph_of(diversity_verdict(setting.study, results));
  EXPECT_NE(words.find("Nothing is said of habits: no metric has"), std::string::npos) << words;
}

// As many pairs of trials agree as the rates of the two give, whatever these are.
TEST(Diversity, OneTaskSaysNothingOfCommonErrors) {
  const std::vector<TrajectoryFeatures> runs = {
      run("a", "0", true, {"x"}, 0), run("a", "0", false, {"x"}, 1), run("a", "0", true, {"x"}, 2),
      run("b", "0", false, {"x"}, 0), run("b", "0", true, {"x"}, 1)};
  const Setting setting(runs, {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  EXPECT_FALSE(results.errors);
  const Likeness& errors = results.likenesses.front();
  ASSERT_TRUE(errors.errors);
  EXPECT_FALSE(errors.pairs.front().rho.value);
  EXPECT_FALSE(errors.own);
  EXPECT_FALSE(error_consistency_of(setting.corpus, {0, 1})->kappa);
  constexpr const char* kReason = "on one common task κ is 0 whatever the two do";
  EXPECT_EQ(errors.pairs.front().rho.reason, kReason);
  EXPECT_EQ(errors.effective.rho.reason, kReason);
  const std::string words = paragraph_of(diversity_verdict(setting.study, results));
  EXPECT_TRUE(words.starts_with("How many independent models these 2 are worth is undefined"))
      << words;
  EXPECT_NE(words.find(std::string("agreement is defined (") + kReason + ")"), std::string::npos)
      << words;
  const DataReport report = diversity_report(setting.study, results);
  const std::vector<DataCell>& row = report.tables.front().rows.front();
  for (const DataCell& cell : std::span(row).subspan(7, 2)) {  // mean rho, worth
    EXPECT_FALSE(cell.number);
    EXPECT_EQ(cell.reason, kReason);
  }
}

// c has no outcomes at all, so that its runs neither failed nor succeeded; b's two unrecorded ones
// are no successes.
TEST(Diversity, ARunWithoutAnOutcomeIsAmongTheFailedOnes) {
  std::vector<TrajectoryFeatures> runs;
  const auto unrecorded = [&] {
    runs.back().reward.reset();
    runs.back().success = false;
  };
  for (int t = 0; t < 4; ++t) {
    const std::string task = std::to_string(t);
    runs.push_back(run("a", task, t != 0, {}));
    runs.push_back(run("b", task, t != 1, {}));
    if (t >= 2) unrecorded();
    runs.push_back(run("c", task, false, {}));
    unrecorded();
  }
  const Setting setting(runs, {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  EXPECT_EQ(results.judged_runs, 8u);
  EXPECT_EQ(results.failed_runs, 4u);
  ASSERT_TRUE(results.errors);
  EXPECT_FALSE(results.habits);
  const std::string words = paragraph_of(diversity_verdict(setting.study, results));
  EXPECT_TRUE(
      words.starts_with("How many independent models these 3 are worth cannot be told. By "
                        "when they fail nothing can be told: 4 of 8 runs failed"))
      << words;
  const std::string note = diversity_report(setting.study, results).tables.front().note;
  EXPECT_NE(note.find("errors: 4 of 8 runs failed, too few to go by"), std::string::npos) << note;
}

TEST(Diversity, SaysWhenNoOutcomeIsRecorded) {
  std::vector<TrajectoryFeatures> runs;
  for (const std::string task : {"0", "1"}) {
    for (const char* model : {"a", "b", "c"}) {
      runs.push_back(run(model, task, true, {"x" + task}));
      if (*model != 'c') continue;
      runs.back().reward.reset();
      runs.back().success = false;
    }
  }
  const Setting setting(std::move(runs), {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  EXPECT_FALSE(results.models[2].conduct.success);
  EXPECT_FALSE(results.likenesses[0].pairs[1].rho.value);
  ASSERT_FALSE(results.warnings.empty());
  EXPECT_NE(results.warnings.back().find("no outcome is recorded for 1 of 3 models (c)"),
            std::string::npos);
}

TEST(Diversity, SaysOfWhichModelsEachNumberIs) {
  std::vector<TrajectoryFeatures> runs;
  for (int t = 0; t < 40; ++t) {
    const std::string task = std::to_string(t);
    runs.push_back(run("a", task, t % 2 == 0, {"x" + task}));
    runs.push_back(run("b", task, t % 4 < 2, {"x" + task}));
    runs.push_back(run("c", task, false, {"x" + task}));
    runs.back().reward.reset();
  }
  const Setting setting(std::move(runs), {"frequency"});
  const std::string words =
      paragraph_of(diversity_verdict(setting.study, diversity(setting.study, {}).value()));
  EXPECT_TRUE(
      words.starts_with("2 of these 3 models (all but c, for which no outcome is recorded) "
                        "are worth 2.0 independent ones by when they fail"))
      << words;
  EXPECT_NE(words.find("), and all 3 at most 1.0 by habit"), std::string::npos) << words;
}

TEST(Diversity, NoPairIsBothTheClosestAndTheMostDifferent) {
  const auto words = [](const std::vector<std::string>& of_c, std::size_t common_with_c) {
    std::vector<TrajectoryFeatures> runs;
    for (std::size_t t = 0; t < 4; ++t) {
      const std::string task = std::to_string(t);
      for (const char* model : {"a", "b"}) runs.push_back(run(model, task, true, {"x" + task}));
      std::vector<std::string> tools;
      for (const std::string& tool : of_c) tools.push_back(tool + task);
      runs.push_back(run("c", t < common_with_c ? task : "c" + task, true, tools));
    }
    const Setting setting(std::move(runs), {"frequency"});
    DiversityOptions options;
    options.most_different = 2;
    return paragraph_of(
        diversity_verdict(setting.study, diversity(setting.study, options).value()));
  };
  const std::string one = words({"x"}, 0);
  EXPECT_NE(one.find("Likeness by habit is defined for one pair alone, a and b."),
            std::string::npos)
      << one;
  const std::string same = words({"x"}, 4);
  EXPECT_NE(same.find("By habit all 3 pairs are equally alike."), std::string::npos) << same;
  for (const std::string& text : {one, same}) {
    EXPECT_EQ(text.find("differ most"), std::string::npos) << text;
    EXPECT_EQ(text.find("The closest two"), std::string::npos) << text;
  }
  const std::string apart = words({"x", "y"}, 4);
  EXPECT_NE(apart.find("The 2 that differ most by habit (frequency): "), std::string::npos)
      << apart;
  EXPECT_NE(apart.find("The closest two are a and b"), std::string::npos) << apart;
}

TEST(Diversity, OneSystemUnderTwoNamesCountsOnce) {
  std::vector<TrajectoryFeatures> runs;
  for (int t = 0; t < 4; ++t) {
    for (const char* model : {"a", "b"}) {
      for (int trial = 0; trial < 2; ++trial) {
        runs.push_back(run(model, std::to_string(t), t % 2 == 0, {"x" + std::to_string(t)}, trial));
      }
    }
  }
  const Setting setting(std::move(runs), {"frequency"});
  const DiversityResults results = diversity(setting.study, {}).value();
  EXPECT_DOUBLE_EQ(*results.likenesses[*results.errors].effective.number.value, 1);
  EXPECT_DOUBLE_EQ(*results.likenesses[*results.habits].effective.number.value, 1);
  ASSERT_EQ(results.identical.size(), 1u);
  EXPECT_EQ(results.identical[0].same, results.identical[0].runs);
  EXPECT_NE(results.warnings.front().find("one system under two names"), std::string::npos);
}

TEST(Diversity, NeedsTwoModelsWithACommonTask) {
  const Setting alone({run("a", "0", true, {"x"})}, {"frequency"});
  const auto one = diversity(alone.study, {});
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().kind, ErrorKind::kInput);
  const Setting apart({run("a", "0", true, {"x"}), run("b", "1", true, {"x"})}, {"frequency"});
  const auto none = diversity(apart.study, {});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("task in common"), std::string::npos);
}

// Six models whose outcomes follow a common draw with probability 1/2: they correlate by 1/4, and
// the effective number is 6 / (1 + 5/4).
TEST(Diversity, RecoversAPlantedCorrelationForAnyNumberOfThreads) {
  std::vector<TrajectoryFeatures> runs;
  Rng rng(11);
  for (int t = 0; t < 400; ++t) {
    const bool common = rng.chance(0.6);
    for (int m = 0; m < 6; ++m) {
      const bool own = rng.chance(0.6);
      runs.push_back(
          run("m" + std::to_string(m), std::to_string(t), rng.chance(0.5) ? common : own, {"x"}));
    }
  }
  const std::vector<TrajectoryFeatures> again = runs;
  const Setting one(std::move(runs), {"frequency"}, {500, 1, 0.95}, 1);
  const Setting three(again, {"frequency"}, {500, 1, 0.95}, 3);
  const DiversityResults results = diversity(one.study, {}).value();
  const DiversityResults others = diversity(three.study, {}).value();
  const Estimate& number = results.likenesses[*results.errors].effective.number;
  const double truth = 6 / 2.25;
  EXPECT_NEAR(*number.value, truth, 0.25);
  ASSERT_TRUE(number.interval);
  EXPECT_LT(number.interval->low, truth);
  EXPECT_GT(number.interval->high, truth);
  EXPECT_LT(number.interval->high - number.interval->low, 0.8);
  const Estimate& same = others.likenesses[*others.errors].effective.number;
  EXPECT_EQ(number.interval->low, same.interval->low);
  EXPECT_EQ(number.interval->high, same.interval->high);
}

// Two models that call different tools on all tasks but two, and the same ones on other tasks: less
// alike than chance, and without those two, as in an eighth of the resamples, by more than the
// ceiling is above it.
TEST(Diversity, TheNumberHasNoUpperLimitWhereTheModelsMayBeTooDifferent) {
  std::vector<TrajectoryFeatures> runs;
  for (int t = 0; t < 20; ++t) {
    const bool even = t % 2 == 0;
    runs.push_back(run("a", std::to_string(t), true, {even ? "x" : "y"}));
    runs.push_back(run("b", std::to_string(t), true, {even == (t < 2) ? "x" : "y"}));
  }
  const Setting setting(std::move(runs), {"frequency"}, {200, 1, 0.95});
  const DiversityResults results = diversity(setting.study, {}).value();
  const EffectiveNumber& habit = at(results, "frequency").effective;
  EXPECT_GT(*habit.rho.value, -1);
  ASSERT_TRUE(habit.rho.interval);
  EXPECT_LT(habit.rho.interval->low, -1);
  ASSERT_TRUE(habit.number.value);
  EXPECT_FALSE(habit.number.interval);
  EXPECT_TRUE(habit.number.reason.starts_with("no upper limit")) << habit.number.reason;
  const std::string words = paragraph_of(diversity_verdict(setting.study, results));
  // Without trials the number is an upper bound, and one without an upper limit says nothing.
  EXPECT_NE(words.find("are worth cannot be told. By habit (frequency) nothing can be told: no "
                       "upper limit"),
            std::string::npos)
      << words;
  EXPECT_NE(diversity_report(setting.study, results).tables.front().note.find("no upper limit"),
            std::string::npos);
}

// Where one fails the other succeeds, on all tasks but one: kappa -.95, and -1 in a third of the
// resamples, where the number has no bounds.
TEST(Diversity, ANumberWithoutAnUpperLimitIsToldByItsLowerOne) {
  std::vector<TrajectoryFeatures> runs;
  for (int t = 0; t < 40; ++t) {
    runs.push_back(run("a", std::to_string(t), t % 2 == 0, {}));
    runs.push_back(run("b", std::to_string(t), t % 2 == 1 || t == 0, {}));
  }
  const Setting setting(std::move(runs), {"frequency"}, {200, 1, 0.95});
  const DiversityResults results = diversity(setting.study, {}).value();
  const EffectiveNumber& errors = results.likenesses[*results.errors].effective;
  EXPECT_NEAR(*errors.number.value, 40, 1);
  const std::string lowest = fmt::format("{:.1f}", *effective_number(2, errors.rho.interval->high));
  const std::string words = paragraph_of(diversity_verdict(setting.study, results));
  EXPECT_TRUE(words.starts_with("These 2 models are worth " + lowest +
                                " or more independent ones by when they fail"))
      << words;
}

// b calls x always; a calls it in both runs of `both` tasks, in none of `none` and once in the
// rest. So the score and the chance level are (20 + both - none) / 40, the ceiling
// (20 + both + none) / 40.
std::vector<TrajectoryFeatures> hardly_above_chance(int both, int none) {
  std::vector<TrajectoryFeatures> runs;
  for (int t = 0; t < 20; ++t) {
    for (int trial = 0; trial < 2; ++trial) {
      const bool calls = t < both || (t >= both + none && trial == 0);
      runs.push_back(run("a", std::to_string(t), true, {calls ? "x" : "y"}, trial));
      runs.push_back(run("b", std::to_string(t), true, {"x"}, trial));
    }
  }
  return runs;
}

TEST(Diversity, AHabitHasNoIntervalWhereTheCeilingMayBeChance) {
  const Setting setting(hardly_above_chance(10, 1), {"frequency"}, {200, 1, 0.95});
  const DiversityResults results = diversity(setting.study, {}).value();
  const Likeness& habit = at(results, "frequency");
  EXPECT_NEAR(*habit.pairs[0].ceiling - *habit.pairs[0].chance, 0.05, 1e-12);
  EXPECT_NEAR(*habit.effective.rho.value, 0, 1e-12);
  EXPECT_FALSE(habit.pairs[0].rho.interval);
  EXPECT_FALSE(habit.effective.rho.interval);
  EXPECT_FALSE(habit.effective.number.interval);
  EXPECT_FALSE(habit.effective.number.reason.empty());
  const std::string words = paragraph_of(diversity_verdict(setting.study, results));
  EXPECT_TRUE(words.starts_with("How many independent models these 2 are worth cannot be told."))
      << words;
  EXPECT_NE(words.find("By habit (frequency) nothing can be told: in too many resamples"),
            std::string::npos)
      << words;
  EXPECT_EQ(words.find("The closest"), std::string::npos) << words;
  EXPECT_EQ(words.find("differ most by habit"), std::string::npos) << words;
}

TEST(Diversity, SaysWhyAPairWithAScoreHasNoLikeness) {
  const Setting setting(hardly_above_chance(0, 0), {"frequency"}, {200, 1, 0.95});
  const DiversityResults results = diversity(setting.study, {}).value();
  const PairLikeness& pair = at(results, "frequency").pairs[0];
  EXPECT_TRUE(pair.score);
  EXPECT_FALSE(pair.rho.value);
  EXPECT_EQ(pair.rho.reason, "the ceiling is not above chance");
}

TEST(DiversityReport, HasItsTablesAndSaysTheVerdictFirst) {
  std::vector<TrajectoryFeatures> runs;
  Rng rng(2);
  for (int t = 0; t < 30; ++t) {
    for (const char* model : {"a", "b", "c", "d"}) {
      runs.push_back(run(model, std::to_string(t), rng.chance(0.5),
                         {"x", rng.chance(0.5) ? "y" : "z", rng.chance(0.3) ? "w" : "v"}));
    }
  }
  const Setting setting(std::move(runs), {"ags", "frequency"}, {200, 1, 0.95});
  const DiversityResults results = diversity(setting.study, {.nearest = 1}).value();
  EXPECT_EQ(results.substitutes.size(), 4u);
  const DataReport report = diversity_report(setting.study, results);
  EXPECT_TRUE(report.verdict.found.starts_with("These 4 models are worth "))
      << report.verdict.found;
  EXPECT_EQ(report.verdict.next.at(1), "explain");
  std::vector<std::string> names;
  for (const DataTable& table : report.tables) {
    names.push_back(table.name);
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.name;
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"effective", "different", "substitutes", "models", "pairs"}));
}

}  // namespace
}  // namespace agentecho
