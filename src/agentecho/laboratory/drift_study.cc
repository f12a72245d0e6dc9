#include "agentecho/laboratory/drift_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "agentecho/base/random.h"
#include "agentecho/laboratory/runs.h"
#include "agentecho/simulation/run.h"

namespace agentecho {

namespace {

using simulation::AgentPolicy;
using simulation::Point;
using simulation::World;

constexpr std::size_t kDriftReplicates = 999;
constexpr std::int64_t kTruthTrials = 40;
constexpr double kSmallMargin = 0.05;
constexpr double kAway = 1.5;  // spread of the logits of the other agent of "drift-same"

// An agent that is another one in a share of its runs.
struct MixedAgent {
  const AgentPolicy& usual;
  const AgentPolicy& other;
  double share = 0;
};

// Trials are numbered from `first` on: the user's words depend on the number, so that two sides of
// one agent have different numbers to be exchangeable.
void add_runs(const World& world, std::size_t tasks, std::int64_t first, std::int64_t trials,
              const MixedAgent& agent, const std::string& model, std::uint64_t seed,
              CorpusBuilder& builder) {
  static const ToolCatalog catalog;
  const auto verifier = make_dependency_verifier("provenance").value();
  VerbalParts parts;
  parts.habits = true;
  const VerbalReader reader(parts);
  Rng rng(seed, 1);
  Trajectory trajectory;
  for (std::size_t task = 0; task < tasks; ++task) {
    for (std::int64_t trial = first; trial < first + trials; ++trial) {
      const AgentPolicy& policy = rng.chance(agent.share) ? agent.other : agent.usual;
      simulation::run_agent(world, task, policy, seed, trial, trajectory);
      auto features = extract_features(trajectory, catalog, *verifier).value();
      features.model = model;
      features.verbal = reader.read(trajectory);
      builder.add(std::move(features));
    }
  }
}

LoadedCorpus side_of(const World& world, std::size_t tasks, std::int64_t first, std::int64_t trials,
                     const MixedAgent& agent, std::uint64_t seed) {
  CorpusBuilder builder;
  add_runs(world, tasks, first, trials, agent, "agent", seed, builder);
  Diagnostics diagnostics;
  LoadedCorpus loaded;
  loaded.corpus = std::move(builder).build({}, diagnostics);
  return loaded;
}

DriftResults compare_sides(const World& world, std::size_t tasks, std::int64_t trials,
                           const MixedAgent& before, const MixedAgent& after, Rng& seeds) {
  const LoadedCorpus old_runs = side_of(world, tasks, 0, trials, before, seeds.bits());
  const LoadedCorpus new_runs = side_of(world, tasks, trials, trials, after, seeds.bits());
  DriftOptions options;
  options.replicates = kDriftReplicates;
  options.seed = seeds.bits();
  options.threads = 1;
  return drift({&old_runs, {0}}, {&new_runs, {0}}, options).value();
}

struct DriftCondition {
  std::string label;
  std::size_t tasks = 0;
  std::size_t trials = 0;
  double share = 0;  // of new runs that are of the other agent
};

std::size_t part_of(std::size_t tasks, double share) {
  return std::max<std::size_t>(
      5, static_cast<std::size_t>(std::lround(share * static_cast<double>(tasks))));
}

// Mean distances of the runs of two agents, by channel, over tasks.
struct MeanDistances {
  std::array<double, kChannels> first{};   // of two runs of the one
  std::array<double, kChannels> second{};  // of two runs of the other
  std::array<double, kChannels> between{};

  // E / W of a channel when new runs are of the second agent with probability q.
  double relative_excess(std::size_t c, double q) const {
    const double excess = q * q * (between[c] - (first[c] + second[c]) / 2);
    const double mixed =
        (1 - q) * (1 - q) * first[c] + 2 * q * (1 - q) * between[c] + q * q * second[c];
    const double within = (first[c] + mixed) / 2;
    return within > 0 ? excess / within : 0;
  }

  std::size_t channel_that_moves_most(double q) const {
    std::size_t most = 0;
    for (std::size_t c = 1; c < kChannels; ++c) {
      if (relative_excess(c, q) > relative_excess(most, q)) most = c;
    }
    return most;
  }

