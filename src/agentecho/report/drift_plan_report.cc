#include "agentecho/report/drift_plan_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/drift_report.h"
#include "agentecho/stats/significance.h"

namespace agentecho {

namespace {

// The formula of the plan takes the excess for normal and as widely spread as noise, which it is
// not over few tasks.
constexpr std::size_t kFewPlannedTasks = 20;

DataCell trend_cell(const std::optional<double>& value, const std::optional<Interval>& interval) {
  DataCell cell = number_cell(value, 4, "no task with two runs in the first step");
  cell.interval = interval;
  if (value && !interval) cell.reason = kTooFewToResample;
  return cell;
}

DataTable plan_table(const DriftPlan& plan) {
  DataTable table(
      "plan",
      fmt::format("Tasks needed, by runs of each task and side (the baseline has {} "
                  "tasks, {} of them with two runs or more)",
                  plan.tasks, plan.noise_tasks),
      {"channel", column("within", "noise"), "runs", column("tasks_for_change", "to see a change"),
       column("tasks_for_same", "to say same"), "least_change"});
  const auto add = [&](std::string_view name, std::optional<double> within, std::size_t k,
                       std::size_t change, std::size_t same, std::optional<double> least) {
    table.rows.push_back({text_cell(name), number_cell(within), count_cell(plan.options.runs[k]),
                          count_cell(change), count_cell(same), number_cell(least, 2)});
  };
  for (std::size_t k = 0; k < plan.options.runs.size(); ++k) {
    add("all", std::nullopt, k, plan.tasks_for_change[k], plan.tasks_for_same[k], std::nullopt);
  }
  for (const ChannelPlan& channel : plan.channels) {
    for (std::size_t k = 0; k < plan.options.runs.size(); ++k) {
      add(name_of(channel.channel), channel.within, k, channel.tasks_for_change[k],
          channel.tasks_for_same[k], channel.least_change[k]);
    }
  }
  table.note = fmt::format(
      "noise: mean distance of two baseline runs of a task; a change of {:.3g} of the noise is to "
      "be seen, and \"same\" said within {:.3g} of it, with a power of {:.0f} % at the {:g} % "
      "level; least change: what the {} tasks of the baseline would show, in units of the noise",
      plan.options.change, plan.options.margin, 100 * plan.options.power,
      100 * (1 - plan.options.level), plan.tasks);
  const bool careful = std::any_of(plan.channels.begin(), plan.channels.end(),
                                   [](const ChannelPlan& c) { return c.careful; });
  if (careful) {
    table.note +=
        "\nNo task has four runs, so the spread is an upper bound and the numbers are careful";
  }
  const bool rough =
      std::any_of(plan.channels.begin(), plan.channels.end(), [](const ChannelPlan& c) {
        return std::any_of(c.tasks_for_change.begin(), c.tasks_for_change.end(),
                           [](std::size_t tasks) { return tasks < kFewPlannedTasks; });
      });
  if (rough) {
    table.note +=
        fmt::format("\nTo see a change, fewer than {} tasks are a rough figure: more may be needed",
                    kFewPlannedTasks);
  }
  table.note += cut_text(plan.cut_tasks, "the noise");
  return table;
}

std::string joined_names(const std::vector<Channel>& channels) {
  std::vector<std::string_view> names;
  for (const Channel channel : channels) names.push_back(name_of(channel));
  return fmt::format("{}", fmt::join(names, ", "));
}

DataTable step_table(const SeriesResults& results) {
  DataTable table(
      "steps", "Steps",
      {elastic_column("step"), "runs", column("from_first", "from the first"),
       column("from_first_p", "p"), column("from_previous", "from the one before"),
       column("p_adjusted", "p of a change here"), elastic_column("changed", "changed here")});
  for (std::size_t s = 0; s < results.steps.size(); ++s) {
    const StepDrift& step = results.steps[s];
    const auto verdict = [](const std::optional<DriftResults>& r) {
      return text_cell(r ? name_of(r->verdict) : "–");
    };
    const SeriesPlace* place = s > 0 ? &results.places[s - 1] : nullptr;
    table.rows.push_back({text_cell(printable(step.name)), count_cell(step.runs),
                          verdict(step.from_first), p_value_cell(step.p_adjusted),
                          verdict(step.from_previous),
                          p_value_cell(place ? place->p_adjusted : std::nullopt),
                          text_cell(place ? joined_names(place->channels) : "")});
  }
  table.note = fmt::format(
      "p: of the comparison with the first; p of a change here: all runs before against all from "
      "here on; each the least p of all channels, corrected for {} (Holm)",
      counted(results.comparisons, "comparison", "comparisons"));
  table.note += dealt_text(results.dealt_tasks, results.options.seed);
  bool same_with_small_p = false;
  bool below_margin = false;
  for (std::size_t k = 0; k < results.places.size(); ++k) {
    const SeriesPlace& place = results.places[k];
    if (!is_below_alpha(place.p_adjusted.value_or(1), results.options.level)) continue;
    same_with_small_p |= results.steps[k + 1].from_first->verdict == Verdict::kSame;
    below_margin |= place.channels.empty();
  }
  if (same_with_small_p) {
    table.note +=
        "\nA step that is the same as the first may have a small p of a change here: the runs "
        "before "
        "it, or after it, hold steps that differ";
  }
  if (below_margin) {
    table.note += fmt::format(
        "\nA small p of a change here without a channel: the runs on either side differ by less "
        "than "
        "the margin of {:.3g} of the noise",
        results.options.margin);
  }
  return table;
}

DataTable trend_table(const SeriesResults& results) {
  DataTable table("trend",
                  fmt::format("Trend per step, {} that all have",
                              counted(results.common_tasks, "task", "tasks")),
                  {"channel", interval_column("slope", "away from the first"),
                   column("slope_p_adjusted", "p adj.")});
  if (results.has_teacher) {
    table.columns.push_back(interval_column("toward_teacher", "toward the teacher"));
    table.columns.push_back(column("toward_teacher_p_adjusted", "p adj."));
  }
  const auto p_cell = [](const std::optional<Interval>& interval, const std::optional<double>& p) {
    return p_value_cell(p, interval ? "nothing differs" : kTooFewToResample);
  };
  for (const ChannelTrend& trend : results.trends) {
    if (!trend.slope && !trend.toward_teacher) continue;
    std::vector<DataCell> row = {text_cell(name_of(trend.channel)),
                                 trend_cell(trend.slope, trend.interval),
                                 p_cell(trend.interval, trend.p_adjusted)};
    if (results.has_teacher) {
      row.push_back(trend_cell(trend.toward_teacher, trend.toward_teacher_interval));
      row.push_back(p_cell(trend.toward_teacher_interval, trend.toward_teacher_p_adjusted));
    }
    table.rows.push_back(std::move(row));
  }
  table.note = fmt::format(
      "away from the first: distance beyond noise; toward the teacher: distance to the control "
      "less distance to the teacher\n[ ]: {:g} % interval of each channel by itself, by bootstrap "
      "over tasks; p adj.: of no slope above 0, one-sided, by Student's t over tasks, for the "
      "number of channels (Holm); "
      "a movement is claimed where it is below {:.3g}",
      100 * results.options.level, 1 - results.options.level);
  table.note += cut_text(results.cut_tasks, "the trend");
  return table;
}

// "Changed at "v2" (tools; p = ...), and back at "v3": there it is like the first step again."
std::string change_text(const SeriesResults& results, const SeriesChange& change) {
  const auto name = [&](std::size_t step) { return results.steps[step].name; };
  std::string text = fmt::format(
      "Changed at \"{}\" ({}{}; p = {:.4f} after correction for {})", name(change.step),
      change.from_here_on ? "" : "against the first step: ", joined_names(change.channels),
      change.p.value_or(1), counted(results.comparisons, "comparison", "comparisons"));
  if (change.back_at) {
    return text + fmt::format(
                      ", and back at \"{}\": there it is the same as the first step within "
                      "the margin.",
                      name(*change.back_at));
  }
  text += ".";
  if (change.last_that_differs) {
    text +=
        fmt::format(" After \"{}\" no step is shown to differ from the first, nor to be the same.",
                    name(*change.last_that_differs));
  }
  return text;
}

}  // namespace

std::string plan_verdict(const DriftPlan& plan) {
  std::string text = "To see a change of ";
  text += fmt::format("{:.3g} of the noise between runs in any channel:", plan.options.change);
  for (std::size_t k = 0; k < plan.options.runs.size(); ++k) {
    text += fmt::format("{} {} with {} each", k > 0 ? "," : "",
                        counted(plan.tasks_for_change[k], "task", "tasks"),
                        counted(plan.options.runs[k], "run", "runs"));
  }
  text += fmt::format(". To say \"same\" within {:.3g} of it:", plan.options.margin);
  for (std::size_t k = 0; k < plan.options.runs.size(); ++k) {
    text += fmt::format("{} {} with {} each", k > 0 ? "," : "",
                        counted(plan.tasks_for_same[k], "task", "tasks"),
                        counted(plan.options.runs[k], "run", "runs"));
  }
  return text + ".";
}

DataReport plan_report(const DriftPlan& plan) {
  DataReport report("drift-plan", "Drift: how many runs would decide");
  report.verdict.found = plan_verdict(plan);
  report.tables = {plan_table(plan)};
  return report;
}

std::string series_verdict(const SeriesResults& results) {
  std::string text;
  if (results.change) {
    text = change_text(results, *results.change);
  } else {
    const bool all_same =
        std::all_of(results.steps.begin() + 1, results.steps.end(), [](const StepDrift& step) {
          return step.from_first && step.from_first->verdict == Verdict::kSame;
        });
    text = all_same ? "Same within the margin: every step is like the first."
                    : "Cannot tell: no step at which it changed is shown, and not every step is "
                      "shown to be like the first.";
  }
  std::vector<std::string> rising;
  std::vector<std::string> toward;
  for (const ChannelTrend& trend : results.trends) {
    const std::string_view name = name_of(trend.channel);
    if (trend.moves_away(results.options.level)) rising.emplace_back(name);
    if (trend.moves_toward_teacher(results.options.level)) toward.emplace_back(name);
  }
  if (!rising.empty()) {
    text += fmt::format(" It moves away from the first step in: {}.", fmt::join(rising, ", "));
  }
  if (results.has_teacher) {
    text += toward.empty()
                ? " No movement toward the teacher is shown."
                : fmt::format(" It moves toward the teacher in: {}.", fmt::join(toward, ", "));
  }
  return text;
}

DataReport series_report(const SeriesResults& results) {
  DataReport report("drift-series", "Drift over a series");
  report.verdict.found = series_verdict(results);
  report.tables = {step_table(results), trend_table(results)};
  for (const StepDrift& step : results.steps) {
    if (!step.from_first) continue;
    for (const std::string& warning : step.from_first->warnings) {
      report.notes.push_back(printable(fmt::format("Note on \"{}\": {}", step.name, warning)));
    }
  }
  return report;
}

}  // namespace agentecho
