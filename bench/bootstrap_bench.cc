// The bootstrap of a whole study: 10,000 replicates for every pair of 20 models, each with itself
// included (210), over 500 tasks, with 8 columns a pair (4 scores, each a sum and a count of the
// tasks that have it), intervals included. The budget is two seconds on one core:
//   taskset -c 0 build/bench/bench/bootstrap_bench
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/stats/resampling.h"

namespace {

using agentecho::Interval;
using agentecho::Resampler;
using agentecho::Rng;

constexpr std::size_t kScores = 4;
constexpr std::size_t kColumns = 2 * kScores;
constexpr std::size_t kPairsPerTile = 16;

// Scores near 0.7 + 0.1 * score index, with spread 0.1; one task in ten has none.
std::vector<double> tile_values(std::size_t tile, std::size_t tasks, std::size_t pairs) {
  Rng rng(20, tile);
  std::vector<double> values(tasks * pairs * kColumns);
  for (std::size_t cell = 0; cell < tasks * pairs * kScores; ++cell) {
    const bool defined = !rng.chance(0.1);
    values[2 * cell] =
        defined ? 0.4 + 0.1 * static_cast<double>(cell % kScores) + 0.1 * rng.normal() : 0;
    values[2 * cell + 1] = defined;
  }
  return values;
}

// The widths of the intervals, from which a wrong bootstrap shows: 2 * 1.96 * 0.1 / sqrt(450).
bool plausible(const std::optional<Interval>& interval, std::size_t score, std::size_t tasks) {
  if (!interval) return false;
  const double centre = 0.4 + 0.1 * static_cast<double>(score);
  const double half_width = 0.196 / std::sqrt(0.9 * static_cast<double>(tasks));
  const double width = interval->high - interval->low;
  return width > 1.6 * half_width && width < 2.4 * half_width &&
         std::fabs((interval->high + interval->low) / 2 - centre) < 4 * half_width;
}

void all_pairs(benchmark::State& state) {
  const auto models = static_cast<std::size_t>(state.range(0));
  const auto tasks = static_cast<std::size_t>(state.range(1));
  const auto replicates = static_cast<std::size_t>(state.range(2));
  const std::size_t pairs = models * (models + 1) / 2;
  const std::size_t tiles = (pairs + kPairsPerTile - 1) / kPairsPerTile;
  const auto pairs_in = [&](std::size_t tile) {
    return std::min(kPairsPerTile, pairs - tile * kPairsPerTile);
  };
  std::vector<std::vector<double>> values;
  for (std::size_t tile = 0; tile < tiles; ++tile) {
    values.push_back(tile_values(tile, tasks, pairs_in(tile)));
  }
  std::size_t wrong = 0;
  for (auto _ : state) {
    const Resampler resampler(tasks, replicates, 1);
    std::vector<double> statistic(replicates);
    for (std::size_t tile = 0; tile < tiles; ++tile) {
      const std::size_t columns = pairs_in(tile) * kColumns;
      std::vector<double> sums(replicates * columns);
      resampler.weighted_sums(values[tile], columns, sums);
      for (std::size_t ratio = 0; ratio < columns / 2; ++ratio) {
        for (std::size_t r = 0; r < replicates; ++r) {
          statistic[r] = sums[r * columns + 2 * ratio] / sums[r * columns + 2 * ratio + 1];
        }
        wrong += !plausible(agentecho::percentile_interval(statistic), ratio % kScores, tasks);
      }
    }
  }
  if (wrong > 0) state.SkipWithError("implausible intervals");
}
BENCHMARK(all_pairs)
    ->ArgNames({"models", "tasks", "replicates"})
    ->Args({20, 500, 10000})
    ->Unit(benchmark::kMillisecond);

void sums_only(benchmark::State& state) {
  const std::size_t tasks = 500;
  const std::size_t columns = kPairsPerTile * kColumns;
  const std::size_t replicates = 10000;
  const Resampler resampler(tasks, replicates, 1);
  const std::vector<double> values = tile_values(0, tasks, kPairsPerTile);
  std::vector<double> sums(replicates * columns);
  for (auto _ : state) {
    resampler.weighted_sums(values, columns, sums);
    benchmark::DoNotOptimize(sums.data());
  }
  double expected = 0;
  for (std::size_t task = 0; task < tasks; ++task) {
    expected += resampler.count(replicates - 1, task) * values[task * columns + columns - 2];
  }
  if (std::fabs(sums[replicates * columns - 2] - expected) > 1e-9) {
    state.SkipWithError("wrong sum");
  }
  state.counters["multiply-adds/s"] =
      benchmark::Counter(static_cast<double>(tasks * columns * replicates),
                         benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(sums_only)->Unit(benchmark::kMillisecond);

}  // namespace
