#include "agentecho/readers/evaluation_reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TempFolder;

// As SWE-bench's harness writes it.
constexpr std::string_view kReport = R"({
  "total_instances": 6, "submitted_instances": 5, "resolved_instances": 1,
  "completed_ids": ["t-1", "t-2", "t-4"], "incomplete_ids": ["t-6"], "empty_patch_ids": ["t-3"],
  "submitted_ids": ["t-1", "t-2", "t-3", "t-4", "t-5"], "resolved_ids": ["t-1"],
  "unresolved_ids": ["t-2", "t-4"], "infra_failure_ids": ["t-4"], "error_ids": ["t-5"],
  "schema_version": 2})";

std::string run(std::string_view model, std::string_view task, std::string_view more = "") {
  return R"({"model":")" + std::string(model) + R"(","instance_id":")" + std::string(task) +
         R"(",)" + std::string(more) +
         R"("messages":[{"role":"user","content":"u"},{"role":"assistant","content":"hi"}]})" +
         "\n";
}

struct Loaded {
  std::map<std::string, std::string> outcomes;  // "model task" -> "1", "0" or "-"
  std::vector<std::string> problems;
};

Loaded load(const TempFolder& folder, const std::string& success_key = {}) {
  LoadOptions options;
  options.threads = 1;
  options.identity.success_key = success_key;
  options.files = resolve_inputs({{folder.path(), ""}}).value().files;
  const LoadedTrajectories loaded = load_trajectories(options).value();
  Loaded found;
  for (const Trajectory& t : loaded.trajectories) {
    std::string& outcome = found.outcomes[t.model + " " + t.task_id];
    if (!outcome.empty()) outcome += ' ';
    outcome += !t.reward ? "-" : *t.reward >= 1 ? "1" : "0";
  }
  for (const Diagnostic& d : loaded.report.diagnostics.kept()) {
    found.problems.push_back(to_string(d));
  }
  return found;
}

using Outcomes = std::map<std::string, std::string>;

TEST(EvaluationReports, GiveTheRunsInFoldersOfTheirTasksAnOutcome) {
  const TempFolder folder;
  for (const std::string task : {"t-1", "t-2", "t-3", "t-4", "t-5", "t-6", "t-7"}) {
    folder.write("ash/" + task + "/" + task + ".traj.json", run("ash-1", task));
  }
  folder.write("ash/prov__ash-1.first.json", kReport);
  const Loaded loaded = load(folder);
  EXPECT_THAT(loaded.problems, IsEmpty());
  // Neither what the harness failed on (t-4, t-5) nor what was not run (t-6) nor others (t-7).
  EXPECT_EQ(loaded.outcomes, (Outcomes{{"ash-1 t-1", "1"},
                                       {"ash-1 t-2", "0"},
                                       {"ash-1 t-3", "0"},
                                       {"ash-1 t-4", "-"},
                                       {"ash-1 t-5", "-"},
                                       {"ash-1 t-6", "-"},
                                       {"ash-1 t-7", "-"}}));
}

TEST(EvaluationReports, OfOneLogWithAllRunsStandBesideIt) {
  const TempFolder folder;
  folder.write("ash/output.jsonl", run("ash-1", "t-1") + run("ash-1", "t-2"));
  folder.write("ash/report.json", kReport);
  const Loaded loaded = load(folder);
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.outcomes, (Outcomes{{"ash-1 t-1", "1"}, {"ash-1 t-2", "0"}}));
}

TEST(EvaluationReports, OfATableOfSubmissionsNameOnlyWhatIsResolved) {
  const TempFolder folder;
  for (const std::string task : {"t-1", "t-2", "t-3", "t-4"}) {
    folder.write("20250601_ash/trajs/" + task + ".json", run("ash-1", task));
  }
  folder.write("20250601_ash/results/results.json",
               R"({"no_generation":["t-3"],"no_logs":["t-4"],"resolved":["t-1"]})");
  // What the harness keeps of each evaluation is no log.
  folder.write("20250601_ash/logs/t-1/report.json",
               R"({"t-1":{"patch_exists":true,"resolved":true,"tests_status":{}}})");
  const Loaded loaded = load(folder);
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(
      loaded.outcomes,
      (Outcomes{{"ash-1 t-1", "1"}, {"ash-1 t-2", "0"}, {"ash-1 t-3", "0"}, {"ash-1 t-4", "-"}}));
}

TEST(EvaluationReports, ComeBehindWhatTheRunItselfSays) {
  const TempFolder folder;
  folder.write("ash/output.jsonl", run("ash-1", "t-1", R"("resolved":false,)") +
                                       run("ash-1", "t-2", R"("mine":true,)"));
  folder.write("ash/report.json", kReport);
  EXPECT_EQ(load(folder).outcomes, (Outcomes{{"ash-1 t-1", "0"}, {"ash-1 t-2", "0"}}));
  EXPECT_EQ(load(folder, "mine").outcomes, (Outcomes{{"ash-1 t-1", "0"}, {"ash-1 t-2", "1"}}));
}

