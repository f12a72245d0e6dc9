#include "agentecho/laboratory/drift_study.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

LaboratoryOptions small(std::size_t runs, unsigned threads = 1) {
  LaboratoryOptions options;
  options.runs = runs;
  options.tasks = 20;
  options.threads = threads;
  return options;
}

TEST(DriftStudy, NullComparisonsRaiseFewAlarms) {
  const auto summaries = run_drift_study("drift-null", small(160));
  ASSERT_EQ(summaries.size(), 4u);
  double alarms = 0;
  for (const DriftSummary& summary : summaries) {
    EXPECT_EQ(summary.n, 40u);
    EXPECT_FALSE(summary.channel);
    EXPECT_NEAR(summary.changed + summary.same + summary.cannot_tell, 1, 1e-12);
    EXPECT_LE(summary.changed, summary.alarm);
    alarms += summary.alarm * static_cast<double>(summary.n);
  }
  EXPECT_LE(alarms, 18);  // of 160 at 5 %: the 99.9 % band
}

TEST(DriftStudy, APlantedHabitIsFoundTheMoreTheOftenerItShows) {
  const auto summaries = run_drift_study("drift-power", small(90));
  ASSERT_EQ(summaries.size(), 6u);
  // By share, the condition with all tasks.
  EXPECT_LE(summaries[1].alarm, summaries[5].alarm);
  EXPECT_GT(summaries[5].alarm, 0.1);
}

TEST(DriftStudy, AChangeOfTheMarginIsSeldomCalledTheSame) {
  const auto summaries = run_drift_study("drift-same", small(60));
  ASSERT_EQ(summaries.size(), 3u);
  for (const DriftSummary& summary : summaries) {
    ASSERT_TRUE(summary.channel);
    EXPECT_LE(*summary.channel_same, 0.2);  // of 20
  }
}

TEST(DriftStudy, DoesNotDependOnThreads) {
  const auto one = run_drift_study("drift-power", small(12, 1));
  const auto three = run_drift_study("drift-power", small(12, 3));
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].alarm, three[i].alarm);
    EXPECT_EQ(one[i].changed, three[i].changed);
  }
}

}  // namespace
}  // namespace agentecho
