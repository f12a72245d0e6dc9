#include "agentecho/report/attribution_report.h"

#include <fmt/format.h>

#include "agentecho/base/text.h"
#include "agentecho/report/data_table.h"
#include "agentecho/report/json.h"
#include "agentecho/report/json_numbers.h"
#include "agentecho/report/provenance_text.h"
#include "agentecho/report/verdict_text.h"
#include "agentecho/stats/significance.h"

namespace agentecho {

namespace {

constexpr const char* kNoCommonTask = "no task in common that carries the score";
constexpr const char* kNoSpread = "too few other candidates, or all alike";

std::string_view why_nobody(const AttributionResults& results) {
  if (!results.error_rate) return kNoSpread;
  if (!is_below_alpha(*results.error_rate, results.level))
    return "the error rate of a name would not be below 1 - level";
  if (!results.before.empty() && !is_below_alpha(results.changed_p.value_or(1), results.level)) {
    return "nothing shows that anything changed";
  }
  return "the student did not come nearer to the first candidate";
}

}  // namespace

DataTable candidates_table(const AttributionResults& results) {
  const bool movements = !results.before.empty();
  DataTable table("candidates", "Candidates, the likeliest first",
                  {elastic_column("model", "candidate")});
  for (const Metric& metric : results.evidence) {
    table.columns.push_back(file_column_if(movements, column(metric.slug, metric.title)));
  }
  if (movements) {
    for (const Metric& metric : results.evidence) {
      table.columns.emplace_back("step_" + metric.slug, metric.title);
    }
  }
  table.columns.insert(table.columns.end(),
                       {column("affinity", movements ? "movement" : "affinity"), "t",
                        column("p_value", "p"), column("p_adjusted", "p adj.")});
  for (const Candidate& candidate : results.candidates) {
    std::vector<DataCell> cells = {text_cell(candidate.model)};
    for (const auto& score : candidate.scores) cells.push_back(number_cell(score));
    if (movements) {
      for (const auto& step : candidate.steps) cells.push_back(step_cell(step));
    }
    for (const auto& figure : {candidate.affinity, candidate.statistic}) {
      cells.push_back(step_cell(figure));
      cells.back().digits = 2;
    }
    cells.push_back(p_value_cell(candidate.p_value));
    cells.push_back(p_value_cell(candidate.p_adjusted));
    table.rows.push_back(std::move(cells));
  }
  table.note =
      movements
          ? fmt::format(
                "each score: after less before, \"{}\"; movement: their sum, in standard "
                "deviations "
                "over the candidates\nt, p: against the movements toward the others, one-sided; p "
                "adj.: Holm, over the candidates",
                printable(results.before))
          : "affinity: how much more alike than two models that typical, in standard deviations of "
            "all pairs\nt: the same, held against the other pairs alone; p: one-sided; p adj.: "
            "Holm, over the candidates";
  return table;
}

DataReport attribution_report(const AttributionResults& results) {
  DataReport report("attribute",
                    printable(fmt::format("Who taught \"{}\"? Mandatory tools: {}", results.student,
                                          mandatory_text(results.provenance))));
  report.verdict = results.verdict;
  report.tables = {candidates_table(results)};
  return report;
}

std::string attribution_to_json(const AttributionResults& results) {
  Json json;
  json["schema_version"] = kResultsSchemaVersion;
  json["provenance"] = provenance_json(results.provenance);
  json["student"] = results.student;
  json["before"] = results.before.empty() ? Json(nullptr) : Json(results.before);
  json["level"] = results.level;
  json["fewest_tasks"] = results.fewest_tasks;
  json["candidates"] = Json::array();
  for (const Candidate& candidate : results.candidates) {
    Json entry;
    entry["model"] = candidate.model;
    for (std::size_t e = 0; e < results.evidence.size(); ++e) {
      put_number(entry["scores"], results.evidence[e].slug, candidate.scores[e], kNoCommonTask);
    }
    for (std::size_t e = 0; e < candidate.steps.size(); ++e) {
      put_number(entry["steps"], results.evidence[e].slug, candidate.steps[e], kNoCommonTask);
    }
    put_number(entry, results.before.empty() ? "affinity" : "movement", candidate.affinity,
               kNoSpread);
    put_number(entry, "t", candidate.statistic, kNoSpread);
    put_number(entry, "p_value", candidate.p_value, kNoSpread);
    put_number(entry, "p_adjusted", candidate.p_adjusted, kNoSpread);
    json["candidates"].push_back(std::move(entry));
  }
  put_number(json, "error_rate", results.error_rate, kNoSpread);
  if (!results.before.empty()) {
    put_number(json, "changed_p", results.changed_p, "no score that can be tested");
  }
  json["named"] = results.named ? Json(*results.named) : Json(nullptr);
  if (!results.named) json["named_reason"] = why_nobody(results);
  add_verdict(results.verdict, json);
  add_definitions(attribution_report(results).tables, json);
  json["warnings"] = results.warnings;
  return to_document(json);
}

}  // namespace agentecho
