#include "agentecho/study/drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/stats/bounded_mean.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/distributions.h"
#include "agentecho/stats/expanded_interval.h"
#include "agentecho/stats/multiple_testing.h"
#include "agentecho/stats/significance.h"
#include "agentecho/study/drift_noise.h"

namespace agentecho {

namespace {

constexpr double kPower = 0.8;
constexpr std::size_t kBootstrapBytes = 200'000'000;

// A channel's verdict rests on these numbers of each task.
struct TaskExcess {
  std::array<double, kChannels> between{};
  std::array<double, kChannels> within{};
};

struct Measured {
  std::vector<Stratum> strata;              // statistics: the excess of each channel, then success
  std::vector<TaskExcess> tasks;            // those with noise of their own
  std::vector<SideSizes> sizes;             // of each stratum
  std::vector<std::size_t> runs;            // of a side, by task
  std::array<double, kChannels> largest{};  // distance met in each channel
};

// The excess of each channel, and last how much more often the second side succeeds.
constexpr std::size_t kStatistics = kChannels + 1;

SideSizes sizes_of(const Block& block) { return {block.before.size(), block.after.size()}; }

// Everything about one block of runs: the statistics under all its splits.
Stratum tabulate(const BlockDistances& block, const Splits& splits) {
  Stratum stratum;
  stratum.complete = splits.complete;
  stratum.table.reserve(splits.splits.size() * kStatistics);
  for (const Split& split : splits.splits) {
    const BlockExcess excess = block.excess(split);
    for (std::size_t c = 0; c < kChannels; ++c) {
      stratum.table.push_back(static_cast<float>(excess.between[c] - excess.within[c]));
    }
    stratum.table.push_back(static_cast<float>(excess.success));
  }
  return stratum;
}

struct MeasuredTask {
  std::vector<Stratum> strata;
  TaskExcess excess;
  std::array<double, kChannels> largest{};
};

MeasuredTask measure(const std::vector<Block>& blocks, std::size_t t, std::size_t splits_listed,
                     const SideTools& tools, const DriftOptions& options) {
  MeasuredTask measured;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const SideSizes sizes = sizes_of(blocks[b]);
    const BlockDistances distances(blocks[b], tools);
    const Splits splits = make_splits(sizes.first, sizes.second, splits_listed,
                                      options.seed ^ 0x5b117, t * 100'003 + b);
    measured.strata.push_back(tabulate(distances, splits));
    measured.strata.back().weight = 1 / static_cast<double>(blocks.size());
    const BlockExcess observed = distances.excess(splits.splits.front());
    for (std::size_t c = 0; c < kChannels; ++c) {
      measured.excess.between[c] += observed.between[c] / static_cast<double>(blocks.size());
      measured.excess.within[c] += observed.within[c] / static_cast<double>(blocks.size());
      measured.largest[c] = std::max(measured.largest[c], distances.largest(c));
    }
  }
  return measured;
}

Measured measure_all(const std::vector<CommonTask>& tasks, const SideTools& tools,
                     const DriftOptions& options) {
  std::vector<const CommonTask*> noisy;
  for (const CommonTask& task : tasks) {
    if (task.has_noise()) noisy.push_back(&task);
  }
  Measured all;
  std::vector<std::vector<Block>> blocks;
  for (std::size_t t = 0; t < noisy.size(); ++t) {
    blocks.push_back(make_blocks(*noisy[t], options.seed, t));
    for (const Block& block : blocks.back()) all.sizes.push_back(sizes_of(block));
  }
  const std::size_t limit = split_limit(all.sizes, options.replicates);
  std::vector<MeasuredTask> each(noisy.size());
  parallel_for(noisy.size(), options.threads, "distances of runs",
               [&](std::size_t t) { each[t] = measure(blocks[t], t, limit, tools, options); });
  for (std::size_t t = 0; t < each.size(); ++t) {
    for (Stratum& stratum : each[t].strata) {
      stratum.weight /= static_cast<double>(noisy.size());
      all.strata.push_back(std::move(stratum));
    }
    all.tasks.push_back(each[t].excess);
    all.runs.push_back(std::min(noisy[t]->before.size(), noisy[t]->after.size()));
    for (std::size_t c = 0; c < kChannels; ++c) {
      all.largest[c] = std::max(all.largest[c], each[t].largest[c]);
    }
  }
  return all;
}

// Tasks without noise of their own, against the noise of other runs.
Measured measure_with_lent_noise(const std::vector<CommonTask>& tasks, const SideTools& tools,
                                 const NoiseByTask& noise) {
  Measured all;
  for (const CommonTask& task : tasks) {
    const auto* lent = noise.of(task.key);
    if (lent == nullptr) continue;
    const BlockDistances distances(Block{task.before, task.after}, tools);
    Split split(task.before.size() + task.after.size(), 0);
    std::fill_n(split.begin(), task.before.size(), std::uint8_t{1});
    TaskExcess excess;
    excess.between = distances.excess(split).between;
    excess.within = *lent;
    all.tasks.push_back(excess);
    all.runs.push_back(1);
    for (std::size_t c = 0; c < kChannels; ++c) {
      all.largest[c] = std::max(all.largest[c], distances.largest(c));
    }
  }
  return all;
}

double mean_over(const std::vector<TaskExcess>& tasks,
                 std::array<double, kChannels> TaskExcess::*part, std::size_t c) {
  double sum = 0;
  for (const TaskExcess& task : tasks) sum += (task.*part)[c];
  return sum / static_cast<double>(tasks.size());
}

// How far the excess of a task may lie above 0, in a channel of bounded distances: as far as any
// dealing of these runs takes it. Two runs a side reach the largest distance where two failed; of
// many more all of one side would have to, so that the distance itself would never let "same" be
// said.
std::optional<double> bound_on_excess(Channel channel, const Measured& measured) {
  const auto distance = only_distance(channel);
  if (!distance || measured.strata.empty()) return distance;
  double most = 0;
  for (const Stratum& stratum : measured.strata) {
    for (std::size_t i = static_cast<std::size_t>(channel); i < stratum.table.size();
         i += kStatistics) {
      most = std::max(most, static_cast<double>(stratum.table[i]));
    }
  }
  return most;
}

class Bootstrap {
 public:
  Bootstrap(const std::vector<TaskExcess>& tasks, const DriftOptions& options)
      : tasks_(tasks),
        options_(options),
        resampler_(tasks.size(),
                   std::min(options.replicates,
                            std::max<std::size_t>(kBootstrapBytes / tasks.size(), 1000)),
                   options.seed + 1) {
    const std::size_t columns = 2 * kChannels;
    std::vector<double> values(tasks.size() * columns);
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        const double excess = tasks[t].between[c] - tasks[t].within[c];
        values[t * columns + 2 * c] = excess;
        values[t * columns + 2 * c + 1] = excess - options.margin * tasks[t].within[c];
      }
    }
    sums_.resize(columns * resampler_.replicates());
    resampler_.weighted_sums_by_column(values, columns, sums_);
    for (double& sum : sums_) sum /= static_cast<double>(tasks.size());
    weights_ = bound_weights(resampler_.replicates(), options.seed + 1);
  }

