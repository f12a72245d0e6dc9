#include "agentecho/report/experiment_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "agentecho/base/enum_names.h"
#include "agentecho/corpus/names.h"

namespace agentecho {

namespace {

// Profile "calibrated" is in files only, for lack of room.
bool is_shown(const Metric& metric) { return metric.group != MetricGroup::kCalibrated; }

const std::string& name(const Corpus& corpus, ModelIndex model) { return corpus.models()[model]; }

DataCell name_cell(const Corpus& corpus, ModelIndex model) {
  return text_cell(name(corpus, model));
}

std::vector<DataColumn> pair_columns() { return {model_a_column(), model_b_column()}; }

// One column for each metric. For lack of room people see the interval of AGS only.
void add_metric_columns(const MetricSet& set, std::vector<DataColumn>& columns) {
  for (const Metric& metric : set.metrics) {
    columns.push_back({.name = metric.slug,
                       .title = metric.title,
                       .interval = true,
                       .files_only = !is_shown(metric),
                       .plain = metric.slug != "ags"});
  }
}

template <class T>
DataCell correlation_cell(const Statistic<T>& statistic) {
  if (!statistic) return undefined_cell(statistic.error());
  DataCell cell = number_cell(statistic->coefficient);
  cell.interval = statistic->interval;
  return cell;
}

DataCell p_cell(const Statistic<Correlation>& statistic) {
  return statistic ? p_value_cell(statistic->p_value) : undefined_cell(statistic.error());
}

DataCell affinity_p_cell(std::optional<double> p) {
  return p_value_cell(p, "too few pairs to estimate the error");
}

std::vector<std::size_t> order_by(std::size_t n, const auto& value_of) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    const std::optional<double> a = value_of(x);
    const std::optional<double> b = value_of(y);
    return a.has_value() && (!b.has_value() || *a > *b);
  });
  return order;
}

// How pairs of things, as cell_of(place) names them, go together over models.
template <class CellOf>
DataTable correlation_pairs(std::string_view name, std::string_view title, std::string_view what,
                            std::span<const CorrelationPair> pairs, const CellOf& cell_of) {
  DataTable table(name, title,
                  {elastic_column("first", what),
                   elastic_column("second", what),
                   {"n_models", "models"},
                   interval_column("pearson", "Pearson"),
                   {"pearson_p", "p"},
                   interval_column("spearman", "Spearman"),
                   {"spearman_p", "p"}});
  for (const CorrelationPair& pair : pairs) {
    table.rows.push_back({cell_of(pair.first), cell_of(pair.second), count_cell(pair.n),
                          correlation_cell(pair.pearson), p_cell(pair.pearson),
                          correlation_cell(pair.spearman), p_cell(pair.spearman)});
  }
  return table;
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
    table.columns = {elastic_column("model", "model")};
  } else {
    table.columns = pair_columns();
  }
  add_metric_columns(study.metrics, table.columns);
  table.columns.push_back({"n_tasks", "tasks"});
  const std::size_t ags = study.metrics.lead();
  for (const std::size_t p :
       order_by(pairs.size(), [&](std::size_t i) { return estimates[i][ags].value; })) {
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
      {elastic_column("model", "model"),
       {"s_node", "S_node"},
       {"s_seq", "S_seq"},
       {"s_dep", "S_dep"},
       {"ags", "AGS"},
       {"rps", "RPS (1-5)"}});
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
                  {{"family", "family"}, elastic_column("models", "models")});
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
  DataTable table("within_cross", "Pairs within a family against pairs across families",
                  {metric_column(),
                   {"within", "within"},
                   {"cross", "cross"},
                   {"difference", "difference"},
                   {"p_greater", "p (greater)"},
                   file_column("p_two_sided", "p (two-sided)"),
                   file_column("exact", "exact"),
                   file_column("relabellings", "relabellings"),
                   file_column("within_pairs", "within pairs"),
                   file_column("cross_pairs", "cross pairs"),
                   {"auc", "AUC"},
                   file_column("auc_error_over_models", "SE models"),
                   file_column("auc_error_over_families", "SE families"),
                   file_column("auc_p", "p"),
                   {"affinity_auc", "AUC of affinity"},
                   {"affinity_auc_error_over_models", "SE models"},
                   {"affinity_auc_error_over_families", "SE families"},
                   {"affinity_auc_p", "p"}});
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
      "probability\n"
      "that a same-family pair is above another pair; of affinity: with each model's typicality "
      "removed.\n"
      "SE: jackknife, each model or each family left out in turn. All these models are a sample of "
      "those there are.";
  return table;
}

