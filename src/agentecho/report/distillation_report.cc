#include "agentecho/report/distillation_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/report/compare_report.h"
#include "agentecho/report/data_table.h"
#include "agentecho/report/text_lines.h"

namespace agentecho {

using Json = nlohmann::ordered_json;

namespace {

// Places of the metrics, groups together.
std::vector<std::size_t> in_order(const DistillationResults& results) {
  std::vector<std::size_t> places(results.metrics.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(), [&](std::size_t x, std::size_t y) {
    return results.metrics[x].group < results.metrics[y].group;
  });
  return places;
}

std::string signed_number(double x) {
  const std::string text = fmt::format("{:+.3f}", x);
  return text == "-0.000" ? "+0.000" : text;
}

// "0.748 → 0.858"
std::string show_step(const std::optional<double>& before, const std::optional<double>& after) {
  if (!before || !after) return "–";
  return fmt::format("{:.3f} → {:.3f}", *before, *after);
}

std::string show_difference(const Movement& movement) {
  if (!movement.difference) return "–";
  if (!movement.interval) return signed_number(*movement.difference);
  return fmt::format("{} [{} {}]", signed_number(*movement.difference),
                     signed_number(movement.interval->low), signed_number(movement.interval->high));
}

std::string show_p(double p) { return p < 0.0001 ? "<.0001" : fmt::format("{:.4f}", p); }
std::string show_p(const Movement& movement) {
  return movement.p_value ? show_p(*movement.p_value) : "–";
}

std::vector<std::string> cells_of(std::string first, const Movement& movement) {
  return {std::move(first),
          show_step(movement.teacher_before, movement.teacher_after),
          show_step(movement.control_before, movement.control_after),
          show_difference(movement),
          show_p(movement),
          std::to_string(movement.n_tasks)};
}

Table scores_table(const DistillationResults& results) {
  const std::string control = results.roles.controls.size() == 1 ? "to control" : "to controls";
  Table table({{"score", Align::kLeft, true},
               {"to teacher", Align::kLeft},
               {control, Align::kLeft},
               {"difference", Align::kLeft},
               {"p"},
               {"tasks"}});
  const std::vector<std::size_t> places = in_order(results);
  MetricGroup group = results.metrics[places.front()].group;
  for (const std::size_t m : places) {
    const Metric& metric = results.metrics[m];
    if (metric.group != group) table.add_rule();
    group = metric.group;
    table.add_row(cells_of(metric.title, results.estimates.mean[m]));
  }
  return table;
}

// The step toward the teacher among those toward the controls; wording first.
Table among_table(const DistillationResults& results) {
  Table table({{"score", Align::kLeft, true},
               {"step toward the teacher", Align::kLeft},
               {"toward controls"},
               {"t"},
               {"p"},
               {"changed"}});
  const DistillationEstimates& estimates = results.estimates;
  for (const MetricChannel channel : {MetricChannel::kWording, MetricChannel::kAction}) {
    bool first = !table.empty();
    for (const std::size_t m : in_order(results)) {
      if (results.metrics[m].channel != channel) continue;
      if (std::exchange(first, false)) table.add_rule();
      const Movement& mean = estimates.mean[m];
      const TeacherStanding& standing = results.teachers.front();
      std::string step = "–";
      if (estimates.steps[m]) step = signed_number(*estimates.steps[m]);
      if (const auto& i = estimates.step_intervals[m]) {
        step += fmt::format(" [{} {}]", signed_number(i->low), signed_number(i->high));
      }
      table.add_row({results.metrics[m].title, step,
                     mean.control_before && mean.control_after
                         ? signed_number(*mean.control_after - *mean.control_before)
                         : "–",
                     standing.among[m] ? fmt::format("{:+.2f}", standing.among[m]->t) : "–",
                     standing.p_adjusted[m] ? show_p(*standing.p_adjusted[m]) : "–", show_p(mean)});
    }
  }
  return table;
}

Table teachers_table(const DistillationResults& results) {
  Table table({{"teacher", Align::kLeft, true},
               {"score", Align::kLeft},
               {"step"},
               {"t"},
               {"p"},
               {"p adj."}});
  for (const TeacherStanding& teacher : results.teachers) {
    for (const std::string_view slug : {"rps", "bigram", "ags"}) {
      const auto found = std::find_if(results.metrics.begin(), results.metrics.end(),
                                      [&](const Metric& metric) { return metric.slug == slug; });
      if (found == results.metrics.end()) continue;
      const auto m = static_cast<std::size_t>(found - results.metrics.begin());
      const auto& among = teacher.among[m];
      table.add_row({teacher.teacher, results.metrics[m].title,
                     teacher.steps[m] ? signed_number(*teacher.steps[m]) : "–",
                     among ? fmt::format("{:+.2f}", among->t) : "–",
                     among ? show_p(among->p_greater) : "–",
                     teacher.p_adjusted[m] ? show_p(*teacher.p_adjusted[m]) : "–"});
    }
  }
  return table;
}

Table controls_table(const DistillationResults& results) {
  Table table({{"control", Align::kLeft, true},
               {"to teacher", Align::kLeft},
               {"to control", Align::kLeft},
               {"difference", Align::kLeft},
               {"p"},
               {"tasks"}});
  for (std::size_t c = 0; c < results.roles.controls.size(); ++c) {
    table.add_row(
        cells_of(results.roles.controls[c], results.estimates.controls[c][*results.estimates.ags]));
  }
  return table;
}

Json optional_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json movement_json(const Movement& m) {
  Json json;
  json["teacher_before"] = optional_json(m.teacher_before);
  json["teacher_after"] = optional_json(m.teacher_after);
  json["control_before"] = optional_json(m.control_before);
  json["control_after"] = optional_json(m.control_after);
  json["difference"] = optional_json(m.difference);
  json["interval"] = m.interval ? Json::array({m.interval->low, m.interval->high}) : Json(nullptr);
  json["p_value"] = optional_json(m.p_value);
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
constexpr PublishedMovement kPublished[] = {{"AGS", 0.59, 0.72, 0.64, 0.59},
                                            {"GED", 0.42, 0.65, 0.39, 0.59}};
constexpr const char* kPublishedTitle =
    "As published (tables 3 and 8): Qwen2.5-14B before and after distillation from Claude";
constexpr const char* kPublishedNote =
    "Other models and tasks: for orientation, not for comparison figure by figure. No published\n"
    "figures are at hand for the other scores.";

}  // namespace

std::string render_distillation(const DistillationResults& results, const TableView& view) {
  const DistillationRoles& roles = results.roles;
  const Provenance& p = results.provenance;
  const bool text = view.style == TableStyle::kText;
  std::string out = printable(fmt::format("From \"{}\" to \"{}\": nearer to \"{}\"?", roles.before,
                                          roles.after, roles.teacher));
  out += "\n";
  if (text) {
    out += wrapped_text(
        printable(fmt::format("{}: {}", roles.controls.size() == 1 ? "control" : "controls",
                              fmt::join(roles.controls, ", "))),
        view.width);
    out += fmt::format(
        "{} that all roles have; mandatory tools: {}; pool: {}; dependency verifier: {}\n",
        counted(results.n_tasks, "task", "tasks"), mandatory_text(p),
        counted(p.pool.size(), "model", "models"), p.features.verifier);
    out += "step: after − before; t, p: of the step toward the teacher among those toward the ";
    out += "controls, one-sided\n(Crawford and Howell";
    if (results.teachers.size() > 1) {
      out += fmt::format("; p corrected for {} teachers, Holm", results.teachers.size());
    }
    out += "); changed: p that anything changed, which is that of the difference\n";
    out += "difference: (after − before) toward the teacher less the same toward the ";
    out += roles.controls.size() == 1 ? "control\n" : "controls (their mean)\n";
    if (p.bootstrap.replicates > 0) {
      out += fmt::format("[ ]: {:g} % interval, bootstrap over tasks, {} replicates, seed {}\n",
                         p.bootstrap.level * 100, p.bootstrap.replicates, p.bootstrap.seed);
    }
    out +=
        "p: two-sided, before and after exchanged task by task; not corrected for the number of "
        "scores\n";
  }
  const std::string verdict =
      text ? wrapped_text(printable(results.verdict), view.width) : results.verdict + "\n";
  out += "\n" + verdict;
  out += "\nThe teacher among the controls\n\n" + among_table(results).render(view);
  if (results.teachers.size() > 1) {
    out += "\nEach teacher among the controls\n\n" + teachers_table(results).render(view);
  }
  out += "\nDifferences\n\n" + scores_table(results).render(view);
  if (roles.controls.size() > 1 && results.estimates.ags) {
    out += "\nAGS against each control\n\n" + controls_table(results).render(view);
  }
  return out;
}

std::string render_published_distillation(const TableView& view) {
  Table table({{"score", Align::kLeft}, {"to teacher"}, {"to control"}, {"difference"}});
  for (const PublishedMovement& published : kPublished) {
    table.add_row(
        {published.score,
         fmt::format("{:.2f} → {:.2f}", published.teacher_before, published.teacher_after),
         fmt::format("{:.2f} → {:.2f}", published.control_before, published.control_after),
         fmt::format("{:+.2f}", published.difference())});
  }
  return fmt::format("\n{}\n\n{}\n{}\n", kPublishedTitle, table.render(view), kPublishedNote);
}

DataTable distillation_table(const DistillationResults& results) {
  DataTable table;
  table.name = "movements";
  table.title = "Movement toward the teacher less that toward the controls";
  for (const char* name : {"control", "metric", "teacher_before", "teacher_after", "control_before",
                           "control_after", "difference", "p_value", "n_tasks"}) {
    table.columns.push_back({name, name});
  }
  table.columns[6].interval = true;
  const auto add = [&](std::string_view control, const Movements& movements) {
    for (const std::size_t m : in_order(results)) {
      const Movement& movement = movements[m];
      DataCell difference = number_cell(movement.difference);
      difference.interval = movement.interval;
      table.rows.push_back(
          {text_cell(control), text_cell(results.metrics[m].slug),
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
  DataTable table;
  table.name = "standings";
  table.title = "Each teacher among the controls";
  for (const char* name : {"teacher", "metric", "step", "t", "p_value", "p_adjusted"}) {
    table.columns.push_back({name, name});
  }
  for (const TeacherStanding& teacher : results.teachers) {
    for (const std::size_t m : in_order(results)) {
      const auto& among = teacher.among[m];
      table.rows.push_back({text_cell(teacher.teacher), text_cell(results.metrics[m].slug),
                            number_cell(teacher.steps[m]),
                            number_cell(among ? std::optional(among->t) : std::nullopt),
                            p_value_cell(among ? std::optional(among->p_greater) : std::nullopt),
                            p_value_cell(teacher.p_adjusted[m])});
    }
  }
  return table;
}

std::string distillation_to_json(const DistillationResults& results, bool paper) {
  const Provenance& p = results.provenance;
  Json json;
  json["schema_version"] = kResultsSchemaVersion;
  json["provenance"] = Json::parse(provenance_to_json(p));
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
      entry["scores"][results.metrics[m].slug] = {
          {"step", optional_json(teacher.steps[m])},
          {"t", among ? Json(among->t) : Json(nullptr)},
          {"p_value", among ? Json(among->p_greater) : Json(nullptr)},
          {"p_adjusted", optional_json(teacher.p_adjusted[m])}};
    }
    json["teachers"].push_back(std::move(entry));
  }
  for (const std::size_t m : in_order(results)) {
    const auto& interval = results.estimates.step_intervals[m];
    json["steps"][results.metrics[m].slug] = {
        {"step", optional_json(results.estimates.steps[m])},
        {"interval", interval ? Json::array({interval->low, interval->high}) : Json(nullptr)}};
  }
  json["yardstick"] = results.yardstick ? Json{{"rank", results.yardstick->rank},
                                               {"of", results.roles.controls.size() + 1},
                                               {"p_value", results.yardstick->p_value}}
                                        : Json(nullptr);
  json["verdict"] = results.verdict;
  if (paper) {
    json["published"] = {{"what", kPublishedTitle}, {"note", kPublishedNote}};
    for (const PublishedMovement& published : kPublished) {
      json["published"]["scores"].push_back({{"score", published.score},
                                             {"teacher_before", published.teacher_before},
                                             {"teacher_after", published.teacher_after},
                                             {"control_before", published.control_before},
                                             {"control_after", published.control_after}});
    }
  }
  json["warnings"] = results.warnings;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace agentecho
