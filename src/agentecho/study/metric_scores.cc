#include "agentecho/study/metric_scores.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t kFewestTasks = 2;  // resampling one task says nothing about others
constexpr std::size_t kPairsPerTile = 8;
constexpr std::uint64_t kRotationStream = 0x526f746174696f6e;  // apart from the bootstrap's streams

// Sums of the cells of one task over trial pairs become its row.
void finish_row(const MetricSet& set, std::span<const Cells> sums, double trial_pairs, double* row) {
  for (std::size_t m = 0; m < set.measures.size(); ++m) {
    if (set.measures[m].pooling == Pooling::kMean) {
      row[0] = sums[m][0] > 0 ? 1 : 0;
      row[1] = sums[m][0] > 0 ? sums[m][1] / sums[m][0] : 0;
      row += 2;
    } else {
      for (std::size_t c = 0; c < 4; ++c) row[c] = sums[m][c] / trial_pairs;
      row += 4;
    }
  }
}

PairRows score_pair(const Study& study, ModelPair pair, const TrialFilter& filter) {
  const auto [a, b] = pair;
  const MetricSet& set = study.metrics;
  PairRows result{a, b, {}, {}, 0};
  std::vector<Cells> sums(set.measures.size());
  for (TaskIndex task = 0; task < study.corpus.tasks().size(); ++task) {
    const auto trials_a = study.corpus.trials(a, task);
    const auto trials_b = study.corpus.trials(b, task);
    std::fill(sums.begin(), sums.end(), Cells{});
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < trials_a.size(); ++i) {
      for (std::size_t j = a == b ? i + 1 : 0; j < trials_b.size(); ++j) {
        if (filter && !filter(trials_a[i], trials_b[j])) continue;
        ++n;
        for (std::size_t m = 0; m < sums.size(); ++m) {
          set.measures[m].add(trials_a[i], trials_b[j], sums[m]);
        }
      }
    }
    if (n == 0) continue;
    if (a == b) {  // one model has one rate: the mean of both sides
      for (Cells& cells : sums) cells[2] = cells[3] = (cells[2] + cells[3]) / 2;
    }
    result.tasks.push_back(task);
    result.trajectory_pairs += n;
    result.rows.resize(result.rows.size() + set.columns());
    finish_row(set, sums, static_cast<double>(n), &result.rows[result.rows.size() - set.columns()]);
  }
  return result;
}

// The columns that a metric needs, in the order of its parts.
std::vector<std::size_t> columns_of(const MetricSet& set, std::size_t metric) {
  std::vector<std::size_t> columns;
  for (const std::size_t part : set.metrics[metric].parts) {
    for (std::size_t c = 0; c < set.measures[part].columns(); ++c) {
      columns.push_back(set.first_column(part) + c);
    }
  }
  return columns;
}

std::uint32_t tasks_behind(const MetricSet& set, std::size_t metric, const PairRows& rows) {
  std::uint32_t fewest = std::numeric_limits<std::uint32_t>::max();
  for (const std::size_t part : set.metrics[metric].parts) {
    std::uint32_t n = 0;
    for (std::size_t t = 0; t < rows.tasks.size(); ++t) {
      n += rows.rows[t * set.columns() + set.first_column(part)] > 0;
    }
    fewest = std::min(fewest, n);
  }
  return fewest;
}

// Scores of pairs [first, first + n) in all replicates; `scores` is replicates x all pairs.
void replicate_tile(const Study& study, std::span<const PairRows> rows, std::size_t metric,
                    const Resampler& resampler, std::size_t first, std::size_t n,
                    std::span<double> scores) {
  const MetricSet& set = study.metrics;
  const std::vector<std::size_t> columns = columns_of(set, metric);
  const std::size_t width = n * columns.size();
  std::vector<double> values(resampler.clusters() * width, 0.0);
  for (std::size_t p = 0; p < n; ++p) {
    const PairRows& pair = rows[first + p];
    for (std::size_t t = 0; t < pair.tasks.size(); ++t) {
      for (std::size_t c = 0; c < columns.size(); ++c) {
        values[pair.tasks[t] * width + p * columns.size() + c] =
            pair.rows[t * set.columns() + columns[c]];
      }
    }
  }
  std::vector<double> sums(resampler.replicates() * width);
  resampler.weighted_sums(values, width, sums);
  std::vector<double> all(set.columns(), 0.0);
  for (std::size_t r = 0; r < resampler.replicates(); ++r) {
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t c = 0; c < columns.size(); ++c) {
        all[columns[c]] = sums[r * width + p * columns.size() + c];
      }
      scores[r * rows.size() + first + p] = set.score(metric, all).value_or(kNaN);
    }
  }
}

