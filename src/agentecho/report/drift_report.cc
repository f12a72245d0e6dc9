#include "agentecho/report/drift_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agentecho/base/markup.h"
#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/stats/significance.h"
#include "agentecho/study/drift_noise.h"

namespace agentecho {

namespace {

static_assert(kFewestTasksForInterval == 5, "kTooFewToResample says so");

constexpr std::string_view kNoNoise = "no task with two runs of a side";
constexpr std::size_t kMovedInVerdict = 3;  // of each channel that changed, in the first paragraph

std::vector<std::string> channels_with(const DriftResults& results, Verdict verdict) {
  std::vector<std::string> names;
  for (const ChannelDrift& channel : results.channels) {
    if (!channel.absent && channel.verdict == verdict) {
      names.emplace_back(describe(channel.channel));
    }
  }
  return names;
}

// "it calls x in 61 % of runs (was 24 %), up on 31 of 40 tasks"
std::string moved_text(const Moved& moved) {
  std::string text = in_words(moved);
  if (moved.tasks > 0) {
    const bool rose = moved.after > moved.before;
    text += fmt::format(", {} on {} of {}", rose ? "up" : "down", rose ? moved.up : moved.down,
                        counted(moved.tasks, "task", "tasks"));
  }
  return text;
}

std::string changed_text(const DriftResults& results) {
  std::string text = "Changed: ";
  std::vector<std::string> parts;
  for (const ChannelDrift& channel : results.channels) {
    if (channel.absent || channel.verdict != Verdict::kChanged) continue;
    std::vector<std::string> moved;
    for (const Moved& m : results.moved) {
      if (m.channel == channel.channel && moved.size() < kMovedInVerdict && std::abs(m.t) >= 2) {
        moved.push_back(moved_text(m));
      }
    }
    std::string part(describe(channel.channel));
    if (!moved.empty()) part += fmt::format(" ({})", fmt::join(moved, "; "));
    parts.push_back(std::move(part));
  }
  text += fmt::format("{}.", fmt::join(parts, "; "));
  const auto same = channels_with(results, Verdict::kSame);
  const auto open = channels_with(results, Verdict::kCannotTell);
  if (!same.empty()) text += fmt::format(" The same within the margin: {}.", listed(same));
  if (!open.empty()) text += fmt::format(" Cannot tell: {}.", listed(open));
  return text;
}

// The largest need among the open channels, and how many lie on the margin.
std::string needed_text(const DriftResults& results) {
  std::size_t tasks = 0;
  std::size_t runs = 0;
  bool by_runs = true;  // more runs of the same tasks are enough
  std::size_t on_margin = 0;
  for (const ChannelDrift& channel : results.channels) {
    if (channel.absent || channel.verdict != Verdict::kCannotTell || !channel.needed) continue;
    if (channel.needed->toward == Verdict::kCannotTell) {
      ++on_margin;
    } else {
      tasks = std::max(tasks, channel.needed->tasks);
      runs = std::max(runs, channel.needed->runs);
      by_runs = by_runs && channel.needed->runs > 0;
    }
  }
  std::string text;
  if (tasks > 0) {
    text = fmt::format(" At this spread about {} (now {}){} would decide.",
                       counted(tasks, "task", "tasks"), results.noise_tasks,
                       by_runs ? fmt::format(" or {} of each task and side (now {})",
                                             counted(runs, "run", "runs"), results.median_runs)
                               : std::string());
  }
  if (on_margin > 0) {
    text += fmt::format(" {} so near to the margin that more runs may not decide.",
                        on_margin == 1 ? "One channel lies" : "Several channels lie");
  }
  return text;
}

std::string cannot_tell_text(const DriftResults& results) {
  if (results.all_copies()) {
    return fmt::format(
        "Cannot tell: {} of the new runs on common tasks are copies of baseline runs, which say "
        "nothing of a change. Were the same runs given twice?",
        results.copies == 1 ? "the one" : fmt::format("all {}", results.copies));
  }
  if (results.noise_tasks == 0 && !results.lent_noise) {
    return fmt::format(
        "Cannot tell: there is one run of each task on each side, so nothing says how much two "
        "runs of the same agent differ. Run {} at least twice, better three times, on one side or "
        "both; or lend the noise of other runs with --noise-from.",
        results.common_tasks == 1 ? "the task" : fmt::format("the {} tasks", results.common_tasks));
  }
  if (!is_below_alpha(results.least_p, results.options.level)) {
    return fmt::format(
        "Cannot tell: with these numbers of runs no difference, however large, could have a p "
        "value below {:.3g}, and a change is called one below {:.3g}. {} are needed.",
        results.least_p, 1 - results.options.level,
        results.lent_noise ? "More tasks, or two runs of each task,"
                           : "More tasks or more runs of each task");
  }
  const auto open = channels_with(results, Verdict::kCannotTell);
  const auto same = channels_with(results, Verdict::kSame);
  std::string text = fmt::format(
      "Cannot tell: no change is shown in {}, and neither is it shown to be within {:.3g} of the "
      "noise between runs.{}",
      listed(open, " or "), results.options.margin,
      results.lent_noise ? " The noise is lent by other runs." : "");
  if (!same.empty()) text += fmt::format(" The same within the margin: {}.", listed(same));
  return text + needed_text(results);
}

std::string same_text(const DriftResults& results) {
  return fmt::format(
      "Same within the margin: in all {} channels the new runs are no further from the baseline "
      "than {:.3g} of the noise between runs of one agent ({}).",
      std::count_if(results.channels.begin(), results.channels.end(),
                    [](const ChannelDrift& c) { return !c.absent; }),
      results.options.margin, counted(results.noise_tasks, "task", "tasks"));
}

std::string success_text(const DriftResults& results) {
  const OutcomeDrift& outcome = results.outcome;
  if (!outcome.recorded || !outcome.before || !outcome.after) return {};
  std::string text = fmt::format(" Success: {:.0f} % of runs (was {:.0f} %)", 100 * *outcome.after,
                                 100 * *outcome.before);
  if (outcome.worse) text += fmt::format(", worse beyond noise (p = {:.4f})", *outcome.p_worse);
  return text + ".";
}

// "10000 replicates, seed 1"
std::string deals_text(const DriftResults& results) {
  if (results.listed_deals) return fmt::format("all {} that there are", *results.listed_deals);
  return fmt::format("{} replicates, seed {}", results.options.replicates, results.options.seed);
}

// Where the p values of the channels come from.
std::string p_text(const DriftResults& results) {
  if (results.lent_noise) {
    return fmt::format(
        "p: one-sided, from the same bootstrap, {}; p adj.: for the number of channels (Holm), of "
        "which these runs allow {:.2g} at least",
        deals_text(results), results.least_p);
  }
  return fmt::format(
      "p: re-labelling of runs within tasks, {}, least p that these runs allow: {:.2g};\np adj.: "
      "for the number of channels (max-T)",
      deals_text(results), results.least_p);
}

DataTable channel_table(const DriftResults& results) {
  DataTable table("channels",
                  fmt::format("Channels: {} with noise of {} in common",
                              counted(results.noise_tasks, "task", "tasks"), results.common_tasks));
  if (results.lent_noise) {
    table.title = fmt::format("Channels: {} of {} tasks, noise lent by other runs",
                              results.noise_tasks, results.common_tasks);
  }
  table.columns = {"channel",
                   "verdict",
                   "between",
                   "within",
                   interval_column("excess"),
                   "margin",
                   file_column("over_margin"),
                   column("p_value", "p"),
                   column("p_adjusted", "p adj."),
                   column("tasks_needed", "tasks"),
                   column("runs_needed", "runs")};
  for (const ChannelDrift& c : results.channels) {
    if (c.absent) continue;
    const bool open = c.verdict == Verdict::kCannotTell && c.needed && c.needed->tasks > 0;
    const auto margin = c.within ? std::optional(results.options.margin * *c.within) : std::nullopt;
    DataCell excess = number_cell(c.excess, 3, kNoNoise);
    excess.interval = c.interval;
    if (c.excess && !c.interval) excess.reason = kTooFewToResample;
    const std::string_view no_limit = c.excess ? kTooFewToResample : kNoNoise;
    table.rows.push_back(
        {text_cell(name_of(c.channel)), text_cell(name_of(c.verdict)),
         number_cell(c.between, 3, kNoNoise), number_cell(c.within, 3, kNoNoise), excess,
         number_cell(margin, 3, kNoNoise), number_cell(c.over_margin, 3, no_limit),
         p_value_cell(c.p, no_limit), p_value_cell(c.p_adjusted, no_limit),
         number_cell(
             open ? std::optional<double>(static_cast<double>(c.needed->tasks)) : std::nullopt, 0),
         number_cell(open && c.needed->runs > 0
                         ? std::optional<double>(static_cast<double>(c.needed->runs))
                         : std::nullopt,
                     0)});
  }
  table.note = fmt::format(
      "between: mean distance of a baseline run and a new run of one task; within: of two runs of "
      "one side\nexcess: between - within, [ ]: {:g} % interval by bootstrap over tasks; margin: "
      "{:.3g} of within\n{}; tasks, runs: how many would decide at this spread",
      100 * results.options.level, results.options.margin, p_text(results));
  table.note += dealt_text(results.dealt_tasks, results.options.seed);
  table.note += cut_text(results.cut_tasks, "the noise that is lent");
  if (results.noise_tasks > 0 && results.noise_tasks < kFewestTasksForSame) {
    table.note += fmt::format(
        "\nBelow {} tasks nothing is called same but what never differs: too often the few runs "
        "that are far off are in no task",
        kFewestTasksForSame);
  }
  if (results.lent_noise) {
    table.note +=
        "\nThe noise is lent: p holds only if this agent repeats itself as much as those runs do; "
        "an excess far below 0 says that it repeats itself more: then nothing is called same";
  }
  return table;
}

std::string place_text(const RunPlace& place, bool phrase) {
  if (place.task.empty()) return "–";
  return phrase ? place.task : fmt::format("{}#{}", place.task, place.trial);
}

DataTable moved_table(const DriftResults& results) {
  DataTable table("moved", "What moved most, and runs to look at (task#trial)",
                  {"channel", wrapped_column("habit"), column("before", "was"),
                   column("after", "is"), "up", "down", column("n_tasks", "tasks"), "t",
                   elastic_column("baseline_run"), elastic_column("new_run")});
  const auto verdict_of = [&](Channel channel) {
    return results.channels[static_cast<std::size_t>(channel)].verdict;
  };
  // Of channels that changed everything; of others one line, where it is clear.
  std::array<std::size_t, kChannels> shown{};
  for (const Moved& m : results.moved) {
    const auto c = static_cast<std::size_t>(m.channel);
    const bool changed = verdict_of(m.channel) == Verdict::kChanged;
    if (!changed && (std::abs(m.t) < 2 || shown[c] > 0)) continue;
    ++shown[c];
    const bool phrase = m.tasks == 0;
    const int digits = m.unit == HabitUnit::kNumber && std::max(m.before, m.after) >= 10 ? 1 : 2;
    table.rows.push_back(
        {text_cell(name_of(m.channel)), text_cell(printable(m.habit)),
         number_cell(m.before, digits), number_cell(m.after, digits),
         number_cell(phrase ? std::nullopt : std::optional<double>(static_cast<double>(m.up)), 0),
         number_cell(phrase ? std::nullopt : std::optional<double>(static_cast<double>(m.down)), 0),
         number_cell(phrase ? std::nullopt : std::optional<double>(static_cast<double>(m.tasks)),
                     0),
         number_cell(m.t, 1), text_cell(printable(place_text(m.before_run, phrase))),
         text_cell(printable(place_text(m.after_run, phrase)))});
  }
  table.note =
      "was, is: mean over tasks of the share of runs (0 to 1) or of the number; up, down: tasks on "
      "which it rose, fell;\nt: Student's t of the differences over tasks (as many as tasks where "
      "all are alike), of phrases z over runs: a guide to what to look at and no test (the test is "
      "the channel's)";
  return table;
}

DataTable side_table(const DriftResults& results) {
  DataTable table("sides", "What was compared",
                  {"side", elastic_column("model"), "runs", column("n_tasks", "tasks"),
                   column("runs_compared", "runs on common tasks"),
                   column("success", "success on common tasks")});
  const auto row = [&](const char* side, const SideSummary& s,
                       const std::optional<double>& success) {
    table.rows.push_back({text_cell(side), text_cell(printable(s.model)), count_cell(s.runs),
                          count_cell(s.tasks), count_cell(s.runs_compared),
                          number_cell(success, 3, "no success is recorded")});
  };
  row("baseline", results.before, results.outcome.before);
  row("new", results.after, results.outcome.after);
  return table;
}

DataTable verdict_table(const DriftResults& results) {
  DataTable table(
      "verdict", "The verdict as a whole",
      {"verdict", column("worse", "worse at the tasks"), column("p_worse", "p of worse"),
       "common_tasks", column("noise_tasks", "tasks with two runs on a side"),
       column("dealt_tasks", "tasks whose runs were dealt into blocks"),
       column("median_runs", "median runs of a task"), column("least_p", "least p possible"),
       column("lent_noise", "noise is lent"), "margin"});
  table.files_only = true;
  table.rows.push_back(
      {text_cell(name_of(results.verdict)), text_cell(results.outcome.worse ? "yes" : "no"),
       p_value_cell(results.outcome.p_worse), count_cell(results.common_tasks),
       count_cell(results.noise_tasks), count_cell(results.dealt_tasks),
       count_cell(results.median_runs), number_cell(results.least_p),
       text_cell(results.lent_noise ? "yes" : "no"), number_cell(results.options.margin)});
  return table;
}

// Data of a workflow command: percent, line breaks; of a property, colons and commas as well.
std::string command_escaped(std::string_view text, bool property = false) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ','))) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string channel_evidence(const DriftResults& results, Channel channel) {
  std::vector<std::string> parts;
  for (const Moved& m : results.moved) {
    if (m.channel == channel && parts.size() < kMovedInVerdict) parts.push_back(moved_text(m));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string channel_line(const ChannelDrift& channel) {
  if (!channel.excess) return std::string(name_of(channel.verdict));
  std::string text = fmt::format("{}: excess {} over noise {}", name_of(channel.verdict),
                                 fixed(*channel.excess, 3), fixed(*channel.within, 3));
  if (channel.p_adjusted) text += fmt::format(", adjusted p {:.4f}", *channel.p_adjusted);
  return text;
}

}  // namespace

std::string dealt_text(std::size_t tasks, std::uint64_t seed) {
  if (tasks == 0) return {};
  return fmt::format(
      "\n{} more than {} runs on a side: between, within and excess of {} are means over blocks of "
      "at most {} runs a side, dealt at random (seed {}), not over all pairs",
      counted(tasks, "task has", "tasks have"), kMostBlockRuns, tasks == 1 ? "it" : "them",
      kMostBlockRuns, seed);
}

std::string cut_text(std::size_t tasks, std::string_view what) {
  if (tasks == 0) return {};
  return fmt::format("\n{} more than {} runs of a side: {} rests on the first {} of {}",
                     counted(tasks, "task has", "tasks have"), kMostBlockRuns, what, kMostBlockRuns,
                     tasks == 1 ? "it" : "each");
}

std::string drift_verdict(const DriftResults& results) {
  std::string text = results.verdict == Verdict::kChanged ? changed_text(results)
                     : results.verdict == Verdict::kSame  ? same_text(results)
                                                          : cannot_tell_text(results);
  return text + success_text(results);
}

DataReport drift_report(const DriftResults& results) {
  DataReport report("drift", "Drift: the new runs against the baseline");
  report.verdict.found = drift_verdict(results);
  report.verdict.elsewhere =
      "It says what changed, not which part of the system did it; whether the runs are of another "
      "model is what `agentecho identify` asks.";
  report.tables = {verdict_table(results), channel_table(results), moved_table(results),
                   side_table(results)};
  add_warnings(results.warnings, report);
  return report;
}

DotPlot drift_figure(const DriftResults& results) {
  DotPlot plot;
  plot.title = fmt::format("{}: distance beyond the noise between runs, in units of that noise",
                           name_of(results.verdict));
  plot.reference = results.options.margin;
  for (const ChannelDrift& c : results.channels) {
    if (c.absent || !c.excess || !c.within || *c.within <= 0) continue;
    DotPlot::Row row;
    row.name = name_of(c.channel);
    row.value = *c.excess / *c.within;
    if (c.interval)
      row.interval = Interval{c.interval->low / *c.within, c.interval->high / *c.within};
    row.filled = c.verdict == Verdict::kChanged;
    plot.rows.push_back(std::move(row));
  }
  return plot;
}

std::optional<std::string> gate_failure(const DriftResults& results, const DriftGate& gate) {
  if (gate.changed && results.verdict == Verdict::kChanged) return "the agent has changed";
  if (gate.worse && results.outcome.worse) return "success fell beyond noise";
  if (gate.cannot_tell && results.verdict == Verdict::kCannotTell) {
    return "it cannot be told whether the agent has changed";
  }
  return std::nullopt;
}

namespace {

class JunitSuite {
 public:
  void passed(std::string_view name, std::string_view line) {
    add(name, fmt::format("<system-out>{}</system-out>", escaped_markup(line)));
  }
  void skipped(std::string_view name, std::string_view line) {
    ++skipped_;
    add(name, fmt::format("<skipped message=\"{}\"/>", escaped_markup(line)));
  }
  void failed(std::string_view name, std::string_view line, std::string_view evidence) {
    ++failed_;
    add(name, fmt::format("<failure message=\"{}\">{}</failure>", escaped_markup(line),
                          escaped_markup(evidence)));
  }

  std::string document(std::string_view verdict, std::string_view said) const {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites tests=\"{0}\" failures=\"{1}\" skipped=\"{2}\">\n"
        " <testsuite name=\"agentecho drift\" tests=\"{0}\" failures=\"{1}\" skipped=\"{2}\">\n"
        "  <properties>\n   <property name=\"verdict\" value=\"{3}\"/>\n  </properties>\n{4}"
        "  <system-out>{5}</system-out>\n </testsuite>\n</testsuites>\n",
        tests_, failed_, skipped_, verdict, cases_, escaped_markup(said));
  }

 private:
  void add(std::string_view name, const std::string& outcome) {
    ++tests_;
    cases_ += fmt::format(
        "  <testcase classname=\"agentecho.drift\" name=\"{}\">\n    {}\n  </testcase>\n", name,
        outcome);
  }

  std::string cases_;
  std::size_t tests_ = 0;
  std::size_t failed_ = 0;
  std::size_t skipped_ = 0;
};

}  // namespace

