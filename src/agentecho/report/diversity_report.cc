#include "agentecho/report/diversity_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "agentecho/base/words.h"
#include "agentecho/study/diversity_verdict.h"

namespace agentecho {

namespace {

constexpr std::size_t kRowsShown = 30;
constexpr const char* kNoRho =
    "no two models have it on common tasks, with a ceiling above a chance level";
constexpr const char* kNoOutcome = "no outcome is recorded";

constexpr const char* kNoKappa = "fewer than two tasks with outcomes of both, or without variation";

DataCell rho_cell(const Estimate& rho) {
  DataCell cell = estimate_cell(rho);
  cell.digits = 2;
  if (!rho.value && rho.reason.empty()) cell.reason = kNoRho;
  return cell;
}

DataCell effective_cell(const EffectiveNumber& effective) {
  DataCell cell = estimate_cell(effective.number);
  cell.digits = 2;
  if (!effective.rho.value) cell.reason = rho_cell(effective.rho).reason;
  return cell;
}

// Of the pairs that have a rho.
std::optional<double> mean_of(const Likeness& likeness,
                              std::optional<double> PairLikeness::*figure) {
  double sum = 0;
  double n = 0;
  for (const PairLikeness& pair : likeness.pairs) {
    if (!pair.rho.value) continue;
    sum += (pair.*figure).value_or(0);
    ++n;
  }
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

DataTable effective_table(const DiversityResults& results) {
  DataTable table(
      "effective", "Effective number of models",
      {column("metric", "likeness"), file_column("n_models", "models"), file_column("pairs"),
       "score", "chance", "ceiling", file_column("ceiling_known"), interval_column("rho", "mean ρ"),
       interval_column("effective_number", "worth"), file_column("with_itself")});
  for (const Likeness& likeness : results.likenesses) {
    if (likeness.title.empty()) continue;
    const EffectiveNumber& effective = likeness.effective;
    table.rows.push_back(
        {named_cell(likeness.slug, likeness.title), count_cell(effective.models),
         count_cell(effective.pairs), number_cell(mean_of(likeness, &PairLikeness::score)),
         number_cell(mean_of(likeness, &PairLikeness::chance)),
         number_cell(mean_of(likeness, &PairLikeness::ceiling)),
         text_cell(likeness.errors || !likeness.upper_bound ? "yes" : "no"),
         rho_cell(effective.rho), effective_cell(effective), number_cell(likeness.own)});
  }
  const bool ags = std::any_of(results.likenesses.begin(), results.likenesses.end(),
                               [](const Likeness& l) { return l.slug == "calibrated_ags"; });
  table.note =
      "worth: N / (1 + (N - 1) ρ); ρ: κ of success and failure, or (score - chance) / (ceiling - "
      "chance) of a habit metric, mean over pairs; ceiling: the models' likeness to themselves "
      "across trials, else of a run with itself\n(then ρ is too low and the worth an upper bound)";
  std::set<std::string_view> without_interval;
  for (const Likeness& likeness : results.likenesses) {
    for (const Estimate* figure : {&likeness.effective.rho, &likeness.effective.number}) {
      if (figure->value && !figure->reason.empty()) without_interval.insert(figure->reason);
    }
  }
  if (!without_interval.empty()) {
    table.note += fmt::format(";\nno interval: {}", fmt::join(without_interval, "; "));
  }
  if (results.errors && results.failed_runs < kFewFailures) {
    table.note +=
        fmt::format(";\nerrors: {} of {} failed, too few to go by (it takes {} or more)",
                    results.failed_runs, counted(results.judged_runs, "run", "runs"), kFewFailures);
  }
  if (ags) {
    table.note +=
        ";\nS_node and AGS look at tools on which the pool disagrees alone: with few models their "
        "worth is too high";
  }
  return table;
}

DataTable different_table(const Corpus& corpus, const DiversityResults& results) {
  DataTable table("different", "Most different models",
                  {column("metric", "by"), column("n_models", "k"), wrapped_column("models"),
                   interval_column("rho", "mean ρ"), interval_column("effective_number", "worth"),
                   "success", file_column("exact", "all sets tried")});
  bool all_exact = true;
  for (const DifferentModels& set : results.different) {
    std::vector<std::string> names;
    for (const ModelIndex model : set.models) names.push_back(corpus.models()[model]);
    table.rows.push_back(
        {named_cell(results.likenesses[set.likeness].slug, results.likenesses[set.likeness].title),
         count_cell(set.models.size()), text_cell(listed(names)), rho_cell(set.effective.rho),
         effective_cell(set.effective), number_cell(set.success, 2, kNoOutcome),
         text_cell(set.exact ? "yes" : "no")});
    all_exact = all_exact && set.exact;
  }
  table.note = "success: mean of theirs; intervals do not pay for the choice of the set";
  if (!all_exact) table.note += "; not all sets were tried, so a better one may have been missed";
  return table;
}

DataTable substitute_table(const Corpus& corpus, const DiversityResults& results) {
  DataTable table("substitutes", "Nearest substitutes",
                  {elastic_column("model"), elastic_column("substitute"),
                   interval_column("rho", "ρ"), column("kappa", "errors κ"), "success",
                   interval_column("success_gain", "gain"), "calls", "own_calls", "errors",
                   "own_errors", file_column("own_success"), file_column("n_tasks", "tasks")});
  if (results.habits) {
    table.title += fmt::format(", by {}", results.likenesses[*results.habits].title);
  }
  // The nearest of each model first, then the second nearest.
  std::vector<std::pair<std::size_t, const Substitute*>> in_rounds;
  for (const Substitute& s : results.substitutes) {
    const bool same = !in_rounds.empty() && in_rounds.back().second->model == s.model;
    in_rounds.emplace_back(same ? in_rounds.back().first + 1 : 0, &s);
  }
  std::stable_sort(in_rounds.begin(), in_rounds.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
  for (const auto& [round, substitute] : in_rounds) {
    const Substitute& s = *substitute;
    if (round == 0) ++table.most_shown;
    DataCell gain = estimate_cell(s.success_gain);
    gain.digits = 2;
    if (!s.success_gain.value) gain.reason = kNoOutcome;
    table.rows.push_back({text_cell(corpus.models()[s.model]), text_cell(corpus.models()[s.other]),
                          rho_cell(s.rho), number_cell(s.kappa, 2, kNoKappa),
                          number_cell(s.its.success, 2, kNoOutcome), std::move(gain),
                          number_cell(s.its.calls, 1), number_cell(s.own.calls, 1),
                          number_cell(s.its.errors, 2), number_cell(s.own.errors, 2),
                          number_cell(s.own.success, 2, kNoOutcome), count_cell(s.tasks)});
  }
  table.most_shown = std::min(table.most_shown, kRowsShown);
  table.note =
      "success, calls, errors (failed calls): the substitute's, a run, on the tasks that both "
      "have; own: the model's; gain: success of the substitute less the model's own";
  return table;
}

DataTable model_table(const Corpus& corpus, const DiversityResults& results) {
  DataTable table("models", "Models",
                  {elastic_column("model"), "runs", column("n_tasks", "tasks"), "success", "calls",
                   "errors", column("errors_rho", "errors κ"), column("habits_rho", "habits ρ")});
  const auto rho_of = [](const ModelDiversity& model, std::optional<std::size_t> likeness) {
    return likeness ? model.rho[*likeness] : std::nullopt;
  };
  for (ModelIndex m = 0; m < results.models.size(); ++m) {
    const ModelDiversity& model = results.models[m];
    table.rows.push_back({text_cell(corpus.models()[m]), count_cell(model.runs),
                          count_cell(model.tasks),
                          number_cell(model.conduct.success, 2, kNoOutcome),
                          number_cell(model.conduct.calls, 1), number_cell(model.conduct.errors, 2),
                          number_cell(rho_of(model, results.errors), 2, kNoRho),
                          number_cell(rho_of(model, results.habits), 2, kNoRho)});
  }
  table.most_shown = kRowsShown;
  table.note = "errors κ, habits ρ: mean to the other models; a low one adds most to an ensemble";
  return table;
}

DataTable pair_table(const Corpus& corpus, const DiversityResults& results) {
  DataTable table("pairs", "Pairs",
                  {model_a_column(), model_b_column(), metric_column(), "score", "chance",
                   "ceiling", interval_column("rho", "ρ"), column("n_tasks", "tasks")});
  table.files_only = true;
  for (const Likeness& likeness : results.likenesses) {
    for (std::size_t p = 0; p < results.pairs.size(); ++p) {
      const PairLikeness& pair = likeness.pairs[p];
      table.rows.push_back({text_cell(corpus.models()[results.pairs[p].first]),
                            text_cell(corpus.models()[results.pairs[p].second]),
                            named_cell(likeness.slug, likeness.title), number_cell(pair.score),
                            number_cell(pair.chance), number_cell(pair.ceiling),
                            estimate_cell(pair.rho), count_cell(pair.rho.n_tasks)});
    }
  }
  return table;
}

}  // namespace

DataReport diversity_report(const Study& study, const DiversityResults& results) {
  DataReport report(
      "diversity",
      fmt::format("Diversity of {}", counted(study.corpus.models().size(), "model", "models")));
  report.verdict = diversity_verdict(study, results);
  report.tables = {effective_table(results), different_table(study.corpus, results),
                   substitute_table(study.corpus, results), model_table(study.corpus, results),
                   pair_table(study.corpus, results)};
  add_warnings(results.warnings, report);
  return report;
}

}  // namespace agentecho
