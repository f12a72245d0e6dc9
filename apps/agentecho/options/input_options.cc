#include "agentecho/options/input_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/actions/action_table.h"
#include "agentecho/base/file_status.h"
#include "agentecho/base/hash.h"
#include "agentecho/base/text.h"
#include "agentecho/base/within.h"
#include "agentecho/corpus/shards.h"
#include "agentecho/options/output_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/section.h"
#include "agentecho/options/validators.h"
#include "agentecho/phase_line.h"
#include "agentecho/readers/byte_source.h"
#include "agentecho/report/compare_report.h"

namespace agentecho::cli {

namespace {

constexpr std::size_t kLargestTextFile = 64 << 20;
constexpr std::size_t kShownFindings = 5;

// Without a model where what is named is not NAME=PATH.
std::vector<InputSpec> specs_of(const InputOptions& options) {
  std::vector<InputSpec> specs;
  for (const std::string& named : options.named) {
    const std::size_t equals = named.find('=');
    const bool good = equals != std::string::npos && equals > 0 && equals + 1 < named.size();
    specs.push_back(good ? InputSpec{named.substr(equals + 1), named.substr(0, equals)}
                         : InputSpec{named, {}});
  }
  for (const std::string& path : options.paths) specs.push_back({path, {}});
  return specs;
}

Result<std::vector<InputSpec>> to_specs(const InputOptions& options) {
  std::vector<InputSpec> specs = specs_of(options);
  for (std::size_t i = 0; i < options.named.size(); ++i) {
    if (!specs[i].model.empty()) continue;
    return fail(ErrorKind::kUsage, fmt::format("\"{}\" is not NAME=PATH", options.named[i]),
                "for example --model my-model=results/run1.json");
  }
  if (specs.empty()) {
    return fail(ErrorKind::kUsage, "no input was named",
                "name files, folders or globs, or - for standard input");
  }
  return specs;
}

}  // namespace

void add_input_options(CLI::App& command, InputOptions& options, InputUse use,
                       const std::string& model_mapping) {
  const OptionSection section(command, kInputSection);
  command
      .add_option(
          "PATHS", options.paths,
          "Logs: files, folders (searched recursively), globs, or - for standard input; plain, "
          "compressed, or in zip and tar archives. Also features.jsonl, as compare --out writes it")
      ->each(note_input);
  add_repeated(command, model_mapping, options.named,
               "The model whose logs are at PATH, whatever the logs call it", "NAME=PATH");
  command.add_flag("--merge", options.merge,
                   "One model name is one model, even where agents, endpoints or settings differ");
  add_repeated(command, "--rename", options.renamed,
               "Call the model OLD NEW; joins the spellings of one name", "OLD=NEW");
  add_value(command, "--success-key", options.success_key,
            "The member of a record that says whether the run succeeded", "KEY");
  command.add_flag("--tasks-by-position", options.tasks_by_position,
                   "Records without a task id: the same place in two files is the same task");
  add_repeated(command, "--path", options.path_patterns,
               "What the parts of a path are: runs/{model}/{task}/{trial}.json, also {domain} and "
               "{benchmark}, with * and **",
               "PATTERN");
  command.add_flag("--allow-partial", options.allow_partial,
                   "Go on although more than a tenth of the input cannot be used");
  command.add_flag("--allow-invalid", options.allow_invalid,
                   "Go on although scores say nothing, as without a single tool call");
  add_value(command, "--input-format", options.format,
            "Read the logs as auto, tau-bench, tau2-bench, chat, agentecho or another format "
            "of docs/formats.md",
            "FORMAT")
      ->capture_default_str();
  if (use == InputUse::kGraphs) {
    add_value(
        command, "--tools", options.tools_file,
        "Tool catalogue: JSON with lists of names under read, write and generic; overrides the "
        "built-in lists. Under map, {given: canonical}, also names to be joined",
        "FILE");
    add_value(command, "--tool-map", options.tool_map_file,
              "Names of tools to be joined: JSON {given: canonical}", "FILE");
    add_value(command, "--actions", options.actions,
              "How the commands of shells are called as nodes: class+program (read:cat), "
              "class, name (the call as logged, one node), or default: class+program for "
              "shells, the name for all other tools",
              "NAMES")
        ->capture_default_str();
    add_value(command, "--action-table", options.action_table_file,
              "Classes of shell commands and editing tools, as JSON (docs/shell.md); "
              "without it, the built-in ones",
              "FILE");
    add_value(
        command, "--verifier", options.verifier,
        "When a value in a call depends on an earlier result: provenance (that result was the "
        "first "
        "text with the value), none (any earlier result that has it), llm (a judge decides; in "
        "compare)",
        "NAME")
        ->capture_default_str();
  }
  add_threads_option(command, options.threads);
  add_value(command, "--max-record-mb", options.max_record_mb,
            "Records larger than this are passed over, with a diagnostic", "MB")
      ->transform(whole_number(1, 4000))
      ->capture_default_str();
  command.add_flag("--strict", options.strict, "Fail when any part of the input cannot be used");
  command.add_flag("-q,--quiet", options.quiet, "No progress and no warnings");
}

namespace {

void say_what_is_passed_over(const ResolvedInputs& inputs) {
  constexpr std::size_t kShown = 3;
  if (inputs.n_passed_over > 0) {
    std::string names;
    for (std::size_t i = 0; i < std::min(kShown, inputs.passed_over.size()); ++i) {
      const PassedOver& file = inputs.passed_over[i];
      names += fmt::format("{}{} ({})", i > 0 ? ", " : "", file.path, file.reason);
    }
    if (inputs.n_passed_over > kShown) {
      names += fmt::format(" and {} more", inputs.n_passed_over - kShown);
    }
    report_note(
        fmt::format("{} passed over: {}", counted(inputs.n_passed_over, "file", "files"), names));
  }
  for (const PassedOver& file : inputs.doubtful) {
    report_warnings({fmt::format("{}: {}", file.path, file.reason)});
  }
}

// Where not all of what is named can be found, the refusal may go to standard output, and not onto
// what is there.
void note_what_is_there(const InputOptions& options) {
  const auto written = status_of(STDOUT_FILENO);
  if (!written || !is_regular(*written)) return;
  for (const InputSpec& spec : specs_of(options)) {
    if (const auto found = resolve_inputs({spec})) {
      for (const InputFile& file : found->files) note_input(file.path);
    }
  }
}

Result<ResolvedInputs> resolved(const InputOptions& options) {
  auto specs = to_specs(options);
  if (!specs) return Unexpected(specs.error());
  auto expanded = expand_shards(*specs);
  if (!expanded) return Unexpected(expanded.error());
  auto files = resolve_inputs(*expanded);
  if (!files) return files;
  for (const InputSpec& spec : *specs) note_input(spec.path);
  for (const InputFile& file : files->files) note_log(file.path);
  return files;
}

}  // namespace

Result<void> find_inputs(InputOptions& options) {
  auto files = resolved(options);
  if (!files) {
    note_what_is_there(options);
    return Unexpected(files.error());
  }
  // `agentecho convert logs > logs/all.jsonl` would read what it writes, without end.
  if (auto spared = spare_standard_output(); !spared) return spared;
  show_phases(options.quiet);
  if (!options.quiet) say_what_is_passed_over(*files);
  options.files = std::move(files->files);
  return {};
}

void add_task_filters(CLI::App& command, InputOptions& options) {
  const OptionSection section(command, kSelectionSection);
  const auto add = [&](const char* name, std::vector<std::string>& values, const char* meaning,
                       const char* type) { add_repeated(command, name, values, meaning, type); };
  add("--tasks", options.filter.tasks,
      "Only these tasks: ids, domain/task or benchmark/domain/task; globs, separated by commas",
      "TASK,...");
  add("--domain", options.filter.domains, "Only tasks of these domains; globs", "DOMAIN,...");
  add("--benchmark", options.filter.benchmarks, "Only tasks of these benchmarks; globs",
      "BENCHMARK,...");
}

CLI::Option* add_run_options(CLI::App& command, std::string& task,
                             std::optional<std::int64_t>& trial) {
  CLI::Option* const named =
      add_value(command, "--task", task,
                "Task id; domain/task or benchmark/domain/task where ids repeat", "TASK");
  add_value(command, "--trial", trial, "Trial; without it, the first", "N")
      ->transform(whole_number(0, std::numeric_limits<std::int64_t>::max()));
  return named;
}

void add_threads_option(CLI::App& command, unsigned& threads) {
  add_value(command, "--threads", threads, "Threads; 0: one per core. Never changes a result", "N")
      ->transform(whole_number(0, 100000))
      ->capture_default_str();
}

void add_model_filter(CLI::App& command, InputOptions& options, const std::string& meaning) {
  const OptionSection section(command, kSelectionSection);
  add_repeated(command, "--models", options.filter.models, meaning, "MODEL,...");
}

void add_success_option(CLI::App& command, InputOptions& options) {
  const OptionSection section(command, kSelectionSection);
  command.add_flag("--success-only", options.success_only,
                   "Compare successful runs only; failed ones are left out and counted");
}

Result<std::string> read_text_file(const std::string& path) {
  auto source = open_file(path);
  if (!source) return Unexpected(source.error());
  note_input(path);
  std::string text;
  char buffer[65536];
  for (;;) {
    auto n = (*source)->read(buffer, sizeof buffer);
    if (!n) return fail(ErrorKind::kInput, path + ": " + n.error().message);
    if (*n == 0) return text;
    text.append(buffer, *n);
    if (text.size() > kLargestTextFile) {
      return fail(ErrorKind::kInput, fmt::format("{}: too large for what it should be", path));
    }
  }
}

Result<std::string> read_json_file(const std::string& path) {
  using nlohmann::json;
  auto text = read_text_file(path);
  if (!text) return text;
  std::vector<std::set<std::string>> open;  // the keys of the objects around
  std::string doubled;
  const auto look = [&](int /*depth*/, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key &&
        !open.back().insert(parsed.get<std::string>()).second) {
      doubled = parsed.get<std::string>();
    }
    return true;
  };
  const json parsed = json::parse(*text, look, false);
  if (parsed.is_discarded() || doubled.empty()) return text;  // who wants it says what is wrong
  return fail(
      ErrorKind::kUsage,
      fmt::format("{}: the key \"{}\" stands twice in one object", path, printable(doubled)),
      "of two members of one name only one would count");
}

