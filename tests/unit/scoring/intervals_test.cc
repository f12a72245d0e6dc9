#include <gtest/gtest.h>

#include <algorithm>

#include "agentecho/base/random.h"
#include "support/random_trajectory.h"
#include "support/study.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::Estimates;
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
  const auto same = [](const auto& x, const auto& y) {
    const Estimate& e = x.second;
    const Estimate& f = y.second;
    if (e.value != f.value || e.n_tasks != f.n_tasks) return false;
    if (e.interval.has_value() != f.interval.has_value()) return false;
    return !e.interval ||
           (e.interval->low == f.interval->low && e.interval->high == f.interval->high);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const Estimates& x, const Estimates& y) {
                      return std::equal(x.begin(), x.end(), y.begin(), y.end(), same);
                    });
}

TEST(Intervals, AreTheSameForAnyNumberOfThreads) {
  const Corpus corpus = random_corpus(1, 6, 12);
  const BootstrapOptions options{500, 3, 0.95};
  const auto one = estimates_of(corpus, {{}, options, 1});
  EXPECT_TRUE(equal(one, estimates_of(corpus, {{}, options, 2})));
  EXPECT_TRUE(equal(one, estimates_of(corpus, {{}, options, 7})));
  EXPECT_FALSE(equal(one, estimates_of(corpus, {{}, {500, 4, 0.95}, 1})));  // another seed
}

TEST(Intervals, ContainTheEstimateInNearlyAllCases) {
  const auto estimates = estimates_of(random_corpus(2, 8, 30), {{}, {2000, 1, 0.95}, 2});
  int n = 0;
  int inside = 0;
  for (const Estimates& pair : estimates) {
    for (const auto& [metric, e] : pair) {
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
  const auto narrow = estimates_of(corpus, {{}, {1000, 1, 0.5}, 1})[1];
  const auto wide = estimates_of(corpus, {{}, {1000, 1, 0.99}, 1})[1];
  EXPECT_GT(get(wide, "s_seq").interval->high - get(wide, "s_seq").interval->low,
            get(narrow, "s_seq").interval->high - get(narrow, "s_seq").interval->low);
}

TEST(Intervals, NeedTwoTasks) {
  const Corpus corpus = corpus_of({run("A", "1", true, {"p", "q"}), run("B", "1", true, {"p"}),
                                   run("A", "2", true, {"p"}), run("B", "2", true, {"p"})});
  const auto e = estimates_of(corpus, {{}, {100, 1, 0.95}, 1})[1];
  EXPECT_FALSE(get(e, "s_node").interval);  // one task has optional tools
  EXPECT_TRUE(get(e, "s_seq").interval);
}

TEST(Intervals, OfIdenticalTasksAreAPoint) {
  std::vector<TrajectoryFeatures> runs;
  for (int task = 0; task < 5; ++task) {
    runs.push_back(run("A", std::to_string(task), true, {"get_a", "set_a", "get_a"}));
    runs.push_back(run("B", std::to_string(task), true, {"get_a", "set_a"}));
  }
  const auto e = get(estimates_of(corpus_of(runs), {{}, {200, 1, 0.95}, 1})[1], "s_seq");
  EXPECT_NEAR(e.interval->low, *e.value, 1e-12);
  EXPECT_NEAR(e.interval->high, *e.value, 1e-12);
}

TEST(Intervals, AreLeftOutWithoutReplicates) {
  const auto e = estimates_of(random_corpus(4, 2, 5));
  for (const auto& [metric, estimate] : e[1]) EXPECT_FALSE(estimate.interval);
}

TEST(Intervals, OfNoPairsAreNone) {
  EXPECT_TRUE(estimates_of(random_corpus(5, 2, 2), std::vector<ModelPair>(), {}).empty());
}

}  // namespace
}  // namespace agentecho
