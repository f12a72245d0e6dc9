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

// What a comparison is of, and how a column says so.
struct Side {
  DataColumn column;
  DataCell (*cell)(const RatingComparison&);
};
const Side kJudge{elastic_column("judge"),
                  [](const RatingComparison& c) { return text_cell(c.judge); }};
const Side kOtherJudge{elastic_column("other_judge"),
                       [](const RatingComparison& c) { return text_cell(c.other_judge); }};
DataCell temperature_of(const RatingComparison& c) { return temperature_cell(c.temperature); }
DataCell other_temperature_of(const RatingComparison& c) {
  return temperature_cell(c.other_temperature);
}

// A row for each comparison and score.
DataTable comparisons_table(std::string_view name, std::string_view title,
                            const std::vector<Side>& sides,
                            std::span<const RatingComparison> comparisons) {
  DataTable table(name, title);
  for (const Side& side : sides) table.columns.push_back(side.column);
  const DataColumn figures[] = {"score",
                                "cases",
                                file_column("n_tasks", "tasks"),
                                interval_column("mean_difference", "difference"),
                                plain_column("exact"),
                                plain_column("within_one", "±1"),
                                interval_column("quadratic_kappa", "quadratic κ"),
                                file_column(interval_column("mean_absolute_difference", "|diff.|")),
                                plain_column("spearman", "ρ")};
  table.columns.insert(table.columns.end(), std::begin(figures), std::end(figures));
  for (const RatingComparison& comparison : comparisons) {
    for (std::size_t which = 0; which < kJudgeScores.size(); ++which) {
      std::vector<DataCell>& row = table.rows.emplace_back();
      for (const Side& side : sides) row.push_back(side.cell(comparison));
      const ScoreAgreement& agreement = comparison.scores[which];
      row.push_back(text_cell(kJudgeScores[which]));
      row.push_back(count_cell(agreement.cases));
      row.push_back(count_cell(agreement.tasks));
      for (const Figure* figure :
           {&agreement.mean_difference, &agreement.exact, &agreement.within_one,
            &agreement.quadratic_kappa, &agreement.mean_absolute_difference, &agreement.spearman}) {
        row.push_back(figure_cell(*figure));
      }
    }
  }
  return table;
}

DataTable alpha_table(const JudgeAgreement& results) {
  DataTable table("alpha",
                  results.n_judges == 2
                      ? std::string("Both judges: Krippendorff's alpha")
                      : fmt::format("All {} judges: Krippendorff's alpha", results.n_judges),
                  {"score", "units", interval_column("alpha_interval", "alpha (interval)"),
                   interval_column("alpha_ordinal", "alpha (ordinal)")});
  if (results.n_judges < 2) return table;
  for (std::size_t which = 0; which < kJudgeScores.size(); ++which) {
    const JudgesAlpha& alpha = results.alpha[which];
    table.rows.push_back({text_cell(kJudgeScores[which]), count_cell(alpha.units),
                          figure_cell(alpha.interval), figure_cell(alpha.ordinal)});
  }
  return table;
}

DataTable coverage_table(std::span<const RatingCoverage> ratings) {
  DataTable table("coverage", "What was asked and how much of it has a score",
                  {elastic_column("judge"), column("temperature", "temp."), "order", "repeat",
                   column("asked", "pairs"), "scored", "coverage"});
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
  const Figure& kappa = comparison.scores.back().quadratic_kappa;
  if (!kappa.value) return std::nullopt;
  std::string text = fixed(*kappa.value, 2);
  if (kappa.interval) {
    text +=
        fmt::format(" ({} to {})", fixed(kappa.interval->low, 2), fixed(kappa.interval->high, 2));
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
    const Figure& bias = results.orders.front().scores.back().mean_difference;
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
  const Side temperature{{"temperature", "temp."}, temperature_of};
  const Side other_temperature{{"other_temperature", "other"}, other_temperature_of};
  const std::vector<Side> with_itself = {kJudge, temperature};
  const std::vector<Side> two_judges = {
      kJudge,
      {file_column("temperature", "temp."), temperature_of},
      kOtherJudge,
      {file_column("other_temperature", "other temp."), other_temperature_of}};
  std::vector<DataTable> tables = {
      comparisons_table("orders", "Position bias: the sides as they are (order 0) against swapped",
                        with_itself, results.orders),
      comparisons_table("repeats", "Test-retest: the same question again", with_itself,
                        results.repeats),
      comparisons_table("temperatures", "Temperatures: the judge's first against each other",
                        {kJudge, temperature, other_temperature}, results.temperatures),
      comparisons_table("judges", "Judges: the first against each other", two_judges,
                        results.judges),
      alpha_table(results),
      coverage_table(results.coverage)};
  for (std::size_t t = 0; t < 2; ++t) {
    tables[t].note = "difference: first minus second; ρ: Spearman.";
  }
  return tables;
}

}  // namespace agentecho
