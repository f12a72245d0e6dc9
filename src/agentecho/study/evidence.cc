#include "agentecho/study/evidence.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agentecho/base/parallel.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/stats/multiple_testing.h"
#include "agentecho/stats/ranking.h"

namespace agentecho {

namespace {

constexpr std::size_t kMostNeighbours = 5;
constexpr std::size_t kPairsAtOnce = 8;
constexpr std::size_t kMostRowValues = 8'000'000;  // 64 MB
constexpr std::size_t kFewestInBlock = 64;         // pairs

using ValuesByPair = std::vector<double>;  // by pair, NaN where there is none

struct Fitted {
  std::vector<AffinityEvidence> pairs;
  std::optional<Undefined> why_not;
  std::optional<double> sd;
};

std::optional<double> deviation_of_defined(std::span<const double> values) {
  ValuesByPair defined;
  for (const double value : values) {
    if (!std::isnan(value)) defined.push_back(value);
  }
  return standard_deviation(defined);
}

// Fits and tests one list of scores. `replicates`, replicates x pairs, become residuals and give
// the intervals; when there are none, neither are intervals.
Fitted fit_scores(const Study& study, std::span<const PairRows> rows, const ValuesByPair& values,
                  ValuesByPair& replicates) {
  Fitted result;
  result.pairs.resize(rows.size());
  auto fitted = affinity_design(study.corpus.models().size(), rows, values);
  if (!fitted) {
    result.why_not = fitted.error();
    return result;
  }
  ValuesByPair scores;
  for (const std::size_t place : fitted->places) scores.push_back(values[place]);
  const AffinityFit fit = fitted->design.fit(scores);
  std::vector<std::optional<double>> p_values(rows.size());
  for (std::size_t i = 0; i < fit.pairs.size(); ++i) {
    AffinityEvidence& pair = result.pairs[fitted->places[i]];
    pair.affinity = fit.pairs[i].residual;
    pair.residual_sd = fit.pairs[i].standard_error;
    pair.p_value = fit.pairs[i].p_value;
    p_values[fitted->places[i]] = pair.p_value;
  }
  const auto adjusted = benjamini_hochberg(p_values);
  for (std::size_t p = 0; p < rows.size(); ++p) result.pairs[p].p_adjusted = adjusted[p];
  result.sd = fit.spread;
  if (!result.sd) result.why_not = Undefined::kConstant;
  if (replicates.empty()) return result;
  take_residuals(*fitted, rows.size(), replicates, study.threads);
  // A few neighbouring pairs at a time, since their replicates lie side by side.
  const std::size_t blocks = (rows.size() + kPairsAtOnce - 1) / kPairsAtOnce;
  parallel_for(blocks, study.threads, "affinities", [&](std::size_t block) {
    const std::size_t first = block * kPairsAtOnce;
    const std::size_t width = std::min(kPairsAtOnce, rows.size() - first);
    const std::size_t count = study.bootstrap.replicates;
    ValuesByPair of_pairs(width * count);
    for (std::size_t r = 0; r < count; ++r) {
      for (std::size_t i = 0; i < width; ++i) {
        of_pairs[i * count + r] = replicates[r * rows.size() + first + i];
      }
    }
    for (std::size_t i = 0; i < width; ++i) {
      if (!result.pairs[first + i].affinity || rows[first + i].tasks.size() < 2) continue;
      const std::span<double> of_pair = std::span(of_pairs).subspan(i * count, count);
      result.pairs[first + i].standard_error = deviation_of_defined(of_pair);
      result.pairs[first + i].interval = percentile_interval(of_pair, study.bootstrap.level);
    }
  });
  return result;
}

// The pairs with their estimates and replicates; without what they were on each task, which is what
// takes memory: so pairs are scored a block at a time.
struct ScoredPairs {
  std::vector<PairRows> rows;                    // their `rows` are empty
  std::vector<std::vector<Estimate>> estimates;  // [pair][metric]
  std::vector<ValuesByPair> replicates;          // by place in `used`: replicates x pairs
};

ScoredPairs score_in_blocks(const Study& study, std::span<const ModelPair> pairs,
                            std::span<const std::size_t> used) {
  const std::size_t of_pair =
      std::max<std::size_t>(1, study.corpus.tasks().size() * study.metrics.columns());
  const std::size_t block = std::max(kFewestInBlock, kMostRowValues / of_pair);
  ScoredPairs scored;
  scored.replicates.assign(used.size(),
                           ValuesByPair(study.bootstrap.replicates * pairs.size(), kNaN));
  for (std::size_t first = 0; first < pairs.size(); first += block) {
    std::vector<PairRows> rows =
        score_rows(study, pairs.subspan(first, std::min(block, pairs.size() - first)));
    std::vector<ValuesByPair> replicates;
    auto estimates = estimate_metrics(study, rows, used, &replicates);
    for (std::size_t k = 0; k < used.size(); ++k) {
      for (std::size_t r = 0; r < study.bootstrap.replicates; ++r) {
        std::copy_n(
            replicates[k].begin() + static_cast<std::ptrdiff_t>(r * rows.size()), rows.size(),
            scored.replicates[k].begin() + static_cast<std::ptrdiff_t>(r * pairs.size() + first));
      }
    }
    for (std::size_t p = 0; p < rows.size(); ++p) {
      std::vector<double>().swap(rows[p].rows);
      scored.rows.push_back(std::move(rows[p]));
      scored.estimates.push_back(std::move(estimates[p]));
    }
  }
  return scored;
}

// The share of each usable evidence metric: channels weigh equally, metrics equally within one.
void set_weights(const MetricSet& set, std::vector<MetricState>& states) {
  double in_channel[2] = {0, 0};
  for (std::size_t m = 0; m < states.size(); ++m) {
    states[m].used = set.metrics[m].evidence && !states[m].no_affinity;
    if (states[m].used) ++in_channel[static_cast<std::size_t>(set.metrics[m].channel)];
  }
  const double channels = (in_channel[0] > 0 ? 1 : 0) + (in_channel[1] > 0 ? 1 : 0);
  for (std::size_t m = 0; m < states.size(); ++m) {
    if (!states[m].used) continue;
    states[m].weight =
        1 / (channels * in_channel[static_cast<std::size_t>(set.metrics[m].channel)]);
  }
}

void add_scaled(std::span<const double> values, double factor, ValuesByPair& sum) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * values[i];
}

std::vector<std::vector<Neighbour>> find_neighbours(const EvidenceResults& results,
                                                    std::size_t models) {
  std::vector<std::vector<Neighbour>> neighbours(models);
  for (const PairEvidence& pair : results.pairs) {
    if (!pair.lineage.affinity) continue;
    neighbours[pair.a].push_back({pair.b, *pair.lineage.affinity});
    neighbours[pair.b].push_back({pair.a, *pair.lineage.affinity});
  }
  for (auto& list : neighbours) {
    std::stable_sort(list.begin(), list.end(),
                     [](const Neighbour& x, const Neighbour& y) { return x.lineage > y.lineage; });
    if (list.size() > kMostNeighbours) list.resize(kMostNeighbours);
  }
  return neighbours;
}

// Largest less each; nothing when one is missing.
std::optional<ValuesByPair> dissimilarities(std::span<const double> affinities) {
  if (affinities.empty()) return std::nullopt;
  double largest = -std::numeric_limits<double>::infinity();
  for (const double value : affinities) {
    if (std::isnan(value)) return std::nullopt;
    largest = std::max(largest, value);
  }
  ValuesByPair result;
  for (const double value : affinities) result.push_back(largest - value);
  return result;
}

// `pairs` are all pairs of models in the order of pair_index, which is that of all_pairs().
void cluster(const Study& study, const ValuesByPair& replicates, EvidenceResults& results) {
  ValuesByPair affinities;
  for (const PairEvidence& pair : results.pairs) {
    affinities.push_back(pair.lineage.affinity.value_or(kNaN));
  }
  const auto distances = dissimilarities(affinities);
  if (!distances) {
    results.no_clustering = results.no_lineage.value_or(Undefined::kMissing);
    return;
  }
  const std::size_t models = study.corpus.models().size();
  results.dendrogram = average_linkage(models, *distances);
  std::vector<Dendrogram> trees(study.bootstrap.replicates);
  parallel_for(trees.size(), study.threads, "trees", [&](std::size_t r) {
    const auto of_replicate = dissimilarities(
        std::span(replicates).subspan(r * results.pairs.size(), results.pairs.size()));
    if (of_replicate) trees[r] = average_linkage(models, *of_replicate);
  });
  std::erase_if(trees, [](const Dendrogram& tree) { return tree.leaves == 0; });
  results.support = clade_support(results.dendrogram, trees);
}

}  // namespace

