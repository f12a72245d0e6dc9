#include "agentecho/study/pool_sensitivity.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/stats/descriptive.h"

namespace agentecho {

namespace {

constexpr std::uint64_t kPoolStream = 0x506f6f6c73;

// n choose k, or `limit` + 1 when it is more than that.
std::size_t combinations(std::size_t n, std::size_t k, std::size_t limit) {
  double count = 1;
  for (std::size_t i = 1; i <= k; ++i) {
    count = count * static_cast<double>(n - k + i) / static_cast<double>(i);
  }
  if (count > static_cast<double>(limit)) return limit + 1;
  return static_cast<std::size_t>(std::llround(count));
}

using ModelPool = std::vector<ModelIndex>;  // or of places in the whole pool

std::vector<ModelPool> every_pool(std::size_t models, std::size_t left_out) {
  std::vector<char> out(models, 0);
  std::fill(out.end() - static_cast<std::ptrdiff_t>(left_out), out.end(), 1);
  std::vector<ModelPool> pools;
  do {
    ModelPool& pool = pools.emplace_back();
    for (ModelIndex m = 0; m < models; ++m) {
      if (out[m] == 0) pool.push_back(m);
    }
  } while (std::next_permutation(out.begin(), out.end()));
  return pools;
}

std::vector<ModelPool> drawn_pools(std::size_t models, std::size_t left_out, std::uint64_t seed) {
  Rng rng(seed, kPoolStream + left_out);
  std::set<ModelPool> pools;
  while (pools.size() < kMostPools) {
    ModelPool all(models);
    std::iota(all.begin(), all.end(), 0u);
    rng.shuffle(all);
    all.resize(models - left_out);
    std::sort(all.begin(), all.end());
    pools.insert(std::move(all));
  }
  return {pools.begin(), pools.end()};
}

PoolSpread spread_of(std::optional<double> full, std::span<const double> values) {
  PoolSpread spread;
  spread.full = full;
  spread.pools = values.size();
  spread.mean = mean(values);
  spread.sd = standard_deviation(values);
  spread.cv = coefficient_of_variation(values);
  if (!values.empty()) {
    spread.lowest = *std::min_element(values.begin(), values.end());
    spread.highest = *std::max_element(values.begin(), values.end());
  }
  return spread;
}

// The measure S_node alone, under one pool: the only part of AGS that depends on it.
std::vector<std::optional<double>> s_node_under(const Study& study,
                                                std::span<const ModelPair> pairs,
                                                const ModelPool& pool, const MandatoryRule& rule,
                                                const std::vector<std::vector<ToolIndex>>& listed) {
  const ToolSplit split = ToolSplit::make(study.corpus, pool, rule, listed);
  Study narrow{study.corpus, s_node_alone(study.corpus, split), study.bootstrap, study.threads};
  std::vector<std::optional<double>> scores;
  for (const PairRows& rows : score_rows(narrow, pairs)) {
    scores.push_back(narrow.metrics.score(0, column_sums(narrow.metrics, rows)));
  }
  return scores;
}

std::optional<double> mean_cv(std::span<const PoolPair> pairs, PoolSpread PoolPair::*spread) {
  std::vector<double> values;
  for (const PoolPair& pair : pairs) {
    if (const auto& cv = (pair.*spread).cv) values.push_back(*cv);
  }
  return mean(values);
}

}  // namespace

PoolResults vary_pool(const Study& study, std::span<const ModelPair> pairs,
                      std::span<const ModelIndex> pool, const MandatoryRule& rule,
                      std::size_t left_out, const std::vector<std::vector<ToolIndex>>& listed) {
  const std::size_t models = pool.size();
  PoolResults results;
  results.left_out = left_out;
  if (left_out >= models) return results;
  results.models = models - left_out;
  results.exact = combinations(models, left_out, kMostPools) <= kMostPools;
  const std::vector<ModelPool> pools = results.exact
                                           ? every_pool(models, left_out)
                                           : drawn_pools(models, left_out, study.bootstrap.seed);
  results.pools = pools.size();

  const ModelPool everyone(pool.begin(), pool.end());
  const auto full = s_node_under(study, pairs, everyone, rule, listed);
  // S_seq + S_dep of each pair.
  std::vector<std::optional<double>> rest;
  for (const PairRows& rows : score_rows(study, pairs)) {
    const std::vector<double> sums = column_sums(study.metrics, rows);
    const auto seq = study.metrics.score(study.metrics.at("s_seq"), sums);
    const auto dep = study.metrics.score(study.metrics.at("s_dep"), sums);
    rest.push_back(seq && dep ? std::optional(*seq + *dep) : std::nullopt);
  }
  std::vector<std::vector<double>> s_node(pairs.size());
  std::vector<std::vector<double>> ags(pairs.size());
  parallel_for(pools.size(), 1, "pools", [&](std::size_t i) {
    ModelPool kept;
    for (const ModelIndex place : pools[i]) kept.push_back(pool[place]);
    const auto scores = s_node_under(study, pairs, kept, rule, listed);
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      if (!scores[p]) continue;
      s_node[p].push_back(*scores[p]);
      if (rest[p]) ags[p].push_back((*scores[p] + *rest[p]) / 3);
    }
  });
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const auto full_ags =
        full[p] && rest[p] ? std::optional((*full[p] + *rest[p]) / 3) : std::nullopt;
    results.pairs.push_back({pairs[p].first, pairs[p].second, spread_of(full[p], s_node[p]),
                             spread_of(full_ags, ags[p])});
  }
  results.mean_cv_s_node = mean_cv(results.pairs, &PoolPair::s_node);
  results.mean_cv_ags = mean_cv(results.pairs, &PoolPair::ags);
  return results;
}

}  // namespace agentecho
