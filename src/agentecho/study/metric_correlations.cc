#include "agentecho/study/metric_correlations.h"

namespace agentecho {

namespace {

using MetricValues = std::vector<std::optional<double>>;

// A model's score to the reference, or its mean score to all others.
std::optional<double> value_of(const PairTable& table, ModelIndex model,
                               std::optional<ModelIndex> reference) {
  if (reference) {
    return model == *reference ? std::nullopt : table.at(model, *reference);
  }
  double sum = 0;
  std::size_t n = 0;
  for (ModelIndex other = 0; other < table.items(); ++other) {
    if (other == model) continue;
    if (const auto score = table.at(model, other)) {
      sum += *score;
      ++n;
    }
  }
  return n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt;
}

}  // namespace

CorrelationPair correlate(std::span<const std::optional<double>> x,
                          std::span<const std::optional<double>> y, double level) {
  std::vector<double> kept_x;
  std::vector<double> kept_y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!x[i] || !y[i]) continue;
    kept_x.push_back(*x[i]);
    kept_y.push_back(*y[i]);
  }
  CorrelationPair pair;
  pair.n = kept_x.size();
  pair.pearson = pearson(kept_x, kept_y, level);
  pair.spearman = spearman(kept_x, kept_y, level);
  return pair;
}

namespace {

std::vector<CorrelationPair> correlate_all(const std::vector<MetricValues>& columns, double level) {
  std::vector<CorrelationPair> pairs;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t j = i + 1; j < columns.size(); ++j) {
      CorrelationPair& pair = pairs.emplace_back(correlate(columns[i], columns[j], level));
      pair.first = i;
      pair.second = j;
    }
  }
  return pairs;
}

}  // namespace

MetricCorrelations correlate_metrics(const Study& study, std::optional<ModelIndex> reference) {
  const std::vector<PairRows> rows = score_rows(study, all_pairs(study.corpus));
  const std::size_t n_metrics = study.metrics.metrics.size();
  std::vector<MetricValues> by_metric;
  for (std::size_t m = 0; m < n_metrics; ++m) {
    const PairTable table = score_table(study, rows, m);
    MetricValues& values = by_metric.emplace_back();
    for (ModelIndex model = 0; model < table.items(); ++model) {
      values.push_back(value_of(table, model, reference));
    }
  }
  MetricCorrelations results;
  results.values.resize(study.corpus.models().size());
  for (std::size_t model = 0; model < results.values.size(); ++model) {
    for (const MetricValues& values : by_metric) results.values[model].push_back(values[model]);
  }
  results.pairs = correlate_all(by_metric, study.bootstrap.level);
  return results;
}

ReferenceScores compare_references(const Study& study, std::span<const ModelIndex> references,
                                   std::size_t metric) {
  ReferenceScores results;
  results.references.assign(references.begin(), references.end());
  std::vector<MetricValues> columns;
  for (const ModelIndex reference : references) {
    std::vector<ModelPair> pairs;
    for (ModelIndex model = 0; model < study.corpus.models().size(); ++model) {
      if (model != reference) pairs.emplace_back(reference, model);
    }
    const auto estimates = estimate_metrics(study, score_rows(study, pairs));
    std::vector<Estimate>& scores = results.scores.emplace_back(study.corpus.models().size());
    for (std::size_t p = 0; p < pairs.size(); ++p) scores[pairs[p].second] = estimates[p][metric];
    MetricValues& values = columns.emplace_back();
    for (const Estimate& score : scores) values.push_back(score.value);
  }
  results.pairs = correlate_all(columns, study.bootstrap.level);
  return results;
}

}  // namespace agentecho