  // The probability at which the channel that moves most has E = delta W.
  double share_for(double delta) const {
    double low = 0;
    double high = 1;
    for (int step = 0; step < 50; ++step) {
      const double q = (low + high) / 2;
      (relative_excess(channel_that_moves_most(q), q) < delta ? low : high) = q;
    }
    return high;
  }
};

MeanDistances measure_distances(const World& world, std::size_t tasks, const AgentPolicy& usual,
                                const AgentPolicy& other, Rng& seeds) {
  CorpusBuilder builder;
  add_runs(world, tasks, 0, kTruthTrials, {usual, usual, 0}, "usual", seeds.bits(), builder);
  add_runs(world, tasks, kTruthTrials, kTruthTrials, {other, other, 0}, "other", seeds.bits(),
           builder);
  Diagnostics diagnostics;
  const Corpus corpus = std::move(builder).build({}, diagnostics);
  ToolNames names;
  const auto numbers = names.number(corpus);
  const ModelIndex of_usual = corpus.find_model("usual").value();
  const ModelIndex of_other = corpus.find_model("other").value();
  MeanDistances means;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    std::array<std::vector<RunPoint>, 2> points;
    for (const CorpusTrajectory& run : corpus.trials(of_usual, task)) {
      points[0].push_back(run_point(run, numbers));
    }
    for (const CorpusTrajectory& run : corpus.trials(of_other, task)) {
      points[1].push_back(run_point(run, numbers));
    }
    const auto add = [&](const std::vector<RunPoint>& a, const std::vector<RunPoint>& b, bool same,
                         std::array<double, kChannels>& sums) {
      std::array<double, kChannels> sum{};
      double n = 0;
      for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = same ? i + 1 : 0; j < b.size(); ++j) {
          const ChannelValues d = distances(a[i], b[j]);
          for (std::size_t c = 0; c < kChannels; ++c) sum[c] += d[c];
          ++n;
        }
      }
      for (std::size_t c = 0; c < kChannels; ++c) {
        sums[c] += sum[c] / n / static_cast<double>(corpus.tasks().size());
      }
    };
    add(points[0], points[0], true, means.first);
    add(points[1], points[1], true, means.second);
    add(points[0], points[1], false, means.between);
  }
  return means;
}

struct Verdicts {
  bool alarm = false;
  bool changed_at_small_margin = false;
  Verdict whole = Verdict::kCannotTell;
  bool channel_same = false;
};

Verdicts verdicts_of(const DriftResults& results, std::optional<Channel> channel) {
  Verdicts verdicts;
  verdicts.whole = results.verdict;
  for (const ChannelDrift& found : results.channels) {
    if (found.p_adjusted.value_or(1) < 0.05) {
      verdicts.alarm = true;
      verdicts.changed_at_small_margin =
          verdicts.changed_at_small_margin ||
          found.excess.value_or(0) > kSmallMargin * found.within.value_or(0);
    }
    if (channel == found.channel) verdicts.channel_same = found.verdict == Verdict::kSame;
  }
  return verdicts;
}

DriftSummary summarise(const DriftCondition& condition, std::optional<Channel> channel,
                       std::span<const Verdicts> runs) {
  DriftSummary summary;
  summary.label = condition.label;
  summary.planted = condition.share > 0;
  summary.tasks = condition.tasks;
  summary.trials = condition.trials;
  summary.n = runs.size();
  summary.channel = channel;
  Mean alarm, changed, small, same, cannot_tell, channel_same;
  for (const Verdicts& run : runs) {
    alarm.add(run.alarm ? 1 : 0);
    small.add(run.changed_at_small_margin ? 1 : 0);
    changed.add(run.whole == Verdict::kChanged ? 1 : 0);
    same.add(run.whole == Verdict::kSame ? 1 : 0);
    cannot_tell.add(run.whole == Verdict::kCannotTell ? 1 : 0);
    channel_same.add(run.channel_same ? 1 : 0);
  }
  summary.alarm = alarm.mean().value_or(0);
  summary.changed = changed.mean().value_or(0);
  summary.changed_at_small_margin = small.mean().value_or(0);
  summary.same = same.mean().value_or(0);
  summary.cannot_tell = cannot_tell.mean().value_or(0);
  if (channel) summary.channel_same = channel_same.mean();
  return summary;
}

