#include "agentecho/study/metric_scores.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t kFewestTasks = 2;  // resampling one task says nothing about others
constexpr std::size_t kPairsPerTile = 5;
constexpr std::size_t kComparisons = 2000;  // of tasks, for the chance level of a pair
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

// Trial i with trial i; of one model, each with the next and, of more than two, the last with the
// first (rps::paired_trials, rps::self_paired_trials).
bool are_paired(std::size_t i, std::size_t j, std::size_t trials, bool self) {
  if (!self) return i == j;
  return j == i + 1 || (trials > 2 && i == 0 && j + 1 == trials);
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
        const bool paired = are_paired(i, j, trials_b.size(), a == b);
        for (std::size_t m = 0; m < sums.size(); ++m) {
          if (set.measures[m].paired_trials && !paired) continue;
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

// The columns that some metrics need, ascending.
std::vector<std::size_t> columns_of(const MetricSet& set, std::span<const std::size_t> metrics) {
  std::set<std::size_t> columns;
  for (const std::size_t metric : metrics) {
    for (const std::size_t part : set.metrics[metric].parts) {
      for (std::size_t c = 0; c < set.measures[part].columns(); ++c) {
        columns.insert(set.first_column(part) + c);
      }
    }
  }
  return {columns.begin(), columns.end()};
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

// Bootstraps some metrics, a few pairs at a time.
class Bootstrap {
 public:
  Bootstrap(const Study& study, std::span<const PairRows> rows, std::vector<std::size_t> metrics)
      : study_(study),
        rows_(rows),
        metrics_(std::move(metrics)),
        columns_(columns_of(study.metrics, metrics_)),
        resampler_(study.corpus.tasks().size(), study.bootstrap.replicates, study.bootstrap.seed) {}

  // take(pair, place in metrics, its value in every replicate, which it may reorder): for every pair
  // and metric, from several threads.
  template <class Take>
  void run(const Take& take) const {
    if (resampler_.replicates() == 0 || resampler_.clusters() == 0) return;
    const std::size_t tiles = (rows_.size() + kPairsPerTile - 1) / kPairsPerTile;
    parallel_for(tiles, study_.threads, [&](std::size_t tile) {
      const std::size_t first = tile * kPairsPerTile;
      run_tile(first, std::min(kPairsPerTile, rows_.size() - first), take);
    });
  }

 private:
  template <class Take>
  void run_tile(std::size_t first, std::size_t n, const Take& take) const {
    const std::size_t width = n * columns_.size();
    const std::size_t replicates = resampler_.replicates();
    std::vector<double> sums(replicates * width);
    resampler_.weighted_sums(tile_values(first, n), width, sums);
    std::vector<double> all(study_.metrics.columns(), 0.0);
    std::vector<double> values(metrics_.size() * replicates);
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t r = 0; r < replicates; ++r) {
        for (std::size_t c = 0; c < columns_.size(); ++c) {
          all[columns_[c]] = sums[r * width + p * columns_.size() + c];
        }
        for (std::size_t m = 0; m < metrics_.size(); ++m) {
          values[m * replicates + r] = study_.metrics.score(metrics_[m], all).value_or(kNaN);
        }
      }
      for (std::size_t m = 0; m < metrics_.size(); ++m) {
        take(first + p, m, std::span(values).subspan(m * replicates, replicates));
      }
    }
  }

  // tasks x (pairs x columns)
  std::vector<double> tile_values(std::size_t first, std::size_t n) const {
    const std::size_t all_columns = study_.metrics.columns();
    const std::size_t width = n * columns_.size();
    std::vector<double> values(resampler_.clusters() * width, 0.0);
    for (std::size_t p = 0; p < n; ++p) {
      const PairRows& pair = rows_[first + p];
      for (std::size_t t = 0; t < pair.tasks.size(); ++t) {
        for (std::size_t c = 0; c < columns_.size(); ++c) {
          values[pair.tasks[t] * width + p * columns_.size() + c] =
              pair.rows[t * all_columns + columns_[c]];
        }
      }
    }
    return values;
  }

  const Study& study_;
  std::span<const PairRows> rows_;
  std::vector<std::size_t> metrics_;
  std::vector<std::size_t> columns_;
  Resampler resampler_;
};

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
    const std::size_t rotations =
        std::min<std::size_t>(wanted, std::max<std::size_t>(1, kComparisons / tasks.size()));
    for (std::size_t by = 1; by < tasks.size() && by <= rotations; ++by) {
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
      const auto trials_b = study.corpus.trials(pair.second, others[task][o]);
      for (std::size_t i = 0; i < trials_a.size() && !trials_b.empty(); ++i) {
        ++n;
        for (std::size_t m = 0; m < sums.size(); ++m) {
          if (o >= set.measures[m].mismatches) continue;
          set.measures[m].add(trials_a[i], trials_b[i % trials_b.size()], sums[m]);
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
  std::vector<double> scores(study.bootstrap.replicates * rows.size(), kNaN);
  Bootstrap(study, rows, {metric}).run([&](std::size_t p, std::size_t, std::span<double> values) {
    for (std::size_t r = 0; r < values.size(); ++r) scores[r * rows.size() + p] = values[r];
  });
  return scores;
}

std::vector<std::vector<Estimate>> estimate_metrics(const Study& study,
                                                    std::span<const PairRows> rows,
                                                    std::span<const std::size_t> keep,
                                                    std::vector<std::vector<double>>* kept) {
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
  if (kept != nullptr) {
    kept->assign(keep.size(),
                 std::vector<double>(study.bootstrap.replicates * rows.size(), kNaN));
  }
  std::vector<std::size_t> all(set.metrics.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  Bootstrap(study, rows, all).run([&](std::size_t p, std::size_t m, std::span<double> values) {
    for (std::size_t k = 0; k < keep.size() && kept != nullptr; ++k) {
      if (keep[k] != m) continue;
      for (std::size_t r = 0; r < values.size(); ++r) (*kept)[k][r * rows.size() + p] = values[r];
    }
    Estimate& estimate = estimates[p][m];
    if (!estimate.value || estimate.n_tasks < kFewestTasks) return;
    estimate.interval = percentile_interval(values, study.bootstrap.level);
  });
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
