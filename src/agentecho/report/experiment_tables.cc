#include "agentecho/report/experiment_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/base/words.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/stats/ranking.h"

namespace agentecho {

namespace {

const std::string& name(const Corpus& corpus, ModelIndex model) { return corpus.models()[model]; }

// One column for each metric. For lack of room people see the interval of AGS only.
void add_metric_columns(const MetricSet& set, std::vector<DataColumn>& columns) {
  for (const Metric& metric : set.metrics) {
    columns.push_back(
        file_column_if(!is_shown(metric), interval_column(metric.slug, metric.title)));
    columns.back().plain = metric.slug != "ags";
  }
}

template <class T>
DataCell correlation_cell(const Statistic<T>& statistic) {
  if (!statistic) return undefined_cell(statistic.error());
  DataCell cell = number_cell(statistic->coefficient);
  cell.interval = statistic->interval;
  if (!cell.interval) cell.reason = "fewer than 4 values";
  return cell;
}

DataCell p_cell(const Statistic<Correlation>& statistic) {
  return statistic ? p_value_cell(statistic->p_value) : undefined_cell(statistic.error());
}

// How pairs of things, as cell_of(place) names them, go together over models.
template <class CellOf>
DataTable correlation_pairs(std::string_view name, std::string_view title, std::string_view what,
                            std::span<const CorrelationPair> pairs, const CellOf& cell_of) {
  DataTable table(
      name, title,
      {elastic_column("first", what), elastic_column("second", what), column("n_models", "models"),
       interval_column("pearson", "Pearson"), column("pearson_p", "p"),
       interval_column("spearman", "Spearman"), column("spearman_p", "p")});
  for (const CorrelationPair& pair : pairs) {
    table.rows.push_back({cell_of(pair.first), cell_of(pair.second), count_cell(pair.n),
                          correlation_cell(pair.pearson), p_cell(pair.pearson),
                          correlation_cell(pair.spearman), p_cell(pair.spearman)});
  }
  return table;
}

// From which k on the pools are too small for S_node; empty where none is.
std::string small_pools_note(std::span<const PoolResults> results) {
  const PoolResults* first = nullptr;
  for (const PoolResults& r : results) {
    const bool small = r.pools > 0 && small_pool_note(r.models).has_value();
    if (small && (first == nullptr || r.left_out < first->left_out)) first = &r;
  }
  if (first == nullptr) return {};
  return fmt::format("From k = {} on: {}", first->left_out, *small_pool_note(first->models));
}

}  // namespace

DataTable scores_table(const Study& study, std::span<const PairRows> pairs,
                       const std::vector<std::vector<Estimate>>& estimates,
                       std::optional<ModelIndex> reference) {
  DataTable table("scores", reference
                                ? fmt::format("Similarity to {}", name(study.corpus, *reference))
                                : "Similarity of all pairs");
  table.most_shown = kTopRows;
  if (reference) {
    table.columns = {elastic_column("model")};
  } else {
    table.columns = pair_columns();
  }
  add_metric_columns(study.metrics, table.columns);
  table.columns.emplace_back("n_tasks", "tasks");
  const std::size_t ags = study.metrics.lead();
  for (const std::size_t p :
       largest_first(pairs.size(), [&](std::size_t i) { return estimates[i][ags].value; })) {
    std::vector<DataCell>& row = table.rows.emplace_back();
    if (reference) {
      const ModelIndex other = pairs[p].a == *reference ? pairs[p].b : pairs[p].a;
      row.push_back(other == *reference ? text_cell("(itself)") : name_cell(study.corpus, other));
    } else {
      row.push_back(name_cell(study.corpus, pairs[p].a));
      row.push_back(pairs[p].a == pairs[p].b ? text_cell("(itself)")
                                             : name_cell(study.corpus, pairs[p].b));
    }
    for (const Estimate& estimate : estimates[p]) row.push_back(estimate_cell(estimate));
    row.push_back(count_cell(pairs[p].tasks.size()));
  }
  return table;
}

DataTable published_reference_table() {
  struct Published {
    const char* model;
    double s_node, s_seq, s_dep, ags, rps;
  };
  // docs/experiments.md: similarity to Claude Sonnet 4.5 (thinking), 150 tasks.
  constexpr Published kPublished[] = {
      {"Claude Sonnet 4.5 (no thinking)", 79.1, 79.9, 94.0, 84.3, 3.87},
      {"Claude Opus 4.1", 81.0, 74.4, 93.7, 83.0, 3.85},
      {"Kimi-K2 (thinking)", 82.6, 70.8, 94.7, 82.7, 3.65},
      {"GLM-4.6", 80.4, 71.9, 88.7, 80.3, 3.42},
      {"GPT-4.1", 75.9, 74.6, 88.0, 79.5, 3.15},
      {"DeepSeek R1", 78.3, 72.5, 85.0, 78.6, 3.05},
      {"Kimi-K2", 70.2, 73.3, 90.4, 77.9, 3.46},
      {"GPT-5", 71.3, 69.4, 87.7, 76.1, 2.70},
      {"Qwen3-235B (thinking)", 68.1, 67.2, 92.4, 75.9, 2.40},
      {"Gemini 2.5 Pro", 71.7, 64.6, 80.5, 72.3, 2.75},
      {"DeepSeek V3-0324", 77.5, 62.7, 74.5, 71.5, 2.87}};
  DataTable table(
      "published",
      "As published: similarity to Claude Sonnet 4.5 (thinking), 150 tasks of τ-bench and τ²-bench",
      {elastic_column("model"), column("s_node", "S_node"), column("s_seq", "S_seq"),
       column("s_dep", "S_dep"), column("ags", "AGS"), column("rps", "RPS (1-5)")});
  for (const Published& p : kPublished) {
    table.rows.push_back({text_cell(p.model), number_cell(p.s_node / 100),
                          number_cell(p.s_seq / 100), number_cell(p.s_dep / 100),
                          number_cell(p.ags / 100), number_cell(p.rps, 2)});
  }
  table.note =
      "Other models, tasks and judge: for orientation, not for comparison figure by figure.";
  return table;
}

DataTable membership_table(const Corpus& corpus, const Families& families) {
  DataTable table("families",
                  families.guessed
                      ? "Families, from the models' names (--families FILE says otherwise)"
                      : "Families",
                  {"family", wrapped_column("models")});
  const auto members = [&](const std::string& family) {
    std::vector<std::string> list;
    for (ModelIndex m = 0; m < corpus.models().size(); ++m) {
      if (families.of_model[m] == family) list.push_back(name(corpus, m));
    }
    return fmt::format("{}", fmt::join(list, ", "));
  };
  for (const std::string& family : families.names()) {
    table.rows.push_back({text_cell(family), text_cell(members(family))});
  }
  if (const std::string none = members(""); !none.empty()) {
    table.rows.push_back({text_cell("(none)"), text_cell(none)});
  }
  return table;
}

DataTable families_table(const Study& study, const FamilyResults& results) {
  DataTable table(
      "within_cross", "Pairs within a family against pairs across families",
      {metric_column(), "within", "cross", "difference", column("p_greater", "p (greater)"),
       file_column("p_two_sided", "p (two-sided)"), file_column("exact"),
       file_column("relabellings"), file_column("within_pairs"), file_column("cross_pairs"),
       column("auc", "AUC"), file_column("auc_error_over_models", "SE models"),
       file_column("auc_error_over_families", "SE families"), file_column("auc_p", "p"),
       column("affinity_auc", "AUC of affinity"),
       column("affinity_auc_error_over_models", "SE models"),
       column("affinity_auc_error_over_families", "SE families"), column("affinity_auc_p", "p")});
  const auto add_auc = [](std::vector<DataCell>& row, const FamilyAuc& auc,
                          std::string_view reason) {
    const std::string_view too_few = auc.auc ? "undefined without one of them" : reason;
    row.push_back(number_cell(auc.auc, 3, reason));
    row.push_back(number_cell(auc.error_over_models, 3, too_few));
    row.push_back(number_cell(auc.error_over_families, 3, too_few));
    row.push_back(p_value_cell(auc.p_value, reason));
  };
  for (const FamilyTest& test : results.tests) {
    std::vector<DataCell>& row = table.rows.emplace_back();
    row.push_back(metric_cell(study.metrics.metrics[test.metric]));
    if (test.difference) {
      const GroupDifference& d = *test.difference;
      for (const double v : {d.within_mean, d.cross_mean, d.difference})
        row.push_back(number_cell(v));
      row.push_back(p_value_cell(d.p.greater));
      row.push_back(p_value_cell(d.p.two_sided));
      row.push_back(text_cell(d.p.exact ? "yes" : "no"));
      row.push_back(count_cell(d.p.relabellings));
      row.push_back(count_cell(d.within_pairs));
      row.push_back(count_cell(d.cross_pairs));
    } else {
      for (int i = 0; i < 9; ++i) row.push_back(undefined_cell(test.difference.error()));
    }
    add_auc(row, test.auc, "no pair within or none across families");
    add_auc(row, test.affinity_auc,
            test.auc.auc ? "affinities are undefined" : "no pair within or none across families");
  }
  table.note =
      "p: permutation of family labels over models, not corrected for the number of metrics. AUC: "
      "probability "
      "that a same-family pair is above another pair; of affinity: with each model's typicality "
      "removed.\n"
      "SE: jackknife, each model or each family left out in turn. All these models are a sample of "
      "those there are.";
  return table;
}

std::vector<DataTable> outcome_tables(const Study& study, const OutcomeResults& results) {
  DataTable means("outcomes", "Mean over pairs, by the outcome of the two runs", {"outcome"});
  add_metric_columns(study.metrics, means.columns);
  means.columns.emplace_back("pairs");
  const std::size_t ags = study.metrics.lead();
  for (std::size_t o = 0; o < kOutcomes; ++o) {
    std::vector<DataCell>& row = means.rows.emplace_back();
    row.push_back(text_cell(name_of(static_cast<Outcome>(o))));
    for (const Estimate& mean : results.means[o]) row.push_back(estimate_cell(mean));
    std::size_t n = 0;
    for (const OutcomePair& pair : results.pairs) n += pair.estimates[o][ags].value.has_value();
    row.push_back(count_cell(n));
  }
  means.note = "pairs: those with a defined AGS under that outcome.";

  DataTable pairs("outcome_pairs", "Pairs: AGS by outcome, and whether they fail on the same tasks",
                  pair_columns());
  for (const char* outcome : {"both_correct", "both_wrong", "mixed"}) {
    std::string title = outcome;
    std::replace(title.begin(), title.end(), '_', ' ');
    pairs.columns.push_back(interval_column(std::string("ags_") + outcome, title));
    pairs.columns.push_back(file_column(std::string("n_") + outcome, "n"));
  }
  pairs.columns.push_back(file_column("same_outcome"));
  pairs.columns.push_back(file_column("same_outcome_expected", "by chance"));
  pairs.columns.emplace_back("error_consistency", "error cons.");
  for (const std::size_t p : largest_first(results.pairs.size(), [&](std::size_t i) {
         const auto& errors = results.pairs[i].errors;
         return errors ? errors->kappa : std::nullopt;
       })) {
    const OutcomePair& pair = results.pairs[p];
    std::vector<DataCell>& row = pairs.rows.emplace_back();
    row.push_back(name_cell(study.corpus, pair.a));
    row.push_back(name_cell(study.corpus, pair.b));
    for (std::size_t o = 0; o < kOutcomes; ++o) {
      row.push_back(estimate_cell(pair.estimates[o][ags]));
      row.push_back(count_cell(pair.trajectory_pairs[o]));
    }
    const char* const reason =
        "fewer than two tasks in common (on one it is 0 whatever the two do), or outcomes without "
        "variation";
    const char* const no_task = "no task in common";
    const auto& errors = pair.errors;
    row.push_back(number_cell(errors ? std::optional(errors->observed) : std::nullopt, 3, no_task));
    row.push_back(number_cell(errors ? std::optional(errors->expected) : std::nullopt, 3, no_task));
    row.push_back(number_cell(errors ? errors->kappa : std::nullopt, 3, reason));
  }
  pairs.most_shown = kTopRows;
  pairs.note =
      "error cons.: chance-corrected agreement of success and failure, 0 as often as these success "
      "rates give,\n"
      "1 always (kappa; Geirhos et al. 2020).";
  return {std::move(means), std::move(pairs)};
}

DataTable ablation_table(const Corpus& corpus, std::span<const RuleResult> results) {
  DataTable table(
      "rules",
      fmt::format("Rules for mandatory tools; means over all pairs; {}",
                  counted(corpus.tasks().size(), "task", "tasks")),
      {"rule", column("tasks_with_optional", "tasks"),
       column("optional_per_task", "optional tools"), interval_column("s_node", "S_node"),
       interval_column("ags", "AGS"), column("s_node_rank_correlation", "Spearman"),
       column("s_node_family_auc", "AUC S_node"), column("ags_family_auc", "AUC AGS")});
  for (const RuleResult& r : results) {
    table.rows.push_back({text_cell(to_string(r.rule)), count_cell(r.tasks_with_optional),
                          number_cell(r.optional_per_task, 2, "no task has optional tools"),
                          estimate_cell(r.s_node), estimate_cell(r.ags),
                          r.s_node_ranks ? number_cell(r.s_node_ranks->coefficient)
                                         : undefined_cell(r.s_node_ranks.error()),
                          number_cell(r.s_node_auc, 3, "no pair within or none across families"),
                          number_cell(r.ags_auc, 3, "no pair within or none across families")});
  }
  table.note =
      "tasks: those with optional tools; optional tools: mean number on them. Spearman: of the "
      "pairs' S_node with "
      "that of the first rule. AUC: of same-family pairs.";
  return table;
}

std::vector<DataTable> pool_tables(const Corpus& corpus, std::span<const PoolResults> results) {
  DataTable summary(
      "pools", "Leaving k models out of the pool",
      {column("left_out", "k"), "pools", "every_pool",
       column("mean_cv_s_node", "mean CV of S_node"), column("mean_cv_ags", "mean CV of AGS")});
  DataTable pairs("pool_pairs", "", pair_columns());
  for (const char* column : {"left_out", "pools"})
    pairs.columns.push_back(file_column(column, column));
  for (const std::string metric : {"s_node", "ags"}) {
    const std::string title = metric == "ags" ? "AGS" : "S_node";
    pairs.columns.emplace_back(metric + "_full_pool", title);
    pairs.columns.emplace_back(metric + "_mean", "mean");
    pairs.columns.emplace_back(metric + "_sd", "SD");
    pairs.columns.emplace_back(metric + "_cv", "CV");
    pairs.columns.push_back(file_column(metric + "_lowest", "lowest"));
    pairs.columns.push_back(file_column(metric + "_highest", "highest"));
  }
  const char* const reason = "too few pools in which the score is defined";
  for (const PoolResults& r : results) {
    summary.rows.push_back(
        {count_cell(r.left_out), count_cell(r.pools), text_cell(r.exact ? "yes" : "no"),
         number_cell(r.mean_cv_s_node, 4, reason), number_cell(r.mean_cv_ags, 4, reason)});
    for (const std::size_t p :
         largest_first(r.pairs.size(), [&](std::size_t i) { return r.pairs[i].s_node.cv; })) {
      const PoolPair& pair = r.pairs[p];
      std::vector<DataCell>& row = pairs.rows.emplace_back();
      row = {name_cell(corpus, pair.a), name_cell(corpus, pair.b), count_cell(r.left_out),
             count_cell(pair.s_node.pools)};
      for (const PoolSpread* spread : {&pair.s_node, &pair.ags}) {
        row.push_back(number_cell(spread->full, 3, reason));
        row.push_back(number_cell(spread->mean, 3, reason));
        row.push_back(number_cell(spread->sd, 4, reason));
        row.push_back(number_cell(spread->cv, 4, reason));
        row.push_back(number_cell(spread->lowest, 3, reason));
        row.push_back(number_cell(spread->highest, 3, reason));
      }
    }
  }
  summary.note = small_pools_note(results);
  pairs.title = fmt::format("Pairs, the most sensitive first (k = {})",
                            results.empty() ? 0 : results.front().left_out);
  pairs.most_shown = kTopRows;
  pairs.note = "SD and CV (SD / mean) over pools.";
  return {std::move(summary), std::move(pairs)};
}

std::vector<DataTable> reference_tables(const Corpus& corpus, const ReferenceScores& results) {
  DataTable scores("references", "AGS to several references", {elastic_column("model")});
  for (const ModelIndex reference : results.references) {
    scores.columns.push_back(
        elastic_column(interval_column(name(corpus, reference), name(corpus, reference))));
  }
  for (ModelIndex model = 0; model < corpus.models().size(); ++model) {
    std::vector<DataCell>& row = scores.rows.emplace_back();
    row.push_back(name_cell(corpus, model));
    for (std::size_t r = 0; r < results.references.size(); ++r) {
      DataCell cell = estimate_cell(results.scores[r][model]);
      if (results.references[r] == model) cell.reason = "the reference itself";
      row.push_back(std::move(cell));
    }
  }
  DataTable ranks = correlation_pairs(
      "reference_correlations", "Do the references order the other models alike?", "reference",
      results.pairs,
      [&](std::size_t reference) { return name_cell(corpus, results.references[reference]); });
  return {std::move(scores), std::move(ranks)};
}

DataTable variation_table(const Corpus& corpus, std::span<const RunVariation> results) {
  DataTable table("runs", "AGS of each model with itself across trials, and with others",
                  {elastic_column("model"), "trials", interval_column("itself"),
                   column("others", "others (mean)"), elastic_column("nearest"),
                   column("nearest_score", "score"), column("nearest_chance", "chance"),
                   column("nearest_position", "place"), "outcome_kappa"});
  for (const RunVariation& r : results) {
    DataCell itself = estimate_cell(r.itself);
    if (!r.itself.value) itself.reason = "a single trial per task, or no optional tools";
    table.rows.push_back(
        {name_cell(corpus, r.model), count_cell(r.most_trials), std::move(itself),
         number_cell(r.cross, 3, "no other model with common tasks"),
         text_cell(r.nearest ? name(corpus, *r.nearest) : std::string("–")),
         number_cell(r.nearest_score, 3, "no other model with common tasks"),
         number_cell(r.nearest_chance, 3, "no other task in the domain"),
         number_cell(r.nearest_position, 3, "no ceiling: one of the two has single trials"),
         number_cell(r.outcome_kappa, 3,
                     "several trials of fewer than two tasks, or outcomes without variation")});
  }
  table.note =
      "place: of the nearest between chance (mismatched tasks, 0) and the mean of both models' "
      "self-similarity (1).\n"
      "outcome kappa: do two trials of a task succeed or fail together beyond chance?";
  return table;
}

DataTable model_values_table(const Study& study, const MetricCorrelations& results) {
  DataTable table("models", "The values that are correlated", {elastic_column("model")});
  for (const Metric& metric : study.metrics.metrics) {
    table.columns.emplace_back(metric.slug, metric.title);
  }
  for (ModelIndex model = 0; model < study.corpus.models().size(); ++model) {
    std::vector<DataCell>& row = table.rows.emplace_back();
    row.push_back(name_cell(study.corpus, model));
    for (const auto& value : results.values[model]) {
      row.push_back(number_cell(value, 3, "the reference itself, or no score"));
    }
  }
  return table;
}

DataTable correlations_table(const Study& study, const MetricCorrelations& results) {
  DataTable table = correlation_pairs(
      "correlations", "Correlations between metrics over models", "metric", results.pairs,
      [&](std::size_t metric) { return metric_cell(study.metrics.metrics[metric]); });
  table.note = "[ ]: Fisher's z. AGS contains S_node, S_seq and S_dep.";
  return table;
}

std::vector<DataTable> scaffold_tables(const Study& study, const ScaffoldResults& results) {
  DataTable pairs("same_model", "One model under different labels", {elastic_column("model")});
  for (const DataColumn& column : pair_columns()) pairs.columns.push_back(column);
  pairs.columns[1].title = "label A";
  pairs.columns[2].title = "label B";
  add_metric_columns(study.metrics, pairs.columns);
  for (const ScaffoldPair& pair : results.pairs) {
    std::vector<DataCell>& row = pairs.rows.emplace_back();
    row = {text_cell(pair.model), name_cell(study.corpus, pair.a), name_cell(study.corpus, pair.b)};
    for (const Estimate& estimate : pair.estimates) row.push_back(estimate_cell(estimate));
  }
  DataTable test = families_table(study, results.same_model);
  test.name = "same_against_different";
  test.title = "The same model (within) against different models (cross)";
  DataTable domains(
      "domains", "Does who resembles whom carry over? AGS of the pairs in both benchmarks",
      {elastic_column("first", "benchmark/domain"), elastic_column("second", "benchmark/domain"),
       column("n_models", "models"), "pairs", column("pearson", "Pearson"),
       column("spearman", "Spearman"), column("mantel_p", "Mantel p"),
       column("affinity", "of affinities"), column("affinity_mantel_p", "Mantel p")});
  const auto mantel_p = [](const Statistic<MantelTest>& agreement) {
    return agreement ? p_value_cell(agreement->p.greater) : undefined_cell(agreement.error());
  };
  const auto coefficient = [](const Statistic<Correlation>& s) {
    return s ? number_cell(s->coefficient) : undefined_cell(s.error());
  };
  for (const DomainAgreement& d : results.domains) {
    domains.rows.push_back({text_cell(d.first.benchmark + "/" + d.first.domain),
                            text_cell(d.second.benchmark + "/" + d.second.domain),
                            count_cell(d.models), count_cell(d.pair_scores.n),
                            coefficient(d.pair_scores.pearson), coefficient(d.pair_scores.spearman),
                            mantel_p(d.scores),
                            d.affinities ? number_cell(d.affinities->correlation)
                                         : undefined_cell(d.affinities.error()),
                            mantel_p(d.affinities)});
  }
  domains.note =
      "Mantel p: how often models exchanged in one benchmark agree as well, one-sided. It excludes "
      "chance of the "
      "tasks, not chance resemblance of strangers.";
  if (results.pairs.empty()) return {std::move(domains)};
  return {std::move(pairs), std::move(test), std::move(domains)};
}

}  // namespace agentecho