std::vector<std::size_t> by_lineage(const EvidenceResults& results) {
  return largest_first(results.pairs.size(),
                       [&](std::size_t p) { return results.pairs[p].lineage.affinity; });
}

void explain_wording(const LoadedCorpus& loaded, EvidenceResults& results,
                     std::size_t phrases_per_pair, std::size_t habits_per_pair) {
  results.wording.clear();
  for (const SharedHabits& pair : results.habits) {
    SharedWording shared = shared_wording(loaded, pair.a, pair.b, phrases_per_pair);
    if (shared.habits.size() > habits_per_pair) shared.habits.resize(habits_per_pair);
    results.wording.push_back(std::move(shared));
  }
}

EvidenceResults weigh_evidence(const Study& study, const ToolSplit& split, const Families& families,
                               const EvidenceOptions& options) {
  const MetricSet& set = study.metrics;
  const std::vector<ModelPair> pairs = all_pairs(study.corpus);
  std::vector<std::size_t> used;
  for (std::size_t m = 0; m < set.metrics.size(); ++m) {
    if (set.metrics[m].evidence) used.push_back(m);
  }
  auto [rows, estimates, replicates] = score_in_blocks(study, pairs, used);
  const auto chance = chance_levels(study, pairs);
  const auto ceilings = self_similarities(study);

  EvidenceResults results;
  results.families = families;
  results.metrics.resize(set.metrics.size());
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    PairEvidence& pair = results.pairs.emplace_back();
    pair.a = pairs[p].first;
    pair.b = pairs[p].second;
    pair.same_family = families.same(pair.a, pair.b);
    pair.metrics.resize(set.metrics.size());
    for (std::size_t m = 0; m < set.metrics.size(); ++m) {
      MetricEvidence& metric = pair.metrics[m];
      metric.score = estimates[p][m];
      metric.chance = chance[p][m];
      const auto& own_a = ceilings[pair.a][m].value;
      const auto& own_b = ceilings[pair.b][m].value;
      if (own_a && own_b) metric.ceiling = (*own_a + *own_b) / 2;
      metric.place = position(metric.score.value, metric.chance, metric.ceiling);
    }
  }
  std::vector<ValuesByPair> scores;
  ValuesByPair none;
  for (std::size_t m = 0; m < set.metrics.size(); ++m) {
    ValuesByPair& of_pairs = scores.emplace_back();
    for (const auto& estimate : estimates) of_pairs.push_back(estimate[m].value.value_or(kNaN));
    const auto place = std::find(used.begin(), used.end(), m);
    const Fitted fitted = fit_scores(
        study, rows, scores[m],
        place == used.end() ? none : replicates[static_cast<std::size_t>(place - used.begin())]);
    results.metrics[m].no_affinity = fitted.why_not;
    results.metrics[m].affinity_sd = fitted.sd;
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      MetricEvidence& metric = results.pairs[p].metrics[m];
      metric.affinity = fitted.pairs[p];
      if (fitted.sd && metric.affinity.affinity) {
        metric.standardised = *metric.affinity.affinity / *fitted.sd;
      }
    }
  }
  set_weights(set, results.metrics);

  // The replicates of the metrics are residuals by now. Fitting their weighted sum again leaves it
  // as it is, since fitting is linear and residuals have no typicality left.
  ValuesByPair combined(pairs.size(), 0.0);
  ValuesByPair combined_replicates;
  bool any = false;
  for (std::size_t k = 0; k < used.size(); ++k) {
    const MetricState& state = results.metrics[used[k]];
    if (!state.used) continue;
    any = true;
    const double factor = *state.weight / *state.affinity_sd;
    add_scaled(scores[used[k]], factor, combined);
    if (combined_replicates.empty()) {
      combined_replicates = std::move(replicates[k]);
      for (double& value : combined_replicates) value *= factor;
    } else {
      add_scaled(replicates[k], factor, combined_replicates);
    }
    ValuesByPair().swap(replicates[k]);
  }
  if (!any) std::fill(combined.begin(), combined.end(), kNaN);
  const Fitted lineage = fit_scores(study, rows, combined, combined_replicates);
  results.no_lineage = lineage.why_not;
  if (!any) {  // then for the reason of the first metric that could have been used
    for (std::size_t m = set.metrics.size(); m-- > 0;) {
      if (set.metrics[m].evidence) results.no_lineage = results.metrics[m].no_affinity;
    }
  }
  for (std::size_t p = 0; p < pairs.size(); ++p) results.pairs[p].lineage = lineage.pairs[p];
  if (!results.no_lineage) {
    ValuesByPair affinities;
    for (const PairEvidence& pair : results.pairs) {
      affinities.push_back(pair.lineage.affinity.value_or(kNaN));
    }
    results.lineage_auc = test_family_auc(families, pairs, affinities, study.bootstrap.seed);
  }
  results.neighbours = find_neighbours(results, study.corpus.models().size());
  cluster(study, combined_replicates, results);
  std::vector<ModelPair> explained = options.explained;
  if (explained.empty()) {
    for (const std::size_t p : by_lineage(results)) {
      const PairEvidence& pair = results.pairs[p];
      if (explained.size() == options.pairs_explained || !pair.lineage.affinity) break;
      explained.emplace_back(pair.a, pair.b);
    }
  }
  const HabitFinder finder(study.corpus, split);
  results.habits.resize(explained.size());
  parallel_for(explained.size(), study.threads, "habits", [&](std::size_t i) {
    results.habits[i] =
        finder.find(explained[i].first, explained[i].second, options.habits_per_pair);
  });
  return results;
}

}  // namespace agentecho
