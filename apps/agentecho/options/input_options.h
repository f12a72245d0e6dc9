// The options that every command with logs has in common: what to read and how.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/console.h"
#include "agentecho/corpus/load_corpus.h"

namespace agentecho::cli {

struct InputOptions {
  std::vector<std::string> paths;
  std::vector<std::string> named;  // NAME=PATH
  std::string format = "auto";
  std::vector<std::string> path_patterns;
  std::vector<std::string> renamed;  // OLD=NEW
  std::string success_key;
  bool tasks_by_position = false;
  bool merge = false;
  bool allow_partial = false;
  bool allow_invalid = false;
  std::string tools_file;
  std::string tool_map_file;
  std::string actions = "default";
  std::string action_table_file;
  std::string verifier = "provenance";
  unsigned threads = 0;
  std::uint64_t max_record_mb = 1024;
  bool strict = false;
  bool success_only = false;
  RunFilter filter;
  bool quiet = false;
  std::vector<InputFile> files;  // found by find_inputs(), which the wrapper of commands calls
};

// Which of the options a command has beyond the paths.
enum class InputUse { kTrajectories, kGraphs };

// `model_mapping`: the names of the option NAME=PATH; "--named" alone where --model is taken.
void add_input_options(CLI::App& command, InputOptions& options, InputUse use,
                       const std::string& model_mapping = "--model,--named");

// Resolves what the user named to the list of files, once, and notes them as inputs
// (output_options.h). Errors: nothing was named (kUsage), what is not there.
Result<void> find_inputs(InputOptions& options);

// Files, catalogue and settings as the options say; fails before anything is read.
Result<CorpusOptions> to_corpus_options(const InputOptions& options, ProgressSink& progress);

// A command while it reads its inputs: it shows how far it is, and a signal stops it.
struct Reading {
  explicit Reading(const InputOptions& input)
      : progress(input.quiet), options(to_corpus_options(input, progress)) {}

  // After the last that looks at the stop flag: from here on a signal ends the program at once.
  // Error (kInterrupted): one came that nobody saw any more.
  Result<void> finish() {
    stop_on_signal.reset();
    return not_stopped();
  }

  ConsoleProgress progress;
  std::optional<StopOnSignal> stop_on_signal{std::in_place};
  Result<CorpusOptions> options;
};

// --success-only
void add_success_option(CLI::App& command, InputOptions& options);

// --tasks, --domain and --benchmark: see RunFilter.
void add_task_filters(CLI::App& command, InputOptions& options);
// --models, of commands that score all pairs of them.
void add_threads_option(CLI::App& command, unsigned& threads);
void add_model_filter(CLI::App& command, InputOptions& options, const std::string& meaning);

// What was lost goes to standard error; with --strict it is an error.
Result<void> report_losses(const LoadReport& report, const InputOptions& options);

// Whether a command scores what it loads, or only shows it.
enum class ValidityGate { kScores, kShows };
// The findings go to standard error; what must not be believed is an error unless the options allow
// it: kLoss in every command, kInvalid where scores are made.
Result<void> report_validity(const std::vector<Finding>& findings, const InputOptions& options,
                             ValidityGate gate);

// load_corpus() with progress, and report_losses(). `adjust` may change what the options say before
// anything is read.
using AdjustCorpus = std::function<void(CorpusOptions&)>;
Result<LoadedCorpus> load_inputs(const InputOptions& options, const AdjustCorpus& adjust,
                                 ValidityGate gate = ValidityGate::kScores);
// `parts`: what is prepared of the wording; `phrases`: CorpusOptions::phrases.
Result<LoadedCorpus> load_inputs(const InputOptions& options, VerbalParts parts = {},
                                 bool phrases = false);

// --task and --trial, which name runs. Returns --task.
CLI::Option* add_run_options(CLI::App& command, std::string& task,
                             std::optional<std::int64_t>& trial);

// --taxonomy
void add_taxonomy_option(CLI::App& command, std::string& file);

// The taxonomy in that file; null for no file.
Result<std::shared_ptr<const StageTaxonomy>> read_taxonomy(const std::string& file);

// The content of a small file, which is noted as an input.
Result<std::string> read_text_file(const std::string& path);
// The same of a file that should be JSON. Error (kUsage) also: an object with two members of one
// name, of which a parser would take one without a word.
Result<std::string> read_json_file(const std::string& path);

}  // namespace agentecho::cli