// The agent that never, or always, reads the record again after a write.
AgentPolicy reading_after(AgentPolicy policy, bool reads) {
  for (std::size_t kind = 0; kind < simulation::kGoalKinds; ++kind) {
    AgentPolicy::Row& row = policy.table[static_cast<std::size_t>(Point::kReadAfter)][kind];
    row = {};
    row[reads ? 1 : 0] = 1;
  }
  return policy;
}

std::vector<DriftCondition> drift_conditions(std::string_view name, std::size_t tasks) {
  if (name == "drift-null") {
    return {{"one agent", part_of(tasks, 0.1), 2},
            {"one agent", part_of(tasks, 0.3), 2},
            {"one agent", part_of(tasks, 0.3), 4},
            {"one agent", tasks, 2}};
  }
  std::vector<DriftCondition> conditions;
  if (name == "drift-power") {
    for (const double share : {0.1, 0.2, 0.4}) {
      const std::string label = fmt::format("habit in {:.0f} % of runs", 100 * share);
      conditions.push_back({label, part_of(tasks, 0.3), 4, share});
      conditions.push_back({label, tasks, 2, share});
    }
    return conditions;
  }
  return {{"change of delta W", part_of(tasks, 0.3), 4},
          {"change of delta W", tasks, 2},
          {"change of delta W", tasks, 4}};
}

// The two agents of "drift-same" and how often new runs are of the second.
struct KnownChange {
  AgentPolicy usual;
  AgentPolicy other;
  double share = 0;
  std::optional<Channel> channel;
};

KnownChange make_known_change(const World& world, std::size_t tasks, std::uint64_t seed) {
  Rng seeds(seed, 0);
  KnownChange change;
  change.usual = simulation::sample_agent(seeds.bits(), 1);
  change.other = simulation::drifted(change.usual, seeds.bits(), kAway);
  const MeanDistances distances =
      measure_distances(world, tasks, change.usual, change.other, seeds);
  change.share = distances.share_for(DriftOptions().margin);
  change.channel = static_cast<Channel>(distances.channel_that_moves_most(change.share));
  return change;
}

}  // namespace

std::vector<DriftSummary> run_drift_study(std::string_view name, const LaboratoryOptions& options) {
  const World world = simulation::make_world(options.seed, options.tasks);
  const std::vector<DriftCondition> conditions = drift_conditions(name, options.tasks);
  const bool same = name == "drift-same";
  std::vector<KnownChange> known;  // of conditions with the same tasks, the same change
  for (const DriftCondition& condition : conditions) {
    if (same) known.push_back(make_known_change(world, condition.tasks, options.seed));
  }
  const std::size_t each = std::max<std::size_t>(1, options.runs / conditions.size());
  std::vector<std::vector<Verdicts>> verdicts(conditions.size(), std::vector<Verdicts>(each));
  run_all(each * conditions.size(), options, [&](std::size_t i) {
    const std::size_t c = i % conditions.size();
    const DriftCondition& condition = conditions[c];
    Rng seeds(options.seed, 1 + i);
    const auto trials = static_cast<std::int64_t>(condition.trials);
    std::optional<Channel> channel;
    DriftResults results;
    if (same) {
      const KnownChange& change = known[c];
      channel = change.channel;
      results = compare_sides(world, condition.tasks, trials, {change.usual, change.usual, 0},
                              {change.usual, change.other, change.share}, seeds);
    } else {
      const AgentPolicy sampled = simulation::sample_agent(seeds.bits(), 1);
      const AgentPolicy usual = condition.share > 0 ? reading_after(sampled, false) : sampled;
      const AgentPolicy other = reading_after(sampled, true);
      results = compare_sides(world, condition.tasks, trials, {usual, usual, 0},
                              {usual, other, condition.share}, seeds);
    }
    verdicts[c][i / conditions.size()] = verdicts_of(results, channel);
  });
  std::vector<DriftSummary> summaries;
  for (std::size_t c = 0; c < conditions.size(); ++c) {
    summaries.push_back(
        summarise(conditions[c], same ? known[c].channel : std::nullopt, verdicts[c]));
  }
  return summaries;
}

}  // namespace agentecho