void add_taxonomy_option(CLI::App& command, std::string& file) {
  const OptionSection section(command, kMetricSection);
  add_value(command, "--taxonomy", file,
            "Stages of another taxonomy and the rules that tell them apart, as JSON "
            "(docs/rps.md); without it, the paper's five",
            "FILE");
}

Result<std::shared_ptr<const StageTaxonomy>> read_taxonomy(const std::string& file) {
  if (file.empty()) return nullptr;
  auto text = read_text_file(file);
  if (!text) return Unexpected(text.error());
  auto taxonomy = rps::parse_taxonomy(*text);
  if (!taxonomy) return Unexpected(within(file, taxonomy.error()));
  return std::make_shared<const StageTaxonomy>(
      StageTaxonomy{std::move(*taxonomy), std::move(*text)});
}

namespace {

Result<std::pair<std::string, std::string>> split_at_equals(const std::string& text,
                                                            std::string_view option) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return fail(ErrorKind::kUsage, fmt::format("\"{}\" is not OLD=NEW", text),
                fmt::format("for example {} openai/gpt-4.1=gpt-4.1", option));
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

// {"given": "canonical"}
Result<void> add_tool_map(const nlohmann::ordered_json& map,
                          std::map<std::string, std::string>& names) {
  if (!map.is_object()) {
    return fail(ErrorKind::kInput, "a map of tool names is a JSON object {given: canonical}");
  }
  for (const auto& [given, canonical] : map.items()) {
    if (!canonical.is_string() || canonical.get<std::string>().empty()) {
      return fail(ErrorKind::kInput, fmt::format("the name for \"{}\" is no text", given));
    }
    const auto [known, is_new] = names.try_emplace(given, canonical.get<std::string>());
    if (!is_new && known->second != canonical.get<std::string>()) {
      return fail(
          ErrorKind::kUsage,
          fmt::format("the tool \"{}\" is given two names, \"{}\" and \"{}\"", printable(given),
                      printable(known->second), printable(canonical.get<std::string>())),
          "--tools and --tool-map both map it; leave one of the two out");
    }
  }
  return {};
}

// Takes the member "map" out of a catalogue.
Result<void> split_tool_map(std::string& text, std::map<std::string, std::string>& names) {
  auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("map")) return {};
  if (auto added = add_tool_map(json["map"], names); !added) return added;
  json.erase("map");
  text = json.dump();
  return {};
}

