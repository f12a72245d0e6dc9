#include "agentecho/report/laboratory_report.h"

#include <fmt/format.h>

#include "agentecho/report/csv.h"

namespace agentecho {

namespace {

std::string show(const std::optional<double>& value) {
  return value ? fmt::format("{:+.3f}", *value) : "–";
}
std::string percent(const std::optional<double>& value) {
  return value ? fmt::format("{:.1f} %", *value * 100) : "–";
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
                 {"first"}});
    std::size_t end = begin;
    for (; end < summaries.size() && summaries[end].label == label; ++end) {
      const ConditionSummary& s = summaries[end];
      table.add_row({s.title, std::to_string(s.n), show(s.toward_teacher), show(s.toward_control),
                     show(s.difference),
                     s.difference_sd ? fmt::format("{:.3f}", *s.difference_sd) : "–",
                     percent(s.rejected), percent(s.toward_p01), percent(s.first)});
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
                   "first: runs in which it came nearer to the teacher than to any control\n",
                   summaries.front().n, band.low * 100, band.high * 100);
}

std::string conditions_to_csv(const std::vector<ConditionSummary>& summaries) {
  std::string out =
      csv_line({"condition", "score", "runs", "toward_teacher", "toward_controls", "difference",
                "difference_sd", "rejected_p05", "toward_teacher_p01", "teacher_first"});
  for (const ConditionSummary& s : summaries) {
    out += csv_line({s.label, s.slug, std::to_string(s.n), csv_number(s.toward_teacher),
                     csv_number(s.toward_control), csv_number(s.difference),
                     csv_number(s.difference_sd), csv_number(s.rejected), csv_number(s.toward_p01),
                     csv_number(s.first)});
  }
  return out;
}

std::string render_attribution_study(const std::vector<AttributionSummary>& summaries,
                                     const TableView& view) {
  const bool text = view.style == TableStyle::kText;
  Table table({{"condition", Align::kLeft, true},
               {"runs"},
               {"first"},
               {"named"},
               {"named rightly"},
               {"none"}});
  for (const AttributionSummary& s : summaries) {
    table.add_row({s.label, std::to_string(s.n), s.teacher_in_pool ? percent(s.top) : "–",
                   percent(s.named), s.teacher_in_pool ? percent(s.named_right) : "–",
                   percent(s.none)});
  }
  std::string out = table.render(view);
  if (!text) return out;
  return out +
         "\nfirst: the teacher heads the list; named: somebody's adjusted p is below 0.05; none: "
         "nobody's is\n";
}

std::string attribution_study_to_csv(const std::vector<AttributionSummary>& summaries) {
  std::string out = csv_line(
      {"condition", "teacher_in_pool", "runs", "teacher_first", "named", "named_rightly", "none"});
  for (const AttributionSummary& s : summaries) {
    const auto known = [&](double share) {
      return s.teacher_in_pool ? std::optional(share) : std::nullopt;
    };
    out += csv_line({s.label, s.teacher_in_pool ? "1" : "0", std::to_string(s.n),
                     csv_number(known(s.top)), csv_number(s.named),
                     csv_number(known(s.named_right)), csv_number(s.none)});
  }
  return out;
}

}  // namespace agentecho
