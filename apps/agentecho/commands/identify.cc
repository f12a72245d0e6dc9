#include "agentecho/study/identify.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/corpus/names.h"
#include "agentecho/options/option_rules.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/identify_report.h"
#include "agentecho/run_sets.h"
#include "agentecho/study/identity_check.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kIdentify = {
    "identify",
    "Which of the reference models made these runs: the set of models that they are consistent "
    "with at a stated level, which may be one, several relatives, or none (\"unknown\").",
    "Examples:\n"
    "  agentecho identify --reference known/ unknown/\n"
    "  agentecho identify --reference known/ endpoint/ --claimed gpt-4.1 --fail-on mismatch\n"
    "  agentecho identify --reference known/ --check"};

constexpr const char* kReference = "REFERENCE";  // stands for the reference's logs in documents

struct IdentifyCommand {
  InputOptions logs;  // the unknown runs; the reference is read with the same options
  std::vector<std::string> reference;
  std::string model;
  IdentifyOptions options;
  std::vector<std::string> channels = {"actions", "wording"};
  std::vector<std::string> fail_on;
  bool check = false;
  std::string save;
  Output output;
};

Result<LoadedCorpus> load_runs(const IdentifyCommand& command,
                               const std::vector<std::string>& paths) {
  return load_runs(command.logs, paths, [&](CorpusOptions& corpus) {
    corpus.parts.habits = true;
    corpus.parts.grams = true;
    corpus.success_is_said_later = command.save.empty();
  });
}

BootstrapOptions drawn_by(const IdentifyOptions& options) {
  return {options.replicates, options.seed, options.level};
}

Result<IdentifyOptions> to_options(const IdentifyCommand& command) {
  IdentifyOptions options = command.options;
  options.threads = command.logs.threads;
  auto channels = identity_channels(command.channels);
  if (!channels) return Unexpected(channels.error());
  options.channels = std::move(*channels);
  return options;
}

Result<Answer> save_reference(const IdentifyCommand& command) {
  auto loaded = load_runs(command, command.logs.paths);
  if (!loaded) return Unexpected(loaded.error());
  if (auto saved = save_features(*loaded, command.save); !saved) {
    return Unexpected(saved.error());
  }
  DataReport report("identify-reference",
                    fmt::format("{}: {} runs of {} models on {} tasks", command.save,
                                loaded->corpus.trajectories().size(),
                                loaded->corpus.models().size(), loaded->corpus.tasks().size()));
  report.verdict.found =
      "The reference is written: names and hashed counts, no text. Runs whose model is in doubt "
      "can be held against it.";
  return answer_with_next(report, {"agentecho", "identify", "--reference", command.save, kNewLogs},
                          {"agentecho", "identify", "--reference", kReference, kNewLogs},
                          make_provenance({&*loaded}, drawn_by(command.options)), command.output);
}

// A line to type next that names these references and ends with `last`.
std::vector<std::string> words_with(const std::vector<std::string>& references, const char* last) {
  std::vector<std::string> words = {"agentecho", "identify"};
  for (const std::string& path : references) words.insert(words.end(), {"--reference", path});
  words.emplace_back(last);
  return words;
}

Result<Answer> check_references(const IdentifyCommand& command, const LoadedCorpus& reference) {
  auto identify = to_options(command);
  if (!identify) return Unexpected(identify.error());
  IdentityCheckOptions options;
  options.identify = std::move(*identify);
  std::optional<LoadedCorpus> other;
  std::vector<const LoadedCorpus*> all = {&reference};
  if (!command.logs.paths.empty()) {
    auto loaded = load_runs(command, command.logs.paths);
    if (!loaded) return Unexpected(loaded.error());
    other = std::move(*loaded);
    all.push_back(&*other);
  }
  if (auto alike = require_made_alike(all); !alike) return Unexpected(alike.error());
  auto check = check_identity(reference.corpus, other ? &other->corpus : nullptr, options);
  if (!check) return Unexpected(check.error());
  return answer_with_next(identity_check_report(*check), words_with(command.reference, kNewLogs),
                          words_with({kReference}, kNewLogs),
                          make_provenance(all, drawn_by(options.identify)), command.output);
}

ClaimGate claim_gate(const IdentifyCommand& command) {
  ClaimGate gate{false, false};
  for (const std::string& what : command.fail_on) {
    gate.mismatch = gate.mismatch || what == "mismatch";
    gate.cannot_tell = gate.cannot_tell || what == "cannot-tell";
  }
  return gate;
}