  std::optional<Interval> of_excess(std::size_t c) {
    return interval(2 * c, only_distance(static_cast<Channel>(c)));
  }
  // `bound`: of a bounded distance.
  std::optional<double> upper_over_margin(std::size_t c, std::optional<double> bound) {
    const auto found = interval(2 * c + 1, bound);
    return found ? std::optional(found->high) : std::nullopt;
  }
  // Of an excess of at most 0, for noise that is lent: from how often the mean is, with the tails
  // of the interval, since the plain share would be too small for few tasks as well.
  double p_of_excess(std::size_t c) {
    const auto column = replicates(2 * c);
    const auto largest = only_distance(static_cast<Channel>(c));
    std::size_t at_most = 0;
    for (std::size_t r = 0; r < column.size(); ++r) {
      const double further = largest.value_or(0) * weights_[r] / static_cast<double>(tasks_.size());
      at_most += column[r] <= further ? 1 : 0;
    }
    if (largest) return std::max(share(at_most), least_p());
    return expanded_p(share(at_most), tasks_.size());
  }
  double least_p() const { return expanded_p(share(0), tasks_.size()); }

 private:
  double share(std::size_t beyond) const {
    return (1 + static_cast<double>(beyond)) / (2 + static_cast<double>(resampler_.replicates()));
  }
  std::span<double> replicates(std::size_t column) {
    return std::span(sums_).subspan(column * resampler_.replicates(), resampler_.replicates());
  }
  // A bounded distance has few values, and those that matter are often in no task of the sample.
  std::optional<Interval> interval(std::size_t column, std::optional<double> bound) {
    if (tasks_.size() < kFewestTasksForInterval) return std::nullopt;
    std::vector<double> values(replicates(column).begin(), replicates(column).end());
    if (!bound) return percentile_interval(values, expanded_level(options_.level, tasks_.size()));
    return bounded_mean_interval(values, tasks_.size(), weights_, options_.level,
                                 {-*bound, *bound});
  }

