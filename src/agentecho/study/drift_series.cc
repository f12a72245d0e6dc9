#include "agentecho/study/drift_series.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/distributions.h"
#include "agentecho/stats/expanded_interval.h"
#include "agentecho/stats/multiple_testing.h"
#include "agentecho/stats/resampling.h"
#include "agentecho/stats/significance.h"
#include "agentecho/study/drift_noise.h"

namespace agentecho {

namespace {

bool records_success(const DriftSide& side) {
  const auto runs = side.corpus().trajectories();
  return std::any_of(runs.begin(), runs.end(), [&](const CorpusTrajectory& run) {
    return run.reward &&
           std::find(side.models.begin(), side.models.end(), run.model) != side.models.end();
  });
}

bool all_record_success(std::span<const DriftSide* const> sides) {
  return std::all_of(sides.begin(), sides.end(),
                     [](const DriftSide* side) { return records_success(*side); });
}

// All runs of several steps as one corpus with one model. Without `success` nobody's is known:
// among runs that record it, those of a step that does not would count as failed.
Result<LoadedCorpus> merged(const std::vector<SeriesStep>& steps, std::size_t begin,
                            std::size_t end, bool success) {
  LoadedCorpus loaded;
  CorpusBuilder builder;
  for (std::size_t s = begin; s < end; ++s) {
    const DriftSide& side = steps[s].side;
    for (const CorpusTrajectory& run : side.corpus().trajectories()) {
      if (std::find(side.models.begin(), side.models.end(), run.model) == side.models.end()) {
        continue;
      }
      TrajectoryFeatures features = side.corpus().features_of(run);
      features.model = "steps";
      features.trial.reset();  // trials of different steps are different runs
      if (!success) features.reward.reset();
      builder.add(std::move(features));
    }
  }
  Diagnostics ignored;  // only renumbered trials: everything has been reported when it was read
  loaded.corpus = std::move(builder).build({}, ignored);
  return loaded;
}

std::optional<double> least_p(const DriftResults& results) {
  std::optional<double> least;
  for (const ChannelDrift& channel : results.channels) {
    if (channel.p_adjusted && (!least || *channel.p_adjusted < *least)) least = channel.p_adjusted;
  }
  return least;
}

std::vector<Channel> changed_channels(const DriftResults& results) {
  std::vector<Channel> channels;
  for (const ChannelDrift& channel : results.channels) {
    if (channel.verdict == Verdict::kChanged && !channel.absent) {
      channels.push_back(channel.channel);
    }
  }
  return channels;
}

Result<SeriesPlace> place_before(const std::vector<SeriesStep>& steps, std::size_t k, bool success,
                                 const DriftOptions& options) {
  auto before = merged(steps, 0, k, success);
  auto after = merged(steps, k, steps.size(), success);
  if (!before || !after) return Unexpected(before ? after.error() : before.error());
  auto results = drift({&*before, {0}}, {&*after, {0}}, options);
  if (!results) return Unexpected(results.error());
  SeriesPlace place;
  place.name = steps[k].name;
  place.verdict = results->verdict;
  place.p = least_p(*results);
  place.channels = changed_channels(*results);
  place.dealt_tasks = results->dealt_tasks;
  for (const ChannelDrift& channel : results->channels) {
    if (channel.strength) place.strength = std::max(place.strength, *channel.strength);
  }
  return place;
}

std::vector<const CorpusTrajectory*> runs_of_task(const DriftSide& side, const TaskKey& key) {
  std::vector<const CorpusTrajectory*> runs;
  const Corpus& corpus = side.corpus();
  const auto at = std::lower_bound(corpus.tasks().begin(), corpus.tasks().end(), key);
  if (at == corpus.tasks().end() || *at != key) return runs;
  const auto task = static_cast<TaskIndex>(at - corpus.tasks().begin());
  for (const ModelIndex model : side.models) {
    for (const CorpusTrajectory& run : corpus.trials(model, task)) runs.push_back(&run);
  }
  return runs;
}

std::vector<RunPoint> points_of(const DriftSide& side, const TaskKey& key,
                                std::span<const std::uint32_t> tools) {
  std::vector<RunPoint> points;
  for (const CorpusTrajectory* run : runs_of_task(side, key)) {
    if (points.size() < kMostBlockRuns) points.push_back(run_point(*run, tools));
  }
  return points;
}

// Tasks of which the trend does not look at all runs.
std::size_t count_cut(const std::vector<const DriftSide*>& sides,
                      const std::vector<TaskKey>& tasks) {
  return static_cast<std::size_t>(
      std::count_if(tasks.begin(), tasks.end(), [&](const TaskKey& task) {
        return std::any_of(sides.begin(), sides.end(), [&](const DriftSide* side) {
          return runs_of_task(*side, task).size() > kMostBlockRuns;
        });
      }));
}

using Means = std::array<double, kChannels>;

Means mean_distance(const std::vector<RunPoint>& a, const std::vector<RunPoint>& b) {
  Means mean{};
  for (const RunPoint& x : a) {
    for (const RunPoint& y : b) {
      const ChannelValues values = distances(x, y);
      for (std::size_t c = 0; c < kChannels; ++c) mean[c] += static_cast<double>(values[c]);
    }
  }
  for (double& m : mean) m /= static_cast<double>(a.size() * b.size());
  return mean;
}

std::optional<Means> mean_within(const std::vector<RunPoint>& points) {
  if (points.size() < 2) return std::nullopt;
  Means mean{};
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const ChannelValues values = distances(points[i], points[j]);
      for (std::size_t c = 0; c < kChannels; ++c) mean[c] += static_cast<double>(values[c]);
    }
  }
  for (double& m : mean) m /= static_cast<double>(points.size() * (points.size() - 1)) / 2;
  return mean;
}

