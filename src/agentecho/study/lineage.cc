#include "agentecho/study/lineage.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "agentecho/base/parallel.h"
#include "agentecho/base/text.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/metrics/lineage/task_comparison.h"
#include "agentecho/stats/cohort_norm.h"
#include "agentecho/stats/resampling.h"
#include "agentecho/stats/strangers.h"

namespace agentecho {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostReplicates = 2000;

// One benchmark: for each task a row of four columns a pair (tasks with a similarity, similarity,
// repeated, free) and of two a model (repeated and free with itself).
struct Rows {
  std::size_t tasks = 0;
  std::size_t pairs = 0;
  std::size_t models = 0;
  std::vector<double> values;

  std::size_t columns() const { return 4 * pairs + 2 * models; }
  std::span<double> row(std::size_t task) {
    return std::span(values).subspan(task * columns(), columns());
  }
  std::vector<double> sums() const {
    std::vector<double> sums(columns(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) sums[i % columns()] += values[i];
    return sums;
  }
};

Rows compare_tasks(const Corpus& corpus, const TaskChoices& choices,
                   const std::vector<TaskIndex>& tasks, unsigned threads) {
  const std::size_t models = corpus.models().size();
  Rows rows{tasks.size(), pair_count(models), models, {}};
  rows.values.resize(tasks.size() * rows.columns());
  parallel_for(tasks.size(), threads, [&](std::size_t t) {
    const lineage::TaskComparison& task = choices.task(tasks[t]);
    const std::span<double> row = rows.row(t);
    for (std::size_t i = 0; i < models; ++i) {
      for (std::size_t j = i + 1; j < models; ++j) {
        const auto compared = task.pair(i, j);
        if (!compared) continue;
        const std::size_t at = 4 * pair_index(i, j, models);
        row[at] = compared->similarity ? 1 : 0;
        row[at + 1] = compared->similarity.value_or(0);
        row[at + 2] = compared->repeated;
        row[at + 3] = compared->free;
      }
      if (const auto self = task.self(i)) {
        row[4 * rows.pairs + 2 * i] = self->repeated;
        row[4 * rows.pairs + 2 * i + 1] = self->free;
      }
    }
  });
  return rows;
}

std::vector<double> similarities(std::span<const double> sums, std::size_t pairs) {
  std::vector<double> values(pairs, kNaN);
  for (std::size_t p = 0; p < pairs; ++p) {
    if (sums[4 * p] > 0) values[p] = sums[4 * p + 1] / sums[4 * p];
  }
  return values;
}

// Adds z of one benchmark to the sums over benchmarks.
struct ZSums {
  std::vector<double> sum;
  std::vector<double> n;

  explicit ZSums(std::size_t pairs) : sum(pairs, 0.0), n(pairs, 0.0) {}
  void add(std::span<const double> z) {
    for (std::size_t p = 0; p < z.size(); ++p) {
      if (std::isnan(z[p])) continue;
      sum[p] += z[p];
      ++n[p];
    }
  }
  double mean(std::size_t pair) const { return n[pair] > 0 ? sum[pair] / n[pair] : kNaN; }
};

// The standard deviation of what replicates gave; nothing for fewer than two.
class Spread {
 public:
  void add(double value) {
    if (std::isnan(value)) return;
    ++n_;
    const double delta = value - mean_;
    mean_ += delta / n_;
    squares_ += delta * (value - mean_);
  }
  std::optional<double> deviation() const {
    return n_ > 1 ? std::optional(std::sqrt(squares_ / (n_ - 1))) : std::nullopt;
  }