  const std::vector<TaskExcess>& tasks_;
  DriftOptions options_;
  Resampler resampler_;
  std::vector<double> weights_;
  std::vector<double> sums_;  // by column, then replicate
};

double standard_deviation_over(const std::vector<TaskExcess>& tasks, std::size_t c, double margin) {
  std::vector<double> values;
  for (const TaskExcess& task : tasks) {
    values.push_back(task.between[c] - (1 + margin) * task.within[c]);
  }
  return standard_deviation(values).value_or(0);
}

// By how much the runs of a task must grow so that n tasks suffice, since the noise of the energy
// statistic falls about as 1 / runs; 0 where none is enough.
template <class TasksWith>
double times_the_runs(double n, double deviation, const TasksWith& tasks_with) {
  if (tasks_with(0) > n) return 0;
  double enough = 0;  // deviation
  double too_much = deviation;
  for (int i = 0; i < 50; ++i) {
    const double middle = (enough + too_much) / 2;
    (tasks_with(middle) > n ? too_much : enough) = middle;
  }
  return enough > 0 ? deviation / enough : 0;
}

// Runs of a side that must agree with all others before they are called the same. Of an agent that
// changed by exactly the margin delta a share q of the runs may be others, so that E = q^2 d and
// W = q (1 - q) d: q = delta / (1 + delta), and none of n runs shows it with 1 / (1 + delta)^n.
double runs_to_agree(const DriftOptions& options) {
  return std::log(1 / (1 - options.level)) / std::log1p(options.margin);
}

double runs_of_a_side(const Measured& measured) {
  return static_cast<double>(
      std::accumulate(measured.runs.begin(), measured.runs.end(), std::size_t{0}));
}

// Tasks at which the means as they are would give an answer with a power of 80 %.
std::optional<Needed> needed_of(const ChannelDrift& channel, const Measured& measured,
                                double null_sd, const DriftOptions& options,
                                std::size_t n_channels) {
  const double n = static_cast<double>(measured.tasks.size());
  const double gap = *channel.excess - options.margin * *channel.within;
  const double sd = standard_deviation_over(
      measured.tasks, static_cast<std::size_t>(channel.channel), options.margin);
  Needed needed;
  const double alpha = 1 - options.level;
  double tasks = 0;
  double runs = 0;  // times as many
  if (channel.identical) {
    needed.toward = Verdict::kSame;
    runs = runs_to_agree(options) / runs_of_a_side(measured);
    tasks = n * runs;
  } else if (gap > 0) {
    const double z = normal_quantile(1 - alpha / static_cast<double>(n_channels));
    needed.toward = Verdict::kChanged;
    tasks = n * std::pow((z + normal_quantile(kPower)) * null_sd / *channel.excess, 2);
    runs = std::sqrt(tasks / n);
  } else if (gap < 0) {
    const auto bound = bound_on_excess(channel.channel, measured);
    const auto room = bound ? std::optional(*bound - gap) : std::nullopt;
    const auto tasks_with = [&](double deviation) {
      return tasks_to_say_same(-gap, deviation, room, options.level, kPower);
    };
    needed.toward = Verdict::kSame;
    tasks = tasks_with(sd);
    runs = times_the_runs(n, sd, tasks_with);
  }
  // Nearly on the margin: no number of tasks that anybody would run.
  if (!(tasks > 0) || tasks > 1e6) return Needed{};
  needed.tasks =
      std::max<std::size_t>(static_cast<std::size_t>(std::ceil(tasks)), measured.tasks.size() + 1);
  if (!(runs > 0)) return needed;
  std::vector<double> sizes(measured.runs.begin(), measured.runs.end());
  const double typical = std::max(2.0, quantile(sizes, 0.5).value_or(2));
  needed.runs = static_cast<std::size_t>(std::ceil(typical * std::max(1.0, runs)));
  needed.runs = std::max<std::size_t>(needed.runs, static_cast<std::size_t>(typical) + 1);
  return needed;
}