std::vector<DataTable> outcome_tables(const Study& study, const OutcomeResults& results) {
  DataTable means("outcomes", "Mean over pairs, by the outcome of the two runs",
                  {{"outcome", "outcome"}});
  add_metric_columns(study.metrics, means.columns);
  means.columns.push_back({"pairs", "pairs"});
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
  pairs.columns.push_back(file_column("same_outcome", "same outcome"));
  pairs.columns.push_back(file_column("same_outcome_expected", "by chance"));
  pairs.columns.push_back({"error_consistency", "error cons."});
  for (const std::size_t p : order_by(results.pairs.size(), [&](std::size_t i) {
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
    const char* const reason = "no task in common, or outcomes without variation";
    const auto& errors = pair.errors;
    row.push_back(number_cell(errors ? std::optional(errors->observed) : std::nullopt, 3, reason));
    row.push_back(number_cell(errors ? std::optional(errors->expected) : std::nullopt, 3, reason));
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
  DataTable table("rules",
                  fmt::format("Rules for mandatory tools; means over all pairs; {} tasks",
                              corpus.tasks().size()),
                  {{"rule", "rule"},
                   {"tasks_with_optional", "tasks"},
                   {"optional_per_task", "optional tools"},
                   interval_column("s_node", "S_node"),
                   interval_column("ags", "AGS"),
                   {"s_node_rank_correlation", "Spearman"},
                   {"s_node_family_auc", "AUC S_node"},
                   {"ags_family_auc", "AUC AGS"}});
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
      "pairs' S_node with\n"
      "that of the first rule. AUC: of same-family pairs.";
  return table;
}

std::vector<DataTable> pool_tables(const Corpus& corpus, std::span<const PoolResults> results) {
  DataTable summary("pools", "Leaving k models out of the pool",
                    {{"left_out", "k"},
                     {"pools", "pools"},
                     {"every_pool", "every pool"},
                     {"mean_cv_s_node", "mean CV of S_node"},
                     {"mean_cv_ags", "mean CV of AGS"}});
  DataTable pairs("pool_pairs", "", pair_columns());
  for (const char* column : {"left_out", "pools"})
    pairs.columns.push_back(file_column(column, column));
  for (const std::string metric : {"s_node", "ags"}) {
    const std::string title = metric == "ags" ? "AGS" : "S_node";
    pairs.columns.push_back({metric + "_full_pool", title});
    pairs.columns.push_back({metric + "_mean", "mean"});
    pairs.columns.push_back({metric + "_sd", "SD"});
    pairs.columns.push_back({metric + "_cv", "CV"});
    pairs.columns.push_back(file_column(metric + "_lowest", "lowest"));
    pairs.columns.push_back(file_column(metric + "_highest", "highest"));
  }
  const char* const reason = "too few pools in which the score is defined";
  for (const PoolResults& r : results) {
    summary.rows.push_back(
        {count_cell(r.left_out), count_cell(r.pools), text_cell(r.exact ? "yes" : "no"),
         number_cell(r.mean_cv_s_node, 4, reason), number_cell(r.mean_cv_ags, 4, reason)});
    for (const std::size_t p :
         order_by(r.pairs.size(), [&](std::size_t i) { return r.pairs[i].s_node.cv; })) {
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
  pairs.title = fmt::format("Pairs, the most sensitive first (k = {})",
                            results.empty() ? 0 : results.front().left_out);
  pairs.most_shown = kTopRows;
  pairs.note = "SD and CV (SD / mean) over pools.";
  return {std::move(summary), std::move(pairs)};
}

std::vector<DataTable> reference_tables(const Corpus& corpus, const ReferenceScores& results) {
  DataTable scores("references", "AGS to several references", {elastic_column("model", "model")});
  for (const ModelIndex reference : results.references) {
    scores.columns.push_back({.name = name(corpus, reference),
                              .title = name(corpus, reference),
                              .interval = true,
                              .elastic = true});
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
                  {elastic_column("model", "model"),
                   {"trials", "trials"},
                   interval_column("itself", "itself"),
                   {"others", "others (mean)"},
                   elastic_column("nearest", "nearest"),
                   {"nearest_score", "score"},
                   {"nearest_chance", "chance"},
                   {"nearest_position", "place"},
                   {"outcome_kappa", "outcome kappa"}});
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
         number_cell(r.outcome_kappa, 3, "single trials, or outcomes without variation")});
  }
  table.note =
      "place: of the nearest between chance (mismatched tasks, 0) and the mean of both models' "
      "self-similarity (1).\n"
      "outcome kappa: do two trials of a task succeed or fail together beyond chance?";
  return table;
}

DataTable model_values_table(const Study& study, const MetricCorrelations& results) {
  DataTable table("models", "The values that are correlated", {elastic_column("model", "model")});
  for (const Metric& metric : study.metrics.metrics) {
    table.columns.push_back({metric.slug, metric.title});
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
  DataTable pairs("same_model", "One model under different labels",
                  {elastic_column("model", "model")});
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
  DataTable domains("domains",
                    "Does who resembles whom carry over? AGS of the pairs in both benchmarks",
                    {elastic_column("first", "benchmark/domain"),
                     elastic_column("second", "benchmark/domain"),
                     {"n_models", "models"},
                     {"pairs", "pairs"},
                     {"pearson", "Pearson"},
                     {"spearman", "Spearman"},
                     {"mantel_p", "Mantel p"},
                     {"affinity", "of affinities"},
                     {"affinity_mantel_p", "Mantel p"}});
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
      "chance of the\n"
      "tasks, not chance resemblance of strangers.";
  if (results.pairs.empty()) return {std::move(domains)};
  return {std::move(pairs), std::move(test), std::move(domains)};
}

namespace {

std::string draw_node(const Dendrogram& tree, const std::vector<double>& support,
                      const std::vector<std::string>& names, std::size_t node,
                      const std::string& prefix, const std::string& branch) {
  if (node < tree.leaves) return prefix + branch + names[node] + "\n";
  const Dendrogram::Merge& merge = tree.merges[node - tree.leaves];
  const bool root = branch.empty();
  std::string label = fmt::format("{:.2f}", merge.height);
  if (!root && !support.empty()) {
    label += fmt::format(", {:.0f} %", 100 * support[node - tree.leaves]);
  }
  const std::string below = root ? "" : prefix + (branch.starts_with("└") ? "   " : "│  ");
  return prefix + branch + "┐ " + label + "\n" +
         draw_node(tree, support, names, merge.left, below, "├─ ") +
         draw_node(tree, support, names, merge.right, below, "└─ ");
}

std::string_view verb_of(rps::PhraseKind kind) {
  return name_in<rps::PhraseKind::kClosing>({"say", "open with", "close with"}, kind);
}

std::string wording_text(const SharedWording& shared) {
  std::string text;
  for (const rps::SharedPhrase& phrase : shared.phrases) {
    text += fmt::format("  both {} \"{}\" in {:.0f} % and {:.0f} % of runs, others {:.1f} %\n",
                        verb_of(phrase.kind), printable(phrase.text), 100 * phrase.share_a,
                        100 * phrase.share_b, 100 * phrase.share_others);
    if (!phrase.where_a.empty() && !phrase.where_b.empty()) {
      text += fmt::format("    for example {} and {}\n", printable(phrase.where_a),
                          printable(phrase.where_b));
    }
  }
  for (const rps::SharedHabit& habit : shared.habits) {
    text += fmt::format("  {}: {:.2f} and {:.2f}, others {:.2f} (SD {:.2f})\n", habit.name,
                        habit.rate_a, habit.rate_b, habit.others_mean, habit.others_spread);
  }
  if (!shared.phrases_known) text += "  phrases: not known, since feature files hold none\n";
  return text;
}

// For files: phrases and habits, one row each.
DataTable wording_table(const EvidenceResults& results) {
  DataTable table("shared_wording", "Shared wording of the strongest pairs",
                  {model_a_column(),
                   model_b_column(),
                   {"kind", "kind"},
                   elastic_column("what", "what"),
                   {"of_a", "A"},
                   {"of_b", "B"},
                   {"others", "others"},
                   {"example_a", "example A"},
                   {"example_b", "example B"}});
  table.files_only = true;
  for (const SharedWording& shared : results.wording) {
    for (const rps::SharedPhrase& phrase : shared.phrases) {
      const char* kind = phrase.kind == rps::PhraseKind::kOpening   ? "opening"
                         : phrase.kind == rps::PhraseKind::kClosing ? "closing"
                                                                    : "phrase";
      table.rows.push_back({text_cell(shared.a), text_cell(shared.b), text_cell(kind),
                            text_cell(phrase.text), number_cell(phrase.share_a),
                            number_cell(phrase.share_b), number_cell(phrase.share_others),
                            text_cell(phrase.where_a), text_cell(phrase.where_b)});
    }
    for (const rps::SharedHabit& habit : shared.habits) {
      table.rows.push_back({text_cell(shared.a), text_cell(shared.b), text_cell("habit"),
                            text_cell(habit.name), number_cell(habit.rate_a),
                            number_cell(habit.rate_b), number_cell(habit.others_mean),
                            text_cell(""), text_cell("")});
    }
  }
  return table;
}

std::string habits_text(const Corpus& corpus, const EvidenceResults& results) {
  std::string text = "Shared habits of the strongest pairs\n";
  for (std::size_t i = 0; i < results.habits.size(); ++i) {
    const SharedHabits& shared = results.habits[i];
    text += fmt::format("\n{} and {}\n", name(corpus, shared.a), name(corpus, shared.b));
    if (shared.habits.empty() && shared.rates.empty()) {
      text += "  none beyond what other models share\n";
    }
    for (const SharedHabit& habit : shared.habits) {
      text += "  " + in_words(habit) + "\n";
      std::vector<std::string> tasks;
      for (const TaskIndex task : habit.rarest)
        tasks.push_back(name_in_domain(corpus.tasks()[task]));
      text += fmt::format("    rarest among the others: {}\n", fmt::join(tasks, ", "));
    }
    for (const SharedRate& rate : shared.rates) text += "  " + in_words(rate) + "\n";
    if (i < results.wording.size()) text += wording_text(results.wording[i]);
  }
  return text + "\nTo look: agentecho graph PATHS --model A --model B --task TASK\n";
}

constexpr const char* kNoChance = "no other task in the domain, or nothing comparable on it";
constexpr const char* kNoCeiling = "one of the two has single trials";
constexpr const char* kNoPlace = "no ceiling, no chance level, or the ceiling is not above chance";

DataCell affinity_cell(const AffinityEvidence& evidence, std::string_view reason) {
  DataCell cell = number_cell(evidence.affinity, 3, reason);
  cell.interval = evidence.interval;
  return cell;
}

std::string reason_of(const std::optional<Undefined>& why) {
  return std::string(why ? undefined_text(*why) : std::string_view("no score"));
}

DataTable verdict_table(const Study& study, const EvidenceResults& results) {
  DataTable table("pairs",
                  "The combined evidence of 0.1 (actions and wording averaged), strongest first",
                  pair_columns());
  table.columns.push_back({"same_family", "family"});
  table.columns.push_back(interval_column("lineage", "lineage"));
  table.columns.push_back(file_column("lineage_standard_error", "SE"));
  table.columns.push_back(file_column("lineage_residual_sd", "residual SD"));
  table.columns.push_back(file_column("lineage_p", "p"));
  table.columns.push_back(file_column("lineage_p_adjusted", "adj. p"));
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    if (!results.metrics[m].used) continue;
    const Metric& metric = study.metrics.metrics[m];
    table.columns.push_back(file_column(metric.slug, metric.title));
    table.columns.push_back(file_column(metric.slug + "_affinity", "affinity"));
    table.columns.push_back({metric.slug + "_standardised", metric.title});
  }
  for (const std::size_t p : by_lineage(results)) {
    const PairEvidence& pair = results.pairs[p];
    std::vector<DataCell>& row = table.rows.emplace_back();
    const std::string reason = reason_of(results.no_lineage);
    DataCell lineage = affinity_cell(pair.lineage, reason);
    lineage.digits = 2;
    row = {name_cell(study.corpus, pair.a),
           name_cell(study.corpus, pair.b),
           text_cell(pair.same_family ? "same" : ""),
           std::move(lineage),
           number_cell(pair.lineage.standard_error, 3, reason),
           number_cell(pair.lineage.residual_sd, 3, reason),
           affinity_p_cell(pair.lineage.p_value),
           affinity_p_cell(pair.lineage.p_adjusted)};
    for (std::size_t m = 0; m < results.metrics.size(); ++m) {
      if (!results.metrics[m].used) continue;
      row.push_back(number_cell(pair.metrics[m].score.value, 3, "no common task that carries it"));
      row.push_back(number_cell(pair.metrics[m].affinity.affinity, 3, "no score"));
      row.push_back(number_cell(pair.metrics[m].standardised, 2, "no score"));
    }
  }
  table.most_shown = kTopRows;
  table.note =
      "lineage: affinity of the combined metrics in standard deviations, after it its parts. It "
      "finds families less well than words alone and goes with the next version. Its p values (in "
      "files) take affinities for normal, which those of strangers are not: docs/evidence.md says "
      "how often they are wrong.";
  return table;
}

// One row for each pair and metric, for files.
DataTable metric_table(const Study& study, const EvidenceResults& results) {
  DataTable table("pair_metrics", "Pairs and metrics", pair_columns());
  table.columns.push_back(metric_column());
  for (const char* column : {"score", "affinity"}) {
    table.columns.push_back(interval_column(column, column));
  }
  for (const char* column : {"n_tasks", "chance", "ceiling", "place", "standard_error",
                             "residual_sd", "p", "p_adjusted", "standardised"}) {
    table.columns.push_back({column, column});
  }
  for (const PairEvidence& pair : results.pairs) {
    for (std::size_t m = 0; m < pair.metrics.size(); ++m) {
      const MetricEvidence& e = pair.metrics[m];
      const std::string reason = reason_of(results.metrics[m].no_affinity);
      table.rows.push_back(
          {name_cell(study.corpus, pair.a), name_cell(study.corpus, pair.b),
           metric_cell(study.metrics.metrics[m]), estimate_cell(e.score),
           affinity_cell(e.affinity, reason), count_cell(e.score.n_tasks),
           number_cell(e.chance, 3, kNoChance), number_cell(e.ceiling, 3, kNoCeiling),
           number_cell(e.place, 3, kNoPlace),
           number_cell(
               e.affinity.standard_error, 3,
               study.metrics.metrics[m].evidence ? reason : "only of metrics that are evidence"),
           number_cell(e.affinity.residual_sd, 3, reason), affinity_p_cell(e.affinity.p_value),
           affinity_p_cell(e.affinity.p_adjusted), number_cell(e.standardised, 3, reason)});
    }
  }
  return table;
}

// What people see of it: the metrics that are evidence, for the strongest pairs.
DataTable place_table(const Study& study, const EvidenceResults& results) {
  DataTable table("places", "The same pairs between chance and ceiling", pair_columns());
  for (const char* column : {"metric", "score", "chance", "ceiling", "place", "affinity", "se"}) {
    table.columns.push_back({.name = column,
                             .title = column,
                             .interval = std::string_view(column) == "score",
                             .plain = true});
  }
  for (const std::size_t p : by_lineage(results)) {
    const PairEvidence& pair = results.pairs[p];
    for (std::size_t m = 0; m < pair.metrics.size(); ++m) {
      if (!is_shown(study.metrics.metrics[m])) continue;
      const MetricEvidence& e = pair.metrics[m];
      const std::string reason = reason_of(results.metrics[m].no_affinity);
      table.rows.push_back(
          {name_cell(study.corpus, pair.a), name_cell(study.corpus, pair.b),
           metric_cell(study.metrics.metrics[m]), estimate_cell(e.score),
           number_cell(e.chance, 3, kNoChance), number_cell(e.ceiling, 3, kNoCeiling),
           number_cell(e.place, 2, kNoPlace), number_cell(e.affinity.affinity, 3, reason),
           number_cell(
               e.affinity.standard_error, 3,
               study.metrics.metrics[m].evidence ? reason : "only of metrics that are evidence")});
    }
  }
  table.most_shown = kTopRows;
  table.note =
      "place: (score - chance) / (ceiling - chance); – without several trials of both models. se: "
      "of "
      "the affinity, over tasks.";
  return table;
}

DataTable neighbours_table(const Study& study, const EvidenceResults& results) {
  DataTable table("neighbours", "Nearest neighbours by lineage evidence",
                  {elastic_column("model", "model"),
                   file_column("rank", "rank"),
                   elastic_column("neighbour", "nearest"),
                   {"lineage", "lineage"}});
  for (ModelIndex model = 0; model < results.neighbours.size(); ++model) {
    for (std::size_t i = 0; i < results.neighbours[model].size() && i < 3; ++i) {
      const Neighbour& neighbour = results.neighbours[model][i];
      table.rows.push_back({name_cell(study.corpus, model), count_cell(i + 1),
                            name_cell(study.corpus, neighbour.model),
                            number_cell(neighbour.lineage, 2)});
    }
  }
  return table;
}

}  // namespace

DataReport evidence_report(const Study& study, const EvidenceResults& results) {
  const Corpus& corpus = study.corpus;
  DataReport report;
  report.name = "evidence";
  report.title = "How unusual is the similarity of each pair, and what carries it";
  report.tables.push_back(verdict_table(study, results));
  report.tables.push_back(place_table(study, results));
  report.tables.push_back(neighbours_table(study, results));
  report.tables.push_back(membership_table(corpus, results.families));
  report.tables.push_back(metric_table(study, results));
  report.tables.back().files_only = true;
  if (!results.wording.empty()) report.tables.push_back(wording_table(results));
  if (results.no_clustering) {
    report.notes.push_back(
        fmt::format("no clustering: {}", undefined_text(*results.no_clustering)));
  } else {
    const std::size_t root = results.dendrogram.leaves + results.dendrogram.merges.size() - 1;
    report.texts.emplace_back(
        "dendrogram",
        "Clustering (average linkage on lineage evidence; distance, support of the clade)\n\n" +
            draw_node(results.dendrogram, results.support, corpus.models(), root, "", ""));
    report.texts.emplace_back("newick",
                              newick(results.dendrogram, corpus.models(), results.support) + "\n");
  }
  if (!results.habits.empty()) report.texts.emplace_back("habits", habits_text(corpus, results));
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    const MetricState& state = results.metrics[m];
    if (state.used) {
      report.notes.push_back(
          fmt::format("{}: weight {:.2f}, standard deviation of its affinities {:.4f}",
                      study.metrics.metrics[m].title, *state.weight, *state.affinity_sd));
    } else if (study.metrics.metrics[m].evidence && state.no_affinity) {
      report.notes.push_back(fmt::format("{} is left out of the lineage evidence: {}",
                                         study.metrics.metrics[m].title,
                                         undefined_text(*state.no_affinity)));
    }
  }
  if (results.no_lineage) {
    report.notes.push_back(
        fmt::format("no lineage evidence: {}", undefined_text(*results.no_lineage)));
  }
  if (const FamilyAuc& auc = results.lineage_auc; auc.auc) {
    std::string note =
        fmt::format("same-family pairs against others by lineage evidence: AUC {:.3f}", *auc.auc);
    if (auc.error_over_models)
      note += fmt::format(", SE over models {:.3f}", *auc.error_over_models);
    if (auc.error_over_families)
      note += fmt::format(", over families {:.3f}", *auc.error_over_families);
    if (auc.p_value) note += fmt::format("; labels exchanged, p = {:.4f}", *auc.p_value);
    report.notes.push_back(note + "; family is a proxy, not the truth");
  }
  return report;
}

}  // namespace agentecho
