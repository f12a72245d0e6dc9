#include "agentecho/laboratory/kinship.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "agentecho/laboratory/pool.h"
#include "agentecho/laboratory/runs.h"

namespace agentecho {

namespace {

using simulation::World;

constexpr std::size_t kKinFamilies[] = {3, 3, 2, 2, 2, 1, 1};
constexpr std::size_t kModels = 14;
constexpr double kStrong = 3;  // odds

// Models a to h; on each task each shows each of 60 words at its rate there, and b takes a's choice
// with probability `share`.
Corpus choices_world(std::size_t tasks, double share, std::uint64_t seed, std::uint64_t run) {
  constexpr std::size_t kWords = 60;
  Rng rng(seed, run);
  CorpusBuilder builder;
  for (std::size_t t = 0; t < tasks; ++t) {
    std::vector<double> rates(kWords);
    for (double& rate : rates) rate = 0.05 + 0.9 * rng.uniform();
    std::vector<bool> of_first(kWords);
    for (char model = 'a'; model <= 'h'; ++model) {
      lineage::Markers words;
      for (std::size_t x = 0; x < kWords; ++x) {
        bool shows = rng.chance(rates[x]);
        if (model == 'a') of_first[x] = shows;
        if (model == 'b' && rng.chance(share)) shows = of_first[x];
        if (shows) words.push_back(1 + x);
      }
      TrajectoryFeatures features;
      features.model = std::string(1, model);
      features.task = {"choices", "", std::to_string(t)};
      features.content = digest_of(fmt::format("{} {}", t, model));
      auto verbal = std::make_shared<VerbalFeatures>();
      verbal->markers = lineage::RunMarkers{lineage::make_sketch(std::move(words)), {}, {}};
      features.verbal = std::move(verbal);
      builder.add(std::move(features));
    }
  }
  Diagnostics diagnostics;
  return std::move(builder).build({}, diagnostics);
}

// Strangers get made-up families of the same sizes.
LineageResults weigh_world(const World& world, bool strangers, const LaboratoryOptions& options,
                           std::uint64_t run) {
  Seeds seeds(options.seed, run);
  const std::vector<std::size_t> alone(kModels, 1);
  const Agents agents = sample_families(
      strangers ? std::span<const std::size_t>(alone) : std::span<const std::size_t>(kKinFamilies),
      seeds);
  VerbalParts parts;
  parts.markers = true;
  const Corpus corpus = corpus_of(world, agents, options.tasks, 1, parts);
  Families families = guess_families(corpus);
  if (strangers) {
    families.of_model.clear();
    for (std::size_t f = 0; f < std::size(kKinFamilies); ++f) {
      families.of_model.insert(families.of_model.end(), kKinFamilies[f], fmt::format("{}", f));
    }
  }
  return weigh_lineage(corpus, families, {{kLaboratoryReplicates, seeds.next(), 0.95}, {}, 1, {}});
}

bool below_5_percent(const std::optional<double>& p) { return p.value_or(1) < 0.05; }

void add_strangers(const LineageResults& results, LineageChannel channel, KinshipChannel& into) {
  bool any = false;
  for (const LineagePair& pair : results.pairs) {
    any = any || below_5_percent(pair.of(channel).p_strongest);
  }
  into.some.add(any);
  into.alone.add(below_5_percent(results.pairs.front().of(channel).p_alone));
  const auto& p = results.auc[static_cast<std::size_t>(channel)].p_value;
  if (p) into.auc_found.add(*p < 0.05);
}

void add_families(const LineageResults& results, LineageChannel channel, KinshipChannel& into) {
  for (const LineagePair& pair : results.pairs) {
    if (!pair.same_family) continue;
    into.kin.add(below_5_percent(pair.of(channel).p_strongest));
    into.kin_alone.add(below_5_percent(pair.of(channel).p_alone));
  }
  const FamilyAuc& auc = results.auc[static_cast<std::size_t>(channel)];
  if (auc.p_value) into.auc_power.add(*auc.p_value < 0.05);
}

// From a standard error, on the scale of ln(auc / (1 - auc)), which keeps it within 0 and 1.
std::optional<Interval> auc_interval(const std::optional<double>& auc,
                                     const std::optional<double>& error) {
  if (!auc || !error || *auc <= 0 || *auc >= 1) return std::nullopt;
  const double centre = std::log(*auc / (1 - *auc));
  const double half = 1.959964 * *error / (*auc * (1 - *auc));
  const auto back = [](double x) { return 1 / (1 + std::exp(-x)); };
  return Interval{back(centre - half), back(centre + half)};
}

// The mean over worlds is taken for the truth: its own error is small beside that of one world.
void hold_auc(std::span<const LineageResults> worlds, LineageChannel channel,
              KinshipChannel& into) {
  Mean mean;
  const auto auc_of = [&](const LineageResults& results) -> const FamilyAuc& {
    return results.auc[static_cast<std::size_t>(channel)];
  };
  for (const LineageResults& results : worlds) {
    if (const auto& auc = auc_of(results).auc) mean.add(*auc);
  }
  into.auc = mean.mean();
  for (const LineageResults& results : worlds) {
    const FamilyAuc& auc = auc_of(results);
    const auto hold = [&](const std::optional<double>& error, Share& share) {
      const auto interval = auc_interval(auc.auc, error);
      if (interval) share.add(interval->low <= *into.auc && *into.auc <= interval->high);
    };
    hold(auc.error_over_models, into.auc_held_models);
    hold(auc.error_over_families, into.auc_held_families);
  }
}

// Of the first pair of one family and the first of two: as many kin as others. The odds' classes:
// of all pairs.
void add_odds(const LineageResults& results, KinshipStudy& study) {
  bool seen[2] = {false, false};
  for (const LineagePair& pair : results.pairs) {
    if (!pair.likelihood_ratio) continue;
    const double odds = *pair.likelihood_ratio;
    study.odds.add(*pair.of(LineageChannel::kWords).z, pair.same_family);
    if (std::exchange(seen[pair.same_family ? 1 : 0], true)) continue;
    if (odds >= kStrong) study.kin_where_strong.add(pair.same_family);
    if (odds <= 1 / kStrong) study.others_where_weak.add(!pair.same_family);
  }
}

}  // namespace

std::vector<CopyingSummary> run_copying(const LaboratoryOptions& options) {
  constexpr double kTruths[] = {0, 0.1, 0.3, 0.6};
  const std::size_t each = std::max<std::size_t>(1, options.runs / std::size(kTruths));
  std::vector<LineageFigures> figures(each * std::size(kTruths));
  run_all(figures.size(), options, [&](std::size_t i) {
    const double truth = kTruths[i % std::size(kTruths)];
    const Corpus corpus = choices_world(options.tasks, truth, options.seed, 1 + i);
    const LineageResults results = weigh_lineage(corpus, guess_families(corpus),
                                                 {{kLaboratoryReplicates, 1 + i, 0.95}, {}, 1});
    figures[i] = results.pairs.front().of(LineageChannel::kWords);
  });
  std::vector<CopyingSummary> summaries;
  for (std::size_t t = 0; t < std::size(kTruths); ++t) {
    Mean share;
    Share covered;
    for (std::size_t run = 0; run < each; ++run) {
      const LineageFigures& f = figures[run * std::size(kTruths) + t];
      if (!f.share || !f.share_interval) continue;
      share.add(*f.share);
      covered.add(f.share_interval->low <= kTruths[t] && kTruths[t] <= f.share_interval->high);
    }
    summaries.push_back({kTruths[t], share.n, share.mean(), share.sd(), covered});
  }
  return summaries;
}

KinshipStudy run_kinship(const LaboratoryOptions& options) {
  const World world = simulation::make_world(options.seed, options.tasks);
  const std::size_t each = std::max<std::size_t>(1, options.runs / 2);
  std::vector<LineageResults> runs(each * 2);
  run_all(runs.size(), options,
          [&](std::size_t i) { runs[i] = weigh_world(world, i < each, options, 1 + i); });
  const std::span strangers = std::span(runs).first(each);
  const std::span families = std::span(runs).subspan(each);
  KinshipStudy study;
  study.channels[1].channel = LineageChannel::kActions;
  for (KinshipChannel& of : study.channels) {
    for (const LineageResults& results : strangers) add_strangers(results, of.channel, of);
    for (const LineageResults& results : families) add_families(results, of.channel, of);
    hold_auc(families, of.channel, of);
  }
  for (const LineageResults& results : families) add_odds(results, study);
  return study;
}

}  // namespace agentecho