// Least squares weights: slope = sum w_s y_s over steps s.
std::vector<double> slope_weights(std::size_t n) {
  const double centre = static_cast<double>(n - 1) / 2;
  double squares = 0;
  std::vector<double> weights(n);
  for (std::size_t s = 0; s < n; ++s) {
    weights[s] = static_cast<double>(s) - centre;
    squares += weights[s] * weights[s];
  }
  for (double& w : weights) w /= squares;
  return weights;
}

// Slopes of one task by channel: of the distance from the first step, and toward the teacher.
struct TaskSlopes {
  std::optional<Means> away;
  std::optional<Means> toward;
};

TaskSlopes slopes_of(const std::vector<std::vector<RunPoint>>& steps,
                     const std::vector<RunPoint>& teacher, const std::vector<RunPoint>& control) {
  TaskSlopes slopes;
  const std::vector<double> weights = slope_weights(steps.size());
  const auto first = mean_within(steps.front());
  if (first) {
    // Excess of every step from the first; the first from itself has none.
    slopes.away.emplace();
    for (std::size_t s = 1; s < steps.size(); ++s) {
      const Means between = mean_distance(steps.front(), steps[s]);
      const Means within = mean_within(steps[s]).value_or(*first);
      for (std::size_t c = 0; c < kChannels; ++c) {
        (*slopes.away)[c] += weights[s] * (between[c] - 0.5 * ((*first)[c] + within[c]));
      }
    }
  }
  if (!teacher.empty() && !control.empty()) {
    slopes.toward.emplace();
    for (std::size_t s = 0; s < steps.size(); ++s) {
      const Means to_teacher = mean_distance(steps[s], teacher);
      const Means to_control = mean_distance(steps[s], control);
      for (std::size_t c = 0; c < kChannels; ++c) {
        (*slopes.toward)[c] += weights[s] * (to_control[c] - to_teacher[c]);
      }
    }
  }
  return slopes;
}

struct MeanOverTasks {
  std::optional<double> mean;
  std::optional<Interval> interval;
  std::optional<double> p;  // of a mean of at most 0; nothing where no task has a slope
};

// Student's t, one-sided: percentiles of a bootstrap have no tails that would outlast a correction
// for eleven channels, with few tasks or few replicates.
std::optional<double> p_of_no_rise(const std::vector<double>& slopes, double mean) {
  const double largest = largest_magnitude(slopes);
  if (is_rounding(largest, 0)) return std::nullopt;
  const auto n = static_cast<double>(slopes.size());
  const double sd = standard_deviation(slopes).value_or(0);
  if (is_rounding(mean, largest)) return 0.5;
  const double tail = t_two_sided_p(mean / (sd / std::sqrt(n)), n - 1) / 2;
  return mean > 0 ? tail : 1 - tail;
}

MeanOverTasks over_tasks(const std::vector<double>& values, const DriftOptions& options) {
  MeanOverTasks result;
  if (values.empty()) return result;
  result.mean =
      std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  if (values.size() < kFewestTasksForInterval) return result;
  const Resampler resampler(values.size(), std::min<std::size_t>(options.replicates, 5000),
                            options.seed + 2);
  std::vector<double> sums(resampler.replicates());
  resampler.weighted_sums(values, 1, sums);
  for (double& sum : sums) sum /= static_cast<double>(values.size());
  result.interval = percentile_interval(sums, expanded_level(options.level, values.size()));
  result.p = p_of_no_rise(values, *result.mean);
  return result;
}

