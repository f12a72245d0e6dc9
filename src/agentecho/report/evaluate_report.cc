#include "agentecho/report/evaluate_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agentecho/base/text.h"
#include "agentecho/report/table.h"

namespace agentecho {

using Json = nlohmann::ordered_json;

namespace {

std::string show(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "–";
}

Table measures_table(const Evaluation& evaluation) {
  const bool subjects =
      !evaluation.measures.empty() && !evaluation.measures.front().subject.empty();
  std::vector<Table::ColumnSpec> specs;
  if (subjects) specs.push_back({"score", Align::kLeft});
  specs.push_back({"measure", Align::kLeft});
  specs.push_back({"value"});
  specs.push_back({"interval", Align::kLeft});
  Table table(std::move(specs));
  std::string last;
  for (const GoldFigure& measure : evaluation.measures) {
    std::vector<std::string> cells;
    if (subjects) cells.push_back(measure.subject == last ? "" : measure.subject);
    last = measure.subject;
    cells.push_back(measure.name);
    cells.push_back(show(measure.value));
    cells.push_back(measure.interval ? fmt::format("[{:.3f} {:.3f}]", measure.interval->low,
                                                   measure.interval->high)
                                     : "");
    table.add_row(std::move(cells));
  }
  return table;
}

Table confusion_table(const Evaluation& evaluation) {
  std::vector<Table::ColumnSpec> specs = {{"label", Align::kLeft}};
  for (const std::string& name : evaluation.classes) specs.push_back({name, Align::kRight, true});
  specs.push_back({"total"});
  Table table(std::move(specs));
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    std::vector<std::string> cells = {evaluation.classes[i]};
    for (std::size_t j = 0; j < evaluation.classes.size(); ++j) {
      cells.push_back(std::to_string(evaluation.confusion.count(i, j)));
    }
    cells.push_back(std::to_string(evaluation.confusion.first_total(i)));
    table.add_row(std::move(cells));
  }
  return table;
}

}  // namespace

std::string render_evaluation(const Evaluation& e, const TableView& view) {
  std::string out = fmt::format("{} of backend \"{}\" against {}\n", name_of(e.kind), e.backend,
                                printable(e.gold_file));
  out += fmt::format(
      "{} of {} labels used, {} tasks; {} without a trajectory in the input, {} without such an "
      "item\n",
      e.used, e.labels, e.tasks, e.without_trajectory, e.without_item);
  if (e.without_answer > 0) {
    out +=
        fmt::format("{} more without an answer of the backend: in no figure\n", e.without_answer);
  }
  for (const std::string& unused : e.unused)
    out += fmt::format("  not found: {}\n", printable(unused));
  if (e.bootstrap.replicates > 0) {
    out += fmt::format("[ ]: {:g} % interval, bootstrap over tasks, {} replicates, seed {}\n",
                       e.bootstrap.level * 100, e.bootstrap.replicates, e.bootstrap.seed);
  }
  out += "\n" + measures_table(e).render(view);
  if (!e.classes.empty()) {
    out += "\nlabels (rows) against the backend (columns)\n\n" + confusion_table(e).render(view);
  }
  return out;
}

std::string evaluation_to_json(const Evaluation& e) {
  Json json;
  json["schema_version"] = 1;
  json["evaluated"] = name_of(e.kind);
  json["backend"] = e.backend;
  json["gold"] = e.gold_file;
  json["labels"] = {{"given", e.labels},
                    {"used", e.used},
                    {"without_trajectory", e.without_trajectory},
                    {"without_item", e.without_item},
                    {"without_answer", e.without_answer}};
  json["not_found"] = e.unused;
  json["n_tasks"] = e.tasks;
  json["bootstrap"] = {{"replicates", e.bootstrap.replicates},
                       {"seed", e.bootstrap.seed},
                       {"level", e.bootstrap.level}};
  Json& measures = json["measures"];
  for (const GoldFigure& measure : e.measures) {
    Json& into = measure.subject.empty() ? measures : measures[measure.subject];
    into[measure.name] = {
        {"value", measure.value ? Json(*measure.value) : Json(nullptr)},
        {"interval",
         measure.interval ? Json{measure.interval->low, measure.interval->high} : Json(nullptr)}};
  }
  if (!e.classes.empty()) {
    json["classes"] = e.classes;
    json["confusion"] = Json::array();
    for (std::size_t i = 0; i < e.classes.size(); ++i) {
      Json row = Json::array();
      for (std::size_t j = 0; j < e.classes.size(); ++j) row.push_back(e.confusion.count(i, j));
      json["confusion"].push_back(std::move(row));
    }
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace agentecho
