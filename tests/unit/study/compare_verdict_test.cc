#include "agentecho/study/compare_verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "agentecho/report/compare_report.h"
#include "agentecho/study/compare.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::run;

CompareResults compared(Corpus corpus, CompareOptions options) {
  LoadedCorpus loaded;
  loaded.corpus = std::move(corpus);
  options.bootstrap.replicates = 0;
  options.threads = 1;
  return compare(loaded, options).value();
}

std::string found_in(Corpus corpus, const std::string& metric = "frequency") {
  CompareOptions options;
  options.metrics = {metric};
  return compared(std::move(corpus), options).verdict.found;
}

TEST(CompareVerdict, NobodyIsNamedWhereAllPairsHaveOneScore) {
  const std::string found = found_in(corpus_of(
      {run("a", "1", true, {"x"}), run("b", "1", true, {"y"}), run("c", "1", true, {"z"})}));
  EXPECT_TRUE(found.ends_with(" tells nobody apart: 0.000 of all 3 pairs.")) << found;
}

TEST(CompareVerdict, SaysHowManyShareTheFirstPlace) {
  const std::string found =
      found_in(corpus_of({run("a", "1", true, {"x"}), run("b", "1", true, {"x"}),
                          run("c", "1", true, {"x"}), run("d", "1", true, {"z"})}));
  EXPECT_NE(found.find("a and b, 1.000 on 1 task, as 2 others"), std::string::npos) << found;
}

TEST(CompareVerdict, SaysWhetherToolsOrSuccessesAreMissing) {
  const auto found = [](bool success, const char* tool) {
    return found_in(corpus_of({run("a", "1", success, {"x"}), run("b", "1", success, {tool})}),
                    "ags");
  };
  EXPECT_EQ(found(true, "x"),
            "AGS is defined for no pair: on the common tasks no tool was optional.");
  EXPECT_EQ(
      found(false, "y"),
      "AGS is defined for no pair: no run of the pool succeeded on the common tasks, so which "
      "of their tools are mandatory and which optional is not known.");
}

TEST(CompareVerdict, SaysWhenTheScoreIsWithheld) {
  std::vector<TrajectoryFeatures> runs = {run("a", "1", true, {"x"}), run("b", "1", true, {"y"})};
  runs[1].candidates = {10, 7};
  CompareOptions options;
  const CompareResults results = compared(corpus_of(runs), options);
  EXPECT_EQ(results.verdict.found,
            "AGS is withheld from 1 pair: fewer than 80 % of what was asked for it was answered.");
  EXPECT_TRUE(results.verdict.next.empty());
  EXPECT_TRUE(results.pairs[0].is_withheld(results.metrics.at("s_dep")));
  EXPECT_FALSE(results.pairs[0].is_withheld(results.metrics.at("s_node")));
  EXPECT_TRUE(results.at(results.pairs[0], "s_seq").value);
  EXPECT_EQ(results.at(results.pairs[0], "ags").n_tasks, 0u);
  EXPECT_TRUE(std::any_of(
      results.warnings.begin(), results.warnings.end(),
      [](const auto& warning) { return warning.starts_with("S_dep and AGS of 1 of 1 pairs"); }));
  options.least_coverage = 0.7;
  const CompareResults lower = compared(corpus_of(runs), options);
  EXPECT_TRUE(lower.at(lower.pairs[0], "s_dep").value);
}

TEST(CompareVerdict, WarnsOfPairsWhoseCommonTasksNobodySolved) {
  CompareOptions options;
  const auto results =
      compared(corpus_of({run("a", "1", true, {"x"}), run("b", "1", true, {"y"}),
                          run("b", "2", false, {"x"}), run("c", "2", false, {"y"})}),
               options);
  EXPECT_TRUE(
      std::any_of(results.warnings.begin(), results.warnings.end(), [](const auto& warning) {
        return warning.starts_with("1 of 3 pairs have no common task on which a run of the pool");
      }));
}

TEST(CompareVerdict, CountsTheRunsThatTakePart) {
  const auto runs = [] {
    return corpus_of({run("a", "1", true, {"x"}), run("a", "1", true, {"y"}, 1),
                      run("b", "1", true, {"x"}), run("b", "2", true, {"y"}),
                      run("c", "1", true, {"x"}), run("c", "3", true, {"z"})});
  };
  CompareOptions options;
  options.metrics = {"frequency"};
  options.models = {"b"};
  options.reference = "a";
  const CompareResults named = compared(runs(), options);
  EXPECT_EQ(named.models, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(named.n_tasks, 2u);
  EXPECT_EQ(
      named.verdict.basis,
      "It rests on 4 runs of 2 models on 2 tasks; how much a model differs from itself is not "
      "asked here (it is without --reference).");
  EXPECT_EQ(named.verdict.next, (std::vector<std::string>{"agentecho", "explain", "a", "b", "PATHS",
                                                          "--models", "b", "--models", "a"}));
  options.models = {"a,b"};
  EXPECT_EQ(compared(runs(), options).verdict.next.size(), 5u);
  options.reference.reset();
  options.models = {"a"};
  EXPECT_TRUE(compared(runs(), options)
                  .verdict.basis.starts_with(
                      "It rests on 2 runs of 1 model on 1 task; models with several runs"));
}

TEST(CompareReport, MarksPairsThatHardlyCallATool) {
  const CompareResults results = compared(
      corpus_of({run("a", "1", true, {}), run("b", "1", true, {}), run("c", "1", true, {"x"})}),
      {});
  const std::string json = compare_to_json(results);
  const auto first = json.find("\"share_without_calls\": 1.0");
  EXPECT_NE(first, std::string::npos) << json;
  EXPECT_EQ(json.find("\"share_without_calls\"", first + 1), std::string::npos);
  const std::string text = render_compare(results, {});
  EXPECT_NE(text.find("1/1 *\n"), std::string::npos) << text;
  EXPECT_NE(text.find("*: on more than half of the common tasks"), std::string::npos) << text;
  EXPECT_TRUE(
      std::any_of(results.warnings.begin(), results.warnings.end(), [](const auto& warning) {
        return warning.starts_with("1 of 3 pairs calls no tool on either side");
      }));
}

}  // namespace
}  // namespace agentecho