std::vector<TaskKey> tasks_of_all(const std::vector<const DriftSide*>& sides) {
  std::map<TaskKey, std::size_t> met;
  for (const DriftSide* side : sides) {
    for (TaskIndex t = 0; t < side->corpus().tasks().size(); ++t) {
      const bool there =
          std::any_of(side->models.begin(), side->models.end(),
                      [&](ModelIndex model) { return !side->corpus().trials(model, t).empty(); });
      if (there) ++met[side->corpus().tasks()[t]];
    }
  }
  std::vector<TaskKey> tasks;
  for (const auto& [key, n] : met) {
    if (n == sides.size()) tasks.push_back(key);
  }
  return tasks;
}

std::vector<ChannelTrend> trends_of(const std::vector<const DriftSide*>& sides, std::size_t n_steps,
                                    const std::vector<TaskKey>& tasks,
                                    const DriftOptions& options) {
  ToolNames names;
  std::vector<std::vector<std::uint32_t>> tools;
  for (const DriftSide* side : sides) tools.push_back(names.number(side->corpus()));
  std::array<std::vector<double>, kChannels> away;
  std::array<std::vector<double>, kChannels> toward;
  for (const TaskKey& task : tasks) {
    std::vector<std::vector<RunPoint>> points;
    for (std::size_t s = 0; s < sides.size(); ++s) {
      points.push_back(points_of(*sides[s], task, tools[s]));
    }
    const bool taught = sides.size() == n_steps + 2;
    const std::vector<std::vector<RunPoint>> steps(points.begin(),
                                                   points.begin() + static_cast<long>(n_steps));
    const TaskSlopes slopes = slopes_of(steps, taught ? points[n_steps] : std::vector<RunPoint>{},
                                        taught ? points[n_steps + 1] : std::vector<RunPoint>{});
    for (std::size_t c = 0; c < kChannels; ++c) {
      if (slopes.away) away[c].push_back((*slopes.away)[c]);
      if (slopes.toward) toward[c].push_back((*slopes.toward)[c]);
    }
  }
  constexpr auto kOutcome = static_cast<std::size_t>(Channel::kOutcome);
  if (!all_record_success(std::span(sides).first(n_steps))) away[kOutcome].clear();
  if (!all_record_success(sides)) toward[kOutcome].clear();
  std::vector<ChannelTrend> trends(kChannels);
  std::vector<std::optional<double>> p_away;
  std::vector<std::optional<double>> p_toward;
  for (std::size_t c = 0; c < kChannels; ++c) {
    ChannelTrend& trend = trends[c];
    trend.channel = static_cast<Channel>(c);
    const MeanOverTasks slope = over_tasks(away[c], options);
    trend.slope = slope.mean;
    trend.interval = slope.interval;
    p_away.push_back(slope.p);
    const MeanOverTasks teacher = over_tasks(toward[c], options);
    trend.toward_teacher = teacher.mean;
    trend.toward_teacher_interval = teacher.interval;
    p_toward.push_back(teacher.p);
  }
  const auto away_adjusted = holm(p_away);
  const auto toward_adjusted = holm(p_toward);
  for (std::size_t c = 0; c < kChannels; ++c) {
    trends[c].p_adjusted = away_adjusted[c];
    trends[c].toward_teacher_p_adjusted = toward_adjusted[c];
  }
  return trends;
}

// p values over all comparisons of the series: the places, then the steps with the first.
void correct(SeriesResults& results) {
  std::vector<double> p;
  for (const SeriesPlace& place : results.places) p.push_back(place.p.value_or(1));
  const bool one = results.steps.size() == 2;  // its place and its step are the same comparison
  for (std::size_t s = 1; s < results.steps.size() && !one; ++s) {
    p.push_back(least_p(*results.steps[s].from_first).value_or(1));
  }
  const std::vector<double> adjusted = holm(p);
  results.comparisons = p.size();
  for (std::size_t k = 0; k < results.places.size(); ++k) {
    SeriesPlace& place = results.places[k];
    StepDrift& step = results.steps[k + 1];
    if (place.p) place.p_adjusted = adjusted[k];
    if (least_p(*step.from_first)) {
      step.p_adjusted = adjusted[one ? k : results.places.size() + k];
    }
    step.differs = step.from_first->verdict == Verdict::kChanged &&
                   is_below_alpha(step.p_adjusted.value_or(1), results.options.level);
  }
}

