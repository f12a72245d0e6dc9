#include <gtest/gtest.h>

#include <algorithm>

#include "agentecho/laboratory/promises.h"

namespace agentecho {
namespace {

LaboratoryOptions small_laboratory() {
  LaboratoryOptions options;
  options.runs = 4;
  options.tasks = 20;
  options.lessons = 20;
  options.controls = 2;
  options.metrics = {"ags", "bigram"};
  options.threads = 2;
  return options;
}

TEST(Laboratory, TheCopyingShareIsRightAndItsIntervalHoldsIt) {
  LaboratoryOptions options = small_laboratory();
  options.runs = 160;
  options.tasks = 40;
  for (const CopyingSummary& s : run_copying(options)) {
    EXPECT_EQ(s.n, 40u);
    EXPECT_NEAR(*s.mean, s.truth, 0.02);
    EXPECT_GE(s.covered.times, 34u) << s.truth;  // of 40; of 95 % it is fewer in 1 % of studies
  }
}

TEST(Laboratory, KinAreCloserThanStrangersAndHaveTheHigherOdds) {
  const KinshipStudy study = run_kinship(small_laboratory());
  EXPECT_EQ(study.channels[0].channel, LineageChannel::kWords);
  EXPECT_EQ(study.channels[1].channel, LineageChannel::kActions);
  for (const KinshipChannel& of : study.channels) {
    EXPECT_EQ(of.some.n, 2u);
    EXPECT_EQ(of.kin.n, 2 * 9u);  // 3 + 3 + 1 + 1 + 1 pairs of one family
    EXPECT_GT(*of.auc, 0.7);
  }
  std::size_t kin = 0, others = 0;
  for (const OddsClass& of : study.odds.classes()) {
    kin += of.kin;
    others += of.others;
  }
  EXPECT_EQ(kin, 2 * 9u);
  EXPECT_EQ(others, 2 * (91 - 9u));
  EXPECT_GT(*study.odds.observed(study.odds.classes().back()), 3);
}

TEST(Laboratory, CoverageIsThatOfTheIntervalsOfSamples) {
  LaboratoryOptions options = small_laboratory();
  options.runs = 120;
  options.metrics = {"ags"};
  for (const CoverageSummary& s : run_coverage(options)) {
    EXPECT_EQ(s.held.n, s.slug.starts_with("calibrated") ? s.held.n : 40u) << s.slug;
    if (s.slug == "s_dep" && s.tasks == 20) {
      EXPECT_GE(s.held.times, 35u);
    }
  }
}

TEST(Promises, AreKeptWithinChanceOrFailed) {
  const auto of_5_percent = [](std::size_t times, std::size_t n) {
    return verdict_of({"evidence", "some pair", {}, 0.05, {times, n}});
  };
  EXPECT_EQ(of_5_percent(10, 200), PromiseVerdict::kKept);
  EXPECT_EQ(of_5_percent(12, 200), PromiseVerdict::kWithinChance);  // 6 % [3.1 10.2]
  EXPECT_EQ(of_5_percent(34, 200), PromiseVerdict::kFailed);        // 17 % [12.1 22.9]
  EXPECT_EQ(of_5_percent(0, 0), PromiseVerdict::kNotPromised);
  EXPECT_EQ(verdict_of({"evidence", "power", {}, {}, {1, 2}}), PromiseVerdict::kNotPromised);
  EXPECT_EQ(verdict_of({"evidence", "interval", 0.93, 0.97, {199, 200}}), PromiseVerdict::kFailed);
}

TEST(Promises, OfAllStudiesStandInOneTable) {
  const std::vector<Promise> promises = run_promises(small_laboratory());
  for (const char* command :
       {"evidence", "evidence --pair", "compare", "attribute", "attribute --before", "distill"}) {
    EXPECT_TRUE(std::any_of(promises.begin(), promises.end(), [&](const Promise& promise) {
      return promise.command == command;
    })) << command;
  }
  for (const Promise& promise : promises) {
    EXPECT_FALSE(promise.what.empty());
    EXPECT_LE(promise.measured.times, promise.measured.n) << promise.what;
  }
}

}  // namespace
}  // namespace agentecho
