#include "agentecho/scoring/intervals.h"

#include <gtest/gtest.h>

#include "agentecho/base/random.h"
#include "support/random_trajectory.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::estimates_of;
using testing::get;
using testing::run;

Corpus random_corpus(std::uint64_t seed, int n_models, int n_tasks) {
  Rng rng(seed);
  std::vector<TrajectoryFeatures> runs;
  for (int m = 0; m < n_models; ++m) {
    for (int task = 0; task < n_tasks; ++task) {
      runs.push_back(testing::features_of(
          testing::random_trajectory(rng, "model-" + std::to_string(m), std::to_string(task))));
    }
  }
  return corpus_of(std::move(runs));
}

bool equal(const std::vector<Estimates>& a, const std::vector<Estimates>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t p = 0; p < a.size(); ++p) {
    for (std::size_t s = 0; s < kScores; ++s) {
      const Estimate& x = a[p][s];
      const Estimate& y = b[p][s];
      if (x.value != y.value || x.n_tasks != y.n_tasks) return false;
      if (x.interval.has_value() != y.interval.has_value()) return false;
      if (x.interval &&
          (x.interval->low != y.interval->low || x.interval->high != y.interval->high)) {
        return false;
      }
    }
  }
  return true;
}

TEST(Intervals, AreTheSameForAnyNumberOfThreads) {
  const Corpus corpus = random_corpus(1, 6, 12);
  const BootstrapOptions options{500, 3, 0.95};
  const auto one = estimates_of(corpus, {}, options, 1);
  EXPECT_TRUE(equal(one, estimates_of(corpus, {}, options, 2)));
  EXPECT_TRUE(equal(one, estimates_of(corpus, {}, options, 7)));
  EXPECT_FALSE(equal(one, estimates_of(corpus, {}, {500, 4, 0.95}, 1)));  // another seed
}

TEST(Intervals, ContainTheEstimateInNearlyAllCases) {
  const auto estimates = estimates_of(random_corpus(2, 8, 30), {}, {2000, 1, 0.95}, 2);
  int n = 0;
  int inside = 0;
  for (const Estimates& pair : estimates) {
    for (const Estimate& e : pair) {
      if (!e.interval) continue;
      EXPECT_LE(e.interval->low, e.interval->high);
      ++n;
      inside += *e.value >= e.interval->low && *e.value <= e.interval->high ? 1 : 0;
    }
  }
  EXPECT_GT(n, 150);
  EXPECT_GE(inside, n * 98 / 100);
}

TEST(Intervals, GrowWithTheirLevel) {
  const Corpus corpus = random_corpus(3, 2, 20);
  const auto narrow = estimates_of(corpus, {}, {1000, 1, 0.5}, 1)[1];
  const auto wide = estimates_of(corpus, {}, {1000, 1, 0.99}, 1)[1];
  EXPECT_GT(get(wide, Score::kSSeq).interval->high - get(wide, Score::kSSeq).interval->low,
            get(narrow, Score::kSSeq).interval->high - get(narrow, Score::kSSeq).interval->low);
}

TEST(Intervals, NeedTwoTasks) {
  const Corpus corpus = corpus_of({run("A", "1", true, {"p", "q"}), run("B", "1", true, {"p"}),
                                   run("A", "2", true, {"p"}), run("B", "2", true, {"p"})});
  const auto e = estimates_of(corpus, {}, {100, 1, 0.95}, 1)[1];
  EXPECT_FALSE(get(e, Score::kSNode).interval);  // one task has optional tools
  EXPECT_TRUE(get(e, Score::kSSeq).interval);
}

TEST(Intervals, OfIdenticalTasksAreAPoint) {
  std::vector<TrajectoryFeatures> runs;
  for (int task = 0; task < 5; ++task) {
    runs.push_back(run("A", std::to_string(task), true, {"get_a", "set_a", "get_a"}));
    runs.push_back(run("B", std::to_string(task), true, {"get_a", "set_a"}));
  }
  const auto e = get(estimates_of(corpus_of(runs), {}, {200, 1, 0.95}, 1)[1], Score::kSSeq);
  EXPECT_NEAR(e.interval->low, *e.value, 1e-12);
  EXPECT_NEAR(e.interval->high, *e.value, 1e-12);
}

TEST(Intervals, AreLeftOutWithoutReplicates) {
  const auto e = estimates_of(random_corpus(4, 2, 5), {}, {0, 1, 0.95}, 1);
  for (const Estimate& estimate : e[1]) EXPECT_FALSE(estimate.interval);
}

TEST(Intervals, OfNoPairsAreNone) { EXPECT_TRUE(estimate({}, 0, {}, 1).empty()); }

}  // namespace
}  // namespace agentecho