TEST(EvaluationReports, OfSeveralModelsAreToldApartByTheirNames) {
  const TempFolder folder;
  for (const std::string model : {"gpt-4", "gpt-4.1", "gpt-4.1-mini"}) {
    folder.write(model + ".jsonl", run(model, "t-1") + run(model, "t-2"));
  }
  folder.write("openai__gpt-4.1.first.json", kReport);
  folder.write("openai__gpt-4.1-mini.first.json",
               R"({"resolved_ids":["t-2"],"unresolved_ids":["t-1"]})");
  EXPECT_EQ(load(folder).outcomes, (Outcomes{{"gpt-4 t-1", "-"},
                                             {"gpt-4 t-2", "-"},
                                             {"gpt-4.1 t-1", "1"},
                                             {"gpt-4.1 t-2", "0"},
                                             {"gpt-4.1-mini t-1", "0"},
                                             {"gpt-4.1-mini t-2", "1"}}));
}

TEST(EvaluationReports, ThatMaySpeakOfOtherRunsAreNotUsedAndNamed) {
  const auto expect_unused = [](const TempFolder& folder, std::string_view report) {
    const Loaded loaded = load(folder);
    EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("gave no run its outcome")));
    EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr(std::string(report))));
    for (const auto& [who, outcome] : loaded.outcomes) {
      EXPECT_EQ(outcome.find_first_of("01"), std::string::npos) << who;
    }
  };
  const TempFolder another_model;
  another_model.write("output.jsonl", run("gpt-4o", "t-1"));
  another_model.write("claude-3.5-sonnet.first.json", kReport);
  expect_unused(another_model, "claude-3.5-sonnet.first.json");

  // It may be called after another agent as well as after this model.
  const TempFolder another_name;
  another_name.write("output.jsonl", run("gpt-4o", "t-1"));
  another_name.write("my-sft-7b.first.json", kReport);
  expect_unused(another_name, "my-sft-7b.first.json");

  const TempFolder another_version;
  another_version.write("output.jsonl", run("gpt-4o-2024-05-13", "t-1"));
  another_version.write("gpt-4o-2024-08-06.first.json", kReport);
  expect_unused(another_version, "gpt-4o-2024-08-06.first.json");

  const TempFolder another_attempt;
  another_attempt.write("gpt-4o_run2.jsonl", run("gpt-4o", "t-1") + run("gpt-4o", "t-2"));
  another_attempt.write("gpt-4o.run1.json", kReport);
  expect_unused(another_attempt, "gpt-4o.run1.json");

  // Nothing says that what it does not list was run.
  const TempFolder other_tasks;
  other_tasks.write("trajs/u-1.json", run("ash-1", "u-1"));
  other_tasks.write("trajs/u-2.json", run("ash-1", "u-2"));
  other_tasks.write("results/results.json", R"({"no_logs":[],"resolved":["t-1"]})");
  expect_unused(other_tasks, "results.json");

  const TempFolder cut_off;
  cut_off.write("output.jsonl", run("ash-1", "t-1"));
  cut_off.write("report.json", kReport.substr(0, 200));
  expect_unused(cut_off, "report.json");

  const TempFolder above_two_models;
  above_two_models.write("ash/output.jsonl", run("ash-1", "t-1"));
  above_two_models.write("elm/output.jsonl", run("elm-1", "t-1"));
  above_two_models.write("results.json", kReport);
  expect_unused(above_two_models, "results.json");

  const TempFolder several_attempts;
  several_attempts.write("t-1/first.json", run("ash-1", "t-1"));
  several_attempts.write("t-1/second.json", run("ash-1", "t-1", R"("note":2,)"));
  several_attempts.write("ash-1.first.json", kReport);
  expect_unused(several_attempts, "ash-1.first.json");

  const TempFolder numbered_trials;
  numbered_trials.write(
      "ash-1.jsonl", run("ash-1", "t-1", R"("trial":0,)") + run("ash-1", "t-1", R"("trial":1,)"));
  numbered_trials.write("ash-1.first.json", kReport);
  expect_unused(numbered_trials, "ash-1.first.json");

  const TempFolder two_reports;
  two_reports.write("t-1/t-1.traj.json", run("ash-1", "t-1"));
  two_reports.write("ash-1.first.json", kReport);
  two_reports.write("ash-1.second.json", kReport);
  const Loaded loaded = load(two_reports);
  EXPECT_EQ(loaded.problems.size(), 2U);
  EXPECT_EQ(loaded.outcomes, (Outcomes{{"ash-1 t-1", "-"}}));
}