// By TaskIndex, the tasks that it is set against: rotations of the shuffled tasks of its domain.
std::vector<std::vector<TaskIndex>> mismatched_tasks(const Study& study) {
  std::uint32_t wanted = 0;
  for (const Measure& measure : study.metrics.measures) wanted = std::max(wanted, measure.mismatches);
  std::map<std::pair<std::string, std::string>, std::vector<TaskIndex>> domains;
  for (TaskIndex task = 0; task < study.corpus.tasks().size(); ++task) {
    const TaskKey& key = study.corpus.tasks()[task];
    domains[{key.benchmark, key.domain}].push_back(task);
  }
  std::vector<std::vector<TaskIndex>> others(study.corpus.tasks().size());
  Rng rng(study.bootstrap.seed, kRotationStream);
  for (auto& [domain, tasks] : domains) {
    rng.shuffle(tasks);
    for (std::size_t by = 1; by < tasks.size() && by <= wanted; ++by) {
      for (std::size_t i = 0; i < tasks.size(); ++i) {
        others[tasks[i]].push_back(tasks[(i + by) % tasks.size()]);
      }
    }
  }
  return others;
}

std::vector<std::optional<double>> chance_of_pair(
    const Study& study, ModelPair pair, const std::vector<std::vector<TaskIndex>>& others) {
  const MetricSet& set = study.metrics;
  std::vector<double> totals(set.columns(), 0.0);
  std::vector<double> row(set.columns());
  std::vector<Cells> sums(set.measures.size());
  for (TaskIndex task = 0; task < others.size(); ++task) {
    const auto trials_a = study.corpus.trials(pair.first, task);
    std::fill(sums.begin(), sums.end(), Cells{});
    double n = 0;
    for (std::size_t o = 0; o < others[task].size(); ++o) {
      for (const CorpusTrajectory& a : trials_a) {
        for (const CorpusTrajectory& b : study.corpus.trials(pair.second, others[task][o])) {
          ++n;
          for (std::size_t m = 0; m < sums.size(); ++m) {
            if (o < set.measures[m].mismatches) set.measures[m].add(a, b, sums[m]);
          }
        }
      }
    }
    if (n == 0) continue;
    finish_row(set, sums, n, row.data());
    for (std::size_t c = 0; c < row.size(); ++c) totals[c] += row[c];
  }
  std::vector<std::optional<double>> chance;
  for (std::size_t metric = 0; metric < set.metrics.size(); ++metric) {
    chance.push_back(set.score(metric, totals));
  }
  return chance;
}

}  // namespace

std::vector<ModelPair> all_pairs(const Corpus& corpus) {
  std::vector<ModelPair> pairs;
  const auto n = static_cast<ModelIndex>(corpus.models().size());
  for (ModelIndex a = 0; a < n; ++a) {
    for (ModelIndex b = a + 1; b < n; ++b) pairs.emplace_back(a, b);
  }
  return pairs;
}

std::vector<ModelPair> self_pairs(const Corpus& corpus) {
  std::vector<ModelPair> pairs;
  for (ModelIndex a = 0; a < corpus.models().size(); ++a) {
    if (corpus.most_trials(a) > 1) pairs.emplace_back(a, a);
  }
  return pairs;
}

std::vector<PairRows> score_rows(const Study& study, std::span<const ModelPair> pairs,
                                 const TrialFilter& filter) {
  std::vector<PairRows> rows(pairs.size());
  parallel_for(pairs.size(), study.threads,
               [&](std::size_t i) { rows[i] = score_pair(study, pairs[i], filter); });
  return rows;
}