// The place from which on the runs differ most clearly from those before.
std::optional<SeriesChange> change_from_here_on(const SeriesResults& results) {
  std::optional<SeriesChange> change;
  double strongest = 0;
  for (std::size_t k = 0; k < results.places.size(); ++k) {
    const SeriesPlace& place = results.places[k];
    const bool shown = is_below_alpha(place.p_adjusted.value_or(1), results.options.level) &&
                       !place.channels.empty();
    if (!shown || place.strength <= strongest) continue;
    strongest = place.strength;
    change = SeriesChange{k + 1, place.p_adjusted, place.channels, true, {}, {}};
  }
  return change;
}

void find_change(SeriesResults& results) {
  correct(results);
  results.change = change_from_here_on(results);
  std::optional<std::size_t> first;
  std::optional<std::size_t> last;
  for (std::size_t s = 0; s < results.steps.size(); ++s) {
    if (!results.steps[s].differs) continue;
    if (!first) first = s;
    last = s;
  }
  if (!first) return;
  // Where a change was taken back, the runs may differ most clearly at the step that takes it back.
  const bool taken_back = results.change && *first < results.change->step &&
                          !results.steps[results.change->step].differs;
  if (!results.change || taken_back) {
    const StepDrift& step = results.steps[*first];
    results.change =
        SeriesChange{*first, step.p_adjusted, changed_channels(*step.from_first), false, {}, {}};
  }
  if (*last < results.change->step || *last + 1 == results.steps.size()) return;
  results.change->last_that_differs = last;
  for (std::size_t s = *last + 1; s < results.steps.size() && !results.change->back_at; ++s) {
    if (results.steps[s].from_first->verdict == Verdict::kSame) results.change->back_at = s;
  }
}

}  // namespace

bool ChannelTrend::moves_away(double level) const {
  return p_adjusted && is_below_alpha(*p_adjusted, level);
}

bool ChannelTrend::moves_toward_teacher(double level) const {
  return toward_teacher_p_adjusted && is_below_alpha(*toward_teacher_p_adjusted, level);
}

Result<SeriesResults> drift_series(const std::vector<SeriesStep>& steps, const DriftSide* teacher,
                                   const DriftSide* control, const DriftOptions& options) {
  if (steps.size() < 2) {
    return fail(ErrorKind::kUsage, "a series has two steps at least",
                "name a folder for each step");
  }
  SeriesResults results;
  results.options = options;
  results.has_teacher = teacher != nullptr && control != nullptr;
  std::vector<const DriftSide*> sides;
  for (const SeriesStep& step : steps) sides.push_back(&step.side);
  if (results.has_teacher) sides.insert(sides.end(), {teacher, control});
  const std::vector<TaskKey> tasks = tasks_of_all(sides);
  results.common_tasks = tasks.size();
  if (tasks.empty()) {
    return fail(ErrorKind::kInput, "no task is in all steps of the series",
                "tasks are the same where benchmark, domain and task id are");
  }
  const bool success = all_record_success(std::span(sides).first(steps.size()));
  for (std::size_t s = 0; s < steps.size(); ++s) {
    StepDrift& step = results.steps.emplace_back();
    step.name = steps[s].name;
    for (const ModelIndex model : steps[s].side.models) {
      for (TaskIndex t = 0; t < steps[s].side.corpus().tasks().size(); ++t) {
        step.runs += steps[s].side.corpus().trials(model, t).size();
      }
    }
    if (s == 0) continue;
    auto from_first = drift(steps[0].side, steps[s].side, options);
    if (!from_first) return Unexpected(from_first.error());
    auto from_previous = drift(steps[s - 1].side, steps[s].side, options);
    if (!from_previous) return Unexpected(from_previous.error());
    step.from_first = std::move(*from_first);
    step.from_previous = std::move(*from_previous);
    auto place = place_before(steps, s, success, options);
    if (!place) return Unexpected(place.error());
    for (const std::size_t dealt :
         {step.from_first->dealt_tasks, step.from_previous->dealt_tasks, place->dealt_tasks}) {
      results.dealt_tasks = std::max(results.dealt_tasks, dealt);
    }
    results.places.push_back(std::move(*place));
  }
  find_change(results);
  results.cut_tasks = count_cut(sides, tasks);
  results.trends = trends_of(sides, steps.size(), tasks, options);
  return results;
}

}  // namespace agentecho
