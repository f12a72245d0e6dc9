#include "agentecho/report/compare_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "agentecho/base/text.h"
#include "agentecho/report/csv.h"
#include "agentecho/report/data_table.h"
#include "agentecho/report/judging_report.h"

namespace agentecho {

using Json = nlohmann::ordered_json;

namespace {

constexpr Score kPaperScores[] = {Score::kSNode, Score::kSSeq, Score::kSDep, Score::kAgs};
constexpr Score kRpsScores[] = {Score::kStyle, Score::kStructure, Score::kAlignment,
                                Score::kOverall, Score::kPooled};
constexpr Score kCalibratedScores[] = {Score::kCalibratedSNode, Score::kCalibratedSSeq,
                                       Score::kCalibratedSDep, Score::kCalibratedAgs};

// "0.812"; "–" where undefined.
std::string show_value(const std::optional<double>& value, int digits) {
  if (!value) return "–";
  const std::string text = fmt::format("{:.{}f}", *value, digits);
  return text == "-0.000" ? "0.000" : text;
}

// "0.812 [.79 .83]", short enough for four to a line.
std::string show_estimate(const Estimate& estimate, int digits) {
  if (!estimate.value || !estimate.interval) return show_value(estimate.value, digits);
  const auto bound = [](double x) {
    std::string text = fmt::format("{:.2f}", x);
    if (text == "-0.00") text = "0.00";
    if (text.starts_with("0.")) return text.substr(1);
    if (text.starts_with("-0.")) return fmt::format("-{}", text.substr(2));
    return text;
  };
  return fmt::format("{} [{} {}]", show_value(estimate.value, digits),
                     bound(estimate.interval->low), bound(estimate.interval->high));
}

std::vector<const PairResult*> ranked(const CompareResults& results, Score by, bool self) {
  std::vector<const PairResult*> pairs;
  for (const PairResult& pair : results.pairs) {
    if (pair.is_self() == self) pairs.push_back(&pair);
  }
  std::stable_sort(pairs.begin(), pairs.end(), [&](const PairResult* x, const PairResult* y) {
    const auto& a = x->at(by).value;
    const auto& b = y->at(by).value;
    return a.has_value() && (!b.has_value() || *a > *b);
  });
  return pairs;
}

std::string percent_level(const CompareResults& results) {
  return fmt::format("{:g} %", results.provenance.bootstrap.level * 100);
}

// One table: which scores it shows, by which it is sorted, and what it says at the end of a line.
struct TableColumn {
  std::string_view title;
  Score score;
  int digits = 3;
  bool interval = false;  // against a reference; of all pairs only the last column has room for it
};
struct TableLayout {
  std::vector<TableColumn> columns;
  Score by;  // best first
  std::function<std::vector<std::string>(const PairResult&)> last_cells;
  std::vector<std::string> last_titles;
};

std::string tasks_cell(const PairResult& pair, Score score) {
  return fmt::format("{}/{}", pair.at(score).n_tasks, pair.scores.tasks.size());
}

TableLayout ags_layout(const Score (&scores)[4]) {
  const Score ags = scores[3];
  return {{{"S_node", scores[0], 3, true},
           {"S_seq", scores[1], 3, true},
           {"S_dep", scores[2], 3, true},
           {"AGS", ags, 3, true}},
          ags,
          [ags](const PairResult& pair) { return std::vector{tasks_cell(pair, ags)}; },
          {"tasks"}};
}

std::uint64_t total(const PairResult& pair, Column column) {
  double sum = 0;
  for (std::size_t i = 0; i < pair.scores.tasks.size(); ++i) sum += pair.scores.at(i, column);
  return static_cast<std::uint64_t>(sum);
}

// "431 +38": scored, and on one side only; "430/431 +38" where the judge failed on some.
std::string stages_cell(const PairResult& pair) {
  const std::uint64_t scored = total(pair, Column::kScoredStages);
  const std::uint64_t shared = total(pair, Column::kSharedStages);
  const std::string both =
      scored == shared ? std::to_string(scored) : fmt::format("{}/{}", scored, shared);
  return fmt::format("{} +{}", both, total(pair, Column::kOneSidedStages));
}

TableLayout rps_layout() {
  return {{{"style", Score::kStyle, 2},
           {"struct.", Score::kStructure, 2},
           {"align.", Score::kAlignment, 2},
           {"pooled", Score::kPooled, 2},
           {"RPS", Score::kOverall, 2, true}},
          Score::kOverall,
          [](const PairResult& pair) {
            return std::vector{stages_cell(pair), tasks_cell(pair, Score::kOverall)};
          },
          {"stages", "tasks"}};
}

bool has_baselines(const FamilySet& families) {
  return families.has(Family::kBigram) || families.has(Family::kGed) ||
         families.has(Family::kRse) || families.has(Family::kEmbedding);
}

// The best first by the last of the columns.
TableLayout baselines_layout(const FamilySet& families) {
  TableLayout layout;
  if (families.has(Family::kGed)) {
    layout.columns.push_back({"GED", Score::kGed, 3, true});
    layout.columns.push_back({"at most", Score::kGedAtMost, 3});
    layout.by = Score::kGed;
  }
  const auto add = [&](Family family, TableColumn column) {
    if (!families.has(family)) return;
    layout.columns.push_back(column);
    layout.by = column.score;
  };
  add(Family::kRse, {"RSE", Score::kRse, 2, true});
  add(Family::kEmbedding, {"embed.", Score::kEmbedding, 3, true});
  add(Family::kBigram, {"2-gram", Score::kBigram, 3, true});
  const Score by = layout.by;
  layout.last_cells = [by](const PairResult& pair) { return std::vector{tasks_cell(pair, by)}; };
  layout.last_titles = {"tasks"};
  return layout;
}

// Against the reference: one model a line. All pairs: two names a line, so that only the score that
// the table is sorted by has its interval.
Table make_table(const CompareResults& results, const TableLayout& layout) {
  const bool all = results.reference.empty();
  const auto with_interval = [&](const TableColumn& column) {
    return column.interval && (!all || column.score == layout.by);
  };
  std::vector<Table::ColumnSpec> specs = {{all ? "model A" : "model", Align::kLeft, true}};
  if (all) specs.push_back({"model B", Align::kLeft, true});
  for (const TableColumn& column : layout.columns) {
    specs.push_back(
        {std::string(column.title), with_interval(column) ? Align::kLeft : Align::kRight});
  }
  for (const std::string& title : layout.last_titles) specs.push_back({title});
  Table table(std::move(specs));
  const auto add = [&](const PairResult& pair) {
    const std::string& other = all || pair.a == results.reference ? pair.b : pair.a;
    std::vector<std::string> cells;
    if (all) cells.push_back(pair.a);
    cells.push_back(pair.is_self() ? "(itself)" : other);
    for (const TableColumn& column : layout.columns) {
      const Estimate& estimate = pair.at(column.score);
      cells.push_back(with_interval(column) ? show_estimate(estimate, column.digits)
                                            : show_value(estimate.value, column.digits));
    }
    for (std::string& cell : layout.last_cells(pair)) cells.push_back(std::move(cell));
    table.add_row(std::move(cells));
  };
  for (const PairResult* pair : ranked(results, layout.by, false)) add(*pair);
  const auto self = ranked(results, layout.by, true);
  if (!self.empty() && !table.empty()) table.add_rule();
  for (const PairResult* pair : self) add(*pair);
  return table;
}

std::string_view name_of(rps::PhraseKind kind) {
  constexpr std::string_view kNames[] = {"phrase", "opening", "closing"};
  return kNames[static_cast<std::size_t>(kind)];
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
  Json json;
  json["a"] = shared.a;
  json["b"] = shared.b;
  json["other_models"] = shared.others;
  json["phrases"] = Json::array();
  for (const rps::SharedPhrase& phrase : shared.phrases) {
    json["phrases"].push_back({{"kind", name_of(phrase.kind)},
                               {"words", phrase.text},
                               {"share_a", phrase.share_a},
                               {"share_b", phrase.share_b},
                               {"share_others", phrase.share_others},
                               {"weight", phrase.weight}});
  }
  json["habits"] = Json::array();
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

std::string pool_text(const CompareResults& results) {
  const auto& pool = results.provenance.pool;
  if (pool.size() > 4) return fmt::format("{} models", pool.size());
  return printable(fmt::format("{}", fmt::join(pool, ", ")));
}

std::string basis(const CompareResults& results) {
  const Provenance& p = results.provenance;
  std::string text = fmt::format(
      "{} of {} on {}; {} dropped\n"
      "mandatory tools: {}; pool: {}; dependency verifier: {}\n",
      counted(results.loaded, "trajectory", "trajectories"),
      counted(results.models.size(), "model", "models"),
      counted(results.tasks.size(), "task", "tasks"), results.dropped, mandatory_text(p),
      pool_text(results), p.features.verifier);
  text += p.bootstrap.replicates == 0
              ? std::string("no intervals were asked for\n")
              : fmt::format("[ ]: {} interval, bootstrap over tasks, {} replicates, seed {}\n",
                            percent_level(results), p.bootstrap.replicates, p.bootstrap.seed);
  return text;
}

Json estimate_value(const Estimate& estimate) {
  return estimate.value ? Json(*estimate.value) : Json(nullptr);
}

Json interval_value(const Estimate& estimate) {
  if (!estimate.interval) return nullptr;
  return Json::array({estimate.interval->low, estimate.interval->high});
}

void add_scores(const PairResult& pair, std::span<const Score> scores, Json& into) {
  for (const Score score : scores)
    into[std::string(name_of(score))] = estimate_value(pair.at(score));
}

Json intervals_of(const PairResult& pair, std::span<const Score> scores) {
  Json intervals = Json::object();
  for (const Score score : scores) {
    intervals[std::string(name_of(score))] = interval_value(pair.at(score));
  }
  return intervals;
}

Json rps_json(const PairResult& pair, const std::string& backend) {
  Json json;
  add_scores(pair, kRpsScores, json);
  json["n_tasks"] = pair.at(Score::kOverall).n_tasks;
  json["coverage"] = {{"shared_stages", total(pair, Column::kSharedStages)},
                      {"scored_stages", total(pair, Column::kScoredStages)},
                      {"one_sided_stages", total(pair, Column::kOneSidedStages)},
                      {"share", estimate_value(pair.at(Score::kCoverage))}};
  json["intervals"] = intervals_of(pair, kRpsScores);
  json["backend"] = backend;
  if (backend != "local") json["withheld"] = pair.rps_withheld;
  return json;
}

Json baselines_json(const PairResult& pair, const FamilySet& families) {
  Json json;
  std::vector<Score> scores;
  if (families.has(Family::kBigram)) {
    scores.push_back(Score::kBigram);
    json["n_tasks_bigram"] = pair.at(Score::kBigram).n_tasks;
  }
  if (families.has(Family::kGed)) {
    scores.insert(scores.end(), {Score::kGed, Score::kGedAtMost});
    const std::vector<double> sums = pair.scores.sums();
    const double n_tasks = families.at(sums, Column::kGedTasks);
    json["n_tasks_ged"] = pair.at(Score::kGed).n_tasks;
    json["ged_exact_share"] =
        n_tasks > 0 ? Json(families.at(sums, Column::kGedExactShare) / n_tasks) : Json(nullptr);
  }
  if (families.has(Family::kRse)) {
    scores.push_back(Score::kRse);
    json["n_tasks_rse"] = pair.at(Score::kRse).n_tasks;
    json["rse_coverage"] = estimate_value(pair.at(Score::kRseCoverage));
    json["rse_withheld"] = pair.rse_withheld;
  }
  if (families.has(Family::kEmbedding)) {
    scores.push_back(Score::kEmbedding);
    json["n_tasks_embedding"] = pair.at(Score::kEmbedding).n_tasks;
  }
  add_scores(pair, scores, json);
  json["intervals"] = intervals_of(pair, scores);
  return json;
}

Json pair_json(const PairResult& pair, const Provenance& provenance) {
  Json json;
  json["a"] = pair.a;
  json["b"] = pair.b;
  add_scores(pair, kPaperScores, json);
  json["n_tasks"] = pair.scores.tasks.size();
  json["n_tasks_node"] = pair.at(Score::kSNode).n_tasks;
  json["n_trajectory_pairs"] = pair.trajectory_pairs;
  json["intervals"] = intervals_of(pair, kPaperScores);
  Json& calibrated = json["calibrated"];
  add_scores(pair, kCalibratedScores, calibrated);
  calibrated["n_tasks_node"] = pair.at(Score::kCalibratedSNode).n_tasks;
  calibrated["n_tasks_seq"] = pair.at(Score::kCalibratedSSeq).n_tasks;
  calibrated["n_tasks_dep"] = pair.at(Score::kCalibratedSDep).n_tasks;
  calibrated["intervals"] = intervals_of(pair, kCalibratedScores);
  const FamilySet& families = provenance.families;
  if (families.has(Family::kRps)) json["rps"] = rps_json(pair, provenance.rps_backend);
  if (has_baselines(families)) {
    json["baselines"] = baselines_json(pair, families);
  }
  return json;
}

Json provenance_json(const Provenance& p) {
  Json json;
  json["program"] = "agentecho";
  json["version"] = p.version;
  json["method"] = "arXiv:2604.21255, profiles paper and calibrated";
  Json& options = json["options"];
  options["mandatory"] = p.mandatory_rule;
  options["mandatory_file"] = p.mandatory_file.empty() ? Json(nullptr) : Json(p.mandatory_file);
  options["success_only"] = p.success_only;
  options["verifier"] = p.features.verifier;
  options["tool_catalog_digest"] =
      p.features.catalog_digest.empty() ? Json(nullptr) : Json(p.features.catalog_digest);
  options["rps"] = p.rps_backend.empty() ? "off" : p.rps_backend;
  const std::string& annotator = p.rps_annotator.empty() ? p.features.annotator : p.rps_annotator;
  options["annotator"] = annotator.empty() ? Json(nullptr) : Json(annotator);
  if (!p.rse_judge.empty()) options["rse"] = p.rse_judge;
  if (!p.embedding_model.empty()) options["embedding"] = p.embedding_model;
  options["baselines"] = Json::array();
  for (const Score baseline : {Score::kBigram, Score::kGed, Score::kRse, Score::kEmbedding}) {
    if (p.families.has(family_of(baseline))) options["baselines"].push_back(name_of(baseline));
  }
  options["replicates"] = p.bootstrap.replicates;
  options["level"] = p.bootstrap.level;
  json["seed"] = p.bootstrap.seed;
  json["mandatory_rule"] = p.mandatory_rule;
  json["verifier"] = p.features.verifier;
  json["pool"] = p.pool;
  json["inputs"] = Json::array();
  for (const LoadedFile& file : p.inputs) {
    json["inputs"].push_back({{"path", file.path},
                              {"format", name_of(file.format)},
                              {"bytes", file.stored_bytes},
                              {"digest", "xxh3-128:" + to_hex(file.digest)},
                              {"trajectories", file.trajectories},
                              {"models_from_file_name", file.models_from_file_name},
                              {"domains_guessed", file.domains_guessed}});
  }
  return json;
}

std::string dump(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return fmt::format("{} {}", digits, n == 1 ? singular : plural);
}

std::string render_compare(const CompareResults& results, const CompareReportOptions& options) {
  const bool text = options.view.style == TableStyle::kText;
  const FamilySet& families = results.provenance.families;
  std::string out = results.reference.empty()
                        ? "All pairs of models\n"
                        : fmt::format("Similarity to {}\n", printable(results.reference));
  if (text) out += basis(results);
  const auto add = [&](const std::string& title, const TableLayout& layout) {
    out += fmt::format("\n{}\n\n", title) + make_table(results, layout).render(options.view);
  };
  if (options.paper) add("Action Graph Similarity, profile: paper", ags_layout(kPaperScores));
  if (options.calibrated) {
    add("Action Graph Similarity, profile: calibrated (S_node: 0 is chance)",
        ags_layout(kCalibratedScores));
  }
  if (families.has(Family::kRps)) {
    add(fmt::format("Response Pattern Similarity (1–5; {} judge)", results.provenance.rps_backend),
        rps_layout());
  }
  if (has_baselines(families)) {
    add("Baselines", baselines_layout(families));
  }
  if (results.shared) out += shared_text(*results.shared, options);
  if (!text) return out;
  out +=
      "\ntasks: those that carry the last score (S_node and AGS need optional tools) / all in "
      "common\n";
  if (families.has(Family::kRps)) {
    out +=
        "stages: those that both sides have and the judge scored, + those on one side only (left "
        "out)\n"
        "pooled: RPS over all stages at once; RPS itself is the mean over tasks\n";
  }
  if (results.judging) out += render_judging(*results.judging);
  if (families.has(Family::kGed)) out += "at most: GED at the lower bound of the distance\n";
  return out;
}

std::string provenance_to_json(const Provenance& provenance) {
  return dump(provenance_json(provenance));
}

std::string compare_to_json(const CompareResults& results) {
  Json json;
  json["schema_version"] = kResultsSchemaVersion;
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
  json["n_tasks"] = results.tasks.size();
  json["reference"] = results.reference.empty() ? Json(nullptr) : Json(results.reference);
  json["pairs"] = Json::array();
  for (const PairResult& pair : results.pairs)
    json["pairs"].push_back(pair_json(pair, results.provenance));
  if (results.shared) json["shared_wording"] = shared_json(*results.shared);
  if (results.judging) json["judging"] = Json::parse(judging_to_json(*results.judging));
  json["warnings"] = results.warnings;
  return dump(json) + "\n";
}

std::string pairs_to_csv(const CompareResults& results) {
  std::string out = csv_line({"a", "b", "profile", "metric", "value", "low", "high", "n_tasks"});
  for (const PairResult& pair : results.pairs) {
    const auto add = [&](std::string_view profile, Score score) {
      const Estimate& e = pair.at(score);
      out += csv_line({pair.a, pair.b, std::string(profile), std::string(name_of(score)),
                       csv_number(e.value),
                       csv_number(e.interval ? std::optional(e.interval->low) : std::nullopt),
                       csv_number(e.interval ? std::optional(e.interval->high) : std::nullopt),
                       std::to_string(e.n_tasks)});
    };
    for (const Score score : kPaperScores) add("paper", score);
    for (const Score score : kCalibratedScores) add("calibrated", score);
    const FamilySet& families = results.provenance.families;
    if (families.has(Family::kRps)) {
      const bool local = results.provenance.rps_backend == "local";
      const std::string profile = local ? "rps-local" : "rps-llm";
      for (const Score score : kRpsScores) add(profile, score);
      add(profile, Score::kCoverage);
    }
    for (const Score score : {Score::kBigram, Score::kGed, Score::kGedAtMost, Score::kRse,
                              Score::kRseCoverage, Score::kEmbedding}) {
      if (families.has(family_of(score))) add("baseline", score);
    }
  }
  return out;
}

std::string tasks_to_csv(const CompareResults& results) {
  std::string out = csv_line({"a",
                              "b",
                              "benchmark",
                              "domain",
                              "task_id",
                              "n_trajectory_pairs",
                              "n_optional_tools",
                              "s_node",
                              "s_seq",
                              "s_dep",
                              "calibrated_s_seq",
                              "calibrated_s_dep",
                              "rps_style",
                              "rps_structure",
                              "rps_alignment",
                              "rps_overall",
                              "rps_shared_stages",
                              "rps_one_sided_stages",
                              "bigram",
                              "ged",
                              "ged_at_most",
                              "rse",
                              "embedding"});
  const bool rps = results.provenance.families.has(Family::kRps);
  for (const PairResult& pair : results.pairs) {
    for (std::size_t i = 0; i < pair.scores.tasks.size(); ++i) {
      const TaskScore& score = pair.scores.tasks[i];
      const TaskKey& task = results.tasks[score.task];
      const auto at = [&](Column column) { return pair.scores.at(i, column); };
      const auto when = [&](Column defined, Column value) {
        return csv_number(at(defined) > 0 ? std::optional(at(value)) : std::nullopt);
      };
      const auto counted = [&](Column column) {
        return rps ? fmt::format("{:.0f}", at(column)) : std::string{};
      };
      out += csv_line({pair.a,
                       pair.b,
                       task.benchmark,
                       task.domain,
                       task.task_id,
                       std::to_string(score.trajectory_pairs),
                       fmt::format("{:.0f}", at(Column::kCells)),
                       when(Column::kNodeTasks, Column::kNode),
                       when(Column::kTasks, Column::kSeq),
                       when(Column::kTasks, Column::kDep),
                       when(Column::kCalibratedSeqTasks, Column::kCalibratedSeq),
                       when(Column::kCalibratedDepTasks, Column::kCalibratedDep),
                       when(Column::kRpsTasks, Column::kStyle),
                       when(Column::kRpsTasks, Column::kStructure),
                       when(Column::kRpsTasks, Column::kAlignment),
                       when(Column::kRpsTasks, Column::kOverall),
                       counted(Column::kSharedStages),
                       counted(Column::kOneSidedStages),
                       when(Column::kBigramTasks, Column::kBigram),
                       when(Column::kGedTasks, Column::kGed),
                       when(Column::kGedTasks, Column::kGedAtMost),
                       when(Column::kRseTasks, Column::kRse),
                       when(Column::kEmbeddingTasks, Column::kEmbedding)});
    }
  }
  return out;
}

}  // namespace agentecho
