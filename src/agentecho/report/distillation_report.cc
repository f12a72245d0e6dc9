#include "agentecho/report/distillation_report.h"

#include <fmt/format.h>

#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/data_table.h"
#include "agentecho/report/json.h"
#include "agentecho/report/json_numbers.h"
#include "agentecho/report/provenance_text.h"
#include "agentecho/report/verdict_text.h"
#include "agentecho/stats/ranking.h"

namespace agentecho {

namespace {

// Places of the metrics, groups together.
std::vector<std::size_t> in_order(const DistillationResults& results) {
  return places_in_order(results.metrics.size(), [&](std::size_t x, std::size_t y) {
    return results.metrics[x].group < results.metrics[y].group;
  });
}

// "0.748 → 0.858"
DataCell moved_cell(const std::optional<double>& before, const std::optional<double>& after) {
  return text_cell(before && after ? fmt::format("{} → {}", fixed(*before, 3), fixed(*after, 3))
                                   : "–");
}

// Columns and cells of one movement: where from, where to, and what the difference is.
std::vector<DataColumn> movement_columns(DataColumn first, bool one_control) {
  return {std::move(first),
          "to_teacher",
          column("to_control", one_control ? "to control" : "to controls"),
          interval_column("difference"),
          column("p_value", "p"),
          column("n_tasks", "tasks")};
}

std::vector<DataCell> movement_cells(DataCell first, const Movement& movement) {
  return {std::move(first),
          moved_cell(movement.teacher_before, movement.teacher_after),
          moved_cell(movement.control_before, movement.control_after),
          step_cell(movement.difference, movement.interval),
          p_value_cell(movement.p_value),
          count_cell(movement.n_tasks)};
}

DataTable scores_table(const DistillationResults& results) {
  DataTable table("differences", "Differences",
                  movement_columns(metric_column(), results.roles.controls.size() == 1));
  for (const std::size_t m : in_order(results)) {
    table.rows.push_back(
        movement_cells(metric_cell(results.metrics[m]), results.estimates.mean[m]));
  }
  table.note = fmt::format(
      "difference: (after − before) toward the teacher less the same toward the {}\n"
      "p: two-sided, before and after exchanged task by task; not corrected for the number of "
      "scores",
      results.roles.controls.size() == 1 ? "control" : "controls (their mean)");
  return table;
}

// The step toward the teacher among those toward the controls; wording first.
DataTable among_table(const DistillationResults& results) {
  DataTable table("among_controls", "The teacher among the controls",
                  {metric_column(), interval_column("step", "step to teacher"),
                   column("control_step", "to controls"), "t", column("p_adjusted", "p"),
                   column("changed_p", "changed")});
  const DistillationEstimates& estimates = results.estimates;
  const TeacherStanding& standing = results.teachers.front();
  for (const MetricChannel channel : {MetricChannel::kWording, MetricChannel::kAction}) {
    for (const std::size_t m : in_order(results)) {
      if (results.metrics[m].channel != channel) continue;
      const Movement& mean = estimates.mean[m];
      std::optional<double> control_step;
      if (mean.control_before && mean.control_after) {
        control_step = *mean.control_after - *mean.control_before;
      }
      DataCell t =
          step_cell(standing.among[m] ? std::optional(standing.among[m]->t) : std::nullopt);
      t.digits = 2;
      table.rows.push_back({metric_cell(results.metrics[m]),
                            step_cell(estimates.steps[m], estimates.step_intervals[m]),
                            step_cell(control_step), std::move(t),
                            p_value_cell(standing.p_adjusted[m]), p_value_cell(mean.p_value)});
    }
  }
  table.note = fmt::format(
      "step: after − before; t, p: of the step toward the teacher among those toward the controls, "
      "one-sided\n(Crawford and Howell{}); changed: p that anything changed, which is that of the "
      "difference;\neach score by itself: the verdict corrects for those that it speaks of",
      results.teachers.size() > 1
          ? fmt::format("; p corrected for {} teachers, Holm", results.teachers.size())
          : "");
  return table;
}

DataTable controls_table(const DistillationResults& results) {
  DataTable table("each_control", "AGS against each control",
                  movement_columns(elastic_column("control"), true));
  for (std::size_t c = 0; c < results.roles.controls.size(); ++c) {
    table.rows.push_back(movement_cells(text_cell(results.roles.controls[c]),
                                        results.estimates.controls[c][*results.estimates.ags]));
  }
  return table;
}

constexpr const char* kNoScore = "no task in common on which the score is defined for all roles";
constexpr const char* kOneTask = "a single task carries the score, or no replicates";
constexpr const char* kNotAmong = "fewer than two controls with a step, or all their steps equal";

Json movement_json(const Movement& m) {
  Json json;
  put_number(json, "teacher_before", m.teacher_before, kNoScore);
  put_number(json, "teacher_after", m.teacher_after, kNoScore);
  put_number(json, "control_before", m.control_before, kNoScore);
  put_number(json, "control_after", m.control_after, kNoScore);
  put_number(json, "difference", m.difference, kNoScore);
  put_interval(json, "interval", m.interval, m.difference ? kNoInterval : kNoScore);
  put_number(json, "p_value", m.p_value, m.difference ? kOneTask : kNoScore);
  json["n_tasks"] = m.n_tasks;
  return json;
}

Json movements_json(const DistillationResults& results, const Movements& movements) {
  Json json;
  for (const std::size_t m : in_order(results)) {
    const Metric& metric = results.metrics[m];
    json[std::string(name_of(metric.group))][metric.slug] = movement_json(movements[m]);
  }
  return json;
}

// C. Yang et al., "When Agents Look the Same" (ACL 2026), tables 3 and 8.
struct PublishedMovement {
  const char* score;
  double teacher_before, teacher_after, control_before, control_after;
  double difference() const {
    return (teacher_after - teacher_before) - (control_after - control_before);
  }
};
constexpr PublishedMovement kPublishedMovements[] = {{"AGS", 0.59, 0.72, 0.64, 0.59},
                                                     {"GED", 0.42, 0.65, 0.39, 0.59}};
constexpr const char* kPublishedTitle =
    "As published (tables 3 and 8): Qwen2.5-14B before and after distillation from Claude";
constexpr const char* kPublishedNote =
    "Other models and tasks: for orientation, not for comparison figure by figure. No published "
    "figures are at hand for the other scores.";

DataTable published_table() {
  DataTable table("published", kPublishedTitle,
                  {metric_column(), "to_teacher", "to_control", "difference"});
  for (const PublishedMovement& published : kPublishedMovements) {
    DataCell difference = step_cell(published.difference());
    difference.digits = 2;
    table.rows.push_back({text_cell(published.score),
                          text_cell(fmt::format("{:.2f} → {:.2f}", published.teacher_before,
                                                published.teacher_after)),
                          text_cell(fmt::format("{:.2f} → {:.2f}", published.control_before,
                                                published.control_after)),
                          std::move(difference)});
  }
  table.note = kPublishedNote;
  return table;
}

}  // namespace

DataReport distillation_report(const DistillationResults& results, bool paper) {
  const DistillationRoles& roles = results.roles;
  const Provenance& p = results.provenance;
  DataReport report("distill", printable(fmt::format("From \"{}\" to \"{}\": nearer to \"{}\"?",
                                                     roles.before, roles.after, roles.teacher)));
  report.verdict = results.verdict;
  report.tables = {among_table(results)};
  if (results.teachers.size() > 1) report.tables.push_back(standings_table(results));
  report.tables.push_back(scores_table(results));
  if (roles.controls.size() > 1 && results.estimates.ags) {
    report.tables.push_back(controls_table(results));
  }
  if (paper) report.tables.push_back(published_table());
  report.notes.push_back(printable(fmt::format(
      "{}: {}; mandatory tools: {}; pool: {}; dependency verifier: {}",
      roles.controls.size() == 1 ? "control" : "controls", fmt::join(roles.controls, ", "),
      mandatory_text(p), counted(p.pool.size(), "model", "models"), p.features.verifier)));
  if (p.bootstrap.replicates > 0) {
    report.notes.push_back(
        fmt::format("[ ]: {:g} % interval, bootstrap over tasks, {} replicates, seed {}",
                    p.bootstrap.level * 100, p.bootstrap.replicates, p.bootstrap.seed));
  }
  return report;
}

DataTable distillation_table(const DistillationResults& results) {
  DataTable table("movements", "Movement toward the teacher less that toward the controls");
  for (const char* name : {"control", "metric", "teacher_before", "teacher_after", "control_before",
                           "control_after", "difference", "p_value", "n_tasks"}) {
    table.columns.emplace_back(name, name);
  }
  table.columns[6].interval = true;
  const auto add = [&](std::string_view control, const Movements& movements) {
    for (const std::size_t m : in_order(results)) {
      const Movement& movement = movements[m];
      DataCell difference = number_cell(movement.difference);
      difference.interval = movement.interval;
      table.rows.push_back(
          {text_cell(control), metric_cell(results.metrics[m]),
           number_cell(movement.teacher_before), number_cell(movement.teacher_after),
           number_cell(movement.control_before), number_cell(movement.control_after),
           std::move(difference), p_value_cell(movement.p_value), count_cell(movement.n_tasks)});
    }
  };
  add("mean of controls", results.estimates.mean);
  for (std::size_t c = 0; c < results.roles.controls.size(); ++c) {
    add(results.roles.controls[c], results.estimates.controls[c]);
  }
  return table;
}

DataTable standings_table(const DistillationResults& results) {
  DataTable table("standings", "Each teacher among the controls",
                  {elastic_column("teacher"), metric_column(), "step", "t", column("p_value", "p"),
                   column("p_adjusted", "p adj.")});
  for (const TeacherStanding& teacher : results.teachers) {
    for (const std::size_t m : in_order(results)) {
      const auto& among = teacher.among[m];
      table.rows.push_back({text_cell(teacher.teacher), metric_cell(results.metrics[m]),
                            step_cell(teacher.steps[m]),
                            step_cell(among ? std::optional(among->t) : std::nullopt),
                            p_value_cell(among ? std::optional(among->p_greater) : std::nullopt),
                            p_value_cell(teacher.p_adjusted[m])});
    }
  }
  table.most_shown = kTopRows;
  return table;
}

std::string distillation_to_json(const DistillationResults& results, bool paper) {
  const Provenance& p = results.provenance;
  Json json;
  json["schema_version"] = kResultsSchemaVersion;
  json["provenance"] = provenance_json(p);
  json["roles"] = {{"before", results.roles.before},
                   {"after", results.roles.after},
                   {"teacher", results.roles.teacher},
                   {"controls", results.roles.controls}};
  json["n_tasks"] = results.n_tasks;
  json["n_tasks_of_any_role"] = results.n_tasks_any;
  json["mean_of_controls"] = movements_json(results, results.estimates.mean);
  json["controls"] = Json::array();
  for (std::size_t c = 0; c < results.roles.controls.size(); ++c) {
    Json control = {{"control", results.roles.controls[c]}};
    control["scores"] = movements_json(results, results.estimates.controls[c]);
    json["controls"].push_back(std::move(control));
  }
  json["teachers"] = Json::array();
  for (const TeacherStanding& teacher : results.teachers) {
    Json entry = {{"teacher", teacher.teacher}};
    for (const std::size_t m : in_order(results)) {
      const auto& among = teacher.among[m];
      const char* const untested = teacher.steps[m] ? kNotAmong : kNoScore;
      Json& score = entry["scores"][results.metrics[m].slug];
      put_number(score, "step", teacher.steps[m], kNoScore);
      put_number(score, "t", among ? std::optional(among->t) : std::nullopt, untested);
      put_number(score, "p_value", among ? std::optional(among->p_greater) : std::nullopt,
                 untested);
      put_number(score, "p_adjusted", teacher.p_adjusted[m], untested);
    }
    json["teachers"].push_back(std::move(entry));
  }
  for (const std::size_t m : in_order(results)) {
    Json& step = json["steps"][results.metrics[m].slug];
    put_number(step, "step", results.estimates.steps[m], kNoScore);
    put_interval(step, "interval", results.estimates.step_intervals[m],
                 results.estimates.steps[m] ? kNoInterval : kNoScore);
  }
  json["leading"] = Json::object();
  for (const LeadingScore& score : results.leading) {
    Json& entry = json["leading"][results.metrics[score.metric].slug];
    const char* const untested = results.estimates.steps[score.metric] ? kNotAmong : kNoScore;
    put_number(entry, "p_among_controls", score.among_p, untested);
    put_number(entry, "p_changed", score.changed_p,
               results.estimates.mean[score.metric].difference ? kOneTask : kNoScore);
  }
  json["yardstick"] = results.yardstick ? Json{{"rank", results.yardstick->rank},
                                               {"of", results.roles.controls.size() + 1},
                                               {"p_value", results.yardstick->p_value}}
                                        : Json(nullptr);
  if (!results.yardstick) json["yardstick_reason"] = "AGS is undefined for a role, or not computed";
  add_verdict(results.verdict, json);
  if (paper) {
    json["published"] = {{"what", kPublishedTitle}, {"note", kPublishedNote}};
    for (const PublishedMovement& published : kPublishedMovements) {
      json["published"]["scores"].push_back({{"score", published.score},
                                             {"teacher_before", published.teacher_before},
                                             {"teacher_after", published.teacher_after},
                                             {"control_before", published.control_before},
                                             {"control_after", published.control_after}});
    }
  }
  add_definitions(distillation_report(results, paper).tables, json);
  json["warnings"] = results.warnings;
  return to_document(json);
}

}  // namespace agentecho
