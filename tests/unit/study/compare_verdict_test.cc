#include "agentecho/study/compare_verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

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

}  // namespace
}  // namespace agentecho