TEST(EvaluationReports, StandInAFolderThatIsCalledLikeThem) {
  const TempFolder folder;
  folder.write("my-agent-v2/t-1/t-1.traj.json", run("gpt-4o", "t-1"));
  folder.write("my-agent-v2/my-agent-v2.first.json", kReport);
  folder.write("other/t-2/t-2.traj.json", run("o3-mini", "t-2"));
  EXPECT_EQ(load(folder).outcomes, (Outcomes{{"gpt-4o t-1", "1"}, {"o3-mini t-2", "-"}}));
}

TEST(EvaluationReports, ThatMayHaveToldTooMuchAreNamed) {
  const TempFolder two_models;
  two_models.write("output.jsonl", run("ash-1", "t-1") + run("elm-1", "t-1"));
  two_models.write("report.json", kReport);
  EXPECT_THAT(load(two_models).problems,
              ElementsAre(HasSubstr("runs of 2 models: ash-1 and elm-1"),
                          HasSubstr("several runs of one task the same outcome, for 1 task")));
  const TempFolder once_more;
  once_more.write("output.jsonl", run("ash-1", "t-1") + run("ash-1", "t-1", R"("note":2,)"));
  once_more.write("report.json", kReport);
  EXPECT_THAT(load(once_more).problems, ElementsAre(HasSubstr("for 1 task")));
}

// What OpenHands leaves in one folder.
TEST(EvaluationReports, StandBesidePredictionsAsWell) {
  const TempFolder folder;
  folder.write("output.jsonl", run("ash-1", "t-1") + run("ash-1", "t-2"));
  folder.write("output.swebench.jsonl",
               R"({"instance_id":"t-1","model_patch":"diff","model_name_or_path":"ash-1"})");
  folder.write("report.json", kReport);
  const Loaded loaded = load(folder);
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.outcomes, (Outcomes{{"ash-1 t-1", "1"}, {"ash-1 t-2", "0"}}));
}

TEST(EvaluationReports, OfCountsAloneSayNothing) {
  const TempFolder folder;
  folder.write("output.jsonl", run("ash-1", "t-1"));
  folder.write("results.json", R"({"resolved_instances":3,"total_instances":4})");
  EXPECT_EQ(load(folder).outcomes, (Outcomes{{"ash-1 t-1", "-"}}));
  EXPECT_EQ(EvaluationReport::parse("r.json", R"({"resolved_instances":["t-1"]})"), nullptr);
  EXPECT_EQ(EvaluationReport::parse("r.json", R"({"resolved_ids":[{"id":"t-1"}]})"), nullptr);
}

TEST(EvaluationReports, ContradictionsAreNoOutcome) {
  const auto report = EvaluationReport::parse(
      "results.json", R"({"resolved_ids":["a","b",3],"unresolved_ids":["b","c"]})");
  ASSERT_NE(report, nullptr);
  EXPECT_EQ(report->outcome_of("a")->reward, 1);
  EXPECT_FALSE(report->outcome_of("b"));
  EXPECT_EQ(report->outcome_of("c")->reward, 0);
  EXPECT_EQ(report->outcome_of("3")->reward, 1);
  EXPECT_FALSE(report->outcome_of("d"));
}

TEST(EvaluationReports, AreToldFromLogs) {
  EXPECT_TRUE(is_evaluation_report("a.b.json", kReport));
  EXPECT_TRUE(is_evaluation_report("r.json", kReport.substr(0, 200)));  // its beginning
  EXPECT_FALSE(is_evaluation_report("r.json", R"({"resolved_instances":3,"total_instances":4})"));
  EXPECT_FALSE(is_evaluation_report(
      "runs.json", R"({"resolved_ids":["t-1"],"runs":[{"task_id":"t-1","messages":[]}]})"));
  EXPECT_TRUE(is_evaluation_report("results.json", R"({"no_logs": [], "resolved": ["t"]})"));
  EXPECT_FALSE(is_evaluation_report("runs.jsonl", kReport));
  EXPECT_FALSE(is_evaluation_report("run.json", R"({"resolved": true, "messages": []})"));
  EXPECT_FALSE(is_evaluation_report(
      "run.json", R"({"messages": [{"role": "user", "content": "\"resolved_ids\""}]})"));
  EXPECT_FALSE(is_evaluation_report("run.json", "[" + std::string(kReport) + "]"));
  EXPECT_FALSE(is_evaluation_report("run.json", ""));
  EXPECT_EQ(EvaluationReport::parse("r.json", "{\"resolved_ids\":"), nullptr);
}

}  // namespace
}  // namespace agentecho
