#include "agentecho/metrics/lineage/task_comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/metrics/lineage/kinship_odds.h"

namespace agentecho::lineage {
namespace {

// Runs of models on one task: [model][run], each a set of markers.
using Runs = std::vector<std::vector<MarkerSketch>>;

Markers markers_of(const MarkerSketch& sketch) {
  return {sketch.hashes().begin(), sketch.hashes().end()};
}

std::vector<ModelRuns> pointers(const Runs& runs) {
  std::vector<ModelRuns> models;
  for (const auto& of_model : runs) {
    ModelRuns& list = models.emplace_back();
    for (const MarkerSketch& run : of_model) list.push_back(&run);
  }
  return models;
}

Runs random_runs(Rng& rng, std::size_t models, std::size_t most_runs, std::size_t markers) {
  Runs runs(models);
  std::vector<double> rates(markers);
  for (double& rate : rates) rate = rng.uniform() * rng.uniform();
  for (auto& of_model : runs) {
    const std::size_t n = 1 + rng.below(most_runs);
    for (std::size_t r = 0; r < n; ++r) {
      Markers shown;
      for (std::size_t f = 0; f < markers; ++f) {
        if (rng.chance(rates[f])) shown.push_back(1000 + 17 * f);
      }
      of_model.push_back(make_sketch(shown));
    }
  }
  return runs;
}

// METHOD 14, term by term.
struct Plain {
  std::vector<std::size_t> present;
  std::vector<std::map<std::uint64_t, double>> share;  // [model]
  std::vector<std::vector<const MarkerSketch*>> runs;  // with markers
  std::set<std::uint64_t> markers;

