#include "agentecho/report/attribution_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agentecho/base/text.h"
#include "agentecho/report/compare_report.h"
#include "agentecho/report/data_table.h"
#include "agentecho/report/text_lines.h"

namespace agentecho {

using Json = nlohmann::ordered_json;

namespace {

std::string number(const std::optional<double>& value, const char* none = "–") {
  return value ? fmt::format("{:.3f}", *value) : none;
}

Json optional_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::string render_attribution(const AttributionResults& results, const TableView& view) {
  const bool text = view.style == TableStyle::kText;
  const bool movements = !results.before.empty();
  std::vector<Table::ColumnSpec> columns = {{"candidate", Align::kLeft, true}};
  for (const Metric& metric : results.evidence) columns.push_back({metric.title});
  columns.insert(columns.end(), {{movements ? "movement" : "affinity"}, {"t"}, {"p"}, {"p adj."}});
  Table table(std::move(columns));
  for (const Candidate& candidate : results.candidates) {
    std::vector<std::string> cells = {candidate.model};
    for (std::size_t e = 0; e < candidate.scores.size(); ++e) {
      cells.push_back(movements && candidate.steps[e] ? fmt::format("{:+.3f}", *candidate.steps[e])
                                                      : number(candidate.scores[e]));
    }
    cells.push_back(candidate.affinity ? fmt::format("{:+.2f}", *candidate.affinity) : "–");
    cells.push_back(candidate.statistic ? fmt::format("{:+.2f}", *candidate.statistic) : "–");
    cells.push_back(candidate.p_value ? fmt::format("{:.4f}", *candidate.p_value) : "–");
    cells.push_back(candidate.p_adjusted ? fmt::format("{:.4f}", *candidate.p_adjusted) : "–");
    table.add_row(std::move(cells));
  }
  std::string out = printable(fmt::format("Who taught \"{}\"?", results.student));
  out += "\n";
  if (text) {
    out += fmt::format("{} models in the pool; {}{} in common; mandatory tools: {}\n",
                       results.candidates.size() + (movements ? 2 : 1),
                       movements ? "" : "at least ", counted(results.fewest_tasks, "task", "tasks"),
                       mandatory_text(results.provenance));
    if (movements) {
      out += printable(fmt::format("each score: after less before, \"{}\"", results.before));
      out +=
          "\nmovement: their sum, in standard deviations over the candidates\n"
          "t, p: against the movements toward the others, one-sided; p adj.: Holm, over the "
          "candidates\n";
    } else {
      out +=
          "affinity: how much more alike than two models that typical, in standard deviations of "
          "all pairs\n"
          "p: one-sided; p adj.: Holm, over the candidates\n";
    }
  }
  out += fmt::format("\n{}\n", table.render(view));
  return out +
         (text ? wrapped_text(printable(results.verdict), view.width) : results.verdict + "\n");
}

DataTable candidates_table(const AttributionResults& results) {
  DataTable table;
  table.name = "candidates";
  table.title = "Candidates, the likeliest first";
  table.columns = {{"model", "candidate"}};
  for (const Metric& metric : results.evidence) {
    table.columns.push_back({metric.slug, metric.title});
  }
  if (!results.before.empty()) {
    for (const Metric& metric : results.evidence) {
      table.columns.push_back({"step_" + metric.slug, metric.title + " step"});
    }
  }
  for (const char* name : {"affinity", "t", "p_value", "p_adjusted"}) {
    table.columns.push_back({name, name});
  }
  for (const Candidate& candidate : results.candidates) {
    std::vector<DataCell> cells = {text_cell(candidate.model)};
    for (const auto& score : candidate.scores) cells.push_back(number_cell(score));
    if (!results.before.empty()) {
      for (const auto& step : candidate.steps) cells.push_back(number_cell(step));
    }
    cells.push_back(number_cell(candidate.affinity));
    cells.push_back(number_cell(candidate.statistic));
    cells.push_back(p_value_cell(candidate.p_value));
    cells.push_back(p_value_cell(candidate.p_adjusted));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string attribution_to_json(const AttributionResults& results) {
  Json json;
  json["schema_version"] = kResultsSchemaVersion;
  json["provenance"] = Json::parse(provenance_to_json(results.provenance));
  json["student"] = results.student;
  json["before"] = results.before.empty() ? Json(nullptr) : Json(results.before);
  json["level"] = results.level;
  json["fewest_tasks"] = results.fewest_tasks;
  json["candidates"] = Json::array();
  for (const Candidate& candidate : results.candidates) {
    Json entry;
    entry["model"] = candidate.model;
    for (std::size_t e = 0; e < results.evidence.size(); ++e) {
      entry["scores"][results.evidence[e].slug] = optional_json(candidate.scores[e]);
    }
    for (std::size_t e = 0; e < candidate.steps.size(); ++e) {
      entry["steps"][results.evidence[e].slug] = optional_json(candidate.steps[e]);
    }
    entry[results.before.empty() ? "affinity" : "movement"] = optional_json(candidate.affinity);
    entry["t"] = optional_json(candidate.statistic);
    entry["p_value"] = optional_json(candidate.p_value);
    entry["p_adjusted"] = optional_json(candidate.p_adjusted);
    json["candidates"].push_back(std::move(entry));
  }
  json["error_rate"] = optional_json(results.error_rate);
  if (!results.before.empty()) json["changed_p"] = optional_json(results.changed_p);
  json["named"] = results.named ? Json(*results.named) : Json(nullptr);
  json["verdict"] = results.verdict;
  json["warnings"] = results.warnings;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace agentecho
