#include "agentecho/options/input_options.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "agentecho/base/hash.h"
#include "agentecho/base/text.h"
#include "agentecho/options/output_options.h"
#include "agentecho/readers/byte_source.h"

namespace agentecho::cli {

namespace {

constexpr std::size_t kLargestTextFile = 64 << 20;
constexpr std::size_t kShownFindings = 5;

Result<std::vector<InputSpec>> to_specs(const InputOptions& options) {
  std::vector<InputSpec> specs;
  for (const std::string& named : options.named) {
    const std::size_t equals = named.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == named.size()) {
      return fail(ErrorKind::kUsage, fmt::format("\"{}\" is not NAME=PATH", named),
                  "for example --model my-model=results/run1.json");
    }
    specs.push_back({named.substr(equals + 1), named.substr(0, equals)});
  }
  for (const std::string& path : options.paths) specs.push_back({path, {}});
  if (specs.empty()) {
    return fail(ErrorKind::kUsage, "no input was named",
                "name files, folders or globs, or - for standard input");
  }
  return specs;
}

}  // namespace

void add_input_options(CLI::App& command, InputOptions& options, InputUse use,
                       const std::string& model_mapping) {
  command.add_option(
      "PATHS", options.paths,
      "Logs: files, folders (searched recursively), globs, or - for standard input; plain, "
      "gzip or zstd. Also features.jsonl, as compare --out writes it");
  command
      .add_option(model_mapping, options.named,
                  "The model whose logs are at PATH, for logs that do not say it")
      ->type_name("NAME=PATH")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("--input-format", options.format,
                  "Read the logs as auto, tau-bench, tau2-bench, chat or agentecho")
      ->type_name("FORMAT")
      ->capture_default_str();
  if (use == InputUse::kGraphs) {
    command
        .add_option(
            "--tools", options.tools_file,
            "Tool catalogue: JSON with lists of names under read, write and generic; overrides the "
            "built-in lists")
        ->type_name("FILE");
    command
        .add_option(
            "--verifier", options.verifier,
            "Which candidate dependencies count: provenance (the value first became available "
            "through that result), none (all), or in compare llm (a judge decides)")
        ->type_name("NAME")
        ->capture_default_str();
  }
  command
      .add_option("--threads", options.threads, "Threads; 0: one per core. Never changes a figure")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--max-record-mb", options.max_record_mb,
                  "Records larger than this are passed over, with a diagnostic")
      ->type_name("MB")
      ->check(CLI::Range(1, 4000))
      ->capture_default_str();
  command.add_flag("--strict", options.strict, "Fail when any part of the input cannot be used");
  command.add_flag("-q,--quiet", options.quiet, "No progress and no warnings");
}

Result<void> find_inputs(InputOptions& options) {
  auto specs = to_specs(options);
  if (!specs) return Unexpected(specs.error());
  auto files = resolve_inputs(*specs);
  if (!files) return Unexpected(files.error());
  for (const InputSpec& spec : *specs) note_input(spec.path);
  for (const InputFile& file : *files) note_input(file.path);
  options.files = std::move(*files);
  return {};
}

void add_success_option(CLI::App& command, InputOptions& options) {
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

void add_taxonomy_option(CLI::App& command, std::string& file) {
  command
      .add_option("--taxonomy", file,
                  "Stages of another taxonomy and the rules that tell them apart, as JSON "
                  "(docs/rps.md); without it, the paper's five")
      ->type_name("FILE");
}

Result<std::shared_ptr<const StageTaxonomy>> read_taxonomy(const std::string& file) {
  if (file.empty()) return nullptr;
  auto text = read_text_file(file);
  if (!text) return Unexpected(text.error());
  auto taxonomy = rps::parse_taxonomy(*text);
  if (!taxonomy) {
    Error error = taxonomy.error();
    error.message = file + ": " + error.message;
    return Unexpected(std::move(error));
  }
  return std::make_shared<const StageTaxonomy>(
      StageTaxonomy{std::move(*taxonomy), std::move(*text)});
}

std::uint64_t stored_bytes(const InputOptions& options) {
  std::uint64_t bytes = 0;
  for (const InputFile& file : options.files) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(file.path, ignored);
    if (!ignored) bytes += size;
  }
  return bytes;
}

Result<CorpusOptions> to_corpus_options(const InputOptions& options, ProgressSink& progress) {
  CorpusOptions corpus;
  auto format = parse_log_format(options.format);
  if (!format) return Unexpected(format.error());
  corpus.load.format = *format;
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
  corpus.success_only = options.success_only;
  if (!options.tools_file.empty()) {
    auto text = read_text_file(options.tools_file);
    if (!text) return Unexpected(text.error());
    auto catalog = ToolCatalog::parse(*text);
    if (!catalog) {
      Error error = catalog.error();
      error.message = options.tools_file + ": " + error.message;
      return Unexpected(std::move(error));
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
  constexpr DiagnosticKind kIgnored = DiagnosticKind::kModelMappingIgnored;
  report_warnings(first_findings(diagnostics, diagnostics.count(kIgnored),
                                 [](DiagnosticKind kind) { return kind == kIgnored; }));
  return {};
}

Result<LoadedCorpus> load_inputs(const InputOptions& options, const AdjustCorpus& adjust) {
  ConsoleProgress progress(options.quiet);
  const StopOnSignal stop_on_signal;
  auto corpus_options = to_corpus_options(options, progress);
  if (!corpus_options) return Unexpected(corpus_options.error());
  adjust(*corpus_options);
  auto loaded = load_corpus(*corpus_options);
  if (!loaded) return loaded;
  if (auto reported = report_losses(loaded->report, options); !reported) {
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