Result<void> read_identity_rules(const InputOptions& options, CorpusOptions& corpus) {
  IdentityRules& rules = corpus.load.identity;
  for (const std::string& text : options.path_patterns) {
    auto pattern = PathPattern::parse(text);
    if (!pattern) return Unexpected(pattern.error());
    rules.paths.push_back(std::move(*pattern));
  }
  for (const std::string& text : options.renamed) {
    auto names = split_at_equals(text, "--rename");
    if (!names) return Unexpected(names.error());
    const auto [known, is_new] = rules.renamed.insert(*names);
    if (!is_new && known->second != names->second) {
      return fail(ErrorKind::kUsage, fmt::format("--rename gives {} two names, {} and {}",
                                                 names->first, known->second, names->second));
    }
  }
  rules.tasks_by_position = options.tasks_by_position;
  rules.success_key = options.success_key;
  corpus.merge_systems = options.merge;
  if (options.tool_map_file.empty()) return {};
  auto text = read_json_file(options.tool_map_file);
  if (!text) return Unexpected(text.error());
  const auto json = nlohmann::ordered_json::parse(*text, nullptr, false);
  if (auto added = add_tool_map(json, corpus.tool_map); !added) {
    return Unexpected(within(options.tool_map_file, added.error()));
  }
  return {};
}

}  // namespace

