#include "agentecho/scoring/intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agentecho/base/parallel.h"

namespace agentecho {

namespace {

// Resampling one task says nothing about other tasks.
constexpr std::uint32_t kFewestTasks = 2;

// Pairs whose columns are summed in one product: enough columns for full speed, little memory.
constexpr std::size_t kPairsPerTile = 5;

void estimate_values(const PairScores& pair, Estimates& estimates) {
  const std::vector<double> sums = pair.sums();
  for (std::size_t s = 0; s < kScores; ++s) {
    const auto score = static_cast<Score>(s);
    estimates[s].value = derive(score, pair.families, sums);
    estimates[s].n_tasks = static_cast<std::uint32_t>(tasks_behind(score, pair.families, sums));
  }
}

// clusters x (pairs x columns)
std::vector<double> tile_values(std::span<const PairScores> pairs, std::size_t n_tasks) {
  const std::size_t width = pairs.front().families.columns();
  const std::size_t columns = pairs.size() * width;
  std::vector<double> values(n_tasks * columns, 0.0);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    for (std::size_t i = 0; i < pairs[p].tasks.size(); ++i) {
      const std::span<const double> row = pairs[p].row(i);
      std::copy(row.begin(), row.end(),
                values.begin() +
                    static_cast<std::ptrdiff_t>(pairs[p].tasks[i].task * columns + p * width));
    }
  }
  return values;
}

// The resampled sums are exact to a few parts in 10^13 (stats/resampling.h); where all replicates
// agree, that must not push the estimate out of its interval.
std::optional<Interval> covering(std::optional<Interval> interval, double estimate) {
  constexpr double kRounding = 1e-9;
  if (interval && std::abs(interval->low - estimate) < kRounding) interval->low = estimate;
  if (interval && std::abs(interval->high - estimate) < kRounding) interval->high = estimate;
  return interval;
}

void estimate_intervals(std::span<const PairScores> pairs, const Resampler& resampler, double level,
                        std::span<Estimates> estimates) {
  const FamilySet& families = pairs.front().families;
  const std::size_t width = families.columns();
  const std::size_t columns = pairs.size() * width;
  const std::size_t replicates = resampler.replicates();
  std::vector<double> sums(replicates * columns);
  resampler.weighted_sums(tile_values(pairs, resampler.clusters()), columns, sums);
  std::vector<double> values(replicates);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    for (std::size_t s = 0; s < kScores; ++s) {
      if (!estimates[p][s].value || estimates[p][s].n_tasks < kFewestTasks) continue;
      for (std::size_t r = 0; r < replicates; ++r) {
        const auto row = std::span<const double>(sums).subspan(r * columns + p * width, width);
        values[r] = derive(static_cast<Score>(s), families, row)
                        .value_or(std::numeric_limits<double>::quiet_NaN());
      }
      estimates[p][s].interval =
          covering(percentile_interval(values, level), *estimates[p][s].value);
    }
  }
}

}  // namespace

std::vector<Estimates> estimate(std::span<const PairScores> pairs, std::size_t n_tasks,
                                const BootstrapOptions& options, unsigned threads) {
  std::vector<Estimates> estimates(pairs.size());
  for (std::size_t p = 0; p < pairs.size(); ++p) estimate_values(pairs[p], estimates[p]);
  if (options.replicates == 0 || n_tasks == 0 || pairs.empty()) return estimates;
  const Resampler resampler(n_tasks, options.replicates, options.seed);
  const std::size_t tiles = (pairs.size() + kPairsPerTile - 1) / kPairsPerTile;
  parallel_for(tiles, threads, [&](std::size_t tile) {
    const std::size_t first = tile * kPairsPerTile;
    const std::size_t n = std::min(kPairsPerTile, pairs.size() - first);
    estimate_intervals(pairs.subspan(first, n), resampler, options.level,
                       std::span(estimates).subspan(first, n));
  });
  return estimates;
}

}  // namespace agentecho
