#include "agentecho/scoring/metric_scores.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/scoring/metric_bootstrap.h"
#include "agentecho/stats/bounded_mean.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/expanded_interval.h"
#include "agentecho/stats/gaps.h"

namespace agentecho {

namespace {

constexpr std::size_t kComparisons = 2000;           // of tasks, for the chance level of a pair
constexpr std::size_t kAllComparisons = 10'000'000;  // of all pairs, where that allows more
constexpr std::uint64_t kRotationStream = 0x526f746174696f6e;  // apart from the bootstrap's streams

// The places of a model's trials on a task.
RunRange trials_of(const Corpus& corpus, ModelIndex model, TaskIndex task) {
  const auto trials = corpus.trials(model, task);
  if (trials.empty()) return {};
  return {static_cast<std::uint32_t>(trials.data() - corpus.trajectories().data()),
          static_cast<std::uint32_t>(trials.size())};
}

// Pairs of trials of one task: all that are compared, and those of them that are paired.
class TaskPairs {
 public:
  void collect(const Corpus& corpus, ModelPair models, TaskIndex task, const TrialFilter& filter) {
    all_ = run_pairs(corpus, models, task);
    pair_up(trials_of(corpus, models.first, task), trials_of(corpus, models.second, task),
            models.first == models.second);
    filtered_.clear();
    if (!filter) return;
    const auto wanted = [&](RunPair pair) {
      return filter(corpus.trajectories()[pair.a], corpus.trajectories()[pair.b]);
    };
    for (const RunPair pair : all_) {
      if (wanted(pair)) filtered_.push_back(pair);
    }
    std::erase_if(paired_, [&](RunPair pair) { return !wanted(pair); });
    all_ = RunPairs(filtered_);
  }

  const RunPairs& all() const { return all_; }
  RunPairs paired() const { return RunPairs(paired_); }

 private:
  // Trial i with trial i; of one model, each with the next and, of more than two, the last with the
  // first (rps::paired_trials, rps::self_paired_trials).
  void pair_up(RunRange a, RunRange b, bool self) {
    paired_.clear();
    for (std::uint32_t i = 0; i < std::min(a.size, b.size); ++i) {
      const std::uint32_t j = self ? i + 1 : i;
      if (j < b.size) paired_.push_back({a.first + i, b.first + j});
      if (self && i == 0 && b.size > 2) paired_.push_back({a.first, b.first + b.size - 1});
    }
  }

