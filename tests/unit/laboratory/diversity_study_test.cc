#include "agentecho/laboratory/diversity_study.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

TEST(DiversityStudy, EffectiveNumbersAreNearWhatWasPlanted) {
  LaboratoryOptions options;
  options.runs = 60;
  options.tasks = 100;
  options.threads = 1;
  const auto summaries = run_diversity_study(options);
  ASSERT_EQ(summaries.size(), 18u);
  double covered = 0;
  for (const DiversitySummary& summary : summaries) {
    ASSERT_EQ(summary.n, 10u);
    if (summary.likeness == "S_node cal.") {
      EXPECT_GT(*summary.mean, summary.truth);  // a small pool makes it too high
      continue;
    }
    EXPECT_NEAR(*summary.mean / summary.truth, 1, 0.15)
        << summary.likeness << " of " << summary.models << ", " << summary.rho;
    covered += *summary.covered * static_cast<double>(summary.n);
  }
  EXPECT_GE(covered, 100);  // of 120
}

}  // namespace
}  // namespace agentecho
