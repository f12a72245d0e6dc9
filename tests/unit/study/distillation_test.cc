#include "agentecho/study/distillation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "agentecho/corpus/verbal_features.h"
#include "agentecho/scoring/mean_measure.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::run;

// Means over tasks: S_node, S_seq and S_dep, with a column that counts and one of values each, and
// AGS.
enum Column : std::size_t { kNodeTasks, kNode, kSeqTasks, kSeq, kDepTasks, kDep, kColumns };
constexpr std::size_t kS = 0;
constexpr std::size_t kSeqMetric = 1;
constexpr std::size_t kA = 3;

MetricSet three_means() {
  MetricSet set;
  const auto add = [&](const char* slug) {
    set.metrics.push_back(mean_metric(slug, slug, set.add(Measure{})));
  };
  add("s_node");
  add("s_seq");
  add("s_dep");
  Metric ags;
  ags.slug = "ags";
  ags.formula = MeanOf{{0, 1, 2}};
  ags.tasks = kNodeTasks;
  set.metrics.push_back(ags);
  return set;
}

void set(DistillationTable& table, std::size_t pair, std::size_t task, Column column,
         double value) {
  table.row(pair, task)[column] = value;
}

// Every task alike: S_node of (before, after) for the teacher and each control; S_seq and S_dep
// stay at 1.
DistillationTable table_of(std::size_t tasks, const std::vector<double>& s_node) {
  DistillationTable table;
  table.metrics = three_means();
  table.n_tasks = tasks;
  table.n_controls = s_node.size() / 2 - 1;
  table.rows.assign(s_node.size() * tasks * kColumns, 1.0);
  for (std::size_t p = 0; p < s_node.size(); ++p) {
    for (std::size_t t = 0; t < tasks; ++t) set(table, p, t, kNode, s_node[p]);
  }
  return table;
}

TEST(Distillation, IsTheDifferenceOfDifferencesWithAnExactTest) {
  const auto estimates = estimate_distillation(table_of(4, {0.5, 0.9, 0.6, 0.7}), {500, 1, 0.95});
  const Movement& node = estimates.mean[kS];
  EXPECT_DOUBLE_EQ(*node.teacher_before, 0.5);
  EXPECT_DOUBLE_EQ(*node.teacher_after, 0.9);
  EXPECT_DOUBLE_EQ(*node.control_after, 0.7);
  EXPECT_NEAR(*node.difference, 0.3, 1e-12);
  EXPECT_NEAR(*node.p_value, 2.0 / 16, 1e-12);  // all four signs equal: two of sixteen patterns
  EXPECT_NEAR(node.interval->low, 0.3, 1e-9);
  EXPECT_NEAR(node.interval->high, 0.3, 1e-9);
  EXPECT_EQ(node.n_tasks, 4u);
  const Movement& ags = estimates.mean[kA];
  EXPECT_NEAR(*ags.difference, 0.1, 1e-12);
  EXPECT_NEAR(*ags.p_value, 2.0 / 16, 1e-12);
}

TEST(Distillation, SeveralControlsCountByTheirMeanAndByThemselves) {
  const auto estimates =
      estimate_distillation(table_of(3, {0.5, 0.9, 0.6, 0.7, 0.4, 0.9}), {200, 1, 0.95});
  ASSERT_EQ(estimates.controls.size(), 2u);
  EXPECT_NEAR(*estimates.controls[0][kS].difference, 0.3, 1e-12);
  EXPECT_NEAR(*estimates.controls[1][kS].difference, -0.1, 1e-12);
  EXPECT_NEAR(*estimates.mean[kS].difference, 0.1, 1e-12);
  EXPECT_NEAR(*estimates.mean[kS].control_before, 0.5, 1e-12);
  const auto rank = yardstick(estimates);
  ASSERT_TRUE(rank);
  EXPECT_EQ(rank->rank, 2u);  // the second control was approached more
  EXPECT_NEAR(rank->p_value, 2.0 / 3, 1e-12);
}

