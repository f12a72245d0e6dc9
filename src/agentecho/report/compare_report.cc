#include "agentecho/report/compare_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <span>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/data_table.h"
#include "agentecho/report/json.h"
#include "agentecho/report/json_numbers.h"
#include "agentecho/report/judging_report.h"
#include "agentecho/report/phrase_kind.h"
#include "agentecho/report/provenance_text.h"
#include "agentecho/report/verdict_text.h"
#include "agentecho/scoring/estimate_reasons.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/stats/ranking.h"
#include "agentecho/study/reading_notes.h"

namespace agentecho {

namespace {

// "0.812"; "–" where undefined.
std::string show_value(const std::optional<double>& value, int digits) {
  return value ? fixed(*value, digits) : "–";
}

// "0.812 [.79 .83]", short enough for four to a line.
std::string show_estimate(const Estimate& estimate, int digits) {
  if (!estimate.value || !estimate.interval) return show_value(estimate.value, digits);
  return fmt::format("{} [{} {}]", show_value(estimate.value, digits),
                     fixed_bound(estimate.interval->low, 2),
                     fixed_bound(estimate.interval->high, 2));
}

std::vector<const PairResult*> ranked(const CompareResults& results, std::size_t by, bool self) {
  std::vector<const PairResult*> pairs;
  for (const PairResult& pair : results.pairs) {
    if (pair.is_self() == self) pairs.push_back(&pair);
  }
  std::stable_sort(pairs.begin(), pairs.end(), [&](const PairResult* x, const PairResult* y) {
    return ranks_before(x->estimates[by].value, y->estimates[by].value);
  });
  return pairs;
}

std::string percent_level(const CompareResults& results) {
  return fmt::format("{:g} %", results.provenance.bootstrap.level * 100);
}

// Places of the metrics of one group, details included.
std::vector<std::size_t> of_group(const CompareResults& results, MetricGroup group) {
  std::vector<std::size_t> places;
  for (std::size_t m = 0; m < results.metrics.metrics.size(); ++m) {
    if (results.metrics.metrics[m].group == group) places.push_back(m);
  }
  return places;
}

bool has_metric(const CompareResults& results, std::string_view slug) {
  return results.metrics.find(slug).has_value();
}

// One table: which metrics it shows, by which it is sorted, and what it says at the end of a line.
struct TableLayout {
  std::vector<std::size_t> metrics;
  std::vector<std::size_t> with_interval;  // of all pairs only `by` has room for it
  std::size_t by = 0;                      // best first
  std::function<std::vector<std::string>(const PairResult&)> last_cells;
  std::vector<std::string> last_titles;
};

std::string tasks_cell(const PairResult& pair, std::size_t metric) {
  return fmt::format("{}/{}", pair.estimates[metric].n_tasks, pair.rows.tasks.size());
}

// Neither side calls a tool on most tasks, so that S_seq and S_dep of profile paper say little.
bool is_marked(const PairResult& pair) { return pair.without_calls > kMostWithoutCalls; }

std::string marked_tasks_cell(const PairResult& pair, std::size_t metric) {
  return tasks_cell(pair, metric) + (is_marked(pair) ? " *" : "");
}

// The best first by the last of the metrics.
TableLayout layout_of(std::vector<std::size_t> metrics) {
  TableLayout layout;
  layout.metrics = layout.with_interval = std::move(metrics);
  const std::size_t by = layout.by = layout.metrics.back();
  layout.last_cells = [by](const PairResult& pair) { return std::vector{tasks_cell(pair, by)}; };
  layout.last_titles = {"tasks"};
  return layout;
}

std::uint64_t total(const CompareResults& results, const PairResult& pair, std::string_view count) {
  double sum = 0;
  for (const CountColumn& column : results.metrics.counts) {
    if (column.slug != count) continue;
    for (std::size_t at = column.column; at < pair.rows.rows.size();
         at += results.metrics.columns()) {
      sum += pair.rows.rows[at];
    }
  }
  return static_cast<std::uint64_t>(sum);
}

// "431 +38": scored, and on one side only; "430/431 +38" where the judge failed on some.
std::string stages_cell(const CompareResults& results, const PairResult& pair) {
  const std::uint64_t scored = total(results, pair, "rps_scored_stages");
  const std::uint64_t shared = total(results, pair, "rps_shared_stages");
  const std::string both =
      scored == shared ? std::to_string(scored) : fmt::format("{}/{}", scored, shared);
  return fmt::format("{} +{}", both, total(results, pair, "rps_one_sided_stages"));
}

TableLayout paper_layout(const CompareResults& results) {
  TableLayout layout = layout_of(of_group(results, MetricGroup::kPaper));
  layout.last_cells = [by = layout.by](const PairResult& pair) {
    return std::vector{marked_tasks_cell(pair, by)};
  };
  return layout;
}

TableLayout rps_layout(const CompareResults& results) {
  const std::size_t rps = results.metrics.at("rps");
  TableLayout layout;
  for (const std::size_t m : of_group(results, MetricGroup::kRps)) {
    if (m != rps && !results.metrics.metrics[m].title.empty()) layout.metrics.push_back(m);
  }
  layout.metrics.push_back(rps);
  layout.with_interval = {rps};
  layout.by = rps;
  layout.last_cells = [&results, rps](const PairResult& pair) {
    return std::vector{stages_cell(results, pair), tasks_cell(pair, rps)};
  };
  layout.last_titles = {"stages", "tasks"};
  return layout;
}

// Each metric with its details after it.
TableLayout baselines_layout(const CompareResults& results) {
  const std::vector<std::size_t> all = of_group(results, MetricGroup::kBaseline);
  const auto of = [&](std::size_t m) -> const Metric& { return results.metrics.metrics[m]; };
  std::vector<std::size_t> main;
  for (const std::size_t m : all) {
    if (of(m).slug == of(m).family) main.push_back(m);
  }
  TableLayout layout = layout_of(main);
  layout.metrics.clear();
  for (const std::size_t m : main) {
    layout.metrics.push_back(m);
    for (const std::size_t detail : all) {
      if (detail != m && of(detail).family == of(m).family && !of(detail).title.empty()) {
        layout.metrics.push_back(detail);
      }
    }
  }
  return layout;
}

// Against the reference: one model a line. All pairs: two names a line, so that only the score that
// the table is sorted by has its interval.
std::string make_table(const CompareResults& results, const TableLayout& layout,
                       const TableView& view) {
  const bool all = results.reference.empty();
  const auto with_interval = [&](std::size_t metric) {
    const auto& wanted = layout.with_interval;
    return std::find(wanted.begin(), wanted.end(), metric) != wanted.end() &&
           (!all || metric == layout.by);
  };
  std::vector<Table::ColumnSpec> specs = {{all ? "model A" : "model", Align::kLeft, true}};
  if (all) specs.push_back({"model B", Align::kLeft, true});
  for (const std::size_t m : layout.metrics) {
    specs.push_back(
        {results.metrics.metrics[m].title, with_interval(m) ? Align::kLeft : Align::kRight});
  }
  for (const std::string& title : layout.last_titles) specs.push_back({title});
  Table table(std::move(specs));
  const auto add = [&](const PairResult& pair) {
    const std::string& other = all || pair.a == results.reference ? pair.b : pair.a;
    std::vector<std::string> cells;
    if (all) cells.push_back(pair.a);
    cells.push_back(pair.is_self() ? "(itself)" : other);
    for (const std::size_t m : layout.metrics) {
      const Estimate& estimate = pair.estimates[m];
      const int digits = results.metrics.metrics[m].digits;
      cells.push_back(with_interval(m) ? show_estimate(estimate, digits)
                                       : show_value(estimate.value, digits));
    }
    for (std::string& cell : layout.last_cells(pair)) cells.push_back(std::move(cell));
    table.add_row(std::move(cells));
  };
  const auto others = ranked(results, layout.by, false);
  const auto self = ranked(results, layout.by, true);
  const bool whole = view.all_rows || view.style != TableStyle::kText;
  const auto shown = [&](const auto& pairs) {
    return whole ? pairs.size() : std::min(pairs.size(), kTopRows);
  };
  for (std::size_t i = 0; i < shown(others); ++i) add(*others[i]);
  if (!self.empty() && !table.empty()) table.add_rule();
  for (std::size_t i = 0; i < shown(self); ++i) add(*self[i]);
  std::string out = table.render(view);
  std::vector<std::string> more;
  if (shown(others) < others.size()) {
    const std::size_t n = others.size() - shown(others);
    more.push_back(all ? counted(n, "pair", "pairs") : counted(n, "model", "models"));
  }
  if (shown(self) < self.size()) {
    more.push_back(
        counted(self.size() - shown(self), "model with itself", "models with themselves"));
  }
  if (!more.empty()) out += fmt::format("… and {} more; --all shows them\n", listed(more));
  return out;
}

// A score, pooled and on each domain.
std::string domains_text(const CompareResults& results, std::size_t metric, const TableView& view) {
  std::vector<Table::ColumnSpec> specs = {
      {"model A", Align::kLeft, true}, {"model B", Align::kLeft, true}, {"all", Align::kLeft}};
  for (const DomainScores& domain : results.domains) {
    specs.push_back({fmt::format("{}/{}", domain.benchmark, domain.domain), Align::kLeft, true});
  }
  Table table(std::move(specs));
  const auto pairs = ranked(results, metric, false);
  const bool whole = view.all_rows || view.style != TableStyle::kText;
  const std::size_t n = whole ? pairs.size() : std::min(pairs.size(), kTopRows);
  const int digits = results.metrics.metrics[metric].digits;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<std::string> cells = {pairs[i]->a, pairs[i]->b,
                                      show_value(pairs[i]->estimates[metric].value, digits)};
    const std::size_t place = static_cast<std::size_t>(pairs[i] - results.pairs.data());
    for (const DomainScores& domain : results.domains) {
      cells.push_back(show_estimate(domain.estimates[place][metric], digits));
    }
    table.add_row(std::move(cells));
  }
  std::string out = table.render(view);
  if (n < pairs.size()) out += fmt::format("… and {} more; --all shows them\n", pairs.size() - n);
  return out;
}

// What two models share and the others do not.
std::string shared_text(const SharedWording& shared, const CompareReportOptions& options) {
  const auto percent = [](double share) { return fmt::format("{:.0f} %", 100 * share); };
  Table phrases({{"kind", Align::kLeft}, {"words", Align::kLeft, true}, {"A"}, {"B"}, {"others"}});
  for (const rps::SharedPhrase& phrase : shared.phrases) {
    phrases.add_row({std::string(name_of(phrase.kind)), printable(phrase.text),
                     percent(phrase.share_a), percent(phrase.share_b),
                     percent(phrase.share_others)});
  }
  Table habits({{"habit", Align::kLeft, true}, {"A"}, {"B"}, {"others"}, {"spreads away"}});
  for (const rps::SharedHabit& habit : shared.habits) {
    habits.add_row({std::string(habit.name), fmt::format("{:.2f}", habit.rate_a),
                    fmt::format("{:.2f}", habit.rate_b), fmt::format("{:.2f}", habit.others_mean),
                    fmt::format("{:.1f}", habit.distance)});
  }
  std::string out = fmt::format("\nWhat {} (A) and {} (B) share, against {} other models\n",
                                printable(shared.a), printable(shared.b), shared.others);
  for (const Table* table : {&phrases, &habits}) {
    if (!table->empty()) out += "\n" + table->render(options.view);
  }
  if (phrases.empty() && habits.empty()) out += "\nnothing that the others have less of\n";
  return out;
}

Json shared_json(const SharedWording& shared) {
  Json json = {{"a", shared.a},
               {"b", shared.b},
               {"other_models", shared.others},
               {"phrases", Json::array()},
               {"habits", Json::array()}};
  for (const rps::SharedPhrase& phrase : shared.phrases) {
    json["phrases"].push_back({{"kind", name_of(phrase.kind)},
                               {"words", phrase.text},
                               {"share_a", phrase.share_a},
                               {"share_b", phrase.share_b},
                               {"share_others", phrase.share_others},
                               {"weight", phrase.weight}});
  }
  for (const rps::SharedHabit& habit : shared.habits) {
    json["habits"].push_back({{"habit", habit.name},
                              {"rate_a", habit.rate_a},
                              {"rate_b", habit.rate_b},
                              {"others_mean", habit.others_mean},
                              {"others_spread", habit.others_spread},
                              {"distance", habit.distance}});
  }
  return json;
}

// Pairs, but none with a task that both sides have: every table would be dashes.
bool nothing_in_common(const CompareResults& results) {
  std::size_t pairs = 0;
  for (const PairResult& pair : results.pairs) {
    if (pair.is_self()) continue;
    if (!pair.rows.tasks.empty()) return false;
    ++pairs;
  }
  return pairs > 0;
}

std::string pool_text(const CompareResults& results) {
  const auto& pool = results.provenance.pool;
  if (pool.size() > 4) return fmt::format("{} models", pool.size());
  return printable(fmt::format("{}", fmt::join(pool, ", ")));
}

// "8 dropped (6 copies, 2 without a reply)"
std::string dropped_text(const CompareResults& results) {
  std::vector<std::string> parts;
  for (const auto& [kind, what] :
       {std::pair{DiagnosticKind::kDuplicate, "copies of others"},
        std::pair{DiagnosticKind::kNoAssistantMessage, "without a reply"},
        std::pair{DiagnosticKind::kUnsuccessful, "failed"},
        std::pair{DiagnosticKind::kUnknownOutcome, "without a recorded outcome"}}) {
    const std::uint64_t count = results.diagnostics.count(kind);
    if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
  }
  // Dropped runs are counted while reading, whosever they are.
  const bool filtered = results.dropped > 0 && !results.provenance.filter.models.empty();
  const std::string total =
      fmt::format("{} dropped{}", results.dropped, filtered ? " of all models in the logs" : "");
  return parts.empty() ? total : fmt::format("{} ({})", total, fmt::join(parts, ", "));
}

constexpr const char* kMark =
    "*: on more than half of the common tasks neither side calls a tool; S_seq and S_dep are 1 "
    "there";

bool any_marked(const CompareResults& results) {
  return has_metric(results, "ags") &&
         std::any_of(results.pairs.begin(), results.pairs.end(), is_marked);
}

// What brackets and titles of the tables mean; brackets first.
std::vector<std::string> definitions_of(const CompareResults& results) {
  const BootstrapOptions& bootstrap = results.provenance.bootstrap;
  std::vector<std::string> lines = {
      bootstrap.replicates == 0
          ? std::string("no intervals were asked for")
          : fmt::format("[ ]: {} interval, bootstrap over tasks, {} replicates, seed {}",
                        percent_level(results), bootstrap.replicates, bootstrap.seed),
      "tasks: those that carry the last score (S_node and AGS need optional tools) / all in "
      "common"};
  if (any_marked(results)) lines.emplace_back(kMark);
  for (const MetricFamily& family : metric_families()) {
    if (!family.note.empty() && has_metric(results, family.name)) lines.emplace_back(family.note);
  }
  return lines;
}

std::string basis(const CompareResults& results) {
  const Provenance& p = results.provenance;
  std::string text = fmt::format(
      "{} of {} on {}; {}\n"
      "mandatory tools: {}; pool: {}; dependency verifier: {}{}\n",
      counted(results.compared, "trajectory", "trajectories"),
      counted(results.models.size(), "model", "models"), counted(results.n_tasks, "task", "tasks"),
      dropped_text(results), mandatory_text(p), pool_text(results), p.features.verifier,
      p.features.actions.empty() ? std::string()
                                 : fmt::format("; shell actions named by: {}", p.features.actions));
  return text + definitions_of(results).front();
}

// The names of schema version 1, where scores stand in objects of their group.
std::string name_in_group(const Metric& metric) {
  if (metric.slug == "rps") return "overall";
  for (const std::string_view prefix : {"calibrated_", "rps_"}) {
    if (metric.slug.starts_with(prefix)) return metric.slug.substr(prefix.size());
  }
  return metric.slug;
}

void add_scores(const CompareResults& results, const PairResult& pair, MetricGroup group,
                Json& into) {
  for (const std::size_t m : of_group(results, group)) {
    const Metric& metric = results.metrics.metrics[m];
    put_number(into, name_in_group(metric), pair.estimates[m].value,
               why_no_value(metric, pair.estimates[m], pair.is_withheld(m)));
  }
}

Json intervals_of(const CompareResults& results, const PairResult& pair, MetricGroup group) {
  Json intervals = Json::object();
  for (const std::size_t m : of_group(results, group)) {
    const Metric& metric = results.metrics.metrics[m];
    if (metric.slug == "rps_coverage") continue;
    put_interval(intervals, name_in_group(metric), pair.estimates[m].interval,
                 why_no_interval(metric, pair.estimates[m], results.provenance.bootstrap,
                                 pair.is_withheld(m)));
  }
  return intervals;
}

Json rps_json(const CompareResults& results, const PairResult& pair) {
  Json json;
  const std::size_t rps = results.metrics.at("rps");
  const std::string& backend = results.provenance.rps_backend;
  add_scores(results, pair, MetricGroup::kRps, json);
  json["n_tasks"] = pair.estimates[rps].n_tasks;
  json["coverage"] = {{"shared_stages", total(results, pair, "rps_shared_stages")},
                      {"scored_stages", total(results, pair, "rps_scored_stages")},
                      {"one_sided_stages", total(results, pair, "rps_one_sided_stages")}};
  put_number(json["coverage"], "share", results.at(pair, "rps_coverage").value,
             "no stage in common");
  json["intervals"] = intervals_of(results, pair, MetricGroup::kRps);
  json["backend"] = backend;
  if (backend != "local") json["withheld"] = pair.is_withheld(rps);
  return json;
}

Json baselines_json(const CompareResults& results, const PairResult& pair) {
  Json json;
  for (const std::size_t m : of_group(results, MetricGroup::kBaseline)) {
    const Metric& metric = results.metrics.metrics[m];
    if (metric.slug != metric.family) continue;
    json["n_tasks_" + metric.slug] = pair.estimates[m].n_tasks;
    if (!metric.coverage.empty()) json[metric.slug + "_withheld"] = pair.is_withheld(m);
  }
  add_scores(results, pair, MetricGroup::kBaseline, json);
  json["intervals"] = intervals_of(results, pair, MetricGroup::kBaseline);
  return json;
}

// Where candidate dependencies of some runs were not judged: how many of either model's were.
void add_dependency_coverage(const CompareResults& results, const PairResult& pair, Json& json) {
  const std::size_t s_dep = results.metrics.at("s_dep");
  if (results.metrics.metrics[s_dep].coverage.empty()) return;
  for (const std::string side : {"a", "b"}) {
    json["s_dep_coverage"][side] = {
        {"asked", total(results, pair, "candidates_asked_" + side)},
        {"answered", total(results, pair, "candidates_answered_" + side)}};
  }
  json["s_dep_withheld"] = pair.is_withheld(s_dep);
}

Json pair_json(const CompareResults& results, const PairResult& pair) {
  Json json;
  json["a"] = pair.a;
  json["b"] = pair.b;
  json["n_tasks"] = pair.rows.tasks.size();
  json["n_trajectory_pairs"] = pair.rows.trajectory_pairs();
  if (has_metric(results, "ags")) {
    add_scores(results, pair, MetricGroup::kPaper, json);
    json["n_tasks_node"] = results.at(pair, "s_node").n_tasks;
    add_dependency_coverage(results, pair, json);
    if (is_marked(pair)) json["share_without_calls"] = pair.without_calls;
    json["intervals"] = intervals_of(results, pair, MetricGroup::kPaper);
    Json& calibrated = json["calibrated"];
    add_scores(results, pair, MetricGroup::kCalibrated, calibrated);
    for (const char* part : {"node", "seq", "dep"}) {
      calibrated[fmt::format("n_tasks_{}", part)] =
          results.at(pair, fmt::format("calibrated_s_{}", part)).n_tasks;
    }
    calibrated["intervals"] = intervals_of(results, pair, MetricGroup::kCalibrated);
  }
  if (has_metric(results, "rps")) json["rps"] = rps_json(results, pair);
  if (!of_group(results, MetricGroup::kBaseline).empty()) {
    json["baselines"] = baselines_json(results, pair);
  }
  return json;
}

// The scores of all pairs on the tasks of each domain.
Json domains_json(const CompareResults& results) {
  Json list = Json::array();
  for (const DomainScores& domain : results.domains) {
    Json entry = {
        {"benchmark", domain.benchmark}, {"domain", domain.domain}, {"n_tasks", domain.n_tasks}};
    entry["pairs"] = Json::array();
    for (std::size_t i = 0; i < results.pairs.size(); ++i) {
      Json pair = {{"a", results.pairs[i].a}, {"b", results.pairs[i].b}};
      for (std::size_t m = 0; m < results.metrics.metrics.size(); ++m) {
        const Estimate& estimate = domain.estimates[i][m];
        const Metric& metric = results.metrics.metrics[m];
        const bool withheld = results.pairs[i].is_withheld(m);
        Json& score = pair[metric.slug];
        put_number(score, "value", estimate.value, why_no_value(metric, estimate, withheld));
        put_interval(score, "interval", estimate.interval,
                     why_no_interval(metric, estimate, results.provenance.bootstrap, withheld));
        score["n_tasks"] = estimate.n_tasks;
      }
      entry["pairs"].push_back(std::move(pair));
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

std::string render_compare(const CompareResults& results, const CompareReportOptions& options) {
  const bool text = options.view.style == TableStyle::kText;
  std::string out = render_verdict(results.verdict, options.view);
  if (nothing_in_common(results)) return out + render_provenance(results.provenance, options.view);
  out += results.reference.empty()
             ? "All pairs of models\n"
             : fmt::format("Similarity to {}\n",
                           markup_of(printable(results.reference), options.view.style));
  if (text) out += note_text(basis(results), options.view);
  const auto add = [&](const std::string& title, const TableLayout& layout) {
    out += fmt::format("\n{}\n", note_text(title, options.view)) +
           make_table(results, layout, options.view);
  };
  const bool ags = has_metric(results, "ags");
  const bool rps = has_metric(results, "rps");
  if (ags && options.paper) {
    add("Action Graph Similarity, profile: paper", paper_layout(results));
  }
  if (ags && options.calibrated) {
    add("Action Graph Similarity, profile: calibrated (S_node: 0 is chance)",
        layout_of(of_group(results, MetricGroup::kCalibrated)));
  }
  if (rps) {
    add(fmt::format("Response Pattern Similarity (1–5; {} judge)", results.provenance.rps_backend),
        rps_layout(results));
  }
  if (!of_group(results, MetricGroup::kBaseline).empty()) {
    add("Baselines", baselines_layout(results));
  }
  if (results.domains.size() > 1) {
    std::vector<std::size_t> metrics = {results.metrics.lead()};
    if (const auto wording = results.metrics.find("rps"); wording && *wording != metrics.front()) {
      metrics.push_back(*wording);
    }
    for (const std::size_t metric : metrics) {
      out += fmt::format("\n{} by domain\n\n",
                         markup_of(results.metrics.metrics[metric].title, options.view.style)) +
             domains_text(results, metric, options.view);
    }
  }
  if (results.shared) out += shared_text(*results.shared, options);
  out += "\n";
  const std::vector<std::string> definitions = definitions_of(results);
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    // The first stands above the tables of text.
    if (text && i == 0) continue;
    out += note_text(definitions[i], options.view);
  }
  if (!text) return out + render_provenance(results.provenance, options.view);
  if (results.judging) out += render_judging(*results.judging);
  return out + render_provenance(results.provenance, options.view);
}

DataReport scores_report(const CompareResults& results) {
  DataReport report("compare", results.reference.empty()
                                   ? "Similarity of all pairs of models"
                                   : fmt::format("Similarity to {}", results.reference));
  report.verdict = results.verdict;
  DataTable& table = report.tables.emplace_back();
  table.name = "pairs";
  table.title = "Scores with intervals";
  table.columns = {model_a_column(), model_b_column()};
  std::vector<std::size_t> shown;
  for (std::size_t m = 0; m < results.metrics.metrics.size(); ++m) {
    const Metric& metric = results.metrics.metrics[m];
    if (metric.title.empty()) continue;
    shown.push_back(m);
    table.columns.push_back(interval_column(metric.slug, metric.title));
  }
  table.columns.emplace_back("n_tasks", "tasks");
  const std::size_t lead = results.metrics.lead();
  const bool marks = any_marked(results);
  for (const bool self : {false, true}) {
    for (const PairResult* pair : ranked(results, lead, self)) {
      std::vector<DataCell>& row = table.rows.emplace_back();
      row = {text_cell(pair->a), text_cell(self ? "(itself)" : pair->b)};
      for (const std::size_t m : shown) row.push_back(estimate_cell(pair->estimates[m]));
      row.push_back(text_cell(marks ? marked_tasks_cell(*pair, lead) : tasks_cell(*pair, lead)));
    }
  }
  table.note = fmt::format(
      "[ ]: {} intervals, bootstrap over tasks.\ntasks: those that carry {} / all in common.",
      percent_level(results), results.metrics.metrics[lead].title);
  if (marks) table.note += fmt::format("\n{}.", kMark);
  report.notes = results.warnings;
  return report;
}

std::string compare_to_json(const CompareResults& results) {
  Json json;
  json["schema_version"] = kResultsSchemaVersion;
  add_verdict(results.verdict, json);
  json["provenance"] = provenance_json(results.provenance);
  Json& trajectories = json["trajectories"];
  trajectories["loaded"] = results.loaded;
  trajectories["dropped"] = results.dropped;
  trajectories["diagnostics"] = Json::object();
  for (std::size_t kind = 0; kind < kDiagnosticKinds; ++kind) {
    const auto k = static_cast<DiagnosticKind>(kind);
    if (results.diagnostics.count(k) > 0) {
      trajectories["diagnostics"][std::string(slug_of(k))] = results.diagnostics.count(k);
    }
  }
  json["models"] = results.models;
  json["n_tasks"] = results.n_tasks;
  json["reference"] = results.reference.empty() ? Json(nullptr) : Json(results.reference);
  json["pairs"] = Json::array();
  for (const PairResult& pair : results.pairs) json["pairs"].push_back(pair_json(results, pair));
  if (results.domains.size() > 1) json["domains"] = domains_json(results);
  if (results.shared) json["shared_wording"] = shared_json(*results.shared);
  if (results.judging) json["judging"] = judging_json(*results.judging);
  json["definitions"]["pairs"] = fmt::format("{}", fmt::join(definitions_of(results), "\n"));
  json["warnings"] = results.warnings;
  return to_document(json);
}

}  // namespace agentecho