  RunPairs all_;
  std::vector<RunPair> paired_;
  std::vector<RunPair> filtered_;  // all, where only some are compared
};

// A metric of which too little was answered says nothing of this pair.
void withhold_uncovered(const MetricSet& set, PairRows& pair) {
  const bool all_is_known = std::all_of(set.metrics.begin(), set.metrics.end(),
                                        [](const Metric& m) { return m.coverage.empty(); });
  if (all_is_known) return;
  const std::size_t columns = set.columns();
  const auto clear = [&](std::size_t column) {
    for (std::size_t at = column; at < pair.rows.size(); at += columns) pair.rows[at] = 0;
  };
  pair.withheld = set.uncovered(column_sums(set, pair));
  for (const std::size_t m : pair.withheld) {
    const auto* const ratio = std::get_if<Ratio>(&set.metrics[m].formula);
    if (ratio == nullptr) continue;  // what is made of others is undefined with them
    for (const std::size_t column : {set.metrics[m].tasks, ratio->sum, ratio->count}) clear(column);
  }
}

// Runs of a task are looked at by all pairs of models one after the other, while what is known of
// them is at hand: work is cut into blocks of a few tasks and many pairs.
struct ScoreBlock {
  std::size_t first_task = 0;
  std::size_t end_task = 0;
  std::size_t first_pair = 0;
  std::size_t end_pair = 0;
};

std::vector<ScoreBlock> blocks_of(std::size_t tasks, std::size_t tasks_per_block,
                                  std::size_t pairs) {
  constexpr std::size_t kEnoughBlocks = 64;  // for every thread to have work until the end
  const std::size_t task_blocks = (tasks + tasks_per_block - 1) / tasks_per_block;
  const std::size_t pairs_per_block =
      std::clamp<std::size_t>(pairs * task_blocks / kEnoughBlocks, 1, 1024);
  std::vector<ScoreBlock> blocks;
  for (std::size_t task = 0; task < tasks; task += tasks_per_block) {
    for (std::size_t pair = 0; pair < pairs; pair += pairs_per_block) {
      blocks.push_back({task, std::min(tasks, task + tasks_per_block), pair,
                        std::min(pairs, pair + pairs_per_block)});
    }
  }
  return blocks;
}

// pairs_of(measure) -> RunPairs
template <class PairsOf>
void fill_row(const MetricSet& set, const PairsOf& pairs_of, std::span<double> row) {
  for (std::size_t m = 0; m < set.measures.size(); ++m) {
    const Measure& measure = set.measures[m];
    measure.fill(pairs_of(measure), row.subspan(set.first_column(m), measure.columns));
  }
}

// Rows of zeros, for the tasks that a pair has pairs of runs of.
PairRows empty_rows(const Study& study, ModelPair models, const TrialFilter& filter) {
  PairRows result{models.first, models.second, {}, {}, {}, {}};
  TaskPairs pairs;
  for (TaskIndex task = 0; task < study.corpus.tasks().size(); ++task) {
    pairs.collect(study.corpus, models, task, filter);
    if (pairs.all().empty()) continue;
    result.tasks.push_back(task);
    result.run_pairs.push_back(static_cast<std::uint32_t>(pairs.all().size()));
  }
  result.rows.resize(result.tasks.size() * study.metrics.columns(), 0.0);
  return result;
}

void fill_block(const Study& study, const TrialFilter& filter, const ScoreBlock& block,
                std::span<PairRows> rows) {
  const std::size_t columns = study.metrics.columns();
  TaskPairs pairs;
  for (std::size_t task = block.first_task; task < block.end_task; ++task) {
    for (std::size_t p = block.first_pair; p < block.end_pair; ++p) {
      PairRows& pair = rows[p];
      const auto found = std::lower_bound(pair.tasks.begin(), pair.tasks.end(), task);
      if (found == pair.tasks.end() || *found != task) continue;
      pairs.collect(study.corpus, {pair.a, pair.b}, *found, filter);
      const auto at = static_cast<std::size_t>(found - pair.tasks.begin());
      const auto pairs_of = [&](const Measure& measure) {
        return measure.paired_trials ? pairs.paired() : pairs.all();
      };
      fill_row(study.metrics, pairs_of, std::span(pair.rows).subspan(at * columns, columns));
    }
  }
}

// By column, the tasks in which it is above 0.
std::vector<std::uint32_t> tasks_by_column(const MetricSet& set, const PairRows& rows) {
  std::vector<std::uint32_t> tasks(set.columns(), 0);
  for (std::size_t at = 0; at < rows.rows.size(); at += tasks.size()) {
    for (std::size_t c = 0; c < tasks.size(); ++c) tasks[c] += rows.rows[at + c] > 0;
  }
  return tasks;
}

// Reorders `values`, the replicates.
std::optional<Interval> interval_of(IntervalRule rule, std::span<double> values, std::size_t tasks,
                                    std::span<const double> weights, double level) {
  switch (rule) {
    case IntervalRule::kBounded:
      return bounded_mean_interval(values, tasks, weights, level);
    case IntervalRule::kExpanded:
      return percentile_interval(values, expanded_level(level, tasks));
    case IntervalRule::kPercentile:
      break;
  }
  return percentile_interval(values, level);
}

// The resampled sums are exact to a few parts in 10^13 (stats/resampling.h); where all replicates
// agree, that must not push the estimate out of its interval.
std::optional<Interval> covering(std::optional<Interval> interval, double estimate) {
  constexpr double kRounding = 1e-9;
  if (interval && std::abs(interval->low - estimate) < kRounding) interval->low = estimate;
  if (interval && std::abs(interval->high - estimate) < kRounding) interval->high = estimate;
  return interval;
}

// All tasks, domain after domain, those of a domain shuffled. Each is set against those that follow
// it in its domain, and the last against the first ones.
struct ShuffledTasks {
  struct Domain {
    std::uint32_t begin = 0;  // places in `order`
    std::uint32_t end = 0;
    std::size_t rotations = 0;  // tasks that each is set against, at most
  };
  std::vector<TaskIndex> order;
  std::vector<Domain> domains;
  std::vector<std::uint32_t> domain_of;  // by place in `order`
};

ShuffledTasks shuffled_tasks(const Study& study, std::size_t pairs) {
  const std::size_t comparisons =
      std::max(kComparisons, kAllComparisons / std::max<std::size_t>(1, pairs));
  std::uint32_t wanted = 0;
  for (const Measure& measure : study.metrics.measures)
    wanted = std::max(wanted, measure.mismatches);
  std::map<std::pair<std::string, std::string>, std::vector<TaskIndex>> domains;
  for (TaskIndex task = 0; task < study.corpus.tasks().size(); ++task) {
    const TaskKey& key = study.corpus.tasks()[task];
    domains[{key.benchmark, key.domain}].push_back(task);
  }
  ShuffledTasks shuffled;
  Rng rng(study.bootstrap.seed, kRotationStream);
  for (auto& [domain, tasks] : domains) {
    rng.shuffle(tasks);
    const auto begin = static_cast<std::uint32_t>(shuffled.order.size());
    shuffled.order.insert(shuffled.order.end(), tasks.begin(), tasks.end());
    const auto end = static_cast<std::uint32_t>(shuffled.order.size());
    shuffled.domain_of.resize(end, static_cast<std::uint32_t>(shuffled.domains.size()));
    shuffled.domains.push_back(
        {begin, end,
         std::min<std::size_t>(wanted, std::max<std::size_t>(1, comparisons / tasks.size()))});
  }
  return shuffled;
}

// The places in `order` of the tasks that both models have runs of.
std::vector<std::uint32_t> common_places(const Corpus& corpus, const ShuffledTasks& tasks,
                                         ModelPair models) {
  std::vector<std::uint32_t> places;
  for (std::uint32_t place = 0; place < tasks.order.size(); ++place) {
    const TaskIndex task = tasks.order[place];
    if (corpus.trials(models.first, task).empty()) continue;
    if (!corpus.trials(models.second, task).empty()) places.push_back(place);
  }
  return places;
}

// What the task at `place` is set against, of the places that a pair has in common (`common`,
// ascending); nothing where it is not among them.
void find_others(const ShuffledTasks& tasks, std::span<const std::uint32_t> common,
                 std::uint32_t place, std::vector<TaskIndex>& others) {
  others.clear();
  const auto& domain = tasks.domains[tasks.domain_of[place]];
  const auto begin = std::lower_bound(common.begin(), common.end(), domain.begin);
  const auto end = std::lower_bound(begin, common.end(), domain.end);
  const auto found = std::lower_bound(begin, end, place);
  if (found == end || *found != place) return;
  const auto size = static_cast<std::size_t>(end - begin);
  const auto at = static_cast<std::size_t>(found - begin);
  for (std::size_t by = 1; by < size && by <= domain.rotations; ++by) {
    others.push_back(tasks.order[begin[static_cast<std::ptrdiff_t>((at + by) % size)]]);
  }
}

// The row of a task of one model against other tasks of another; both have runs of all of them.
class MismatchedRow {
 public:
  explicit MismatchedRow(const Study& study) : study_(study) {}