 private:
  double n_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

std::optional<double> ratio(double repeated, double free) {
  return free > 0 ? std::optional(repeated / free) : std::nullopt;
}

PairTable table_of(std::span<const double> values, std::size_t models) {
  PairTable table(models);
  for (std::size_t i = 0; i < models; ++i) {
    for (std::size_t j = i + 1; j < models; ++j) table.set(i, j, values[pair_index(i, j, models)]);
  }
  return table;
}

// Of each pair's similarity, from the replicates' sums.
PairTable errors_over_tasks(std::span<const double> drawn, std::size_t replicates,
                            const Rows& rows) {
  std::vector<Spread> spreads(rows.pairs);
  for (std::size_t r = 0; r < replicates; ++r) {
    const auto values = similarities(drawn.subspan(r * rows.columns(), rows.columns()), rows.pairs);
    for (std::size_t p = 0; p < rows.pairs; ++p) spreads[p].add(values[p]);
  }
  std::vector<double> errors(rows.pairs, kNaN);
  for (std::size_t p = 0; p < rows.pairs; ++p) errors[p] = spreads[p].deviation().value_or(kNaN);
  return table_of(errors, rows.models);
}

void weigh_channel(const Corpus& corpus, const std::vector<std::vector<TaskIndex>>& benchmarks,
                   LineageChannel channel, const LineageOptions& options, LineageResults& results) {
  const std::size_t models = corpus.models().size();
  const std::size_t pairs = pair_count(models);
  const std::size_t replicates = std::min(options.bootstrap.replicates, kMostReplicates);
  const CohortNorm norm(models, options.modes);
  const TaskChoices choices(corpus, channel);
  std::vector<double> sums(4 * pairs + 2 * models, 0.0);
  ZSums z(pairs);
  std::vector<ZSums> drawn_z(replicates, ZSums(pairs));
  std::vector<double> drawn_shares(replicates * pairs * 2, 0.0);
  std::vector<BenchmarkScores> scores;
  for (std::size_t b = 0; b < benchmarks.size(); ++b) {
    const Rows rows = compare_tasks(corpus, choices, benchmarks[b], options.threads);
    const std::vector<double> of_benchmark = rows.sums();
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += of_benchmark[c];
    std::vector<double> values = similarities(of_benchmark, pairs);
    scores.push_back({table_of(values, models), PairTable(models)});
    norm.normalise(values, values);
    z.add(values);
    if (channel == LineageChannel::kWords) {
      for (std::size_t p = 0; p < pairs; ++p) {
        results.pairs[p].words_z.push_back(std::isnan(values[p]) ? std::nullopt
                                                                 : std::optional(values[p]));
      }
    }
    if (replicates == 0) continue;
    // Benchmarks are drawn apart: the task is what is exchangeable within one.
    const Resampler resampler(rows.tasks, replicates, options.bootstrap.seed + b);
    std::vector<double> drawn(replicates * rows.columns());
    resampler.weighted_sums(rows.values, rows.columns(), drawn);
    scores.back().errors = errors_over_tasks(drawn, replicates, rows);
    parallel_for(replicates, options.threads, [&](std::size_t r) {
      const auto of_replicate = std::span(drawn).subspan(r * rows.columns(), rows.columns());
      std::vector<double> again = similarities(of_replicate, pairs);
      norm.normalise(again, again);
      drawn_z[r].add(again);
      for (std::size_t p = 0; p < pairs; ++p) {
        drawn_shares[(r * pairs + p) * 2] += of_replicate[4 * p + 2];
        drawn_shares[(r * pairs + p) * 2 + 1] += of_replicate[4 * p + 3];
      }
    });
  }
  std::vector<double> z_values(pairs);
  for (std::size_t p = 0; p < pairs; ++p) z_values[p] = z.mean(p);
  const auto strangers =
      test_strangers(scores, norm, z_values, {replicates, options.bootstrap.seed, options.threads});
  if (strangers)
    results.usual_maximum[static_cast<std::size_t>(channel)] = strangers->usual_maximum;
  const auto own_share = [&](ModelIndex m) {
    return ratio(sums[4 * pairs + 2 * m], sums[4 * pairs + 2 * m + 1]);
  };
  parallel_for(pairs, options.threads, [&](std::size_t p) {
    LineageFigures& figures = results.pairs[p].channels[static_cast<std::size_t>(channel)];
    figures.tasks = static_cast<std::uint32_t>(sums[4 * p]);
    if (sums[4 * p] > 0) figures.similarity = sums[4 * p + 1] / sums[4 * p];
    figures.benchmarks = static_cast<std::uint32_t>(z.n[p]);
    if (z.n[p] > 0) figures.z = z.mean(p);
    if (strangers) {
      figures.p_strongest = strangers->strongest[p];
      figures.p_alone = strangers->alone[p];
    }
    figures.share = ratio(sums[4 * p + 2], sums[4 * p + 3]);
    const auto own_a = own_share(results.pairs[p].a);
    const auto own_b = own_share(results.pairs[p].b);
    if (own_a && own_b) figures.ceiling = (*own_a + *own_b) / 2;
    if (replicates == 0 || figures.tasks < 2) return;
    std::vector<double> of_pair(replicates);
    if (figures.z) {
      for (std::size_t r = 0; r < replicates; ++r) of_pair[r] = drawn_z[r].mean(p);
      figures.z_interval = percentile_interval(of_pair, options.bootstrap.level);
    }
    for (std::size_t r = 0; r < replicates; ++r) {
      const double* share = &drawn_shares[(r * pairs + p) * 2];
      of_pair[r] = ratio(share[0], share[1]).value_or(kNaN);
    }
    figures.share_interval = percentile_interval(of_pair, options.bootstrap.level);
  });
}

FamilyAuc auc_of(const LineageResults& results, std::size_t channel, std::uint64_t seed) {
  std::vector<ModelPair> pairs;
  std::vector<double> z;
  for (const LineagePair& pair : results.pairs) {
    pairs.emplace_back(pair.a, pair.b);
    z.push_back(pair.channels[channel].z.value_or(kNaN));
  }
  return test_family_auc(results.families, pairs, z, seed);
}

void compare_benchmarks(std::size_t models, std::uint64_t seed, LineageResults& results) {
  std::vector<PairTable> z(results.benchmarks.size(), PairTable(models));
  for (const LineagePair& pair : results.pairs) {
    for (std::size_t b = 0; b < z.size(); ++b) z[b].set(pair.a, pair.b, pair.words_z[b]);
  }
  PermutationOptions options;
  options.exact_limit = 50'000;
  options.seed = seed;
  for (std::size_t first = 0; first < z.size(); ++first) {
    for (std::size_t second = first + 1; second < z.size(); ++second) {
      results.agreements.push_back({first, second, mantel_test(z[first], z[second], options)});
    }
  }
}

// How many words of visible text each model wrote, where the runs have stage profiles.
std::vector<std::optional<double>> count_words(const Corpus& corpus) {
  std::vector<std::optional<double>> words(corpus.models().size());
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    if (!run.verbal || !run.verbal->stages) continue;
    double sum = 0;
    for (const rps::StageSketch& stage : run.verbal->stages->stages) {
      sum += stage.count(rps::Count::kWords);
    }
    words[run.model] = words[run.model].value_or(0) + sum;
  }
  return words;
}

bool name_says_reasoning(std::string_view model) {
  std::vector<std::string> parts(1);
  for (const char c : ascii_lowered(model)) {
    if (is_ascii_lower(c) || is_ascii_digit(c)) {
      parts.back() += c;
    } else if (!parts.back().empty()) {
      parts.emplace_back();
    }
  }
  static const std::set<std::string, std::less<>> kYes = {"thinking", "think", "reasoning",
                                                          "reasoner", "r1",    "qwq"};
  static const std::set<std::string, std::less<>> kNo = {"off", "no", "non", "without"};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    const bool o_series = part.size() > 1 && part[0] == 'o' && is_ascii_digit(part[1]);
    if (!o_series && !kYes.contains(part)) continue;
    const bool denied = (i > 0 && kNo.contains(parts[i - 1])) ||
                        (i + 1 < parts.size() && kNo.contains(parts[i + 1]));
    if (!denied) return true;
  }
  return false;
}

}  // namespace

