#include "agentecho/laboratory/studies.h"

#include <gtest/gtest.h>

#include "agentecho/report/json.h"
#include "agentecho/report/laboratory_report.h"

namespace agentecho {
namespace {

LaboratoryOptions small() {
  LaboratoryOptions options;
  options.runs = 12;
  options.tasks = 10;
  options.lessons = 7;
  options.threads = 2;
  return options;
}

StudyResults with_promises(std::vector<Promise> promises) {
  StudyResults results;
  results.name = "strangers";
  results.promises = std::move(promises);
  return results;
}

Promise at_most_5_percent(std::size_t times, std::size_t n) {
  return {"evidence", "some pair", {}, 0.05, {times, n}};
}

TEST(Studies, AllKeptIsSaidAndLeadsToAllPromises) {
  const auto verdict =
      study_verdict(with_promises({at_most_5_percent(4, 100), at_most_5_percent(2, 100)}), small());
  EXPECT_NE(verdict.found.find("All 2 promises are kept."), std::string::npos) << verdict.found;
  EXPECT_EQ(verdict.next, (std::vector<std::string>{"agentecho", "study", "promises"}));
}

TEST(Studies, ABrokenPromiseIsNamedWithItsFiguresAndMoreRunsAreAdvised) {
  const auto verdict = study_verdict(with_promises({at_most_5_percent(4, 100),
                                                    at_most_5_percent(12, 200),
                                                    at_most_5_percent(34, 200),
                                                    {"evidence", "kin", {}, {}, {30, 100}}}),
                                     small());
  EXPECT_NE(verdict.found.find("Of 3 promises 1 is kept, 1 missed by no more than chance, 1 "
                               "broken: evidence, \"some pair\" (promised at most 5 %, measured "
                               "17.0 %, 95 % interval 12.1 to 22.9)."),
            std::string::npos)
      << verdict.found;
  EXPECT_NE(verdict.found.find("30.0 % to 30.0 % of the cases (not promised)"), std::string::npos);
  // Of 30 in 100: 21.2 to 40.0.
  EXPECT_EQ(verdict.sureness, "So many runs know a rate to within 10 points (95 % intervals).");
  // Strangers learn nothing: no lessons, controls or metrics are named.
  EXPECT_EQ(verdict.next, (std::vector<std::string>{"agentecho", "study", "strangers", "--runs",
                                                    "48", "--tasks", "10"}));
}

TEST(Studies, WithoutAPromiseNoneIsSaidToBeKept) {
  const auto verdict = study_verdict(with_promises({}), small());
  EXPECT_NE(verdict.found.find("Nothing of it is promised."), std::string::npos);
  EXPECT_EQ(verdict.sureness, "");
}

TEST(Studies, ProvenanceHasWhatTheStudyTakesAndNothingElse) {
  const StudyResults copying = run_study("copying", small());
  ASSERT_TRUE(copying.provenance.simulated);
  const auto& numbers = copying.provenance.simulated->numbers;
  EXPECT_EQ(numbers,
            (decltype(copying.provenance.simulated->numbers){{"runs", 12}, {"tasks", 10}}));
  EXPECT_TRUE(copying.provenance.metrics.empty());
  const Json json = provenance_json(copying.provenance);
  EXPECT_EQ(json["seed"], 1);
  EXPECT_EQ(json["simulated"], (Json{{"study", "copying"}, {"runs", 12}, {"tasks", 10}}));
}

TEST(Studies, OfDistillNobodyPromisesToTellATeacherFromItsStudent) {
  ConditionSummary s;
  s.slug = "ags";
  s.title = "AGS";
  s.n = 10;
  s.stands_out = 0.9;
  const auto promised = [&](Treatment treatment) {
    s.treatment = treatment;
    const auto promises = promises_of(std::vector{s});
    return promises.size() == 1 && promises.front().most.has_value();
  };
  EXPECT_TRUE(promised(Treatment::kFromBystander));
  EXPECT_TRUE(promised(Treatment::kBetter));
  EXPECT_FALSE(promised(Treatment::kDistilled));
  EXPECT_FALSE(promised(Treatment::kFromStudent));
  EXPECT_FALSE(promised(Treatment::kSharedTasks));
}

TEST(Studies, ConditionsStandUnderTheirNamesForPeopleAndInOneTableInFiles) {
  LaboratoryOptions options = small();
  options.runs = 2;
  options.metrics = {"bigram"};
  const DataReport report = laboratory_report(run_study("direction", options));
  std::vector<std::string> shown, files;
  for (const DataTable& table : report.tables) {
    if (!table.files_only) shown.push_back(table.title);
    if (!table.people_only) files.push_back(table.name);
  }
  EXPECT_EQ(shown, (std::vector<std::string>{"taught by the teacher", "taught by a control",
                                             "What is promised, and what was measured"}));
  EXPECT_EQ(files, (std::vector<std::string>{"conditions", "promises"}));
  EXPECT_EQ(report.tables[2].rows.size(), 2u);  // of one metric, by condition
}

}  // namespace
}  // namespace agentecho