// Steps of S_node: 0.4 toward the teacher, 0.1, 0.2, 0.0 and 0.1 toward the controls.
TEST(Distillation, TheTeacherIsHeldAgainstTheControls) {
  const auto estimates = estimate_distillation(
      table_of(4, {0.5, 0.9, 0.6, 0.7, 0.5, 0.7, 0.4, 0.4, 0.3, 0.4}), {500, 1, 0.95});
  ASSERT_TRUE(estimates.among[kS]);
  EXPECT_NEAR(*estimates.steps[kS], 0.4, 1e-12);
  // mean 0.1, sd sqrt(0.02 / 3): 0.3 / (0.0816497 * sqrt(1.25))
  EXPECT_NEAR(estimates.among[kS]->t, 0.3 / std::sqrt(0.02 / 3 * 1.25), 1e-9);
  EXPECT_EQ(estimates.among[kS]->degrees_of_freedom, 3);
  EXPECT_NEAR(estimates.step_intervals[kS]->low, 0.4, 1e-9);  // every task alike
  EXPECT_FALSE(estimates.among[kSeqMetric]);                  // no step differs from another
}

TEST(Distillation, OneControlIsNoYardstick) {
  const auto estimates = estimate_distillation(table_of(4, {0.5, 0.9, 0.6, 0.7}), {500, 1, 0.95});
  EXPECT_FALSE(estimates.among[kS]);
  EXPECT_TRUE(estimates.step_intervals[kS]);
}

TEST(Distillation, OneTaskGivesValuesButNoIntervalAndNoTest) {
  const auto estimates = estimate_distillation(table_of(1, {0.5, 0.9, 0.6, 0.7}), {200, 1, 0.95});
  EXPECT_TRUE(estimates.mean[kA].difference);
  EXPECT_FALSE(estimates.mean[kA].interval);
  EXPECT_FALSE(estimates.mean[kA].p_value);
}

TEST(Distillation, WithoutOptionalToolsThereIsNoAgs) {
  DistillationTable table = table_of(3, {0.5, 0.9, 0.6, 0.7});
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t t = 0; t < 3; ++t) {
      set(table, p, t, kNodeTasks, 0);
      set(table, p, t, kNode, 0);
    }
  }
  const auto estimates = estimate_distillation(table, {200, 1, 0.95});
  EXPECT_FALSE(estimates.mean[kA].difference);
  EXPECT_FALSE(estimates.mean[kS].p_value);
  EXPECT_EQ(estimates.mean[kA].n_tasks, 0u);
  EXPECT_EQ(*estimates.mean[kSeqMetric].difference, 0);
  EXPECT_FALSE(yardstick(estimates));
}

LoadedCorpus loaded(std::vector<TrajectoryFeatures> features) {
  LoadedCorpus result;
  result.corpus = corpus_of(std::move(features));
  return result;
}

std::vector<TrajectoryFeatures> small_corpus() {
  return {run("before", "1", true, {"get_a", "set_b"}),
          run("before", "2", true, {"get_a", "set_b"}),
          run("after", "1", true, {"get_a", "set_b", "get_b"}),
          run("after", "2", true, {"get_a", "set_b", "get_b"}),
          run("teacher", "1", true, {"set_b", "get_b"}),
          run("teacher", "2", true, {"set_b", "get_b"}),
          run("control", "1", true, {"get_a", "set_b"}),
          run("control", "2", true, {"get_a", "set_b"}),
          run("far", "9", true, {"get_a"})};
}

TEST(Distillation, SmallRecordedCase) {
  // Optional tools of both tasks: get_a and get_b. Before agrees with the teacher on neither, after
  // on get_b; before agrees with the control on both, after on get_a.
  const auto results =
      distill(loaded(small_corpus()), {"before", "after", "teacher", {"control"}}, {});
  ASSERT_TRUE(results) << results.error().message;
  const Movement& node = results->estimates.mean[kS];
  EXPECT_EQ(*node.teacher_before, 0);
  EXPECT_EQ(*node.teacher_after, 0.5);
  EXPECT_EQ(*node.control_before, 1);
  EXPECT_EQ(*node.control_after, 0.5);
  EXPECT_EQ(*node.difference, 1);
  EXPECT_EQ(*node.p_value, 0.5);  // two tasks cannot say more
  EXPECT_EQ(results->n_tasks, 2u);
  EXPECT_NE(results->verdict.found.find("one control is no yardstick"), std::string::npos)
      << results->verdict.found;
  EXPECT_TRUE(results->verdict.sureness.starts_with("AGS: the step toward \"teacher\" is"))
      << results->verdict.sureness;
}

