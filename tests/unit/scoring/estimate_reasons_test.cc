#include "agentecho/scoring/estimate_reasons.h"

#include <gtest/gtest.h>

#include "support/corpora.h"

namespace agentecho {
namespace {

TEST(EstimateReasons, SayWhatIsMissing) {
  const Corpus corpus = make_corpus({{"a", "t1", {"x"}}, {"b", "t1", {"y"}}, {"c", "t2", {"x"}}});
  const Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  const auto estimates = estimate_metrics(study, score_rows(study, pairs));
  const auto reasons = [&](std::size_t pair, std::string_view slug) {
    const std::size_t m = study.metrics.at(slug);
    const Metric& metric = study.metrics.metrics[m];
    return std::pair(why_no_value(metric, estimates[pair][m]),
                     why_no_interval(metric, estimates[pair][m], study.bootstrap));
  };
  const std::string none = "no task in common that carries the score";
  EXPECT_EQ(reasons(0, "s_seq"),
            std::pair(std::string(), std::string("a single task carries the score")));
  EXPECT_EQ(reasons(1, "s_seq"), std::pair(none, none));
  EXPECT_EQ(reasons(0, "calibrated_s_node").first, "the pool has fewer than 4 models");
}

TEST(EstimateReasons, ACoverageWithoutAnAnswerIsCarriedByNoTask) {
  EXPECT_EQ(why_no_interval({}, {.value = 0, .interval = {}}, {}), "no task carries a score");
}

}  // namespace
}  // namespace agentecho