Result<CorpusOptions> to_corpus_options(const InputOptions& options, ProgressSink& progress) {
  CorpusOptions corpus;
  if (auto chosen = choose_log_format(options.format, corpus.load); !chosen) {
    return Unexpected(chosen.error());
  }
  if (auto read = read_identity_rules(options, corpus); !read) return Unexpected(read.error());
  if (auto verifier = make_dependency_verifier(options.verifier); !verifier) {
    Error error = verifier.error();
    if (options.verifier == "llm") {
      error.message = "this command does not ask an LLM about dependencies";
      error.hint =
          "`agentecho compare PATHS --verifier llm --out DIR` does; any command reads the "
          "features.jsonl that it writes";
    }
    return Unexpected(std::move(error));
  }
  corpus.settings.verifier = options.verifier;
  auto actions = parse_action_naming(options.actions);
  if (!actions) return Unexpected(actions.error());
  corpus.actions = *actions;
  if (!options.action_table_file.empty()) {
    auto text = read_json_file(options.action_table_file);
    if (!text) return Unexpected(text.error());
    auto table = ActionTable::parse(*text);
    if (!table) return Unexpected(within(options.action_table_file, table.error()));
    corpus.action_table = std::make_shared<const ActionTable>(std::move(*table));
    corpus.action_table_json = std::move(*text);
  }
  corpus.success_only = options.success_only;
  corpus.filter = options.filter;
  if (!options.tools_file.empty()) {
    auto text = read_json_file(options.tools_file);
    if (!text) return Unexpected(text.error());
    if (auto split = split_tool_map(*text, corpus.tool_map); !split) {
      return Unexpected(within(options.tools_file, split.error()));
    }
    auto catalog = ToolCatalog::parse(*text);
    if (!catalog) {
      return Unexpected(within(options.tools_file, catalog.error()));
    }
    corpus.catalog = std::move(*catalog);
    corpus.settings.catalog_digest = to_hex(digest_of(*text));
  }
  corpus.load.files = options.files;
  corpus.load.threads = options.threads;
  corpus.load.max_record_bytes = options.max_record_mb << 20;
  corpus.load.stop = &stop_requested();
  corpus.load.progress = &progress;
  return corpus;
}