std::vector<TrajectoryFeatures> taught_corpus() {
  std::vector<TrajectoryFeatures> runs;
  const auto add = [&](const char* model, const std::vector<std::string>& one,
                       const std::vector<std::string>& two) {
    runs.push_back(run(model, "1", true, one));
    runs.push_back(run(model, "2", true, two));
  };
  add("pupil-1", {"get_a"}, {"get_a", "set_b"});
  add("pupil-2", {"get_a", "get_b"}, {"get_b", "set_b"});
  add("master", {"get_b", "set_b"}, {"get_b", "set_b"});
  add("other", {"get_a", "set_b"}, {"get_a"});
  add("pupil-0", {"get_a", "get_c"}, {"get_a", "set_b"});
  add("x", {"get_c"}, {"get_b", "get_c"});
  add("y", {"get_a", "get_b", "set_b"}, {"get_c", "set_b"});
  return runs;
}

TEST(Distillation, SeveralTeachersAreCorrectedFor) {
  const DistillationRoles roles = {
      "pupil-1", "pupil-2", "master", {"x", "y", "pupil-0"}, {"other"}};
  const auto results = distill(loaded(taught_corpus()), roles, {});
  ASSERT_TRUE(results) << results.error().message;
  ASSERT_EQ(results->teachers.size(), 2u);
  EXPECT_EQ(results->teachers[1].teacher, "other");
  const auto& first = results->teachers[0];
  const auto& second = results->teachers[1];
  ASSERT_TRUE(first.among[kA] && second.among[kA]);
  EXPECT_LT(first.among[kA]->p_greater, second.among[kA]->p_greater);
  EXPECT_NEAR(*first.p_adjusted[kA], 2 * first.among[kA]->p_greater, 1e-12);
  EXPECT_EQ(*results->leading.at(0).among_p, *first.p_adjusted[results->leading[0].metric]);
  EXPECT_TRUE(results->verdict.sureness.ends_with("p is corrected for 2 teachers (Holm)."))
      << results->verdict.sureness;
  const auto alone =
      distill(loaded(taught_corpus()), {"pupil-1", "pupil-2", "master", {"x", "y", "pupil-0"}}, {});
  EXPECT_NEAR(*alone->teachers[0].p_adjusted[kA], first.among[kA]->p_greater, 1e-12);
}

// What a model says on a task: pairs of words, as numbers.
std::vector<TrajectoryFeatures> taught_corpus_with_words() {
  std::vector<TrajectoryFeatures> runs = taught_corpus();
  const std::vector<std::vector<std::uint64_t>> pairs_of = {
      {1, 2, 3}, {3, 4, 5}, {4, 5, 6}, {1, 2, 7}, {1, 3, 8}, {2, 3, 9}, {3, 7, 9}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto verbal = std::make_shared<VerbalFeatures>();
    verbal->bigrams = pairs_of[i / 2];
    verbal->bigrams->push_back(10 + i % 2);
    runs[i].verbal = std::move(verbal);
  }
  return runs;
}

TEST(Distillation, TheVerdictIsCorrectedForItsScores) {
  DistillationOptions options;
  options.metrics = {"ags", "bigram"};
  const DistillationRoles roles = {"pupil-1", "pupil-2", "master", {"x", "y", "pupil-0"}};
  const auto results = distill(loaded(taught_corpus_with_words()), roles, options);
  ASSERT_TRUE(results) << results.error().message;
  ASSERT_EQ(results->leading.size(), 2u);
  const LeadingScore& words = results->leading[0];
  const LeadingScore& ags = results->leading[1];
  EXPECT_EQ(results->metrics[words.metric].slug, "bigram");
  EXPECT_EQ(results->metrics[ags.metric].slug, "ags");
  const auto expect_holm = [](double p, double q, double p_holm, double q_holm) {
    EXPECT_NEAR(std::min(p_holm, q_holm), std::min(1.0, 2 * std::min(p, q)), 1e-12);
    EXPECT_NEAR(std::max(p_holm, q_holm), std::max({p, q, std::min(1.0, 2 * std::min(p, q))}),
                1e-12);
  };
  const auto& among = results->teachers[0].among;
  const Movements& mean = results->estimates.mean;
  EXPECT_LT(among[words.metric]->p_greater, among[ags.metric]->p_greater);
  expect_holm(among[words.metric]->p_greater, among[ags.metric]->p_greater, *words.among_p,
              *ags.among_p);
  expect_holm(*mean[words.metric].p_value, *mean[ags.metric].p_value, *words.changed_p,
              *ags.changed_p);
  EXPECT_TRUE(results->verdict.sureness.ends_with("p is corrected for 2 scores (Holm)."))
      << results->verdict.sureness;

  options.metrics = {"ags"};
  const auto one = distill(loaded(taught_corpus()), roles, options);
  ASSERT_TRUE(one && one->leading.size() == 1);
  EXPECT_EQ(*one->leading[0].among_p, one->teachers[0].among[one->leading[0].metric]->p_greater);
  EXPECT_EQ(one->verdict.sureness.find("corrected"), std::string::npos) << one->verdict.sureness;
}

