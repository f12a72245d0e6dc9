#include "agentecho/stats/strangers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/stats/affinity.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/gaps.h"

namespace agentecho {

namespace {

// What worlds of one benchmark are drawn from, by pair_index; NaN where there is no score.
struct Spread {
  std::vector<double> expected;  // mu + a_i + a_j
  std::vector<double> error;     // s_ij
  double between = 0;            // tau
};

std::optional<Spread> spread_of(const BenchmarkScores& benchmark) {
  const auto fit = fit_affinity(benchmark.scores);
  if (!fit) return std::nullopt;
  const std::size_t items = benchmark.scores.items();
  Spread spread;
  spread.expected.assign(pair_count(items), kNaN);
  spread.error.assign(pair_count(items), 0.0);
  std::vector<double> sizes;
  double squared_errors = 0;
  for (const PairAffinity& pair : fit->pairs) {
    const auto [i, j] = pair.pair;
    const std::size_t at = pair_index(i, j, items);
    spread.expected[at] =
        fit->mean + fit->typicality[i].value_or(0) + fit->typicality[j].value_or(0);
    spread.error[at] = benchmark.errors.at(i, j).value_or(0);
    squared_errors += spread.error[at] * spread.error[at];
    sizes.push_back(std::abs(*benchmark.scores.at(i, j) - spread.expected[at]));
  }
  const auto n = static_cast<double>(sizes.size());
  const auto models = static_cast<double>(
      std::count_if(fit->typicality.begin(), fit->typicality.end(),
                    [](const std::optional<double>& a) { return a.has_value(); }));
  constexpr double kToSigma = 1.4826;  // of the median of |normal|
  const double sigma = kToSigma * quantile(sizes, 0.5).value();
  spread.between = std::sqrt(std::max(0.0, sigma * sigma * n / (n - models) - squared_errors / n));
  return spread;
}

// Student's t with 3 degrees of freedom, scaled so that 1.4826 median |t| is 1.
double heavy_tailed(Rng& rng) {
  constexpr double kMedianSize = 0.76489232840434514;  // of |t|
  const double z = rng.normal();
  double squares = 0;
  for (int k = 0; k < 3; ++k) {
    const double x = rng.normal();
    squares += x * x;
  }
  return z / std::sqrt(squares / 3) / (1.4826 * kMedianSize);
}

// z of one world, by pair_index.
std::vector<double> draw_world(std::span<const Spread> spreads, const CohortNorm& norm, Rng& rng) {
  const std::size_t pairs = spreads.front().expected.size();
  std::vector<double> lasting(pairs);
  for (double& u : lasting) u = heavy_tailed(rng);
  std::vector<double> sum(pairs, 0.0);
  std::vector<double> benchmarks(pairs, 0.0);
  std::vector<double> scores(pairs);
  for (const Spread& spread : spreads) {
    for (std::size_t p = 0; p < pairs; ++p) {
      scores[p] = spread.expected[p] + spread.between * lasting[p] + spread.error[p] * rng.normal();
    }
    norm.normalise(scores, scores);
    for (std::size_t p = 0; p < pairs; ++p) {
      if (std::isnan(scores[p])) continue;
      sum[p] += scores[p];
      ++benchmarks[p];
    }
  }
  for (std::size_t p = 0; p < pairs; ++p)
    sum[p] = benchmarks[p] > 0 ? sum[p] / benchmarks[p] : kNaN;
  return sum;
}

}  // namespace

std::optional<StrangersTest> test_strangers(std::span<const BenchmarkScores> benchmarks,
                                            const CohortNorm& norm, std::span<const double> z,
                                            const StrangersOptions& options) {
  std::vector<Spread> spreads;
  for (const BenchmarkScores& benchmark : benchmarks) {
    if (auto spread = spread_of(benchmark)) spreads.push_back(std::move(*spread));
  }
  if (spreads.empty() || options.worlds == 0) return std::nullopt;
  std::vector<double> largest(options.worlds);
  parallel_for(options.worlds, options.threads, "worlds of strangers", [&](std::size_t w) {
    Rng rng(options.seed, w);
    const std::vector<double> world = draw_world(spreads, norm, rng);
    largest[w] = -std::numeric_limits<double>::infinity();
    for (const double of_pair : world) {
      if (of_pair > largest[w]) largest[w] = of_pair;
    }
  });
  std::sort(largest.begin(), largest.end());
  const auto p_value = [&](std::size_t count) {
    return static_cast<double>(1 + count) / static_cast<double>(1 + options.worlds);
  };
  StrangersTest test;
  // A world without a z has none that is as large as any.
  const auto middle = quantile(largest, 0.5);
  if (middle && std::isfinite(*middle)) test.usual_maximum = middle;
  for (const double one : z) {
    if (std::isnan(one)) {
      test.strongest.emplace_back();
      continue;
    }
    const auto from = std::lower_bound(largest.begin(), largest.end(), one);
    test.strongest.push_back(p_value(static_cast<std::size_t>(largest.end() - from)));
  }
  return test;
}

}  // namespace agentecho
