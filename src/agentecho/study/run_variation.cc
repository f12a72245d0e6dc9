#include "agentecho/study/run_variation.h"

namespace agentecho {

namespace {

// Over tasks with several trials: the share of agreeing pairs of trials, and of successes.
std::optional<double> outcome_kappa(const Corpus& corpus, ModelIndex model) {
  double agreement = 0;
  double success = 0;
  double tasks = 0;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const auto trials = corpus.trials(model, task);
    const auto n = static_cast<double>(trials.size());
    if (trials.size() < 2) continue;
    double k = 0;
    for (const CorpusTrajectory& trial : trials) k += trial.success ? 1 : 0;
    agreement += (k * (k - 1) + (n - k) * (n - k - 1)) / (n * (n - 1));
    success += k / n;
    ++tasks;
  }
  // On one, the expected agreement is at least the observed one, whatever happens.
  if (tasks < kFewestTasks) return std::nullopt;
  const double rate = success / tasks;
  const double expected = rate * rate + (1 - rate) * (1 - rate);
  if (expected >= 1) return std::nullopt;
  return (agreement / tasks - expected) / (1 - expected);
}

}  // namespace

std::vector<RunVariation> vary_runs(const Study& study, std::size_t metric) {
  const std::vector<ModelPair> pairs = all_pairs(study.corpus);
  const std::vector<PairRows> rows = score_rows(study, pairs);
  const auto chance = chance_levels(study, pairs);
  const auto ceilings = self_similarities(study);
  const PairTable scores = score_table(study, rows, metric);
  std::vector<RunVariation> results;
  for (ModelIndex model = 0; model < study.corpus.models().size(); ++model) {
    RunVariation& result = results.emplace_back();
    result.model = model;
    result.most_trials = study.corpus.most_trials(model);
    result.itself = ceilings[model][metric];
    result.outcome_kappa = outcome_kappa(study.corpus, model);
    double sum = 0;
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      if (pairs[p].first != model && pairs[p].second != model) continue;
      const auto score = scores.at(pairs[p].first, pairs[p].second);
      if (!score) continue;
      sum += *score;
      ++result.others;
      if (result.nearest_score && *result.nearest_score >= *score) continue;
      result.nearest = pairs[p].first == model ? pairs[p].second : pairs[p].first;
      result.nearest_score = score;
      result.nearest_chance = chance[p][metric];
    }
    if (result.others > 0) result.cross = sum / static_cast<double>(result.others);
    if (result.nearest) {
      const auto& other = ceilings[*result.nearest][metric].value;
      const auto ceiling = result.itself.value && other
                               ? std::optional((*result.itself.value + *other) / 2)
                               : std::nullopt;
      result.nearest_position = position(result.nearest_score, result.nearest_chance, ceiling);
    }
  }
  return results;
}

}  // namespace agentecho