  explicit Plain(const Runs& all) : share(all.size()), runs(all.size()) {
    for (std::size_t m = 0; m < all.size(); ++m) {
      for (const MarkerSketch& run : all[m]) {
        if (!run.hashes().empty()) runs[m].push_back(&run);
      }
      if (runs[m].empty()) continue;
      present.push_back(m);
      for (const MarkerSketch* run : runs[m]) {
        for (const std::uint64_t f : run->hashes()) {
          share[m][f] += 1.0 / static_cast<double>(runs[m].size());
          markers.insert(f);
        }
      }
    }
  }
  double a(std::size_t m, std::uint64_t f) const {
    const auto found = share[m].find(f);
    return found == share[m].end() ? 0 : found->second;
  }
  double others(std::size_t i, std::size_t j, std::uint64_t f) const {
    double sum = 0;
    for (const std::size_t k : present) sum += k == i || k == j ? 0 : a(k, f);
    return sum;
  }
  Comparison pair(std::size_t i, std::size_t j) const {
    const auto n = static_cast<double>(present.size());
    double dot = 0, first = 0, second = 0, repeated = 0, free = 0;
    for (const std::uint64_t f : markers) {
      const double p = (others(i, j, f) + 0.5) / (n - 2 + 1);
      const double w = 1 / (p * (1 - p));
      const double x = a(i, f), y = a(j, f);
      dot += w * (x - p) * (y - p);
      first += w * (x - p) * (x - p);
      second += w * (y - p) * (y - p);
      const double q = others(i, j, f) / (n - 2);
      repeated += (2 * x - 1) * (y - q) + (2 * y - 1) * (x - q);
      free += x * (1 - q) + (1 - x) * q + y * (1 - q) + (1 - y) * q;
    }
    return {dot / std::sqrt(first * second), repeated, free};
  }
  Comparison self(std::size_t i) const {
    const auto n = static_cast<double>(present.size());
    double dot = 0, first = 0, repeated = 0, free = 0, pairs = 0;
    for (const MarkerSketch* x_run : runs[i]) {
      for (const MarkerSketch* y_run : runs[i]) {
        if (x_run == y_run) continue;
        ++pairs;
        for (const std::uint64_t f : markers) {
          const double p = (others(i, i, f) + 0.5) / n;
          const double w = 1 / (p * (1 - p));
          const auto has = [&](const MarkerSketch* run) {
            return std::binary_search(run->hashes().begin(), run->hashes().end(), f) ? 1.0 : 0.0;
          };
          const double x = has(x_run), y = has(y_run);
          dot += w * (x - p) * (y - p);
          first += w * (x - p) * (x - p);
          const double q = others(i, i, f) / (n - 1);
          repeated += (2 * x - 1) * (y - q);
          free += x * (1 - q) + (1 - x) * q;
        }
      }
    }
    return {dot / first, repeated / pairs, free / pairs};
  }
};

void expect_near(const Comparison& got, const Comparison& wanted) {
  ASSERT_TRUE(got.similarity.has_value());
  EXPECT_NEAR(*got.similarity, *wanted.similarity, 1e-10);
  EXPECT_NEAR(got.repeated, wanted.repeated, 1e-9);
  EXPECT_NEAR(got.free, wanted.free, 1e-9);
}

TEST(TaskComparison, IsMethod14TermByTerm) {
  Rng rng(3);
  for (int round = 0; round < 40; ++round) {
    const std::size_t models = 4 + rng.below(8);
    const Runs runs = random_runs(rng, models, 1 + rng.below(4), 60);
    const Plain plain(runs);
    const TaskComparison task(pointers(runs));
    ASSERT_EQ(task.models(), plain.present.size());
    if (plain.present.size() < kFewestModels) continue;
    for (const std::size_t i : plain.present) {
      for (const std::size_t j : plain.present) {
        if (i != j) expect_near(task.pair(i, j).value(), plain.pair(i, j));
      }
      if (plain.runs[i].size() > 1) {
        expect_near(task.self(i).value(), plain.self(i));
      } else {
        EXPECT_FALSE(task.self(i).has_value());
      }
    }
  }
}

TEST(TaskComparison, LeavesOutModelsThatSayNothing) {
  Rng rng(4);
  Runs runs = random_runs(rng, 5, 1, 30);
  Runs with_empty = runs;
  with_empty.insert(with_empty.begin(), {make_sketch({})});
  const TaskComparison without(pointers(runs));
  const TaskComparison with(pointers(with_empty));
  EXPECT_FALSE(with.pair(0, 1).has_value());
  EXPECT_EQ(*with.pair(1, 2)->similarity, *without.pair(0, 1)->similarity);
}

TEST(TaskComparison, NeedsFourModels) {
  Rng rng(5);
  const TaskComparison task(pointers(random_runs(rng, 3, 1, 30)));
  EXPECT_FALSE(task.pair(0, 1).has_value());
  EXPECT_FALSE(task.self(0).has_value());
}

TEST(TaskComparison, LooksOnlyAtMarkersOfTheFilter) {
  Rng rng(6);
  const Runs runs = random_runs(rng, 6, 2, 50);
  Runs odd(runs.size());
  const auto kept = [](std::uint64_t marker) { return marker % 2 == 1; };
  for (std::size_t m = 0; m < runs.size(); ++m) {
    for (const MarkerSketch& run : runs[m]) {
      Markers markers;
      for (const std::uint64_t marker : run.hashes()) {
        if (kept(marker)) markers.push_back(marker);
      }
      odd[m].push_back(make_sketch(markers));
    }
  }
  const auto a = TaskComparison(pointers(runs), kept).pair(0, 3);
  const auto b = TaskComparison(pointers(odd)).pair(0, 3);
  EXPECT_EQ(*a->similarity, *b->similarity);
  EXPECT_EQ(a->repeated, b->repeated);
}

TEST(TaskComparison, UsesOfCutSketchesOnlyWhatIsKnownOfAll) {
  Rng rng(8);
  Runs runs = random_runs(rng, 6, 1, 200);
  runs[2][0] = make_sketch(markers_of(runs[2][0]), nullptr, 20);
  const std::uint64_t limit = runs[2][0].limit();
  Runs below(runs.size());
  for (std::size_t m = 0; m < runs.size(); ++m) {
    Markers markers = markers_of(runs[m][0]);
    std::erase_if(markers, [&](std::uint64_t marker) { return marker > limit; });
    below[m].push_back(make_sketch(markers));
  }
  const auto a = TaskComparison(pointers(runs)).pair(0, 1);
  const auto b = TaskComparison(pointers(below)).pair(0, 1);
  EXPECT_EQ(*a->similarity, *b->similarity);
  EXPECT_EQ(a->free, b->free);
}

// If j takes i's choice with probability lambda, else draws from the rates, the share is lambda.
TEST(CopyingShare, RecoversHowMuchWasCopied) {
  Rng rng(9);
  for (const double lambda : {0.0, 0.3, 0.6}) {
    double repeated = 0, free = 0;
    for (int task = 0; task < 400; ++task) {
      std::vector<double> rates(40);
      for (double& rate : rates) rate = rng.uniform();
      Runs runs(8);
      std::vector<bool> first(rates.size());
      for (std::size_t m = 0; m < runs.size(); ++m) {
        Markers shown;
        for (std::size_t f = 0; f < rates.size(); ++f) {
          bool shows = rng.chance(rates[f]);
          if (m == 0) first[f] = shows;
          if (m == 1 && rng.chance(lambda)) shows = first[f];
          if (shows) shown.push_back(f + 1);
        }
        runs[m].push_back(make_sketch(shown));
      }
      const Comparison pair = TaskComparison(pointers(runs)).pair(0, 1).value();
      repeated += pair.repeated;
      free += pair.free;
    }
    EXPECT_NEAR(repeated / free, lambda, 0.015);
  }
}

TEST(KinshipOdds, FollowTheFitAndStopAtTenToOne) {
  EXPECT_NEAR(likelihood_ratio(0), std::exp(-0.46), 1e-12);
  EXPECT_NEAR(likelihood_ratio(1), std::exp(0.67), 1e-12);
  EXPECT_DOUBLE_EQ(likelihood_ratio(5), 10);
  EXPECT_DOUBLE_EQ(likelihood_ratio(-9), 0.1);
}

}  // namespace
}  // namespace agentecho::lineage