std::vector<std::size_t> guess_modes(const Corpus& corpus) {
  std::vector<std::size_t> modes;
  std::vector<std::size_t> runs(corpus.models().size(), 0);
  std::vector<std::size_t> reasoned(corpus.models().size(), 0);
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    ++runs[run.model];
    reasoned[run.model] += run.reasoning_messages > 0;
  }
  for (std::size_t m = 0; m < runs.size(); ++m) {
    modes.push_back(2 * reasoned[m] > runs[m] || name_says_reasoning(corpus.models()[m]) ? 1 : 0);
  }
  return modes;
}

LineageResults weigh_lineage(const Corpus& corpus, const Families& families,
                             const LineageOptions& options) {
  LineageResults results;
  results.families = families;
  results.matched = !options.modes.empty();
  results.modes = options.modes;
  std::vector<std::vector<TaskIndex>> benchmarks;
  for (auto& [name, tasks] : tasks_by_benchmark(corpus)) {
    results.benchmarks.push_back(name.second.empty() ? name.first : name.first + "/" + name.second);
    benchmarks.push_back(tasks);
  }
  for (const auto& [a, b] : all_pairs(corpus)) {
    LineagePair& pair = results.pairs.emplace_back();
    pair.a = a;
    pair.b = b;
    pair.same_family = families.same(a, b);
  }
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    results.runs_without_markers += !run.verbal || !run.verbal->markers;
  }
  results.words = count_words(corpus);
  for (ModelIndex m = 0; m < corpus.models().size(); ++m) {
    std::uint32_t tasks = 0;
    for (TaskIndex t = 0; t < corpus.tasks().size(); ++t) tasks += !corpus.trials(m, t).empty();
    results.tasks.push_back(tasks);
  }
  for (std::size_t c = 0; c < kLineageChannels; ++c) {
    weigh_channel(corpus, benchmarks, static_cast<LineageChannel>(c), options, results);
    results.auc[c] = auc_of(results, c, options.bootstrap.seed);
  }
  compare_benchmarks(corpus.models().size(), options.bootstrap.seed, results);
  for (LineagePair& pair : results.pairs) {
    if (const auto& z = pair.of(LineageChannel::kWords).z) {
      pair.likelihood_ratio = lineage::likelihood_ratio(*z, options.odds);
    }
  }
  return results;
}

std::optional<std::size_t> rank_in(const LineageResults& results, const LineagePair& pair,
                                   std::size_t benchmark) {
  const auto& z = pair.words_z[benchmark];
  if (!z) return std::nullopt;
  std::size_t rank = 1;
  for (const LineagePair& other : results.pairs) {
    const auto& of_other = other.words_z[benchmark];
    rank += of_other && *of_other > *z;
  }
  return rank;
}

std::vector<std::size_t> by_words(const LineageResults& results) {
  std::vector<std::size_t> order(results.pairs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    const auto& a = results.pairs[x].of(LineageChannel::kWords).z;
    const auto& b = results.pairs[y].of(LineageChannel::kWords).z;
    return a.has_value() && (!b.has_value() || *a > *b);
  });
  return order;
}

}  // namespace agentecho
