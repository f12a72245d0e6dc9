#include "agentecho/report/agreement_report.h"

#include <fmt/format.h>

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "agentecho/base/words.h"

namespace agentecho {

namespace {

DataCell temperature_cell(const std::optional<double>& temperature) {
  const bool tenths = temperature && std::round(*temperature * 10) == *temperature * 10;
  return number_cell(temperature, tenths ? 1 : 2, "the judge has none, or its default");
}

DataCell figure_cell(const Figure& figure) {
  if (!figure.value) return undefined_cell(figure.value.error());
  DataCell cell = number_cell(*figure.value, 2);
  cell.interval = figure.interval;
  return cell;
}

// The columns that all comparisons have after those that say what is compared.
void add_figure_columns(std::vector<DataColumn>& columns) {
  const std::vector<DataColumn> figures = {
      {"score", "score", false, false, false},
      {"cases", "cases", false, false, false},
      {"n_tasks", "tasks", false, false, true},
      {"mean_difference", "difference", true, false, false},
      {"exact", "exact", true, false, false, true},
      {"within_one", "±1", true, false, false, true},
      {"quadratic_kappa", "quadratic κ", true, false, false},
      {"mean_absolute_difference", "|diff.|", true, false, true, true},
      {"spearman", "ρ", true, false, false, true}};
  columns.insert(columns.end(), figures.begin(), figures.end());
}

void add_figures(const ScoreAgreement& agreement, std::size_t which, std::vector<DataCell>& row) {
  row.push_back(text_cell(name_of_judge_score(which)));
  row.push_back(count_cell(agreement.cases));
  row.push_back(count_cell(agreement.tasks));
  for (const Figure* figure :
       {&agreement.mean_difference, &agreement.exact, &agreement.within_one,
        &agreement.quadratic_kappa, &agreement.mean_absolute_difference, &agreement.spearman}) {
    row.push_back(figure_cell(*figure));
  }
}

// Of a judge with itself under one temperature.
DataTable self_table(std::string name, std::string title,
                     std::span<const RatingComparison> comparisons) {
  DataTable table;
  table.name = std::move(name);
  table.title = std::move(title);
  table.note = "difference: first minus second; ρ: Spearman.";
  table.columns = {{"judge", "judge", false, true, false},
                   {"temperature", "temp.", false, false, false}};
  add_figure_columns(table.columns);
  for (const RatingComparison& comparison : comparisons) {
    for (std::size_t which = 0; which < kJudgeScores; ++which) {
      std::vector<DataCell>& row = table.rows.emplace_back();
      row.push_back(text_cell(comparison.judge));
      row.push_back(temperature_cell(comparison.temperature));
      add_figures(comparison.scores[which], which, row);
    }
  }
  return table;
}

DataTable temperatures_table(std::span<const RatingComparison> comparisons) {
  DataTable table;
  table.name = "temperatures";
  table.title = "Temperatures: the judge's first against each other";
  table.columns = {{"judge", "judge", false, true, false},
                   {"temperature", "temp.", false, false, false},
                   {"other_temperature", "other", false, false, false}};
  add_figure_columns(table.columns);
  for (const RatingComparison& comparison : comparisons) {
    for (std::size_t which = 0; which < kJudgeScores; ++which) {
      std::vector<DataCell>& row = table.rows.emplace_back();
      row.push_back(text_cell(comparison.judge));
      row.push_back(temperature_cell(comparison.temperature));
      row.push_back(temperature_cell(comparison.other_temperature));
      add_figures(comparison.scores[which], which, row);
    }
  }
  return table;
}

DataTable judges_table(std::span<const RatingComparison> comparisons) {
  DataTable table;
  table.name = "judges";
  table.title = "Judges: the first against each other";
  table.columns = {{"judge", "judge", false, true, false},
                   {"temperature", "temp.", false, false, true},
                   {"other_judge", "other judge", false, true, false},
                   {"other_temperature", "other temp.", false, false, true}};
  add_figure_columns(table.columns);
  for (const RatingComparison& comparison : comparisons) {
    for (std::size_t which = 0; which < kJudgeScores; ++which) {
      std::vector<DataCell>& row = table.rows.emplace_back();
      row.push_back(text_cell(comparison.judge));
      row.push_back(temperature_cell(comparison.temperature));
      row.push_back(text_cell(comparison.other_judge));
      row.push_back(temperature_cell(comparison.other_temperature));
      add_figures(comparison.scores[which], which, row);
    }
  }
  return table;
}

DataTable alpha_table(const JudgeAgreement& results) {
  DataTable table;
  table.name = "alpha";
  table.title = results.n_judges == 2
                    ? std::string("Both judges: Krippendorff's alpha")
                    : fmt::format("All {} judges: Krippendorff's alpha", results.n_judges);
  table.columns = {{"score", "score", false, false, false},
                   {"units", "units", false, false, false},
                   {"alpha_interval", "alpha (interval)", true, false, false},
                   {"alpha_ordinal", "alpha (ordinal)", true, false, false}};
  if (results.n_judges < 2) return table;
  for (std::size_t which = 0; which < kJudgeScores; ++which) {
    const JudgesAlpha& alpha = results.alpha[which];
    table.rows.push_back({text_cell(name_of_judge_score(which)), count_cell(alpha.units),
                          figure_cell(alpha.interval), figure_cell(alpha.ordinal)});
  }
  return table;
}

DataTable coverage_table(std::span<const RatingCoverage> ratings) {
  DataTable table;
  table.name = "coverage";
  table.title = "What was asked and how much of it has a score";
  table.columns = {
      {"judge", "judge", false, true, false},       {"temperature", "temp.", false, false, false},
      {"order", "order", false, false, false},      {"repeat", "repeat", false, false, false},
      {"asked", "pairs", false, false, false},      {"scored", "scored", false, false, false},
      {"coverage", "coverage", false, false, false}};
  for (const RatingCoverage& rating : ratings) {
    const auto number = [&](int n) {
      return number_cell(rating.indifferent ? std::nullopt : std::optional<double>(n), 0,
                         "makes no difference to this judge");
    };
    std::optional<double> share;
    if (rating.asked > 0) {
      share = static_cast<double>(rating.scored) / static_cast<double>(rating.asked);
    }
    table.rows.push_back({text_cell(rating.judge), temperature_cell(rating.temperature),
                          number(rating.side_order), number(rating.repeat),
                          count_cell(rating.asked), count_cell(rating.scored),
                          number_cell(share, 3, "nothing was asked")});
  }
  table.note =
      "order 1: the second side was shown first; –: the judge's answer depends on neither order "
      "nor "
      "repeat.";
  return table;
}

// "0.93 (0.90 to 0.96)" of the overall score, or nothing.
std::optional<std::string> overall_kappa(const RatingComparison& comparison) {
  const Figure& kappa = comparison.scores[kJudgeScores - 1].quadratic_kappa;
  if (!kappa.value) return std::nullopt;
  std::string text = fmt::format("{:.2f}", *kappa.value);
  if (kappa.interval) {
    text += fmt::format(" ({:.2f} to {:.2f})", kappa.interval->low, kappa.interval->high);
  }
  return text;
}

}  // namespace

VerdictParagraph agreement_verdict(const JudgeAgreement& results) {
  VerdictParagraph verdict;
  std::vector<std::string> parts;
  const auto add = [&](const std::vector<RatingComparison>& comparisons, std::string_view what) {
    if (comparisons.empty()) return;
    if (const auto kappa = overall_kappa(comparisons.front())) {
      parts.push_back(fmt::format("{} {}", what, *kappa));
    }
  };
  add(results.repeats, "with itself when asked again");
  add(results.orders, "with itself when the sides are exchanged");
  for (const RatingComparison& judges : results.judges) {
    if (const auto kappa = overall_kappa(judges)) {
      parts.push_back(fmt::format("with \"{}\" {}", judges.other_judge, *kappa));
    }
  }
  const std::string judge =
      results.coverage.empty() ? std::string("the judge") : results.coverage.front().judge;
  if (parts.empty()) {
    verdict.found = fmt::format(
        "How far \"{}\" agrees with anybody cannot be said: too few of its scores differ, or there "
        "is nothing to compare them with.",
        judge);
  } else {
    verdict.found = fmt::format("Agreement of \"{}\" in the overall score (quadratic kappa): {}.",
                                judge, fmt::join(parts, "; "));
  }
  if (!results.orders.empty()) {
    const Figure& bias = results.orders.front().scores[kJudgeScores - 1].mean_difference;
    if (bias.interval && (bias.interval->low > 0 || bias.interval->high < 0)) {
      verdict.sureness = fmt::format(
          "Which side is shown first moves its score by {:+.2f}: ask both orders (--swap) and take "
          "the mean.",
          *bias.value);
    }
  }
  verdict.basis = fmt::format("It rests on {} of {}.",
                              counted(results.block_pairs, "pair of stages", "pairs of stages"),
                              counted(results.tasks, "task", "tasks"));
  verdict.elsewhere =
      "Judges that agree may be wrong together: `agentecho evaluate` holds one against labels.";
  return verdict;
}

std::vector<DataTable> agreement_tables(const JudgeAgreement& results) {
  return {self_table("orders", "Position bias: the sides as they are (order 0) against swapped",
                     results.orders),
          self_table("repeats", "Test-retest: the same question again", results.repeats),
          temperatures_table(results.temperatures),
          judges_table(results.judges),
          alpha_table(results),
          coverage_table(results.coverage)};
}

}  // namespace agentecho
