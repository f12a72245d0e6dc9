#include "agentecho/report/evaluate_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/json.h"
#include "agentecho/report/verdict_text.h"

namespace agentecho {

namespace {

DataTable measures_table(const Evaluation& evaluation) {
  const bool subjects =
      !evaluation.measures.empty() && !evaluation.measures.front().subject.empty();
  DataTable table("measures", "Agreement with the labels",
                  {file_column_if(!subjects, "score"), "measure", interval_column("value")});
  for (const GoldFigure& measure : evaluation.measures) {
    DataCell value = number_cell(measure.value, 3, "too few labels that differ");
    value.interval = measure.interval;
    table.rows.push_back({text_cell(measure.subject), text_cell(measure.name), std::move(value)});
  }
  if (evaluation.bootstrap.replicates > 0) {
    table.note = fmt::format("[ ]: {:g} % interval, bootstrap over tasks, {} replicates, seed {}",
                             evaluation.bootstrap.level * 100, evaluation.bootstrap.replicates,
                             evaluation.bootstrap.seed);
  }
  return table;
}

DataTable confusion_table(const Evaluation& evaluation) {
  DataTable table("confusion", "Labels (rows) against the backend (columns)", {"label"});
  for (const std::string& name : evaluation.classes) {
    table.columns.push_back(elastic_column(name, name));
  }
  table.columns.emplace_back("total");
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    std::vector<DataCell> cells = {text_cell(evaluation.classes[i])};
    for (std::size_t j = 0; j < evaluation.classes.size(); ++j) {
      cells.push_back(count_cell(evaluation.confusion.count(i, j)));
    }
    cells.push_back(count_cell(evaluation.confusion.first_total(i)));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

const GoldFigure* figure_of(const Evaluation& e, std::string_view subject, std::string_view name) {
  const auto found =
      std::find_if(e.measures.begin(), e.measures.end(), [&](const GoldFigure& measure) {
        return measure.subject == subject && measure.name == name && measure.value;
      });
  return found == e.measures.end() ? nullptr : &*found;
}

std::string shown(const GoldFigure& measure) {
  std::string text = fixed(*measure.value, 2);
  if (measure.interval) {
    text += fmt::format(" ({} to {})", fixed(measure.interval->low, 2),
                        fixed(measure.interval->high, 2));
  }
  return text;
}

// The figures that say most of each kind, with what they are of.
std::string leading_figures(const Evaluation& e) {
  std::string text;
  const auto add = [&](std::string_view subject, std::string_view name, std::string_view words) {
    const GoldFigure* figure = figure_of(e, subject, name);
    if (figure == nullptr) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", words, shown(*figure));
  };
  switch (e.kind) {
    case GoldKind::kStages:
      add("", "accuracy", "accuracy");
      add("", "kappa", "kappa");
      break;
    case GoldKind::kEdges:
      add("", "precision", "precision");
      add("", "recall", "recall");
      break;
    case GoldKind::kRps:
      for (const GoldFigure& measure : e.measures) {
        if (measure.name == "spearman") add(measure.subject, "spearman", measure.subject);
      }
      break;
  }
  return text;
}

VerdictParagraph evaluation_verdict(const Evaluation& e) {
  VerdictParagraph verdict;
  const std::string figures = leading_figures(e);
  verdict.found =
      figures.empty()
          ? fmt::format(
                "How well \"{}\" agrees with these labels cannot be said: no figure is "
                "defined.",
                e.backend)
          : fmt::format("\"{}\" against {}: {}{}.", e.backend, counted(e.used, "label", "labels"),
                        e.kind == GoldKind::kRps ? "rank correlation of " : "", figures);
  if (e.bootstrap.replicates > 0 && !figures.empty()) {
    verdict.sureness =
        e.tasks < 2 ? "All labels are of one task, so nothing says how sure that is."
                    : fmt::format("In brackets {:g} % intervals over {}.", 100 * e.bootstrap.level,
                                  counted(e.tasks, "task", "tasks"));
  }
  verdict.elsewhere =
      "Labels are one person's reading; whether judges agree with each other is what `agentecho "
      "agreement` asks.";
  return verdict;
}

}  // namespace

DataReport evaluation_report(const Evaluation& e) {
  DataReport report("evaluate", fmt::format("{} of backend \"{}\" against {}", name_of(e.kind),
                                            e.backend, printable(e.gold_file)));
  report.verdict = evaluation_verdict(e);
  report.tables = {measures_table(e)};
  if (!e.classes.empty()) report.tables.push_back(confusion_table(e));
  report.notes.push_back(fmt::format(
      "{} of {} labels used, {}; {} without a trajectory in the input, {} without "
      "such an item",
      e.used, e.labels, counted(e.tasks, "task", "tasks"), e.without_trajectory, e.without_item));
  if (e.without_answer > 0) {
    report.notes.push_back(
        fmt::format("{} more without an answer of the backend: in no figure", e.without_answer));
  }
  for (const std::string& unused : e.unused) {
    report.notes.push_back(fmt::format("not found: {}", printable(unused)));
  }
  return report;
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
  add_verdict(evaluation_verdict(e), json);
  json["provenance"] = provenance_json(provenance_of(e));
  Json& measures = json["measures"];
  for (const GoldFigure& measure : e.measures) {
    Json& into = measure.subject.empty() ? measures : measures[measure.subject];
    into[measure.name] = {{"value", optional_json(measure.value)},
                          {"interval", interval_json(measure.interval)}};
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
  add_definitions(evaluation_report(e).tables, json);
  return to_document(json);
}

}  // namespace agentecho