TEST(Distillation, AsksForFiveControlsAndWarnsOfRelatives) {
  const auto results =
      distill(loaded(taught_corpus()), {"pupil-1", "pupil-2", "master", {"x", "y", "pupil-0"}}, {});
  ASSERT_TRUE(results);
  const auto says = [&](std::string_view words) {
    return std::any_of(results->warnings.begin(), results->warnings.end(),
                       [&](const std::string& w) { return w.find(words) != std::string::npos; });
  };
  EXPECT_TRUE(says("fewer than 5 controls (3)"));
  EXPECT_TRUE(says("relative of the student is among the controls (pupil-0)"));
  EXPECT_FALSE(says("relative of the teacher"));
}

TEST(Distillation, SaysThatNoRunSucceeded) {
  auto runs = small_corpus();
  for (TrajectoryFeatures& failed : runs) {
    failed.reward = 0;
    failed.success = false;
  }
  const auto results =
      distill(loaded(std::move(runs)), {"before", "after", "teacher", {"control"}}, {});
  ASSERT_TRUE(results) << results.error().message;
  constexpr std::string_view kWhy = "no run of the pool succeeded on the common tasks";
  EXPECT_NE(paragraph_of(results->verdict).find(kWhy), std::string::npos)
      << paragraph_of(results->verdict);
  EXPECT_TRUE(std::any_of(results->warnings.begin(), results->warnings.end(),
                          [&](const std::string& w) { return w.starts_with(kWhy); }));
}

TEST(Distillation, RefusesWhatCannotBeTested) {
  const LoadedCorpus corpus = loaded(small_corpus());
  const auto error = [&](const DistillationRoles& roles) {
    const auto results = distill(corpus, roles, {});
    return results ? Error{ErrorKind::kFailed, "no error", {}} : results.error();
  };
  EXPECT_EQ(error({"before", "after", "teacher", {}}).kind, ErrorKind::kUsage);
  EXPECT_EQ(error({"before", "", "teacher", {"control"}}).kind, ErrorKind::kUsage);
  EXPECT_EQ(error({"before", "after", "nobody", {"control"}}).kind, ErrorKind::kUsage);
  EXPECT_EQ(error({"before", "after", "teacher", {"teacher"}}).kind, ErrorKind::kUsage);
  EXPECT_EQ(error({"before", "after", "teacher", {"control", "control"}}).message,
            "\"control\" is named twice as a control");
  for (const std::vector<std::string>& others :
       {std::vector<std::string>{"teacher"}, std::vector<std::string>{"control", "control"}}) {
    DistillationRoles twice = {"before", "after", "teacher", {"far"}};
    twice.other_teachers = others;
    EXPECT_EQ(error(twice).message, "\"" + others.front() + "\" is named twice as a teacher");
  }
  const Error far = error({"before", "after", "teacher", {"control", "far"}});
  EXPECT_EQ(far.kind, ErrorKind::kInput);
  EXPECT_NE(far.message.find("\"far\""), std::string::npos) << far.message;
  // The control's runs are those of before.
  EXPECT_EQ(error({"before", "control", "teacher", {"after"}}).kind, ErrorKind::kInput);
  auto one_task = small_corpus();
  one_task.erase(std::remove_if(one_task.begin(), one_task.end(),
                                [](const TrajectoryFeatures& f) { return f.task.task_id == "2"; }),
                 one_task.end());
  const auto single =
      distill(loaded(std::move(one_task)), {"before", "after", "teacher", {"control"}}, {});
  ASSERT_FALSE(single);
  EXPECT_EQ(single.error().kind, ErrorKind::kInput);
}

}  // namespace
}  // namespace agentecho
