#include "agentecho/report/laboratory_report.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "agentecho/report/lineage_tables.h"

namespace agentecho {

namespace {

constexpr const char* kNoBound = "no such bound is promised";
constexpr const char* kNoRun = "no run in which it is defined";

DataCell share_cell(const Share& share) { return percent_cell(share.rate()); }
DataCell rate_cell(const std::optional<double>& share) { return percent_cell(share); }

// A share with its exact interval.
DataCell measured_cell(const Share& share) {
  return percent_cell(share.rate(), share.n > 0 ? std::optional(share.interval()) : std::nullopt);
}

std::string bound_text(const Promise& promise) {
  const auto share = [](double of) { return fmt::format("{:.0f}", 100 * of); };
  if (promise.least && promise.most) {
    return fmt::format("{} to {} %", share(*promise.least), share(*promise.most));
  }
  if (promise.least) return fmt::format("at least {} %", share(*promise.least));
  if (promise.most) return fmt::format("at most {} %", share(*promise.most));
  return "–";
}

DataTable promises_table(const std::vector<Promise>& promises) {
  DataTable table("promises", "What is promised, and what was measured",
                  {"command", elastic_column("promise"), "promised",
                   file_column("least", "at least"), file_column("most", "at most"),
                   interval_column("rate", "measured"), file_column("times"), "of", "kept"});
  for (const Promise& promise : promises) {
    table.rows.push_back({text_cell(promise.command), text_cell(promise.what),
                          text_cell(bound_text(promise)), number_cell(promise.least, 2, kNoBound),
                          number_cell(promise.most, 2, kNoBound), measured_cell(promise.measured),
                          count_cell(promise.measured.times), count_cell(promise.measured.n),
                          text_cell(name_of(verdict_of(promise)))});
  }
  table.note =
      "[ ]: 95 % interval of the measured rate (Clopper and Pearson); within chance: the rate is "
      "not as promised, but its interval reaches there; –: power, which is not promised";
  return table;
}

DataTable conditions_table(std::string_view name, std::string_view title) {
  return {
      name,
      title,
      {elastic_column("condition"), metric_column(), "runs", column("toward_teacher", "to teacher"),
       column("toward_controls", "to controls"), "difference", column("difference_sd", "sd"),
       column("rejected_p05", "p<.05"), column("toward_teacher_p01", "+, p<.01"), "stands_out",
       column("teacher_first", "first")}};
}

std::vector<DataCell> condition_row(const ConditionSummary& s) {
  const auto step = [](const std::optional<double>& value) {
    DataCell cell = step_cell(value);
    if (!value) cell.reason = kNoRun;
    return cell;
  };
  return {text_cell(s.label),
          named_cell(s.slug, s.title),
          count_cell(s.n),
          step(s.toward_teacher),
          step(s.toward_control),
          step(s.difference),
          number_cell(s.difference_sd, 3, "fewer than two runs"),
          rate_cell(s.rejected),
          rate_cell(s.toward_p01),
          rate_cell(s.stands_out),
          rate_cell(s.first)};
}

// Under its name for each condition, and all of them for files.
std::vector<DataTable> tables_of(const std::vector<ConditionSummary>& summaries) {
  std::vector<DataTable> tables;
  DataTable all = conditions_table("conditions", "Conditions");
  all.files_only = true;
  for (const ConditionSummary& s : summaries) {
    if (tables.empty() || tables.back().title != s.label) {
      DataTable& table = tables.emplace_back(conditions_table("condition", s.label));
      table.columns.front().files_only = true;
      table.people_only = true;
    }
    tables.back().rows.push_back(condition_row(s));
    all.rows.push_back(condition_row(s));
  }
  if (summaries.empty()) return tables;
  const Band band = binomial_band(summaries.front().n, 0.05);
  all.note = fmt::format(
      "to teacher, to controls: after less before, means over runs; difference: of the two; sd: "
      "over runs\n"
      "p<.05: two-sided rejections (chance alone in {} runs: {:.1f} to {:.1f} %); +, p<.01: toward "
      "the teacher "
      "stands out: toward the teacher among the controls, p<.05, and changed, p<.05\n"
      "first: runs in which it came nearer to the teacher than to any control",
      summaries.front().n, band.low * 100, band.high * 100);
  tables.back().note = all.note;
  tables.push_back(std::move(all));
  return tables;
}

std::vector<DataTable> tables_of(const std::vector<CopyingSummary>& summaries) {
  DataTable table(
      "copying", "The copying share",
      {"true_share", "runs", "mean", "sd", column("covered", "95 % interval holds it")});
  for (const CopyingSummary& s : summaries) {
    table.rows.push_back({number_cell(s.truth, 1), count_cell(s.n), step_cell(s.mean),
                          number_cell(s.sd, 3, "fewer than two runs"), share_cell(s.covered)});
  }
  return {std::move(table)};
}

std::vector<DataTable> tables_of(const KinshipStudy& study) {
  DataTable table(
      "channels", "Strangers and kin",
      {"channel", "worlds", "some_pair", "named_pair", "kin", column("kin_named", "kin, named"),
       column("auc", "AUC"), file_column("auc_held_models", "SE over models holds it"),
       file_column("auc_held_families", "SE over families holds it")});
  for (const KinshipChannel& of : study.channels) {
    table.rows.push_back({text_cell(name_of(of.channel)), count_cell(of.some.n),
                          share_cell(of.some), share_cell(of.alone), share_cell(of.kin),
                          share_cell(of.kin_alone), number_cell(of.auc),
                          share_cell(of.auc_held_models), share_cell(of.auc_held_families)});
  }
  table.note =
      "some pair, named pair: worlds of 14 strangers with such a pair, p < .05; kin: share of "
      "pairs of one family in worlds of families of 3, 3, 2, 2, 2, 1, 1";
  DataTable odds(
      "odds", "Are the odds by words as stated?",
      {column("odds", "odds stated"), "kin", "others", column("observed", "odds observed")});
  for (const OddsClass& of : study.odds.classes()) {
    odds.rows.push_back({text_cell(odds_class_text(of)), count_cell(of.kin), count_cell(of.others),
                         number_cell(study.odds.observed(of), 2, "no others in this class")});
  }
  odds.note = "odds observed: share of kin in the class over that of others";
  return {std::move(table), std::move(odds)};
}

std::vector<DataTable> tables_of(const std::vector<CoverageSummary>& summaries) {
  DataTable table("coverage", "Do the intervals hold the score on all tasks?",
                  {metric_column(), column("n_tasks", "tasks"), "runs",
                   column("covered", "95 % interval holds it"), "mean_width"});
  for (const CoverageSummary& s : summaries) {
    table.rows.push_back({named_cell(s.slug, s.title), count_cell(s.tasks), count_cell(s.held.n),
                          share_cell(s.held), number_cell(s.width, 3, kNoRun)});
  }
  return {std::move(table)};
}

std::vector<DataTable> tables_of(const std::vector<Promise>& promises) {
  return {promises_table(promises)};
}

std::vector<DataTable> tables_of(const std::vector<DriftSummary>& summaries) {
  const bool channels = !summaries.empty() && summaries.front().channel;
  const auto of_channel = [&](DataColumn column) {
    column.files_only = !channels;
    return column;
  };
  DataTable table(
      "drift", "Verdicts",
      {elastic_column("new_runs"), column("n_tasks", "tasks"), "trials", "comparisons",
       column("some_p_below_05", "some p<.05"), "changed",
       column("changed_at_margin_005", "margin .05"), "same", "cannot_tell", of_channel("channel"),
       of_channel(column("channel_called_same", "called same"))});
  for (const DriftSummary& s : summaries) {
    table.rows.push_back(
        {text_cell(s.label), count_cell(s.tasks), count_cell(s.trials), count_cell(s.n),
         rate_cell(s.alarm), rate_cell(s.changed), rate_cell(s.changed_at_small_margin),
         rate_cell(s.same), rate_cell(s.cannot_tell),
         text_cell(s.channel ? name_of(*s.channel) : "–"), rate_cell(s.channel_same)});
  }
  if (summaries.empty()) return {std::move(table)};
  const Band band = binomial_band(summaries.front().n, 0.05);
  table.note = fmt::format(
      "trials: of each task and side; some p<.05: adjusted, in any channel (5 % of {} comparisons: "
      "{:.1f} to {:.1f} %)\n"
      "changed, same, cannot tell: the verdict as a whole; margin .05: changed, had the margin "
      "been 0.05 of the noise",
      summaries.front().n, band.low * 100, band.high * 100);
  if (channels) {
    table.note +=
        "\nchannel: moves most, by exactly the margin; called same: how often that channel is, "
        "wrongly";
  }
  return {std::move(table)};
}

std::vector<DataTable> tables_of(const std::vector<DiversitySummary>& summaries) {
  DataTable table(
      "numbers", "The effective number of models",
      {"likeness", column("n_models", "models"), column("rho", "planted ρ"), "true_number", "runs",
       "mean", "sd", column("covered", "95 % interval holds it")});
  for (const DiversitySummary& s : summaries) {
    table.rows.push_back({text_cell(s.likeness), count_cell(s.models), number_cell(s.rho, 1),
                          number_cell(s.truth, 2), count_cell(s.n), number_cell(s.mean, 2, kNoRun),
                          number_cell(s.sd, 2, "fewer than two runs"), rate_cell(s.covered)});
  }
  return {std::move(table)};
}

DataTable attribution_table(const AttributionStudy& study, bool with_before) {
  DataTable table(
      with_before ? "with_before" : "alone",
      with_before ? "With the runs before training" : "Similarity alone",
      {elastic_column("condition"), file_column("teacher_in_pool", "teacher in the pool"), "runs",
       column("teacher_first", "first"), "named", column("named_rightly", "teacher named"), "none",
       column("p_of_5_percent", "5 %"), column("p_of_1_percent", "1 %")});
  for (const AttributionSummary& s : study.conditions) {
    if (s.with_before != with_before) continue;
    const auto of_teacher = [&](double share) {
      DataCell cell = percent_cell(s.teacher_in_pool ? std::optional(share) : std::nullopt);
      if (!s.teacher_in_pool) cell.reason = "the teacher is not in the pool";
      return cell;
    };
    const char* const taught = "somebody of the pool taught";
    table.rows.push_back(
        {text_cell(s.label), text_cell(s.teacher_in_pool ? "yes" : "no"), count_cell(s.n),
         of_teacher(s.top), rate_cell(s.named), of_teacher(s.named_right), rate_cell(s.none),
         number_cell(s.p_of_5_percent, 4, taught), number_cell(s.p_of_1_percent, 4, taught)});
  }
  table.note =
      "first: the teacher heads the list; named: somebody is, at the 5 % level; none: nobody is\n"
      "5 %, 1 %: the smallest adjusted p that so many runs have, where nobody of the pool taught";
  return table;
}

DataTable reliability_table(const AttributionStudy& study, bool with_before) {
  DataTable table(
      with_before ? "with_before_rates" : "alone_rates",
      with_before ? "Stated error rates, with the runs before training"
                  : "Stated error rates, similarity alone",
      {column("stated", "stated error rate"), "runs", column("wrong", "first is not the teacher")});
  double above = 0;
  for (const Reliability& r : study.reliability) {
    if (r.with_before != with_before) continue;
    table.rows.push_back({text_cell(fmt::format("{:g} to {:g} %", above * 100, r.below * 100)),
                          count_cell(r.n),
                          percent_cell(r.n > 0 ? std::optional(r.wrong) : std::nullopt)});
    above = r.below;
  }
  return table;
}

std::vector<DataTable> tables_of(const AttributionStudy& study) {
  return {attribution_table(study, false), reliability_table(study, false),
          attribution_table(study, true), reliability_table(study, true)};
}

}  // namespace

DataReport laboratory_report(const StudyResults& results) {
  DataReport report(results.name, fmt::format("Study {} of simulated agents", results.name));
  report.verdict = results.verdict;
  report.tables =
      std::visit([](const auto& findings) { return tables_of(findings); }, results.findings);
  const bool own = std::holds_alternative<std::vector<Promise>>(results.findings);
  if (!own && !results.promises.empty()) report.tables.push_back(promises_table(results.promises));
  return report;
}

}  // namespace agentecho