// Noise that is lent may be too large for this agent, and then everything would look the same: an
// excess that is far below 0 says so.
bool fits_noise(const ChannelDrift& channel, const DriftOptions& options) {
  return channel.interval && channel.interval->low > -options.margin * *channel.within;
}

void decide(ChannelDrift& channel, const DriftResults& results, bool enough_agree) {
  const DriftOptions& options = results.options;
  const bool lent = results.lent_noise;
  const bool promised = is_below_alpha(results.least_p, options.level);
  const bool is_over = promised && channel.p_adjusted &&
                       is_below_alpha(*channel.p_adjusted, options.level) && channel.excess &&
                       *channel.excess > options.margin * *channel.within;
  const bool is_under = channel.over_margin && *channel.over_margin < 0 &&
                        results.noise_tasks >= kFewestTasksForSame &&
                        (!lent || fits_noise(channel, options));
  if ((channel.identical && enough_agree) || (is_under && !is_over)) {
    channel.verdict = Verdict::kSame;
  } else {
    channel.verdict = is_over ? Verdict::kChanged : Verdict::kCannotTell;
  }
}

// Holm's correction over the channels, for p values that no re-labelling gave.
void adjust_by_holm(std::vector<ChannelDrift>& channels) {
  std::vector<std::optional<double>> p_values;
  for (const ChannelDrift& channel : channels) p_values.push_back(channel.p);
  const auto adjusted = holm(p_values);
  for (std::size_t c = 0; c < channels.size(); ++c) channels[c].p_adjusted = adjusted[c];
}

std::vector<std::size_t> places_of(const std::array<bool, kChannels>& shown) {
  std::vector<std::size_t> places;
  for (std::size_t c = 0; c < kChannels; ++c) {
    if (shown[c]) places.push_back(c);
  }
  return places;
}

void judge_channels(DriftResults& results, const Measured& measured,
                    const std::array<bool, kChannels>& shown) {
  const DriftOptions& options = results.options;
  const std::size_t n_tasks = measured.tasks.size();
  std::vector<StratifiedP> tests(kStatistics);
  if (!measured.strata.empty()) {
    // Success is no channel: it has a direction, and must not make p depend on which side is first.
    tests = stratified_max_t(measured.strata, kStatistics,
                             {options.replicates, options.seed, options.threads, places_of(shown)});
    results.listed_deals = listed_deals(measured.strata, kStatistics, options.replicates);
  }
  std::optional<Bootstrap> bootstrap;
  if (n_tasks >= 2) bootstrap.emplace(measured.tasks, options);
  const auto n_channels = static_cast<std::size_t>(std::count(shown.begin(), shown.end(), true));
  for (std::size_t c = 0; c < kChannels; ++c) {
    ChannelDrift& channel = results.channels[c];
    channel.channel = static_cast<Channel>(c);
    channel.absent = !shown[c];
    if (channel.absent || n_tasks == 0) continue;
    channel.between = mean_over(measured.tasks, &TaskExcess::between, c);
    channel.within = mean_over(measured.tasks, &TaskExcess::within, c);
    channel.excess = *channel.between - *channel.within;
    channel.identical = measured.largest[c] == 0;
    if (bootstrap) {
      channel.interval = bootstrap->of_excess(c);
      channel.over_margin =
          bootstrap->upper_over_margin(c, bound_on_excess(channel.channel, measured));
    }
    if (!results.lent_noise) {
      // Where re-labellings are drawn, p scatters about what all of them would give.
      channel.p = std::max(tests[c].p, results.least_p);
      channel.p_adjusted = std::max(tests[c].p_adjusted, results.least_p);
      if (tests[c].null_sd > 0) {
        channel.strength = (tests[c].observed - tests[c].null_mean) / tests[c].null_sd;
      }
    } else if (bootstrap && channel.interval) {
      channel.p = bootstrap->p_of_excess(c);
    }
  }
  if (results.lent_noise) {
    adjust_by_holm(results.channels);
    if (n_tasks >= kFewestTasksForInterval) {
      results.least_p = std::min(1.0, bootstrap->least_p() * static_cast<double>(n_channels));
    }
  }
  const bool enough_agree = runs_of_a_side(measured) >= runs_to_agree(options);
  for (std::size_t c = 0; c < kChannels; ++c) {
    ChannelDrift& channel = results.channels[c];
    if (channel.absent || n_tasks == 0) continue;
    decide(channel, results, enough_agree);
    if (channel.verdict != Verdict::kCannotTell || n_tasks < 2) continue;
    const double null_sd = results.lent_noise ? standard_deviation_over(measured.tasks, c, 0) /
                                                    std::sqrt(static_cast<double>(n_tasks))
                                              : tests[c].null_sd;
    channel.needed = needed_of(channel, measured, null_sd, options, n_channels);
  }
  if (!measured.strata.empty() && results.outcome.recorded) {
    results.outcome.p_worse = tests[kChannels].p_less;
    results.outcome.worse =
        is_below_alpha(*results.outcome.p_worse, options.level) && tests[kChannels].observed < 0;
  }
}