  void fill(ModelPair models, TaskIndex task, std::span<const TaskIndex> others,
            std::span<double> row) {
    const CorpusTrajectory* const first = study_.corpus.trajectories().data();
    const auto trials_a = study_.corpus.trials(models.first, task);
    pairs_.clear();
    pairs_until_.assign(1, 0);
    for (const TaskIndex other : others) {
      const auto trials_b = study_.corpus.trials(models.second, other);
      const std::size_t most = std::max(trials_a.size(), trials_b.size());
      for (std::size_t i = 0; i < most; ++i) {  // every trial of either side at least once
        pairs_.push_back({static_cast<std::uint32_t>(&trials_a[i % trials_a.size()] - first),
                          static_cast<std::uint32_t>(&trials_b[i % trials_b.size()] - first)});
      }
      pairs_until_.push_back(pairs_.size());
    }
    if (pairs_.empty()) return;
    const auto pairs_of = [&](const Measure& measure) {
      const std::size_t tasks = std::min<std::size_t>(measure.mismatches, others.size());
      return RunPairs(std::span<const RunPair>(pairs_).first(pairs_until_[tasks]));
    };
    fill_row(study_.metrics, pairs_of, row);
  }

 private:
  const Study& study_;
  std::vector<RunPair> pairs_;
  std::vector<std::size_t> pairs_until_;  // by number of other tasks
};

}  // namespace

std::uint64_t PairRows::trajectory_pairs() const {
  return std::accumulate(run_pairs.begin(), run_pairs.end(), std::uint64_t{0});
}

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

RunPairs run_pairs(const Corpus& corpus, ModelPair models, TaskIndex task) {
  const RunRange a = trials_of(corpus, models.first, task);
  if (models.first == models.second) return RunPairs::within(a);
  return {a, trials_of(corpus, models.second, task)};
}

std::vector<PairRows> score_rows(const Study& study, std::span<const ModelPair> pairs,
                                 const TrialFilter& filter) {
  constexpr std::size_t kTasksPerBlock = 4;
  std::vector<PairRows> rows(pairs.size());
  parallel_for(pairs.size(), study.threads,
               [&](std::size_t p) { rows[p] = empty_rows(study, pairs[p], filter); });
  const auto blocks = blocks_of(study.corpus.tasks().size(), kTasksPerBlock, pairs.size());
  parallel_for(blocks.size(), study.threads, "scoring pairs",
               [&](std::size_t i) { fill_block(study, filter, blocks[i], rows); });
  parallel_for(pairs.size(), study.threads,
               [&](std::size_t p) { withhold_uncovered(study.metrics, rows[p]); });
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

Resampler draws_of(const Study& study) {
  return {study.corpus.tasks().size(), study.bootstrap.replicates, study.bootstrap.seed};
}

std::vector<std::vector<Estimate>> estimate_metrics(const Study& study,
                                                    std::span<const PairRows> rows,
                                                    std::span<const std::size_t> keep,
                                                    std::vector<std::vector<double>>* kept,
                                                    const Resampler* draws) {
  const MetricSet& set = study.metrics;
  std::vector<std::vector<Estimate>> estimates(rows.size(),
                                               std::vector<Estimate>(set.metrics.size()));
  parallel_for(rows.size(), study.threads, "intervals", [&](std::size_t p) {
    const std::vector<double> sums = column_sums(set, rows[p]);
    const std::vector<std::uint32_t> tasks = tasks_by_column(set, rows[p]);
    for (std::size_t m = 0; m < set.metrics.size(); ++m) {
      estimates[p][m].value = set.score(m, sums);
      estimates[p][m].n_tasks = tasks[set.metrics[m].tasks];
    }
    for (const std::size_t m : rows[p].withheld) estimates[p][m].n_tasks = 0;
  });
  if (kept != nullptr) {
    kept->assign(keep.size(), std::vector<double>(study.bootstrap.replicates * rows.size(), kNaN));
  }
  const bool any_interval =
      std::any_of(estimates.begin(), estimates.end(), [](const std::vector<Estimate>& of_pair) {
        return std::any_of(of_pair.begin(), of_pair.end(),
                           [](const Estimate& e) { return e.n_tasks >= kFewestTasks; });
      });
  if (kept == nullptr && !any_interval) return estimates;
  const bool any_bounded =
      std::any_of(set.metrics.begin(), set.metrics.end(),
                  [](const Metric& metric) { return metric.interval == IntervalRule::kBounded; });
  const std::vector<double> weights =
      bound_weights(any_bounded ? study.bootstrap.replicates : 0, study.bootstrap.seed);
  std::vector<std::size_t> all(set.metrics.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto take = [&](std::size_t p, std::size_t m, std::span<double> values) {
    for (std::size_t k = 0; k < keep.size() && kept != nullptr; ++k) {
      if (keep[k] != m) continue;
      for (std::size_t r = 0; r < values.size(); ++r) (*kept)[k][r * rows.size() + p] = values[r];
    }
    Estimate& estimate = estimates[p][m];
    if (!estimate.value || estimate.n_tasks < kFewestTasks) return;
    const auto interval = interval_of(set.metrics[m].interval, values, estimate.n_tasks, weights,
                                      study.bootstrap.level);
    estimate.interval = covering(interval, *estimate.value);
  };
  bootstrap_metrics(study, rows, all, take, draws);
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
  constexpr std::size_t kTasksPerBlock = 8;
  constexpr std::size_t kNumbersAtOnce = std::size_t{1} << 22;  // in rows that wait to be summed
  const ShuffledTasks tasks = shuffled_tasks(study, pairs.size());
  const std::size_t n_tasks = tasks.order.size();
  const std::size_t columns = study.metrics.columns();
  const std::size_t at_once =
      std::clamp<std::size_t>(kNumbersAtOnce / std::max<std::size_t>(1, n_tasks * columns), 1,
                              std::max<std::size_t>(1, pairs.size()));
  std::vector<std::vector<std::optional<double>>> chance(pairs.size());
  std::vector<double> rows;  // by pair and TaskIndex
  std::vector<std::vector<std::uint32_t>> common(at_once);
  for (std::size_t first = 0; first < pairs.size(); first += at_once) {
    const auto these = pairs.subspan(first, std::min(at_once, pairs.size() - first));
    const auto row_of = [&](std::size_t pair, std::size_t task) {
      return std::span(rows).subspan((pair * n_tasks + task) * columns, columns);
    };
    rows.assign(these.size() * n_tasks * columns, 0.0);
    parallel_for(these.size(), study.threads,
                 [&](std::size_t p) { common[p] = common_places(study.corpus, tasks, these[p]); });
    const auto blocks = blocks_of(n_tasks, kTasksPerBlock, these.size());
    parallel_for(blocks.size(), study.threads, "chance levels", [&](std::size_t i) {
      MismatchedRow row(study);
      std::vector<TaskIndex> others;
      for (std::size_t t = blocks[i].first_task; t < blocks[i].end_task; ++t) {
        const TaskIndex task = tasks.order[t];
        for (std::size_t p = blocks[i].first_pair; p < blocks[i].end_pair; ++p) {
          find_others(tasks, common[p], static_cast<std::uint32_t>(t), others);
          row.fill(these[p], task, others, row_of(p, task));
        }
      }
    });
    parallel_for(these.size(), study.threads, [&](std::size_t p) {
      std::vector<double> totals(columns, 0.0);
      for (std::size_t task = 0; task < n_tasks; ++task) {
        const auto row = row_of(p, task);
        for (std::size_t c = 0; c < columns; ++c) totals[c] += row[c];
      }
      for (std::size_t metric = 0; metric < study.metrics.metrics.size(); ++metric) {
        chance[first + p].push_back(study.metrics.score(metric, totals));
      }
      for (const std::size_t m : study.metrics.uncovered(totals)) chance[first + p][m].reset();
    });
  }
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
  if (!score || !chance || !ceiling) return std::nullopt;
  if (is_rounding(*ceiling - *chance, std::abs(*ceiling))) return std::nullopt;
  return (*score - *chance) / (*ceiling - *chance);
}

}  // namespace agentecho
