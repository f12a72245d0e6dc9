#include "agentecho/report/compare_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "agentecho/base/text.h"
#include "agentecho/report/csv.h"

namespace agentecho {

using Json = nlohmann::ordered_json;

namespace {

constexpr Score kPaperScores[] = {Score::kSNode, Score::kSSeq, Score::kSDep, Score::kAgs};
constexpr Score kCalibratedScores[] = {Score::kCalibratedSNode, Score::kCalibratedSSeq,
                                       Score::kCalibratedSDep, Score::kCalibratedAgs};

// "0.812"; "–" where undefined.
std::string show_value(const std::optional<double>& value) {
  if (!value) return "–";
  const std::string text = fmt::format("{:.3f}", *value);
  return text == "-0.000" ? "0.000" : text;
}

// "0.812 [.79 .83]", short enough for four to a line.
std::string show_estimate(const Estimate& estimate) {
  if (!estimate.value || !estimate.interval) return show_value(estimate.value);
  const auto bound = [](double x) {
    std::string text = fmt::format("{:.2f}", x);
    if (text == "-0.00") text = "0.00";
    if (text.starts_with("0.")) return text.substr(1);
    if (text.starts_with("-0.")) return fmt::format("-{}", text.substr(2));
    return text;
  };
  return fmt::format("{} [{} {}]", show_value(estimate.value), bound(estimate.interval->low),
                     bound(estimate.interval->high));
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

// The four scores with intervals, one model a line.
Table reference_table(const CompareResults& results, const Score (&scores)[4]) {
  Table table({{"model", Align::kLeft, true},
               {"S_node", Align::kLeft},
               {"S_seq", Align::kLeft},
               {"S_dep", Align::kLeft},
               {"AGS", Align::kLeft},
               {"tasks"}});
  const auto add = [&](const PairResult& pair) {
    const std::string& other = pair.a == results.reference ? pair.b : pair.a;
    table.add_row({pair.is_self() ? "(itself)" : other, show_estimate(pair.at(scores[0])),
                   show_estimate(pair.at(scores[1])), show_estimate(pair.at(scores[2])),
                   show_estimate(pair.at(scores[3])),
                   fmt::format("{}/{}", pair.at(scores[3]).n_tasks, pair.tasks.size())});
  };
  for (const PairResult* pair : ranked(results, scores[3], false)) add(*pair);
  const auto self = ranked(results, scores[3], true);
  if (!self.empty() && !table.empty()) table.add_rule();
  for (const PairResult* pair : self) add(*pair);
  return table;
}

// All pairs: the interval for AGS only, since two names take the room.
Table pairs_table(const CompareResults& results, const Score (&scores)[4]) {
  Table table({{"model A", Align::kLeft, true},
               {"model B", Align::kLeft, true},
               {"S_node"},
               {"S_seq"},
               {"S_dep"},
               {"AGS", Align::kLeft},
               {"tasks"}});
  const auto add = [&](const PairResult& pair) {
    table.add_row({pair.a, pair.is_self() ? "(itself)" : pair.b,
                   show_value(pair.at(scores[0]).value), show_value(pair.at(scores[1]).value),
                   show_value(pair.at(scores[2]).value), show_estimate(pair.at(scores[3])),
                   fmt::format("{}/{}", pair.at(scores[3]).n_tasks, pair.tasks.size())});
  };
  for (const PairResult* pair : ranked(results, scores[3], false)) add(*pair);
  const auto self = ranked(results, scores[3], true);
  if (!self.empty() && !table.empty()) table.add_rule();
  for (const PairResult* pair : self) add(*pair);
  return table;
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
      "mandatory tools: {}{}; pool: {}; dependency verifier: {}\n",
      counted(results.loaded, "trajectory", "trajectories"),
      counted(results.models.size(), "model", "models"), counted(results.tasks.size(), "task", "tasks"),
      results.dropped, p.mandatory_rule,
      p.mandatory_file.empty() ? "" : " " + printable(p.mandatory_file), pool_text(results),
      p.features.verifier);
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

void add_scores(const PairResult& pair, const Score (&scores)[4], Json& into) {
  for (const Score score : scores) into[std::string(name_of(score))] = estimate_value(pair.at(score));
}

Json intervals_of(const PairResult& pair, const Score (&scores)[4]) {
  Json intervals = Json::object();
  for (const Score score : scores) {
    intervals[std::string(name_of(score))] = interval_value(pair.at(score));
  }
  return intervals;
}

Json pair_json(const PairResult& pair) {
  Json json;
  json["a"] = pair.a;
  json["b"] = pair.b;
  add_scores(pair, kPaperScores, json);
  json["n_tasks"] = pair.tasks.size();
  json["n_tasks_node"] = pair.at(Score::kSNode).n_tasks;
  json["n_trajectory_pairs"] = pair.trajectory_pairs;
  json["intervals"] = intervals_of(pair, kPaperScores);
  Json& calibrated = json["calibrated"];
  add_scores(pair, kCalibratedScores, calibrated);
  calibrated["n_tasks_node"] = pair.at(Score::kCalibratedSNode).n_tasks;
  calibrated["n_tasks_seq"] = pair.at(Score::kCalibratedSSeq).n_tasks;
  calibrated["n_tasks_dep"] = pair.at(Score::kCalibratedSDep).n_tasks;
  calibrated["intervals"] = intervals_of(pair, kCalibratedScores);
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
  options["verifier"] = p.features.verifier;
  options["tool_catalog_digest"] =
      p.features.catalog_digest.empty() ? Json(nullptr) : Json(p.features.catalog_digest);
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

std::string dump(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return fmt::format("{} {}", digits, n == 1 ? singular : plural);
}

std::string render_compare(const CompareResults& results, const CompareReportOptions& options) {
  const bool text = options.style == TableStyle::kText;
  const bool bold = text && options.colour;
  const auto table = [&](const Score (&scores)[4]) {
    return results.reference.empty() ? pairs_table(results, scores) : reference_table(results, scores);
  };
  const std::string subject =
      results.reference.empty()
          ? "Action Graph Similarity, all pairs"
          : fmt::format("Action Graph Similarity to {}", printable(results.reference));
  std::string out = subject + "\n";
  if (text) out += basis(results);
  if (options.paper) out += "\nProfile: paper\n\n" + table(kPaperScores).render(options.style, options.width, bold);
  if (options.calibrated) {
    out += "\nProfile: calibrated (S_node: 0 is chance)\n\n" +
           table(kCalibratedScores).render(options.style, options.width, bold);
  }
  if (text) out += "\ntasks: those with optional tools, which carry S_node and AGS / all in common\n";
  return out;
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
  for (const PairResult& pair : results.pairs) json["pairs"].push_back(pair_json(pair));
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
  }
  return out;
}

std::string tasks_to_csv(const CompareResults& results) {
  std::string out = csv_line({"a", "b", "benchmark", "domain", "task_id", "n_trajectory_pairs",
                              "n_optional_tools", "s_node", "s_seq", "s_dep", "calibrated_s_seq",
                              "calibrated_s_dep"});
  for (const PairResult& pair : results.pairs) {
    for (const TaskScore& score : pair.tasks) {
      const TaskKey& task = results.tasks[score.task];
      const auto at = [&](Column column) { return score.row[static_cast<std::size_t>(column)]; };
      const auto when = [&](Column defined, Column value) {
        return csv_number(at(defined) > 0 ? std::optional(at(value)) : std::nullopt);
      };
      out += csv_line({pair.a, pair.b, task.benchmark, task.domain, task.task_id,
                       std::to_string(score.trajectory_pairs), fmt::format("{:.0f}", at(Column::kCells)),
                       when(Column::kNodeTasks, Column::kNode), when(Column::kTasks, Column::kSeq),
                       when(Column::kTasks, Column::kDep),
                       when(Column::kCalibratedSeqTasks, Column::kCalibratedSeq),
                       when(Column::kCalibratedDepTasks, Column::kCalibratedDep)});
    }
  }
  return out;
}

}  // namespace agentecho
