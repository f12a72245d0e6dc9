#include "agentecho/scoring/metric_scores.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/scoring/metric_bootstrap.h"

namespace agentecho {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t kFewestTasks = 2;   // resampling one task says nothing about others
constexpr std::size_t kComparisons = 2000;  // of tasks, for the chance level of a pair
constexpr std::uint64_t kRotationStream = 0x526f746174696f6e;  // apart from the bootstrap's streams

// Sums of the cells of one task over trial pairs become its row.
void finish_row(const MetricSet& set, std::span<const Cells> sums, double trial_pairs,
                double* row) {
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

// Pairs of trials of one task: all that are compared, and those of them that are paired.
struct TaskPairs {
  std::vector<TrialPair> all;
  std::vector<TrialPair> paired;
};

void collect_pairs(const Corpus& corpus, ModelPair models, TaskIndex task,
                   const TrialFilter& filter, TaskPairs& pairs) {
  pairs.all.clear();
  pairs.paired.clear();
  const auto [a, b] = models;
  const auto trials_a = corpus.trials(a, task);
  const auto trials_b = corpus.trials(b, task);
  const CorpusTrajectory* const first = corpus.trajectories().data();
  for (std::size_t i = 0; i < trials_a.size(); ++i) {
    for (std::size_t j = a == b ? i + 1 : 0; j < trials_b.size(); ++j) {
      if (filter && !filter(trials_a[i], trials_b[j])) continue;
      const TrialPair pair{static_cast<std::uint32_t>(&trials_a[i] - first),
                           static_cast<std::uint32_t>(&trials_b[j] - first)};
      pairs.all.push_back(pair);
      if (are_paired(i, j, trials_b.size(), a == b)) pairs.paired.push_back(pair);
    }
  }
}

PairRows score_pair(const Study& study, ModelPair models, const TrialFilter& filter) {
  const MetricSet& set = study.metrics;
  const std::size_t columns = set.columns();
  PairRows result{models.first, models.second, {}, {}, 0};
  std::vector<Cells> sums(set.measures.size());
  TaskPairs pairs;
  for (TaskIndex task = 0; task < study.corpus.tasks().size(); ++task) {
    collect_pairs(study.corpus, models, task, filter, pairs);
    if (pairs.all.empty()) continue;
    std::fill(sums.begin(), sums.end(), Cells{});
    for (std::size_t m = 0; m < sums.size(); ++m) {
      set.measures[m].add(set.measures[m].paired_trials ? pairs.paired : pairs.all, sums[m]);
    }
    if (models.first == models.second) {  // one model has one rate: the mean of both sides
      for (Cells& cells : sums) cells[2] = cells[3] = (cells[2] + cells[3]) / 2;
    }
    if (result.rows.empty()) {  // most tasks are likely to be there
      result.tasks.reserve(study.corpus.tasks().size() - task);
      result.rows.reserve((study.corpus.tasks().size() - task) * columns);
    }
    result.tasks.push_back(task);
    result.trajectory_pairs += pairs.all.size();
    result.rows.resize(result.rows.size() + columns);
    finish_row(set, sums, static_cast<double>(pairs.all.size()),
               &result.rows[result.rows.size() - columns]);
  }
  return result;
}

// By measure, the tasks in which it has a value.
std::vector<std::uint32_t> tasks_by_measure(const MetricSet& set, const PairRows& rows) {
  const std::size_t columns = set.columns();
  std::vector<std::uint32_t> tasks(set.measures.size(), 0);
  for (std::size_t m = 0; m < tasks.size(); ++m) {
    for (std::size_t at = set.first_column(m); at < rows.rows.size(); at += columns) {
      tasks[m] += rows.rows[at] > 0;
    }
  }
  return tasks;
}

// By TaskIndex, the tasks that it is set against: rotations of the shuffled tasks of its domain.
std::vector<std::vector<TaskIndex>> mismatched_tasks(const Study& study) {
  std::uint32_t wanted = 0;
  for (const Measure& measure : study.metrics.measures)
    wanted = std::max(wanted, measure.mismatches);
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
    const Study& study, ModelPair models, const std::vector<std::vector<TaskIndex>>& others) {
  const MetricSet& set = study.metrics;
  const CorpusTrajectory* const first = study.corpus.trajectories().data();
  std::vector<double> totals(set.columns(), 0.0);
  std::vector<double> row(set.columns());
  std::vector<Cells> sums(set.measures.size());
  std::vector<TrialPair> pairs;
  std::vector<std::size_t> pairs_until;  // by number of other tasks
  for (TaskIndex task = 0; task < others.size(); ++task) {
    const auto trials_a = study.corpus.trials(models.first, task);
    pairs.clear();
    pairs_until.assign(1, 0);
    for (const TaskIndex other : others[task]) {
      const auto trials_b = study.corpus.trials(models.second, other);
      for (std::size_t i = 0; i < trials_a.size() && !trials_b.empty(); ++i) {
        pairs.push_back({static_cast<std::uint32_t>(&trials_a[i] - first),
                         static_cast<std::uint32_t>(&trials_b[i % trials_b.size()] - first)});
      }
      pairs_until.push_back(pairs.size());
    }
    if (pairs.empty()) continue;
    std::fill(sums.begin(), sums.end(), Cells{});
    for (std::size_t m = 0; m < sums.size(); ++m) {
      const std::size_t tasks =
          std::min<std::size_t>(set.measures[m].mismatches, others[task].size());
      set.measures[m].add(std::span(pairs).first(pairs_until[tasks]), sums[m]);
    }
    finish_row(set, sums, static_cast<double>(pairs.size()), row.data());
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
  for (std::size_t at = 0; at < rows.rows.size(); at += sums.size()) {
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += rows.rows[at + c];
  }
  return sums;
}

std::vector<double> replicate_scores(const Study& study, std::span<const PairRows> rows,
                                     std::size_t metric) {
  std::vector<double> scores(study.bootstrap.replicates * rows.size(), kNaN);
  const std::size_t one[] = {metric};
  bootstrap_metrics(study, rows, one, [&](std::size_t p, std::size_t, std::span<double> values) {
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
  parallel_for(rows.size(), study.threads, [&](std::size_t p) {
    const std::vector<double> sums = column_sums(set, rows[p]);
    const std::vector<std::uint32_t> tasks = tasks_by_measure(set, rows[p]);
    for (std::size_t m = 0; m < set.metrics.size(); ++m) {
      estimates[p][m].value = set.score(m, sums);
      estimates[p][m].n_tasks = std::numeric_limits<std::uint32_t>::max();
      for (const std::size_t part : set.metrics[m].parts) {
        estimates[p][m].n_tasks = std::min(estimates[p][m].n_tasks, tasks[part]);
      }
    }
  });
  if (kept != nullptr) {
    kept->assign(keep.size(), std::vector<double>(study.bootstrap.replicates * rows.size(), kNaN));
  }
  std::vector<std::size_t> all(set.metrics.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  bootstrap_metrics(study, rows, all, [&](std::size_t p, std::size_t m, std::span<double> values) {
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
  std::vector<std::vector<Estimate>> ceilings(study.corpus.models().size(),
                                              std::vector<Estimate>(study.metrics.metrics.size()));
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