Verdict overall(const std::vector<ChannelDrift>& channels) {
  bool all_same = true;
  for (const ChannelDrift& channel : channels) {
    if (channel.absent) continue;
    if (channel.verdict == Verdict::kChanged) return Verdict::kChanged;
    all_same = all_same && channel.verdict == Verdict::kSame;
  }
  return all_same ? Verdict::kSame : Verdict::kCannotTell;
}

SideSummary summary_of(const DriftSide& side) {
  SideSummary summary;
  summary.model = side.name();
  for (const ModelIndex model : side.models) {
    for (TaskIndex t = 0; t < side.corpus().tasks().size(); ++t) {
      const std::size_t n = side.corpus().trials(model, t).size();
      summary.runs += n;
      summary.tasks += n > 0 ? 1 : 0;
    }
  }
  return summary;
}

std::array<bool, kChannels> shown_channels(const std::vector<CommonTask>& tasks,
                                           const OutcomeDrift& outcome) {
  std::array<bool, kChannels> shown{};
  for (const CommonTask& task : tasks) {
    for (const auto* runs : {&task.before, &task.after}) {
      for (const CorpusTrajectory* run : *runs) {
        for (std::size_t c = 0; c < kChannels; ++c) {
          shown[c] = shown[c] || has_channel(*run, static_cast<Channel>(c));
        }
      }
    }
  }
  shown[static_cast<std::size_t>(Channel::kOutcome)] = outcome.recorded;
  return shown;
}

// Success rates over the tasks, where both sides record outcomes; else what is to be said of it.
OutcomeDrift success_rates(const std::vector<CommonTask>& tasks,
                           std::vector<std::string>& warnings) {
  struct Rate {
    bool recorded = false;
    double sum = 0;

    void add(const std::vector<const CorpusTrajectory*>& runs) {
      double n = 0;
      for (const CorpusTrajectory* run : runs) {
        recorded = recorded || run->reward.has_value();
        n += run->success ? 1 : 0;
      }
      sum += n / static_cast<double>(runs.size());
    }
  };
  Rate of_before;
  Rate of_after;
  for (const CommonTask& task : tasks) {
    of_before.add(task.before);
    of_after.add(task.after);
  }
  if (!of_before.recorded && !of_after.recorded) {
    warnings.emplace_back(
        "no run records whether it succeeded: success is not compared; --success-key KEY names the "
        "member that holds it");
  } else if (of_before.recorded != of_after.recorded) {
    warnings.push_back(
        fmt::format("only {} whether they succeeded: success is not compared",
                    of_before.recorded ? "the baseline's runs record" : "the new runs record"));
  }
  const double before = of_before.sum;
  const double after = of_after.sum;
  OutcomeDrift outcome;
  outcome.recorded = of_before.recorded && of_after.recorded;
  if (outcome.recorded) {
    outcome.before = before / static_cast<double>(tasks.size());
    outcome.after = after / static_cast<double>(tasks.size());
  }
  return outcome;
}