std::string drift_to_junit(const DriftResults& results, const DriftGate& gate) {
  JunitSuite suite;
  for (const ChannelDrift& c : results.channels) {
    if (c.absent) continue;
    const bool open = c.verdict == Verdict::kCannotTell;
    const bool failed = (gate.changed && c.verdict == Verdict::kChanged) ||
                        (gate.cannot_tell && open && results.verdict == Verdict::kCannotTell);
    if (failed) {
      suite.failed(name_of(c.channel), channel_line(c), channel_evidence(results, c.channel));
    } else if (open) {
      suite.skipped(name_of(c.channel), channel_line(c));
    } else {
      suite.passed(name_of(c.channel), channel_line(c));
    }
  }
  if (results.outcome.recorded) {
    const std::string line(trimmed(success_text(results)));
    if (gate.worse && results.outcome.worse) {
      suite.failed("success", line, {});
    } else if (!results.outcome.p_worse) {
      suite.skipped("success", line);
    } else {
      suite.passed("success", line);
    }
  }
  return suite.document(name_of(results.verdict), drift_verdict(results));
}

std::string drift_to_junit(std::string_view why_not) {
  JunitSuite suite;
  suite.skipped("baseline", why_not);
  return suite.document(name_of(Verdict::kCannotTell), why_not);
}

std::string drift_to_annotations(const DriftResults& results, const DriftGate& gate) {
  const bool shut = gate_failure(results, gate).has_value();
  const bool notable = results.verdict == Verdict::kChanged || results.outcome.worse;
  std::string out = fmt::format(
      "::{} title={}::{}\n",
      shut      ? "error"
      : notable ? "warning"
                : "notice",
      command_escaped(fmt::format("agentecho drift: {}", name_of(results.verdict)), true),
      command_escaped(printable(drift_verdict(results))));
  for (const std::string& warning : results.warnings) {
    out += fmt::format("::warning title={}::{}\n", command_escaped("agentecho drift: input", true),
                       command_escaped(printable(warning)));
  }
  return out;
}

}  // namespace agentecho
