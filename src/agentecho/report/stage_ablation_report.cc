#include "agentecho/report/stage_ablation_report.h"

#include "agentecho/stats/ranking.h"

namespace agentecho {

namespace {

constexpr const char* kNoFamilies = "no pair within a family, or none across";

DataCell cell(const Estimate& estimate, const char* reason) {
  DataCell cell = estimate_cell(estimate);
  if (!estimate.value) cell.reason = reason;
  return cell;
}

DataTable alignment_table(const StageAblation& results) {
  DataTable table("alignment",
                  "RPS of stages against RPS of whole trajectories; means over pairs of models",
                  {"blocks", interval_column("rps", "RPS"), "within", "cross",
                   column("p_greater", "p (greater)"), interval_column("auc", "AUC"),
                   file_column("auc_error_over_models", "SE models"),
                   interval_column("affinity_auc", "AUC of affinity"),
                   column("affinity_auc_error_over_models", "SE models")});
  constexpr const char* kRows[] = {"stages (aligned)", "whole trajectories"};
  for (std::size_t i = 0; i < kAlignments; ++i) {
    const FamilyTest& test = results.families[i];
    std::vector<DataCell>& row = table.rows.emplace_back();
    row.push_back(text_cell(kRows[i]));
    row.push_back(cell(results.mean[i], "no pair has a score"));
    if (test.difference) {
      row.push_back(number_cell(test.difference->within_mean));
      row.push_back(number_cell(test.difference->cross_mean));
      row.push_back(p_value_cell(test.difference->p.greater));
    } else {
      for (int c = 0; c < 3; ++c) row.push_back(undefined_cell(test.difference.error()));
    }
    for (const FamilyAuc* auc : {&test.auc, &test.affinity_auc}) {
      row.push_back(number_cell(auc->auc, 3, kNoFamilies));
      row.push_back(number_cell(auc->error_over_models, 3, kNoFamilies));
    }
  }
  std::vector<DataCell>& row = table.rows.emplace_back();
  row.push_back(text_cell("difference"));
  row.push_back(cell(results.mean_difference, "no task has both scores"));
  for (int c = 0; c < 3; ++c)
    row.push_back(number_cell(std::nullopt, 3, "not defined for a row of differences"));
  for (const Estimate* difference : {&results.auc_difference, &results.affinity_auc_difference}) {
    row.push_back(cell(*difference, kNoFamilies));
    row.push_back(number_cell(std::nullopt, 3, "not defined for a row of differences"));
  }
  table.note =
      "within, cross: pairs within a family and across families; p: permutation of family labels "
      "over models.\n"
      "AUC: probability that a same-family pair is above another pair; of affinity: with each "
      "model's typicality\n"
      "removed; SE: jackknife, each model left out in turn. difference: stages minus whole "
      "trajectories, on the same tasks and the same "
      "resamples.";
  return table;
}

DataTable order_table(const StageAblation& results) {
  DataTable table(
      "order", "Do both order the pairs of models alike?",
      {"pairs", interval_column("spearman", "Spearman"), interval_column("pearson", "Pearson")});
  const auto scored =
      std::count_if(results.pairs.begin(), results.pairs.end(), [](const StageAblationPair& pair) {
        return pair.scores[0].value.has_value() && pair.scores[1].value.has_value();
      });
  const char* const reason = "fewer than three pairs with both scores, or all alike";
  table.rows.push_back({count_cell(static_cast<std::size_t>(scored)),
                        cell(results.spearman, reason), cell(results.pearson, reason)});
  return table;
}

DataTable pairs_table(const Corpus& corpus, const StageAblation& results) {
  DataTable table(
      "pairs", "Pairs of models, the most alike first",
      {model_a_column(), model_b_column(), interval_column("aligned", "stages"),
       interval_column("unaligned", "whole"), interval_column("difference"),
       file_column("aligned_coverage", "coverage, stages"),
       file_column("unaligned_coverage", "coverage, whole"), column("n_tasks", "tasks")});
  const auto score = [&](std::size_t p) { return results.pairs[p].scores[0].value; };
  for (const std::size_t p : largest_first(results.pairs.size(), score)) {
    const StageAblationPair& pair = results.pairs[p];
    const char* const reason = pair.withheld ? "withheld: too few of the judge's answers came"
                                             : "no task with a stage in common";
    std::vector<DataCell>& row = table.rows.emplace_back();
    row.push_back(text_cell(corpus.models()[pair.a]));
    row.push_back(text_cell(corpus.models()[pair.b]));
    for (const Estimate& estimate : pair.scores) row.push_back(cell(estimate, reason));
    row.push_back(cell(pair.difference, reason));
    for (const auto& coverage : pair.coverage) {
      row.push_back(number_cell(coverage, 3, "nothing was asked"));
    }
    row.push_back(count_cell(pair.difference.n_tasks));
  }
  table.most_shown = kTopRows;
  return table;
}

}  // namespace

std::vector<DataTable> stage_ablation_tables(const Corpus& corpus, const StageAblation& results) {
  return {alignment_table(results), order_table(results), pairs_table(corpus, results)};
}

}  // namespace agentecho