bool all_have_habits(const std::vector<CommonTask>& tasks) {
  const auto has = [](const CorpusTrajectory* run) { return run->verbal && run->verbal->habits; };
  return std::all_of(tasks.begin(), tasks.end(), [&](const CommonTask& task) {
    return std::all_of(task.before.begin(), task.before.end(), has) &&
           std::all_of(task.after.begin(), task.after.end(), has);
  });
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  constexpr std::string_view kNames[] = {"changed", "same", "cannot tell"};
  return kNames[static_cast<std::size_t>(verdict)];
}

Result<DriftResults> drift(const DriftSide& before, const DriftSide& after,
                           const DriftOptions& options) {
  DriftResults results;
  results.options = options;
  results.before = summary_of(before);
  results.after = summary_of(after);
  results.channels.resize(kChannels);
  const std::vector<CommonTask> tasks = common_tasks(before, after);
  if (tasks.empty()) {
    return fail(ErrorKind::kInput,
                fmt::format("the baseline ({} tasks) and the new runs ({} tasks) have no task in "
                            "common",
                            results.before.tasks, results.after.tasks),
                "tasks are the same where benchmark, domain and task id are; `agentecho inspect` "
                "shows them");
  }
  if (!all_have_habits(tasks)) {
    return fail(ErrorKind::kInput, "the runs were read without their habits",
                "CorpusOptions::parts.habits asks for them");
  }
  results.common_tasks = tasks.size();
  for (const CommonTask& task : tasks) {
    results.before.runs_compared += task.before.size();
    results.after.runs_compared += task.after.size();
    results.noise_tasks += task.has_noise() ? 1 : 0;
    results.dealt_tasks += is_dealt(task) ? 1 : 0;
    for (const CorpusTrajectory* run : task.after) {
      results.copies +=
          std::any_of(task.before.begin(), task.before.end(),
                      [&](const CorpusTrajectory* other) { return other->content == run->content; })
              ? 1
              : 0;
    }
  }
  std::vector<std::string> of_outcomes;
  results.outcome = success_rates(tasks, of_outcomes);
  SideTools tools(before.corpus(), after.corpus());
  tools.outcomes = results.outcome.recorded;
  results.lent_noise = results.noise_tasks == 0 && options.noise != nullptr;
  Measured measured;
  if (results.noise_tasks > 0) {
    measured = measure_all(tasks, tools, options);
    results.least_p = least_stratified_p(measured.sizes, options.replicates);
  } else if (results.lent_noise) {
    auto noise = NoiseByTask::make(*options.noise);
    if (!noise) return Unexpected(noise.error());
    measured = measure_with_lent_noise(tasks, tools, *noise);
    if (measured.tasks.empty()) {
      return fail(ErrorKind::kInput,
                  "the runs that should lend their noise are of other tasks than those compared",
                  "--noise-from needs several runs of one agent on the same tasks");
    }
    results.noise_tasks = measured.tasks.size();
    results.cut_tasks = noise->cut_tasks();
  }
  results.blocks = measured.strata.size();
  std::vector<double> runs(measured.runs.begin(), measured.runs.end());
  results.median_runs = static_cast<std::size_t>(quantile(runs, 0.5).value_or(1));
  judge_channels(results, measured, shown_channels(tasks, results.outcome));
  // Copies say nothing new.
  if (results.all_copies()) {
    for (ChannelDrift& channel : results.channels) channel.verdict = Verdict::kCannotTell;
  }
  results.verdict = measured.tasks.empty() ? Verdict::kCannotTell : overall(results.channels);
  results.moved = moved_habits(tasks, tools);
  results.warnings = warnings_of(tasks, tools, results.copies);
  results.warnings.insert(results.warnings.end(), of_outcomes.begin(), of_outcomes.end());
  return results;
}

}  // namespace agentecho
