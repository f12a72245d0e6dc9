#include "agentecho/report/laboratory_report.h"

#include <fmt/format.h>

#include "agentecho/report/csv.h"
#include "agentecho/report/lineage_tables.h"

namespace agentecho {

namespace {

std::string show(const std::optional<double>& value) {
  return value ? fmt::format("{:+.3f}", *value) : "–";
}
std::string percent(const std::optional<double>& value) {
  return value ? fmt::format("{:.1f} %", *value * 100) : "–";
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

}  // namespace

// One table for each condition, under its name.
std::string render_conditions(const std::vector<ConditionSummary>& summaries,
                              const TableView& view) {
  const bool text = view.style == TableStyle::kText;
  std::string out;
  for (std::size_t begin = 0; begin < summaries.size();) {
    const std::string& label = summaries[begin].label;
    Table table({{"score", Align::kLeft},
                 {"runs"},
                 {"to teacher"},
                 {"to controls"},
                 {"difference"},
                 {"sd"},
                 {"p<.05"},
                 {"+, p<.01"},
                 {"stands out"},
                 {"first"}});
    std::size_t end = begin;
    for (; end < summaries.size() && summaries[end].label == label; ++end) {
      const ConditionSummary& s = summaries[end];
      table.add_row(
          {s.title, std::to_string(s.n), show(s.toward_teacher), show(s.toward_control),
           show(s.difference), s.difference_sd ? fmt::format("{:.3f}", *s.difference_sd) : "–",
           percent(s.rejected), percent(s.toward_p01), percent(s.stands_out), percent(s.first)});
    }
    out += fmt::format("{}\n\n{}\n", label, table.render(view));
    begin = end;
  }
  if (!text || summaries.empty()) return out;
  const Band band = binomial_band(summaries.front().n, 0.05);
  return out + fmt::format(
                   "to teacher, to controls: after less before, means over runs; difference: of "
                   "the two; sd: over runs\n"
                   "p<.05: two-sided rejections (chance alone in {} runs: {:.1f} to {:.1f} %); +, "
                   "p<.01: toward the teacher\n"
                   "stands out: toward the teacher among the controls, p<.05, and changed, p<.05\n"
                   "first: runs in which it came nearer to the teacher than to any control\n",
                   summaries.front().n, band.low * 100, band.high * 100);
}

std::string conditions_to_csv(const std::vector<ConditionSummary>& summaries) {
  std::string out = csv_line({"condition", "score", "runs", "toward_teacher", "toward_controls",
                              "difference", "difference_sd", "rejected_p05", "toward_teacher_p01",
                              "stands_out", "teacher_first"});
  for (const ConditionSummary& s : summaries) {
    out += csv_line({s.label, s.slug, std::to_string(s.n), csv_number(s.toward_teacher),
                     csv_number(s.toward_control), csv_number(s.difference),
                     csv_number(s.difference_sd), csv_number(s.rejected), csv_number(s.toward_p01),
                     csv_number(s.stands_out), csv_number(s.first)});
  }
  return out;
}

std::string render_copying(const std::vector<CopyingSummary>& summaries, const TableView& view) {
  Table table({{"true share"}, {"runs"}, {"mean"}, {"sd"}, {"95 % interval holds it"}});
  for (const CopyingSummary& s : summaries) {
    table.add_row({fmt::format("{:g}", s.truth), std::to_string(s.n), show(s.mean),
                   s.sd ? fmt::format("{:.3f}", *s.sd) : "–", percent(s.covered.rate())});
  }
  return table.render(view);
}

std::string copying_to_csv(const std::vector<CopyingSummary>& summaries) {
  std::string out = csv_line({"true_share", "runs", "mean", "sd", "covered"});
  for (const CopyingSummary& s : summaries) {
    out += csv_line({csv_number(s.truth), std::to_string(s.n), csv_number(s.mean), csv_number(s.sd),
                     csv_number(s.covered.rate())});
  }
  return out;
}

std::string render_kinship(const KinshipStudy& study, const TableView& view) {
  Table table({{"channel", Align::kLeft},
               {"worlds"},
               {"some pair"},
               {"named pair"},
               {"kin"},
               {"kin, named"},
               {"AUC"}});
  for (const KinshipChannel& of : study.channels) {
    table.add_row({std::string(name_of(of.channel)), std::to_string(of.some.n),
                   percent(of.some.rate()), percent(of.alone.rate()), percent(of.kin.rate()),
                   percent(of.kin_alone.rate()), of.auc ? fmt::format("{:.3f}", *of.auc) : "–"});
  }
  Table odds({{"odds by words", Align::kLeft}, {"kin"}, {"others"}, {"observed odds"}});
  for (const OddsClass& of : study.odds.classes()) {
    const auto observed = study.odds.observed(of);
    odds.add_row({odds_class_text(of), std::to_string(of.kin), std::to_string(of.others),
                  observed ? fmt::format("{:.2f}", *observed) : "–"});
  }
  std::string out = table.render(view) + "\n" + odds.render(view);
  if (view.style != TableStyle::kText) return out;
  return out +
         "\nsome pair, named pair: worlds of 14 strangers with such a pair, p < .05; kin: share of "
         "pairs of one\nfamily in worlds of families of 3, 3, 2, 2, 2, 1, 1; observed odds: share "
         "of "
         "kin in the class over that of\nothers\n";
}

std::string kinship_to_csv(const KinshipStudy& study) {
  std::string out = csv_line({"channel", "worlds", "some_pair", "named_pair", "kin", "kin_named",
                              "auc", "auc_held_models", "auc_held_families"});
  for (const KinshipChannel& of : study.channels) {
    out +=
        csv_line({std::string(name_of(of.channel)), std::to_string(of.some.n),
                  csv_number(of.some.rate()), csv_number(of.alone.rate()),
                  csv_number(of.kin.rate()), csv_number(of.kin_alone.rate()), csv_number(of.auc),
                  csv_number(of.auc_held_models.rate()), csv_number(of.auc_held_families.rate())});
  }
  return out;
}

std::string render_coverage(const std::vector<CoverageSummary>& summaries, const TableView& view) {
  Table table(
      {{"score", Align::kLeft}, {"tasks"}, {"runs"}, {"95 % interval holds it"}, {"mean width"}});
  for (const CoverageSummary& s : summaries) {
    table.add_row({s.title.empty() ? s.slug : s.title, std::to_string(s.tasks),
                   std::to_string(s.held.n), percent(s.held.rate()),
                   s.width ? fmt::format("{:.3f}", *s.width) : "–"});
  }
  return table.render(view);
}

std::string coverage_to_csv(const std::vector<CoverageSummary>& summaries) {
  std::string out = csv_line({"score", "tasks", "runs", "covered", "mean_width"});
  for (const CoverageSummary& s : summaries) {
    out += csv_line({s.slug, std::to_string(s.tasks), std::to_string(s.held.n),
                     csv_number(s.held.rate()), csv_number(s.width)});
  }
  return out;
}

std::string render_promises(const std::vector<Promise>& promises, const TableView& view) {
  Table table({{"command", Align::kLeft},
               {"promise", Align::kLeft, true},
               {"promised", Align::kLeft},
               {"measured"},
               {"95 % interval"},
               {"of"},
               {"kept", Align::kLeft}});
  for (const Promise& promise : promises) {
    const Interval interval = promise.measured.interval();
    table.add_row({promise.command, promise.what, bound_text(promise),
                   percent(promise.measured.rate()),
                   fmt::format("{:.1f} to {:.1f}", 100 * interval.low, 100 * interval.high),
                   std::to_string(promise.measured.n), std::string(name_of(verdict_of(promise)))});
  }
  std::string out = table.render(view);
  if (view.style != TableStyle::kText) return out;
  return out +
         "\n95 % interval: Clopper and Pearson's, of the measured rate. within chance: the rate is "
         "not as promised, but\nits interval reaches there. –: power, which is not promised.\n";
}

std::string promises_to_csv(const std::vector<Promise>& promises) {
  std::string out = csv_line({"command", "promise", "least", "most", "times", "of", "rate",
                              "rate_low", "rate_high", "kept"});
  for (const Promise& promise : promises) {
    const Interval interval = promise.measured.interval();
    out += csv_line({promise.command, promise.what, csv_number(promise.least),
                     csv_number(promise.most), std::to_string(promise.measured.times),
                     std::to_string(promise.measured.n), csv_number(promise.measured.rate()),
                     csv_number(interval.low), csv_number(interval.high),
                     std::string(name_of(verdict_of(promise)))});
  }
  return out;
}

std::string render_drift_study(const std::vector<DriftSummary>& summaries, const TableView& view) {
  const bool changes = !summaries.empty() && summaries.front().channel;
  std::vector<Table::ColumnSpec> columns = {{"new runs", Align::kLeft, true},
                                            {"tasks"},
                                            {"trials"},
                                            {"comparisons"},
                                            {"some p<.05"},
                                            {"changed"},
                                            {"margin .05"},
                                            {"same"},
                                            {"cannot tell"}};
  if (changes) columns.insert(columns.end(), {{"channel"}, {"called same"}});
  Table table(std::move(columns));
  for (const DriftSummary& s : summaries) {
    std::vector<std::string> row = {s.label,
                                    std::to_string(s.tasks),
                                    std::to_string(s.trials),
                                    std::to_string(s.n),
                                    percent(s.alarm),
                                    percent(s.changed),
                                    percent(s.changed_at_small_margin),
                                    percent(s.same),
                                    percent(s.cannot_tell)};
    if (changes) {
      row.emplace_back(s.channel ? name_of(*s.channel) : "–");
      row.push_back(percent(s.channel_same));
    }
    table.add_row(std::move(row));
  }
  std::string out = table.render(view);
  if (view.style != TableStyle::kText || summaries.empty()) return out;
  const Band band = binomial_band(summaries.front().n, 0.05);
  out += fmt::format(
      "\ntrials: of each task and side; some p<.05: adjusted, in any channel (5 % of {} "
      "comparisons: {:.1f} to {:.1f} %)\n",
      summaries.front().n, band.low * 100, band.high * 100);
  out +=
      "changed, same, cannot tell: the verdict as a whole; margin .05: changed, had the margin "
      "been "
      "0.05 of the noise\n";
  if (changes) {
    out +=
        "channel: moves most, by exactly the margin; called same: how often that channel is, "
        "wrongly\n";
  }
  return out;
}

std::string drift_study_to_csv(const std::vector<DriftSummary>& summaries) {
  std::string out =
      csv_line({"new_runs", "tasks", "trials", "comparisons", "some_p_below_05", "changed",
                "changed_at_margin_005", "same", "cannot_tell", "channel", "channel_called_same"});
  for (const DriftSummary& s : summaries) {
    out +=
        csv_line({s.label, std::to_string(s.tasks), std::to_string(s.trials), std::to_string(s.n),
                  csv_number(s.alarm), csv_number(s.changed), csv_number(s.changed_at_small_margin),
                  csv_number(s.same), csv_number(s.cannot_tell),
                  std::string(s.channel ? name_of(*s.channel) : ""), csv_number(s.channel_same)});
  }
  return out;
}

std::string render_diversity_study(const std::vector<DiversitySummary>& summaries,
                                   const TableView& view) {
  Table table({{"likeness", Align::kLeft},
               {"models"},
               {"planted ρ"},
               {"true number"},
               {"runs"},
               {"mean"},
               {"sd"},
               {"95 % interval holds it"}});
  for (const DiversitySummary& s : summaries) {
    table.add_row({s.likeness, std::to_string(s.models), fmt::format("{:g}", s.rho),
                   fmt::format("{:.2f}", s.truth), std::to_string(s.n),
                   s.mean ? fmt::format("{:.2f}", *s.mean) : "–",
                   s.sd ? fmt::format("{:.2f}", *s.sd) : "–", percent(s.covered)});
  }
  return table.render(view);
}

std::string diversity_study_to_csv(const std::vector<DiversitySummary>& summaries) {
  std::string out =
      csv_line({"likeness", "models", "rho", "true_number", "runs", "mean", "sd", "covered"});
  for (const DiversitySummary& s : summaries) {
    out += csv_line({s.likeness, std::to_string(s.models), csv_number(s.rho), csv_number(s.truth),
                     std::to_string(s.n), csv_number(s.mean), csv_number(s.sd),
                     csv_number(s.covered)});
  }
  return out;
}

std::string render_attribution_study(const AttributionStudy& study, const TableView& view) {
  const bool text = view.style == TableStyle::kText;
  std::string out;
  for (const bool with_before : {false, true}) {
    Table table({{"condition", Align::kLeft, true},
                 {"runs"},
                 {"first"},
                 {"named"},
                 {"named rightly"},
                 {"none"},
                 {"5 %"},
                 {"1 %"}});
    for (const AttributionSummary& s : study.conditions) {
      if (s.with_before != with_before) continue;
      const auto p = [](const std::optional<double>& value) {
        return value ? fmt::format("{:.4f}", *value) : "–";
      };
      table.add_row({s.label, std::to_string(s.n), s.teacher_in_pool ? percent(s.top) : "–",
                     percent(s.named), s.teacher_in_pool ? percent(s.named_right) : "–",
                     percent(s.none), p(s.p_of_5_percent), p(s.p_of_1_percent)});
    }
    Table rates({{"stated error rate", Align::kLeft}, {"runs"}, {"first is not the teacher"}});
    double above = 0;
    for (const Reliability& r : study.reliability) {
      if (r.with_before != with_before) continue;
      rates.add_row({fmt::format("{:g} to {:g} %", above * 100, r.below * 100), std::to_string(r.n),
                     r.n > 0 ? percent(r.wrong) : "–"});
      above = r.below;
    }
    out += with_before ? "\nWith the runs before training\n\n" : "Similarity alone\n\n";
    out += table.render(view) + "\n" + rates.render(view);
  }
  if (!text) return out;
  return out +
         "\nfirst: the teacher heads the list; named: somebody is, at the 5 % level; none: nobody "
         "is\n"
         "5 %, 1 %: the smallest adjusted p that so many runs have, where nobody of the pool "
         "taught\n";
}

std::string attribution_study_to_csv(const AttributionStudy& study) {
  std::string out =
      csv_line({"condition", "with_before", "teacher_in_pool", "runs", "teacher_first", "named",
                "named_rightly", "none", "p_of_5_percent", "p_of_1_percent"});
  for (const AttributionSummary& s : study.conditions) {
    const auto known = [&](double share) {
      return s.teacher_in_pool ? std::optional(share) : std::nullopt;
    };
    out += csv_line({s.label, s.with_before ? "1" : "0", s.teacher_in_pool ? "1" : "0",
                     std::to_string(s.n), csv_number(known(s.top)), csv_number(s.named),
                     csv_number(known(s.named_right)), csv_number(s.none),
                     csv_number(s.p_of_5_percent), csv_number(s.p_of_1_percent)});
  }
  return out;
}

}  // namespace agentecho