Result<Answer> identify_unknown(const IdentifyCommand& command, const LoadedCorpus& reference) {
  auto unknown = load_runs(command, command.logs.paths);
  if (!unknown) return Unexpected(unknown.error());
  const LoadedCorpus* const both[] = {&reference, &*unknown};
  if (auto alike = require_made_alike(both); !alike) return Unexpected(alike.error());
  auto models = models_to_identify(unknown->corpus, command.model);
  if (!models) return Unexpected(models.error());
  const auto options = to_options(command);
  if (!options) return Unexpected(options.error());
  auto results = identify(reference.corpus, unknown->corpus, *models, *options);
  if (!results) return Unexpected(results.error());
  DataReport report = identify_report(*results);
  const auto failure = claim_failure(*results, claim_gate(command));
  if (failure) {
    report.notes.push_back(fmt::format("Gate: {} (exit code 4).", *failure));
  } else if (!command.fail_on.empty()) {
    report.notes.emplace_back(claim_answer(*results) == "cannot_tell"
                                  ? "Gate: open (exit code 0), since the claim cannot be tested."
                                  : "Gate: open (exit code 0).");
  }
  Answer answer = answer_with_next(
      report, words_with(command.reference, "--check"), words_with({kReference}, "--check"),
      make_provenance({&reference, &*unknown}, drawn_by(*options)), command.output);
  if (!command.logs.quiet) answer.warnings = results->warnings;
  if (failure) answer.code = kGateTripped;
  return answer;
}

Result<Answer> run_identify(const IdentifyCommand& command) {
  if (!command.fail_on.empty() && command.options.claimed.empty()) {
    return fail(ErrorKind::kUsage, "--fail-on needs a claim",
                "say with --claimed MODEL what the runs are said to be");
  }
  if (!command.save.empty()) return save_reference(command);
  if (command.reference.empty()) {
    return fail(ErrorKind::kUsage, "no reference runs",
                "--reference LOGS names runs of the models that may have made the unknown ones; "
                "`agentecho identify LOGS --save reference.jsonl` prepares them");
  }
  auto reference = load_runs(command, command.reference);
  if (!reference) return Unexpected(reference.error());
  if (!command.logs.filter.models.empty()) {
    auto models = require_models(reference->corpus, command.logs.filter.models);
    if (!models) return Unexpected(models.error());
    reference->corpus = reference->corpus.with_models(*models);
  }
  return command.check ? check_references(command, *reference)
                       : identify_unknown(command, *reference);
}

void setup_identify(CLI::App& command, IdentifyCommand& options) {
  add_input_options(command, options.logs, InputUse::kGraphs, "--named");
  add_model_filter(command, options.logs,
                   "Only these models of the reference may be named; globs, separated by commas");
  add_task_filters(command, options.logs);
  add_repeated(command, "--reference", options.reference,
               "Runs of the models that may have made the unknown ones: logs, or a feature file "
               "that --save made; repeat for several",
               "PATH")
      ->each(note_input);
  add_value(command, "--model", options.model,
            "The label of the unknown runs, where their logs hold several", "LABEL");
  add_value(command, "--claimed", options.options.claimed,
            "The reference model that the runs are said to be of", "MODEL");
  add_list(command, "--fail-on", options.fail_on,
           "Exit code 4 on: mismatch (the claimed model is not in the set), cannot-tell; separated "
           "by commas",
           "WHAT,...")
      ->check(CLI::IsMember({"mismatch", "cannot-tell"}));
  add_list(command, "--channels", options.channels,
           "What counts in the answer: actions, wording, serving; all are shown", "NAME,...")
      ->check(CLI::IsMember({"actions", "wording", "serving"}))
      ->capture_default_str();
  command.add_flag(
      "--check", options.check,
      "How well the references tell their models apart: runs whose model is known are "
      "identified, by folds of tasks, or those of other logs that carry the right labels");
  add_value(command, "--save", options.save,
            "Write the runs as features, to be a reference later; no text is kept, but hashed "
            "counts of it are",
            "FILE");
  add_number(command, "--level", options.options.level, "Level of the set", "P", 0.5, 0.9999);
  add_whole_number(command, "--replicates", options.options.replicates,
                   "Groups drawn for each p value", 99, 1000000);
  add_seed_option(command, options.options.seed, "Seed of the groups");
  add_output_options(command, options.output,
                     "the report, its tables as identify-TABLE.csv (identify-runs.csv labels every "
                     "run) and identify.json");
  add_html_option(command, options.output);
  exclude(command, "--save",
          {"--reference", "--model", "--claimed", "--fail-on", "--channels", "--check", "--level",
           "--html", "--models"});
  exclude(command, "--check", {"--model", "--claimed", "--fail-on"});
}

}  // namespace

void add_identify(CLI::App& app) { add_command(app, kIdentify, setup_identify, run_identify); }

}  // namespace agentecho::cli
