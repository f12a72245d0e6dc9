#include "agentecho/study/drift_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/distributions.h"
#include "agentecho/stats/significance.h"
#include "agentecho/study/drift_noise.h"

namespace agentecho {

namespace {

constexpr std::size_t kEndless = 1'000'000;

// Distances of all pairs of the runs of one task, in one channel.
struct Pairs {
  std::size_t n = 0;
  std::vector<double> values;  // i < j, by rows

  double at(std::size_t i, std::size_t j) const {
    if (i > j) std::swap(i, j);
    return values[i * n - i * (i + 1) / 2 + (j - i - 1)];
  }
};

double mean_of(const std::vector<double>& values) { return mean(values).value_or(0); }

// Variance of the distances without what each run has by itself: d_ij - a_i - a_j + mu, where the
// a_i are fitted by least squares (n >= 4).
double interaction_variance(const Pairs& pairs) {
  const auto n = static_cast<double>(pairs.n);
  const double mu = mean_of(pairs.values);
  std::vector<double> effect(pairs.n, 0);
  for (std::size_t i = 0; i < pairs.n; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < pairs.n; ++j) {
      if (j != i) sum += pairs.at(i, j);
    }
    effect[i] = (sum - (n - 1) * mu) / (n - 2);
  }
  double squares = 0;
  for (std::size_t i = 0; i < pairs.n; ++i) {
    for (std::size_t j = i + 1; j < pairs.n; ++j) {
      const double rest = pairs.at(i, j) - mu - effect[i] - effect[j];
      squares += rest * rest;
    }
  }
  return squares / (n * (n - 3) / 2);  // degrees of freedom: pairs - runs
}

struct Noise {
  double within = 0;
  double variance = 0;
  bool careful = false;
};

Noise noise_of(const std::vector<Pairs>& tasks) {
  std::vector<double> means;
  std::vector<double> interaction;
  std::vector<double> spread;
  for (const Pairs& task : tasks) {
    means.push_back(mean_of(task.values));
    if (task.n >= 4) interaction.push_back(interaction_variance(task));
    const auto sd = standard_deviation(task.values);
    if (sd) spread.push_back(*sd * *sd);
  }
  Noise noise;
  noise.within = mean_of(means);
  noise.careful = interaction.empty();
  if (!interaction.empty()) {
    noise.variance = mean_of(interaction);
  } else if (!spread.empty()) {
    noise.variance = mean_of(spread);
  } else {
    const double sd = standard_deviation(means).value_or(0);
    noise.variance = sd * sd;
  }
  return noise;
}

double excess_sd(double variance, std::size_t runs) {
  const auto r = static_cast<double>(runs);
  return std::sqrt(variance * (1 / (r * r) + 1 / (r * (r - 1))));
}

std::size_t tasks_for(double z, double sd, double size) {
  if (!(size > 0)) return kEndless;
  const double tasks = std::ceil(std::pow(z * sd / size, 2));
  return static_cast<std::size_t>(std::clamp(tasks, 1.0, static_cast<double>(kEndless)));
}

// Tasks of so many runs a side for which the least p is well below alpha: were it just below, the
// most extreme deal alone would show a change, and hardly any change makes that one certain.
std::size_t tasks_for_p(std::size_t runs, double level) {
  constexpr double kBelow = 20;
  std::vector<SideSizes> tasks;
  do {
    tasks.push_back({runs, runs});
  } while (!is_below_alpha(kBelow * least_stratified_p(tasks, kEndless), level));
  return tasks.size();
}

}  // namespace

Result<DriftPlan> plan_drift(const DriftSide& baseline, const PlanOptions& options) {
  DriftPlan plan;
  plan.model = baseline.name();
  plan.options = options;
  const Corpus& corpus = baseline.corpus();
  const SideTools tools(corpus, corpus);
  std::array<std::vector<Pairs>, kChannels> pairs;
  std::array<bool, kChannels> shown{};
  for (const ModelIndex model : baseline.models) {
    for (TaskIndex t = 0; t < corpus.tasks().size(); ++t) {
      const auto trials = corpus.trials(model, t);
      if (trials.empty()) continue;
      ++plan.tasks;
      if (trials.size() < 2) continue;
      ++plan.noise_tasks;
      plan.cut_tasks += trials.size() > kMostBlockRuns ? 1 : 0;
      std::vector<RunPoint> points;
      for (const CorpusTrajectory& run : trials.first(std::min(trials.size(), kMostBlockRuns))) {
        if (!run.verbal || !run.verbal->habits) {
          return fail(ErrorKind::kInput, "the runs were read without their habits");
        }
        points.push_back(run_point(run, tools.before));
        for (std::size_t c = 0; c < kChannels; ++c) {
          shown[c] = shown[c] || has_channel(run, static_cast<Channel>(c));
        }
      }
      std::array<Pairs, kChannels> of_task;
      for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t j = i + 1; j < points.size(); ++j) {
          const ChannelValues values = distances(points[i], points[j]);
          for (std::size_t c = 0; c < kChannels; ++c) {
            of_task[c].values.push_back(static_cast<double>(values[c]));
          }
        }
      }
      for (std::size_t c = 0; c < kChannels; ++c) {
        of_task[c].n = points.size();
        pairs[c].push_back(std::move(of_task[c]));
      }
    }
  }
  if (plan.noise_tasks == 0) {
    return fail(ErrorKind::kInput,
                "no task of the baseline has two runs: its noise is unknown, and nothing can be "
                "planned",
                "run some tasks of the baseline twice or more");
  }
  const double alpha = 1 - options.level;
  const auto m = static_cast<double>(std::count(shown.begin(), shown.end(), true));
  const double z_power = normal_quantile(options.power);
  const double z_change = normal_quantile(1 - alpha / m) + z_power;
  for (const std::size_t runs : options.runs) {
    plan.tasks_for_p.push_back(tasks_for_p(runs, options.level));
  }
  plan.tasks_for_change = plan.tasks_for_p;
  plan.tasks_for_same.assign(options.runs.size(), kFewestTasksForSame);
  for (std::size_t c = 0; c < kChannels; ++c) {
    const Noise noise = noise_of(pairs[c]);
    if (!shown[c] || !(noise.within > 0)) continue;
    ChannelPlan& channel = plan.channels.emplace_back();
    channel.channel = static_cast<Channel>(c);
    channel.within = noise.within;
    channel.careful = noise.careful;
    for (std::size_t k = 0; k < options.runs.size(); ++k) {
      const double sd = excess_sd(noise.variance, options.runs[k]);
      channel.tasks_for_change.push_back(
          std::max(plan.tasks_for_p[k], tasks_for(z_change, sd, options.change * noise.within)));
      const double below = options.margin * noise.within;
      const auto bound = only_distance(channel.channel);
      const auto room = bound ? std::optional(*bound + below) : std::nullopt;
      const double same = tasks_to_say_same(below, sd, room, options.level, options.power);
      channel.tasks_for_same.push_back(
          std::min(kEndless, static_cast<std::size_t>(std::ceil(same))));
      channel.least_change.push_back(z_change * sd / std::sqrt(static_cast<double>(plan.tasks)) /
                                     noise.within);
      plan.tasks_for_change[k] =
          std::max(plan.tasks_for_change[k], channel.tasks_for_change.back());
      plan.tasks_for_same[k] = std::max(plan.tasks_for_same[k], channel.tasks_for_same.back());
    }
  }
  return plan;
}

}  // namespace agentecho
