#include "agentecho/study/scaffolds.h"

#include <algorithm>
#include <set>

namespace agentecho {

namespace {

bool runs_in(const Corpus& corpus, ModelIndex model, const std::vector<TaskIndex>& tasks) {
  return std::any_of(tasks.begin(), tasks.end(),
                     [&](TaskIndex task) { return !corpus.trials(model, task).empty(); });
}

// Scores of all pairs from the tasks of one domain only.
std::vector<std::optional<double>> domain_scores(const Study& study, std::span<const PairRows> rows,
                                                 const std::vector<TaskIndex>& tasks,
                                                 std::size_t metric) {
  const std::size_t columns = study.metrics.columns();
  std::vector<std::optional<double>> scores;
  for (const PairRows& pair : rows) {
    std::vector<double> sums(columns, 0.0);
    for (std::size_t t = 0; t < pair.tasks.size(); ++t) {
      if (!std::binary_search(tasks.begin(), tasks.end(), pair.tasks[t])) continue;
      for (std::size_t c = 0; c < columns; ++c) sums[c] += pair.rows[t * columns + c];
    }
    scores.push_back(study.metrics.score(metric, sums));
  }
  return scores;
}

struct DomainTables {
  std::vector<std::optional<double>> scores;  // by pair
  PairTable of_scores;
  PairTable of_affinities;  // without values where they are undefined
};

DomainTables tables_of(const Study& study, std::span<const PairRows> rows,
                       const std::vector<TaskIndex>& tasks, std::size_t metric) {
  const std::size_t models = study.corpus.models().size();
  DomainTables tables{domain_scores(study, rows, tasks, metric), PairTable(models),
                      PairTable(models)};
  for (std::size_t p = 0; p < rows.size(); ++p) {
    tables.of_scores.set(rows[p].a, rows[p].b, tables.scores[p]);
  }
  if (const auto fit = fit_affinity(tables.of_scores)) {
    for (const PairAffinity& pair : fit->pairs) {
      tables.of_affinities.set(pair.pair.first, pair.pair.second, pair.residual);
    }
  }
  return tables;
}

std::vector<DomainAgreement> compare_domains(const Study& study, std::size_t metric) {
  std::map<std::pair<std::string, std::string>, std::vector<TaskIndex>> domains;
  for (TaskIndex task = 0; task < study.corpus.tasks().size(); ++task) {
    const TaskKey& key = study.corpus.tasks()[task];
    domains[{key.benchmark, key.domain}].push_back(task);
  }
  std::vector<DomainAgreement> results;
  if (domains.size() < 2) return results;
  const std::vector<PairRows> rows = score_rows(study, all_pairs(study.corpus));
  for (auto first = domains.begin(); first != domains.end(); ++first) {
    const DomainTables x = tables_of(study, rows, first->second, metric);
    for (auto second = std::next(first); second != domains.end(); ++second) {
      DomainAgreement& result = results.emplace_back();
      result.first = {first->first.first, first->first.second};
      result.second = {second->first.first, second->first.second};
      for (ModelIndex model = 0; model < study.corpus.models().size(); ++model) {
        result.models += runs_in(study.corpus, model, first->second) &&
                         runs_in(study.corpus, model, second->second);
      }
      const DomainTables y = tables_of(study, rows, second->second, metric);
      result.pair_scores = correlate(x.scores, y.scores, study.bootstrap.level);
      PermutationOptions options;
      options.exact_limit = 50'000;
      options.seed = study.bootstrap.seed;
      result.scores = mantel_test(x.of_scores, y.of_scores, options);
      result.affinities = mantel_test(x.of_affinities, y.of_affinities, options);
    }
  }
  return results;
}

}  // namespace

Families guess_scaffolds(const Corpus& corpus) {
  Families labels;
  labels.guessed = true;
  for (const std::string& model : corpus.models()) {
    labels.of_model.push_back(model.substr(0, model.find('@')));
  }
  return labels;
}

ScaffoldResults compare_scaffolds(const Study& study, const Families& labels, std::size_t metric) {
  ScaffoldResults results;
  std::vector<ModelPair> pairs;
  for (const ModelPair& pair : all_pairs(study.corpus)) {
    if (labels.same(pair.first, pair.second)) pairs.push_back(pair);
  }
  const auto estimates = estimate_metrics(study, score_rows(study, pairs));
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    results.pairs.push_back(
        {labels.of_model[pairs[p].first], pairs[p].first, pairs[p].second, estimates[p]});
  }
  results.same_model = compare_families(study, labels);
  results.domains = compare_domains(study, metric);
  return results;
}

}  // namespace agentecho
