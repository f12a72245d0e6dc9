#include "agentecho/study/compare_verdict.h"

#include <gtest/gtest.h>

#include <string>

#include "agentecho/study/compare.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::run;

std::string found_in(Corpus corpus) {
  LoadedCorpus loaded;
  loaded.corpus = std::move(corpus);
  CompareOptions options;
  options.metrics = {"frequency"};
  options.bootstrap.replicates = 0;
  options.threads = 1;
  const auto results = compare(loaded, options);
  EXPECT_TRUE(results) << results.error().message;
  return results ? results->verdict.found : "";
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

}  // namespace
}  // namespace agentecho