namespace {

// The first findings of some kinds, and how many more there are.
template <class Wanted>
std::vector<std::string> first_findings(const Diagnostics& diagnostics, std::uint64_t total,
                                        Wanted wanted) {
  std::vector<std::string> findings;
  for (const Diagnostic& diagnostic : diagnostics.kept()) {
    if (!wanted(diagnostic.kind)) continue;
    if (findings.size() == kShownFindings) break;
    findings.push_back(to_string(diagnostic));
  }
  if (total > findings.size()) {
    findings.push_back(
        fmt::format("… and {} more; `agentecho inspect` counts them", total - findings.size()));
  }
  return findings;
}

}  // namespace

Result<void> report_losses(const LoadReport& report, const InputOptions& options) {
  const Diagnostics& diagnostics = report.diagnostics;
  const std::uint64_t losses = diagnostics.losses();
  const std::vector<std::string> lost = first_findings(diagnostics, losses, is_loss);
  if (options.strict && losses > 0) {
    return fail(ErrorKind::kInput, lost.front(),
                fmt::format("{} such finding{}; without --strict the rest of the input is used",
                            losses, losses == 1 ? "" : "s"));
  }
  if (options.quiet) return {};
  report_warnings(lost);
  return {};
}

Result<void> report_validity(const std::vector<Finding>& findings, const InputOptions& options,
                             ValidityGate gate) {
  const auto text = [](const Finding& finding) {
    return finding.hint.empty() ? finding.message
                                : fmt::format("{}; {}", finding.message, finding.hint);
  };
  const auto stops = [&](const Finding& finding) {
    if (finding.severity == Severity::kLoss) return !options.allow_partial;
    return finding.severity == Severity::kInvalid && gate == ValidityGate::kScores &&
           !options.allow_invalid;
  };
  std::vector<std::string> said;
  const Finding* stopping = nullptr;
  for (const Finding& finding : findings) {
    if (stopping == nullptr && stops(finding)) {
      stopping = &finding;
    } else if (finding.severity == Severity::kNote) {
      if (!options.quiet) report_note(text(finding));
    } else {
      said.push_back(text(finding));
    }
  }
  if (stopping == nullptr) {
    if (!options.quiet) report_warnings(said);
    return {};
  }
  if (!options.quiet) report_warnings(said);
  return fail(
      ErrorKind::kInput, stopping->message,
      fmt::format("{}; {} goes on all the same",
                  stopping->hint.empty() ? "nothing is scored" : stopping->hint,
                  stopping->severity == Severity::kLoss ? "--allow-partial" : "--allow-invalid"));
}

Result<LoadedCorpus> load_inputs(const InputOptions& options, const AdjustCorpus& adjust,
                                 ValidityGate gate) {
  Reading reading(options);
  if (!reading.options) return Unexpected(reading.options.error());
  adjust(*reading.options);
  Diagnostics refused;
  reading.options->refused = &refused;
  auto loaded = load_corpus(*reading.options);
  const auto finished = reading.finish();
  if (!loaded) {
    // The error says the first; several are said one by one.
    if (refused.kept().size() > 1 && !options.quiet) {
      report_warnings(first_findings(refused, refused.losses(), is_loss));
    }
    return loaded;
  }
  if (!finished) return Unexpected(finished.error());
  if (auto reported = report_losses(loaded->report, options); !reported) {
    return Unexpected(reported.error());
  }
  if (auto reported = report_validity(loaded->validity, options, gate); !reported) {
    return Unexpected(reported.error());
  }
  return loaded;
}

Result<LoadedCorpus> load_inputs(const InputOptions& options, VerbalParts parts, bool phrases) {
  return load_inputs(options, [&](CorpusOptions& corpus) {
    corpus.parts = parts;
    corpus.phrases = phrases;
  });
}

}  // namespace agentecho::cli
