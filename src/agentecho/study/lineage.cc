#include "agentecho/study/lineage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "agentecho/base/parallel.h"
#include "agentecho/base/text.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/metrics/lineage/task_comparison.h"
#include "agentecho/stats/cohort_norm.h"
#include "agentecho/stats/expanded_interval.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/stats/named_pair.h"
#include "agentecho/stats/ranking.h"
#include "agentecho/stats/resampling.h"
#include "agentecho/stats/strangers.h"

namespace agentecho {

namespace {

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
  double sum(std::size_t column) const {
    double total = 0;
    for (std::size_t at = column; at < values.size(); at += columns()) total += values[at];
    return total;
  }
  std::vector<double> sums() const {
    std::vector<double> sums(columns(), 0.0);
    for (std::size_t at = 0; at < values.size(); at += sums.size()) {
      for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += values[at + c];
    }
    return sums;
  }
};

Rows compare_tasks(const Corpus& corpus, const TaskChoices& choices,
                   const std::vector<TaskIndex>& tasks, unsigned threads) {
  const std::size_t models = corpus.models().size();
  Rows rows{tasks.size(), pair_count(models), models, {}};
  rows.values.resize(tasks.size() * rows.columns());
  parallel_for(tasks.size(), threads, "comparing tasks", [&](std::size_t t) {
    const lineage::TaskComparison task = choices.compare(tasks[t]);
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

// The standard deviation of what replicates gave; nothing for fewer than two.
class ShareSpread {
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

std::optional<double> share_repeated(double repeated, double free) {
  return free > 0 ? std::optional(repeated / free) : std::nullopt;
}

template <class Values>  // by pair_index: a number, with NaN for none, or an optional one
PairTable table_of(const Values& values, std::size_t models) {
  PairTable table(models);
  for (std::size_t i = 0; i < models; ++i) {
    for (std::size_t j = i + 1; j < models; ++j) table.set(i, j, values[pair_index(i, j, models)]);
  }
  return table;
}

// What resamples of the tasks give. Benchmarks are drawn apart: the task is what is exchangeable
// within one.
struct Replicates {
  std::size_t number = 0;
  std::size_t pairs = 0;
  std::vector<std::vector<double>> similarities;  // by benchmark: number x pairs, NaN where none
  std::vector<std::optional<Interval>> shares;    // by pair, over all benchmarks

  std::span<double> row(std::size_t benchmark, std::size_t replicate) {
    return std::span(similarities[benchmark]).subspan(replicate * pairs, pairs);
  }
};

// The sums of `width` pairs from `first` on, as columns x replicates.
std::vector<double> resample_pairs(const Rows& rows, const Resampler& resampler, std::size_t first,
                                   std::size_t width) {
  std::vector<double> values(rows.tasks * 4 * width);
  for (std::size_t t = 0; t < rows.tasks; ++t) {
    std::copy_n(rows.values.begin() + static_cast<std::ptrdiff_t>(t * rows.columns() + 4 * first),
                4 * width, values.begin() + static_cast<std::ptrdiff_t>(t * 4 * width));
  }
  std::vector<double> sums(4 * width * resampler.replicates());
  resampler.weighted_sums_by_column(values, 4 * width, sums);
  return sums;
}

// A few pairs at a time, since all sums of all replicates would be the largest thing in memory.
Replicates resample_tasks(const std::vector<Rows>& rows, std::size_t pairs, std::size_t number,
                          const LineageOptions& options) {
  constexpr std::size_t kBlockWidth = 32;
  Replicates replicates{number, pairs, {}, std::vector<std::optional<Interval>>(pairs)};
  std::vector<Resampler> resamplers;
  for (std::size_t b = 0; b < rows.size(); ++b) {
    resamplers.emplace_back(rows[b].tasks, number, options.bootstrap.seed + b);
    replicates.similarities.emplace_back(number * pairs, kNaN);
  }
  const std::size_t blocks = (pairs + kBlockWidth - 1) / kBlockWidth;
  parallel_for(blocks, options.threads, "kinship of pairs", [&](std::size_t block) {
    const std::size_t first = block * kBlockWidth;
    const std::size_t width = std::min(kBlockWidth, pairs - first);
    std::vector<double> repeated(width * number, 0.0);
    std::vector<double> free(width * number, 0.0);
    std::vector<double> tasks(width, 0.0);
    for (std::size_t b = 0; b < rows.size(); ++b) {
      const std::vector<double> sums = resample_pairs(rows[b], resamplers[b], first, width);
      for (std::size_t i = 0; i < width; ++i) {
        const double* of_pair = sums.data() + 4 * i * number;
        for (std::size_t r = 0; r < number; ++r) {
          if (of_pair[r] > 0) replicates.row(b, r)[first + i] = of_pair[number + r] / of_pair[r];
          repeated[i * number + r] += of_pair[2 * number + r];
          free[i * number + r] += of_pair[3 * number + r];
        }
        tasks[i] += rows[b].sum(4 * (first + i));
      }
    }
    for (std::size_t i = 0; i < width; ++i) {
      if (tasks[i] < 2) continue;
      const std::span<double> shares = std::span(repeated).subspan(i * number, number);
      for (std::size_t r = 0; r < number; ++r) {
        shares[r] = share_repeated(shares[r], free[i * number + r]).value_or(kNaN);
      }
      const double level =
          expanded_level(options.bootstrap.level, static_cast<std::size_t>(tasks[i]));
      replicates.shares[first + i] = percentile_interval(shares, level);
    }
  });
  return replicates;
}

// By pair, of the replicates of one benchmark.
std::vector<std::optional<double>> deviations(Replicates& replicates, std::size_t benchmark) {
  std::vector<ShareSpread> spreads(replicates.pairs);
  for (std::size_t r = 0; r < replicates.number; ++r) {
    const std::span<const double> row = replicates.row(benchmark, r);
    for (std::size_t p = 0; p < row.size(); ++p) spreads[p].add(row[p]);
  }
  std::vector<std::optional<double>> result;
  for (const ShareSpread& spread : spreads) result.push_back(spread.deviation());
  return result;
}

// The similarities of the first benchmark become the mean z over the benchmarks.
void become_z(Replicates& replicates, const CohortNorm& norm, unsigned threads) {
  parallel_for(replicates.number, threads, "kinship", [&](std::size_t r) {
    MeansOfDefined z(replicates.pairs);
    for (std::size_t b = 0; b < replicates.similarities.size(); ++b) {
      norm.normalise(replicates.row(b, r), replicates.row(b, r));
      z.add(replicates.row(b, r));
    }
    const std::span<double> row = replicates.row(0, r);
    for (std::size_t p = 0; p < row.size(); ++p) row[p] = z.mean(p);
  });
}

// What the resamples say of a pair's z.
struct ResampledZ {
  std::optional<Interval> interval;
  std::optional<double> error;
};

// By pair. The error is half the width that holds the middle 68.27 %, one standard deviation of a
// normal z. Cohorts of three or four leave a z of some resamples with hardly anything to be
// measured in: a standard deviation would be that of the few worst ones, and another with each
// seed.
std::vector<ResampledZ> resampled_z(Replicates& replicates, double level, unsigned threads) {
  constexpr double kOneSigma = 0.682689492137086;
  std::vector<ResampledZ> result(replicates.pairs);
  parallel_for(replicates.pairs, threads, "intervals", [&](std::size_t p) {
    std::vector<double> z(replicates.number);
    for (std::size_t r = 0; r < z.size(); ++r) z[r] = replicates.row(0, r)[p];
    result[p].interval = percentile_interval(z, level);
    if (const auto middle = percentile_interval(z, kOneSigma)) {
      result[p].error = (middle->high - middle->low) / 2;
    }
  });
  return result;
}

// A pair's z with its error, and the families that it joins, lower number first.
struct LineageCandidate {
  std::size_t pair = 0;
  std::pair<std::size_t, std::size_t> families;
  ScoredPair scored;
};

std::vector<LineageCandidate> candidates_of(const LineageResults& results,
                                            std::span<const double> z,
                                            std::span<const ResampledZ> resampled) {
  const std::vector<std::size_t> groups = results.families.groups();
  std::vector<LineageCandidate> candidates;
  for (std::size_t p = 0; p < z.size(); ++p) {
    if (std::isnan(z[p])) continue;
    const LineagePair& pair = results.pairs[p];
    candidates.push_back(
        {p, std::minmax({groups[pair.a], groups[pair.b]}), {z[p], resampled[p].error.value_or(0)}});
  }
  return candidates;
}

// Pairs of two families pass for strangers; those of the two families that the named pair joins
// would be as close if it were kin.
std::vector<std::optional<double>> named_pair_ps(const std::vector<LineageCandidate>& candidates,
                                                 std::size_t pairs, unsigned threads) {
  std::vector<std::optional<double>> p_values(pairs);
  parallel_for(candidates.size(), threads, "strangers", [&](std::size_t i) {
    const LineageCandidate& named = candidates[i];
    std::vector<ScoredPair> strangers;
    strangers.reserve(candidates.size());
    for (const LineageCandidate& other : candidates) {
      const bool kin = other.families.first == other.families.second;
      if (!kin && other.families != named.families) strangers.push_back(other.scored);
    }
    p_values[named.pair] = named_pair_p(named.scored, strangers);
  });
  return p_values;
}

void weigh_channel(const Corpus& corpus, const std::vector<std::vector<TaskIndex>>& benchmarks,
                   LineageChannel channel, const LineageOptions& options, LineageResults& results) {
  const std::size_t models = corpus.models().size();
  const std::size_t pairs = pair_count(models);
  const std::size_t number = results.replicates;
  const CohortNorm norm(models, options.modes);
  std::vector<Rows> rows;
  {
    const TaskChoices choices(corpus, channel, options.threads);
    for (const std::vector<TaskIndex>& tasks : benchmarks) {
      rows.push_back(compare_tasks(corpus, choices, tasks, options.threads));
    }
  }
  std::vector<double> sums(4 * pairs + 2 * models, 0.0);
  MeansOfDefined z(pairs);
  std::vector<BenchmarkScores> scores;
  std::vector<std::uint32_t> with_z(pairs);            // benchmarks
  std::vector<const std::string*> last_with_z(pairs);  // of these
  for (std::size_t b = 0; b < rows.size(); ++b) {
    const Rows& of = rows[b];
    const std::vector<double> of_benchmark = of.sums();
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += of_benchmark[c];
    std::vector<double> values = similarities(of_benchmark, pairs);
    scores.push_back({table_of(values, models), PairTable(models)});
    norm.normalise(values, values);
    z.add(values);
    for (std::size_t p = 0; p < pairs; ++p) {
      const std::string& benchmark = results.benchmark_of[b];
      if (std::isnan(values[p]) || (last_with_z[p] && *last_with_z[p] == benchmark)) continue;
      last_with_z[p] = &benchmark;
      ++with_z[p];
    }
    if (channel != LineageChannel::kWords) continue;
    for (std::size_t p = 0; p < pairs; ++p) {
      results.pairs[p].words_z.push_back(std::isnan(values[p]) ? std::nullopt
                                                               : std::optional(values[p]));
    }
  }
  std::vector<double> z_values(pairs);
  for (std::size_t p = 0; p < pairs; ++p) z_values[p] = z.mean(p);

  Replicates replicates;
  std::optional<StrangersTest> strangers;
  std::vector<std::optional<double>> alone(pairs);
  std::vector<ResampledZ> resampled(pairs);
  if (number > 0) {
    replicates = resample_tasks(rows, pairs, number, options);
    for (std::size_t b = 0; b < rows.size(); ++b) {
      scores[b].errors = table_of(deviations(replicates, b), models);
    }
    rows.clear();
    strangers =
        test_strangers(scores, norm, z_values, {number, options.bootstrap.seed, options.threads});
    become_z(replicates, norm, options.threads);
    resampled = resampled_z(replicates, options.bootstrap.level, options.threads);
    alone = named_pair_ps(candidates_of(results, z_values, resampled), pairs, options.threads);
  }
  if (strangers)
    results.usual_maximum[static_cast<std::size_t>(channel)] = strangers->usual_maximum;
  const auto own_share = [&](ModelIndex m) {
    return share_repeated(sums[4 * pairs + 2 * m], sums[4 * pairs + 2 * m + 1]);
  };
  parallel_for(pairs, options.threads, "intervals", [&](std::size_t p) {
    LineageFigures& figures = results.pairs[p].channels[static_cast<std::size_t>(channel)];
    figures.tasks = static_cast<std::uint32_t>(sums[4 * p]);
    if (sums[4 * p] > 0) figures.similarity = sums[4 * p + 1] / sums[4 * p];
    figures.benchmarks = with_z[p];
    if (z.count(p) > 0) figures.z = z.mean(p);
    for (const BenchmarkScores& benchmark : scores) {
      const LineagePair& pair = results.pairs[p];
      if (figures.z || figures.no_z == Undefined::kConstant) break;
      figures.no_z = norm.why_no_z(benchmark.scores, pair.a, pair.b);
    }
    if (strangers) {
      figures.p_strongest = strangers->strongest[p];
      // Closer than the strongest of all strangers is closer than one pair of them.
      if (alone[p]) figures.p_alone = std::min(*alone[p], *figures.p_strongest);
    }
    figures.share = share_repeated(sums[4 * p + 2], sums[4 * p + 3]);
    const auto own_a = own_share(results.pairs[p].a);
    const auto own_b = own_share(results.pairs[p].b);
    if (own_a && own_b) figures.ceiling = (*own_a + *own_b) / 2;
    if (number == 0 || figures.tasks < 2) return;
    figures.share_interval = replicates.shares[p];
    if (figures.z) figures.z_interval = resampled[p].interval;
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
    const rps::PackedProfile& profile = *run.verbal->stages;
    for (std::size_t s = 0; s < profile.stage_count(); ++s) {
      const auto stage = static_cast<rps::StageId>(s);
      if (profile.has(stage)) sum += profile.stage(stage).count(rps::Count::kWords);
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
  static const std::set<std::string, std::less<>> yes = {"thinking", "think", "reasoning",
                                                         "reasoner", "r1",    "qwq"};
  static const std::set<std::string, std::less<>> no = {"off", "no", "non", "without"};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    const bool o_series = part.size() > 1 && part[0] == 'o' && is_ascii_digit(part[1]);
    if (!o_series && !yes.contains(part)) continue;
    const bool denied =
        (i > 0 && no.contains(parts[i - 1])) || (i + 1 < parts.size() && no.contains(parts[i + 1]));
    if (!denied) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<std::size_t>> cohort_kinds(const Corpus& corpus, std::string_view wish) {
  if (wish == "all") return std::vector<std::size_t>{};
  if (wish == "mode") return guess_modes(corpus);
  auto kinds = parse_families(corpus, wish);
  if (!kinds) return Unexpected(kinds.error());
  return kinds->groups();
}

Result<std::optional<ModelPair>> named_pair(const Corpus& corpus,
                                            const std::vector<std::string>& names,
                                            std::string_view option) {
  if (names.empty()) return std::nullopt;
  if (names.size() != 2) {
    return fail(ErrorKind::kUsage, fmt::format("{} takes two models", option));
  }
  auto a = require_model(corpus, names[0]);
  if (!a) return Unexpected(a.error());
  auto b = require_model(corpus, names[1]);
  if (!b) return Unexpected(b.error());
  if (*a == *b) return fail(ErrorKind::kUsage, fmt::format("{} names one model twice", option));
  return ModelPair{*a, *b};
}

std::size_t replicates_of_kinship(std::size_t asked, std::size_t similarities) {
  constexpr std::size_t kMostInAll = 10'000'000;
  constexpr std::size_t kFewest = 2000;
  return std::min(asked, std::max(kFewest, kMostInAll / std::max<std::size_t>(1, similarities)));
}

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
    results.benchmark_of.push_back(name.first);
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
  results.replicates_asked = options.bootstrap.replicates;
  results.replicates =
      replicates_of_kinship(options.bootstrap.replicates, results.pairs.size() * benchmarks.size());
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
    const LineageFigures& words = pair.of(LineageChannel::kWords);
    if (words.z && words.tasks >= kEnoughForWords) {
      pair.likelihood_ratio = lineage::likelihood_ratio(*words.z, options.odds);
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
  return largest_first(results.pairs.size(), [&](std::size_t p) {
    return results.pairs[p].of(LineageChannel::kWords).z;
  });
}

std::vector<ModelPair> strongest_by_words(const LineageResults& results, std::size_t most,
                                          const std::optional<ModelPair>& named) {
  std::vector<ModelPair> strongest;
  const ModelPair first = named ? ModelPair(std::minmax(named->first, named->second)) : ModelPair();
  if (named && most > 0) strongest.push_back(first);
  for (const std::size_t p : by_words(results)) {
    const LineagePair& pair = results.pairs[p];
    if (strongest.size() == most || !pair.of(LineageChannel::kWords).z) break;
    if (!named || first != ModelPair(pair.a, pair.b)) strongest.emplace_back(pair.a, pair.b);
  }
  return strongest;
}

}  // namespace agentecho
