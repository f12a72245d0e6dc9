#include "agentecho/study/outcomes.h"

#include <algorithm>
#include <cmath>

#include "agentecho/stats/gaps.h"

namespace agentecho {

namespace {

Outcome outcome_of(const CorpusTrajectory& a, const CorpusTrajectory& b) {
  if (a.success != b.success) return Outcome::kMixed;
  return a.success ? Outcome::kBothCorrect : Outcome::kBothWrong;
}

double success_share(std::span<const CorpusTrajectory> trials) {
  const auto n = std::count_if(trials.begin(), trials.end(),
                               [](const CorpusTrajectory& t) { return t.success; });
  return static_cast<double>(n) / static_cast<double>(trials.size());
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  constexpr std::string_view kNames[] = {"both correct", "both wrong", "mixed"};
  return kNames[static_cast<std::size_t>(outcome)];
}

Estimate mean_over_pairs(const Study& study, std::span<const PairRows> rows, std::size_t metric) {
  Estimate mean;
  std::vector<double> values;
  std::size_t most_tasks = 0;
  for (const PairRows& pair : rows) {
    values.push_back(study.metrics.score(metric, column_sums(study.metrics, pair)).value_or(kNaN));
    if (!std::isnan(values.back())) most_tasks = std::max(most_tasks, pair.tasks.size());
  }
  const double value = mean_of_defined(values);
  if (std::isnan(value)) return mean;
  mean.value = value;
  mean.n_tasks = static_cast<std::uint32_t>(most_tasks);
  if (most_tasks < 2) return mean;
  const std::vector<double> scores = replicate_scores(study, rows, metric);
  std::vector<double> means;
  for (std::size_t r = 0; r < study.bootstrap.replicates; ++r) {
    means.push_back(mean_of_defined(std::span(scores).subspan(r * rows.size(), rows.size())));
  }
  mean.interval = percentile_interval(means, study.bootstrap.level);
  return mean;
}

std::optional<ErrorConsistency> error_consistency_of(const Corpus& corpus, ModelPair pair) {
  std::vector<double> first;
  std::vector<double> second;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const auto a = corpus.trials(pair.first, task);
    const auto b = corpus.trials(pair.second, task);
    if (a.empty() || b.empty()) continue;
    first.push_back(success_share(a));
    second.push_back(success_share(b));
  }
  return error_consistency(first, second);
}

OutcomeResults compare_outcomes(const Study& study, std::span<const ModelPair> pairs) {
  OutcomeResults results;
  for (const ModelPair& pair : pairs) {
    OutcomePair& result = results.pairs.emplace_back();
    result.a = pair.first;
    result.b = pair.second;
    result.errors = error_consistency_of(study.corpus, pair);
  }
  for (std::size_t o = 0; o < kOutcomes; ++o) {
    const std::vector<PairRows> rows =
        score_rows(study, pairs, [&](const CorpusTrajectory& a, const CorpusTrajectory& b) {
          return outcome_of(a, b) == static_cast<Outcome>(o);
        });
    const auto estimates = estimate_metrics(study, rows);
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      results.pairs[p].estimates[o] = estimates[p];
      results.pairs[p].trajectory_pairs[o] = rows[p].trajectory_pairs();
    }
    for (std::size_t m = 0; m < study.metrics.metrics.size(); ++m) {
      results.means[o].push_back(mean_over_pairs(study, rows, m));
    }
  }
  return results;
}

}  // namespace agentecho