std::vector<double> column_sums(const MetricSet& metrics, const PairRows& rows) {
  std::vector<double> sums(metrics.columns(), 0.0);
  for (std::size_t i = 0; i < rows.rows.size(); ++i) sums[i % sums.size()] += rows.rows[i];
  return sums;
}

std::vector<double> replicate_scores(const Study& study, std::span<const PairRows> rows,
                                     std::size_t metric) {
  const std::size_t replicates = study.bootstrap.replicates;
  std::vector<double> scores(replicates * rows.size(), kNaN);
  if (scores.empty() || study.corpus.tasks().empty()) return scores;
  const Resampler resampler(study.corpus.tasks().size(), replicates, study.bootstrap.seed);
  const std::size_t tiles = (rows.size() + kPairsPerTile - 1) / kPairsPerTile;
  parallel_for(tiles, study.threads, [&](std::size_t tile) {
    const std::size_t first = tile * kPairsPerTile;
    replicate_tile(study, rows, metric, resampler, first,
                   std::min(kPairsPerTile, rows.size() - first), scores);
  });
  return scores;
}

std::vector<std::vector<Estimate>> estimate_metrics(const Study& study,
                                                    std::span<const PairRows> rows) {
  const MetricSet& set = study.metrics;
  std::vector<std::vector<Estimate>> estimates(rows.size(),
                                               std::vector<Estimate>(set.metrics.size()));
  for (std::size_t p = 0; p < rows.size(); ++p) {
    const std::vector<double> sums = column_sums(set, rows[p]);
    for (std::size_t m = 0; m < set.metrics.size(); ++m) {
      estimates[p][m].value = set.score(m, sums);
      estimates[p][m].n_tasks = tasks_behind(set, m, rows[p]);
    }
  }
  for (std::size_t m = 0; m < set.metrics.size(); ++m) {
    const std::vector<double> scores = replicate_scores(study, rows, m);
    parallel_for(rows.size(), study.threads, [&](std::size_t p) {
      Estimate& estimate = estimates[p][m];
      if (!estimate.value || estimate.n_tasks < kFewestTasks) return;
      std::vector<double> values(study.bootstrap.replicates);
      for (std::size_t r = 0; r < values.size(); ++r) values[r] = scores[r * rows.size() + p];
      estimate.interval = percentile_interval(values, study.bootstrap.level);
    });
  }
  return estimates;
}

PairTable score_table(const Study& study, std::span<const PairRows> rows, std::size_t metric) {
  PairTable table(study.corpus.models().size());
  for (const PairRows& pair : rows) {
    if (pair.a == pair.b) continue;
    table.set(pair.a, pair.b, study.metrics.score(metric, column_sums(study.metrics, pair)));
  }
  return table;
}

std::vector<std::vector<std::optional<double>>> chance_levels(const Study& study,
                                                              std::span<const ModelPair> pairs) {
  const auto others = mismatched_tasks(study);
  std::vector<std::vector<std::optional<double>>> chance(pairs.size());
  parallel_for(pairs.size(), study.threads,
               [&](std::size_t i) { chance[i] = chance_of_pair(study, pairs[i], others); });
  return chance;
}

std::vector<std::vector<Estimate>> self_similarities(const Study& study) {
  std::vector<std::vector<Estimate>> ceilings(
      study.corpus.models().size(), std::vector<Estimate>(study.metrics.metrics.size()));
  const std::vector<ModelPair> pairs = self_pairs(study.corpus);
  const std::vector<PairRows> rows = score_rows(study, pairs);
  const auto estimates = estimate_metrics(study, rows);
  for (std::size_t p = 0; p < pairs.size(); ++p) ceilings[pairs[p].first] = estimates[p];
  return ceilings;
}

std::optional<double> position(std::optional<double> score, std::optional<double> chance,
                               std::optional<double> ceiling) {
  if (!score || !chance || !ceiling || *ceiling <= *chance) return std::nullopt;
  return (*score - *chance) / (*ceiling - *chance);
}

}  // namespace agentecho
