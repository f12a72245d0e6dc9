#include "agentecho/report/inspect_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/report/json.h"
#include "agentecho/report/provenance_text.h"
#include "agentecho/report/validity_report.h"
#include "agentecho/report/verdict_text.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/fewest_models.h"

namespace agentecho {

namespace {

// One model on one benchmark and domain.
struct ModelBlock {
  std::string model;
  std::string benchmark;
  std::string domain;
  std::set<TaskIndex> tasks;
  std::set<std::int64_t> trials;
  std::uint64_t trajectories = 0;
  std::uint64_t rewarded = 0;
  std::uint64_t successful = 0;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  std::uint64_t user_calls = 0;
  std::uint64_t with_reasoning = 0;  // trajectories
};

std::vector<ModelBlock> blocks_of(const Corpus& corpus) {
  std::map<std::pair<ModelIndex, std::pair<std::string, std::string>>, ModelBlock> blocks;
  for (const CorpusTrajectory& t : corpus.trajectories()) {
    const TaskKey& task = corpus.tasks()[t.task];
    ModelBlock& block = blocks[{t.model, {task.benchmark, task.domain}}];
    block.model = corpus.models()[t.model];
    block.benchmark = task.benchmark;
    block.domain = task.domain;
    block.tasks.insert(t.task);
    block.trials.insert(t.trial);
    ++block.trajectories;
    block.rewarded += t.reward.has_value() ? 1 : 0;
    block.successful += t.success ? 1 : 0;
    block.calls += t.counts.calls;
    block.errors += t.counts.errors;
    block.user_calls += t.user_calls;
    block.with_reasoning += t.reasoning_messages > 0 ? 1 : 0;
  }
  std::vector<ModelBlock> list;
  for (auto& [key, block] : blocks) list.push_back(std::move(block));
  return list;
}

struct ToolUse {
  std::string name;
  ToolClass tool;
  std::uint64_t calls = 0;
  std::set<ModelIndex> models;
};

std::vector<ToolUse> tools_of(const LoadedCorpus& loaded) {
  const Corpus& corpus = loaded.corpus;
  std::vector<ToolUse> tools;
  for (const std::string& name : corpus.tools()) {
    tools.push_back({name, loaded.catalog.classify(name), 0, {}});
  }
  for (const CorpusTrajectory& t : corpus.trajectories()) {
    for (const ToolIndex tool : t.calls) {
      ++tools[tool].calls;
      tools[tool].models.insert(t.model);
    }
  }
  return tools;
}

std::string percent_of(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "–";
  return fmt::format("{:.0f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string per(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "–";
  return fmt::format("{:.1f}", static_cast<double>(part) / static_cast<double>(whole));
}

Json ratio(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return nullptr;
  return static_cast<double>(part) / static_cast<double>(whole);
}

Table model_table(const std::vector<ModelBlock>& blocks) {
  Table table({{"model", Align::kLeft, true},
               {"benchmark/domain", Align::kLeft, true},
               {"tasks"},
               {"trials"},
               {"runs"},
               {"success"},
               {"calls/run"},
               {"errors"},
               {"think"}});
  for (const ModelBlock& b : blocks) {
    table.add_row({b.model, fmt::format("{}/{}", b.benchmark, b.domain),
                   std::to_string(b.tasks.size()), std::to_string(b.trials.size()),
                   std::to_string(b.trajectories), percent_of(b.successful, b.rewarded),
                   per(b.calls, b.trajectories), percent_of(b.errors, b.calls),
                   percent_of(b.with_reasoning, b.trajectories)});
  }
  return table;
}

Table tool_table(const std::vector<ToolUse>& tools) {
  Table table({{"tool", Align::kLeft, true}, {"kind", Align::kLeft}, {"calls"}, {"models"}});
  for (const ToolUse& use : tools) {
    table.add_row(
        {use.name.empty() ? "(no name)" : use.name,
         fmt::format("{}{}", name_of(use.tool.kind), use.tool.guessed ? " (guessed)" : ""),
         std::to_string(use.calls), std::to_string(use.models.size())});
  }
  return table;
}

std::string findings(const LoadReport& report) {
  std::string out;
  for (std::size_t kind = 0; kind < kDiagnosticKinds; ++kind) {
    const auto k = static_cast<DiagnosticKind>(kind);
    if (report.diagnostics.count(k) == 0) continue;
    out += fmt::format("{:>7}  {}\n", report.diagnostics.count(k), description_of(k));
    int shown = 0;
    for (const Diagnostic& diagnostic : report.diagnostics.kept()) {
      if (diagnostic.kind != k) continue;
      if (++shown > 3) {
        out += "           …\n";
        break;
      }
      out += "           " + printable(to_string(diagnostic)) + "\n";
    }
  }
  return out;
}

// "record: model (144 runs), folder (12)"
std::string source_list(const SourceCounts& counts) {
  std::string text;
  for (const auto& [source, n] : counts) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", source, n);
  }
  return text;
}

std::string where_names_come_from(const LoadReport& report) {
  const IdentitySources sources = all_sources(report);
  std::size_t domains = 0;
  std::uint64_t passed_over = 0;
  for (const LoadedFile& file : report.files) {
    domains += file.domains_guessed > 0 ? 1 : 0;
    passed_over += file.members_passed_over;
  }
  std::string out;
  const auto line = [&](std::string_view what, const SourceCounts& counts) {
    if (!counts.empty())
      out += printable(fmt::format("  {:<8} {}", what, source_list(counts))) + "\n";
  };
  line("model", sources.model);
  line("task", sources.task);
  line("trial", sources.trial);
  line("success", sources.success);
  if (!out.empty()) out = "\nWhere it comes from (runs):\n" + out;
  if (domains > 0) {
    out += fmt::format("the domain is guessed from known tool names for {}\n",
                       counted(domains, "file", "files"));
  }
  if (passed_over > 0) {
    out += fmt::format("{} in archives not named like logs: passed over\n",
                       counted(passed_over, "file", "files"));
  }
  return out;
}

Json sources_to_json(const IdentitySources& sources) {
  Json json = Json::object();
  const auto add = [&](const char* what, const SourceCounts& counts) {
    json[what] = Json::object();
    for (const auto& [source, n] : counts) json[what][source] = n;
  };
  add("model", sources.model);
  add("task", sources.task);
  add("trial", sources.trial);
  add("success", sources.success);
  return json;
}

// "tau-bench/retail and tau-bench/airline"; a number where there are many.
std::string domains_text(const Corpus& corpus) {
  std::set<std::string> domains;
  for (const TaskKey& task : corpus.tasks()) domains.insert(task.benchmark + "/" + task.domain);
  if (domains.size() > 3) return counted(domains.size(), "domain", "domains");
  return listed(std::vector<std::string>(domains.begin(), domains.end()));
}

// " Solved: 12 % of the runs of B to 71 % of those of A."; empty without rewards.
std::string success_text(const std::vector<ModelBlock>& blocks) {
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> models;  // successful, rewarded
  for (const ModelBlock& block : blocks) {
    models[block.model].first += block.successful;
    models[block.model].second += block.rewarded;
  }
  std::erase_if(models, [](const auto& model) { return model.second.second == 0; });
  if (models.empty()) return {};
  const auto rate = [](const auto& model) {
    return static_cast<double>(model.second.first) / static_cast<double>(model.second.second);
  };
  const auto [worst, best] =
      std::minmax_element(models.begin(), models.end(),
                          [&](const auto& a, const auto& b) { return rate(a) < rate(b); });
  if (models.size() == 1) return fmt::format(" Solved: {:.0f} % of the runs.", 100 * rate(*best));
  return fmt::format(" Solved: {:.0f} % of the runs of {} to {:.0f} % of those of {}.",
                     100 * rate(*worst), worst->first, 100 * rate(*best), best->first);
}

// What the number of models and of runs of a task allows.
std::string enough_for(const Corpus& corpus) {
  constexpr std::size_t kFewestForP = kFewestForKinship;
  std::size_t trials = 0;
  for (ModelIndex model = 0; model < corpus.models().size(); ++model) {
    trials = std::max(trials, corpus.most_trials(model));
  }
  const std::size_t n = corpus.models().size();
  std::string text =
      n == 1                  ? "One model alone can be watched for drift, not compared."
      : n < kFewestPoolModels ? fmt::format(
                                    "{} models are too few for S_node ({} are the fewest) "
                                    "and for p values ({}).",
                                    n, kFewestPoolModels, kFewestForP)
      : n < kFewestForP
          ? fmt::format("{} models are too few for p values ({} are the fewest).", n, kFewestForP)
          : "The models are enough for scores and for p values";
  const bool few_tasks = n > 1 && corpus.tasks().size() < kFewTasks;
  if (n >= kFewestForP) text += few_tasks ? ", the tasks are not." : ".";
  if (few_tasks) {
    text += fmt::format(" With fewer than {} tasks no score is to be relied on.", kFewTasks);
  }
  text += trials > 1
              ? fmt::format(
                    " There are up to {} runs of a task, so that a model can be set against "
                    "itself.",
                    trials)
              : " There is one run of each task, so nothing says how much a model differs from "
                "itself.";
  return text;
}

// How calls of shells became nodes (METHOD 13); empty where there are none.
std::string actions_text(const LoadedCorpus& loaded) {
  if (loaded.settings.actions.empty()) return {};
  const ActionTally& tally = loaded.actions;
  std::string text =
      fmt::format("\nShells and editing tools, named by --actions {}: ", loaded.settings.actions);
  if (!tally.any()) return text + "as in the prepared features\n";
  text += counted(tally.shell_calls, "call of a shell", "calls of shells");
  if (tally.shell_calls > 0) {
    text += fmt::format(", as {}", counted(tally.nodes, "node", "nodes"));
    if (tally.unparsed > 0) {
      text += fmt::format(" ({} of what cannot be parsed)", tally.unparsed);
    }
  }
  return text + fmt::format("; {} of editing tools\n", counted(tally.tool_calls, "call", "calls"));
}

Json actions_to_json(const LoadedCorpus& loaded) {
  const ActionTally& tally = loaded.actions;
  const FeatureSettings& settings = loaded.settings;
  return {{"actions", settings.actions},
          {"action_table_digest",
           settings.action_table.empty() ? Json(nullptr) : Json(settings.action_table)},
          {"n_shell_calls", tally.shell_calls},
          {"n_nodes", tally.nodes},
          {"n_unparsed", tally.unparsed},
          {"n_editing_tool_calls", tally.tool_calls}};
}

Provenance provenance_of(const LoadedCorpus& loaded) {
  Provenance provenance = make_provenance({&loaded}, {.replicates = 0});
  provenance.features.annotator.clear();  // no stage is looked at, whether prepared or not
  return provenance;
}

}  // namespace

VerdictParagraph inspection_verdict(const LoadedCorpus& loaded) {
  const Corpus& corpus = loaded.corpus;
  VerdictParagraph verdict;
  verdict.found = fmt::format("{} of {} on {} of {}, from {}.",
                              counted(corpus.trajectories().size(), "run", "runs"),
                              counted(corpus.models().size(), "model", "models"),
                              counted(corpus.tasks().size(), "task", "tasks"), domains_text(corpus),
                              counted(loaded.report.files.size(), "file", "files")) +
                  success_text(blocks_of(corpus));
  const auto severe =
      std::count_if(loaded.validity.begin(), loaded.validity.end(),
                    [](const Finding& finding) { return finding.severity != Severity::kNote; });
  const auto hopeless =
      std::find_if(loaded.validity.begin(), loaded.validity.end(),
                   [](const Finding& finding) { return finding.severity == Severity::kInvalid; });
  if (hopeless != loaded.validity.end()) {
    verdict.sureness = fmt::format("As they are, actions cannot be scored: {}.", hopeless->message);
    if (hopeless->check == "no_calls" && hopeless->models == corpus.models()) {
      verdict.basis = "If these agents have no tools, their wording can be compared all the same.";
      verdict.next = {"agentecho", "compare", "PATHS", "--metrics", "rps", "--allow-invalid"};
    }
    return verdict;
  }
  verdict.sureness =
      severe == 0 ? "Nothing speaks against scoring them."
                  : fmt::format("Before scoring them, read the {} below.",
                                counted(static_cast<std::uint64_t>(severe), "finding", "findings"));
  verdict.basis = enough_for(corpus);
  verdict.next =
      corpus.models().size() > 1
          ? std::vector<std::string>{"agentecho", "compare", "PATHS"}
          : std::vector<std::string>{"agentecho", "drift", "PATHS", "--save", "baseline.jsonl"};
  return verdict;
}

std::string render_inspection(const LoadedCorpus& loaded, const VerdictParagraph& verdict,
                              const TableView& view) {
  const Corpus& corpus = loaded.corpus;
  std::string out = render_verdict(verdict, view);
  if (std::string lines = validity_lines(loaded.validity); !lines.empty()) {
    lines.resize(lines.find_last_not_of('\n') + 1);
    out += note_text(lines, view) + "\n";
  }
  out += model_table(blocks_of(corpus)).render(view);
  if (const Table tools = tool_table(tools_of(loaded)); !tools.empty()) {
    out += "\n" + tools.render(view);
  }
  const std::string provenance = render_provenance(provenance_of(loaded), view);
  out += "\n" + note_text(
                    "success: share of rewarded runs with reward 1; think: runs with visible "
                    "reasoning",
                    view);
  if (view.style != TableStyle::kText) return out + provenance;
  out += actions_text(loaded);
  out += where_names_come_from(loaded.report);
  const std::string found = findings(loaded.report);
  if (!found.empty()) out += "\nFound while reading:\n" + found;
  return out + provenance;
}

std::string inspection_to_json(const LoadedCorpus& loaded, const VerdictParagraph& verdict) {
  const Corpus& corpus = loaded.corpus;
  Json json;
  json["schema_version"] = 1;
  add_verdict(verdict, json);
  json["provenance"] = provenance_json(provenance_of(loaded));
  json["n_trajectories"] = corpus.trajectories().size();
  json["n_tasks"] = corpus.tasks().size();
  json["validity"] = validity_to_json(loaded.validity);
  json["models"] = Json::array();
  for (const ModelBlock& b : blocks_of(corpus)) {
    json["models"].push_back({{"model", b.model},
                              {"benchmark", b.benchmark},
                              {"domain", b.domain},
                              {"n_tasks", b.tasks.size()},
                              {"n_trials", b.trials.size()},
                              {"n_trajectories", b.trajectories},
                              {"success_rate", ratio(b.successful, b.rewarded)},
                              {"n_calls", b.calls},
                              {"n_errors", b.errors},
                              {"n_user_calls", b.user_calls},
                              {"share_with_reasoning", ratio(b.with_reasoning, b.trajectories)}});
  }
  json["tools"] = Json::array();
  for (const ToolUse& use : tools_of(loaded)) {
    json["tools"].push_back({{"tool", use.name},
                             {"kind", name_of(use.tool.kind)},
                             {"guessed", use.tool.guessed},
                             {"n_calls", use.calls},
                             {"n_models", use.models.size()}});
  }
  if (!loaded.settings.actions.empty()) json["shell_actions"] = actions_to_json(loaded);
  json["files"] = Json::array();
  for (const LoadedFile& file : loaded.report.files) {
    json["files"].push_back({{"path", file.path},
                             {"format", file.format_name},
                             {"bytes", file.stored_bytes},
                             {"digest", "xxh3-128:" + to_hex(file.digest)},
                             {"trajectories", file.trajectories},
                             {"models_from_file_name", file.models_from_file_name},
                             {"domains_guessed", file.domains_guessed},
                             {"members_passed_over", file.members_passed_over},
                             {"sources", sources_to_json(file.sources)}});
  }
  Json& diagnostics = json["diagnostics"];
  diagnostics["counts"] = Json::object();
  for (std::size_t kind = 0; kind < kDiagnosticKinds; ++kind) {
    const auto k = static_cast<DiagnosticKind>(kind);
    if (loaded.report.diagnostics.count(k) > 0) {
      diagnostics["counts"][std::string(slug_of(k))] = loaded.report.diagnostics.count(k);
    }
  }
  diagnostics["examples"] = Json::array();
  for (const Diagnostic& d : loaded.report.diagnostics.kept()) {
    diagnostics["examples"].push_back({{"kind", slug_of(d.kind)},
                                       {"file", d.file},
                                       {"record", optional_json(d.record)},
                                       {"byte", optional_json(d.byte)},
                                       {"message", d.message}});
  }
  return to_document(json);
}

}  // namespace agentecho
