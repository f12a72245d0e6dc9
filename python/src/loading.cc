// Logs, tables and bytes to a corpus.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "agentecho/actions/action_table.h"
#include "agentecho/arrow/json_rows.h"
#include "agentecho/base/atomic_file.h"
#include "agentecho/corpus/feature_table.h"
#include "agentecho/corpus/shards.h"
#include "agentecho/metrics/rps/taxonomy.h"
#include "agentecho/readers/memory_file.h"
#include "agentecho/report/inspect_report.h"
#include "agentecho/scoring/metric_registry.h"
#include "analyses.h"

namespace agentecho::python {

namespace {

Error within(std::string_view what, Error error) {
  error.message = fmt::format("{}: {}", what, error.message);
  return error;
}

Result<CorpusOptions> corpus_options(const LoadRequest& request, const std::atomic<bool>& stop) {
  CorpusOptions options;
  if (auto chosen = choose_log_format(request.format, options.load); !chosen) {
    return Unexpected(chosen.error());
  }
  for (const std::string& text : request.path_patterns) {
    auto pattern = PathPattern::parse(text);
    if (!pattern) return Unexpected(pattern.error());
    options.load.identity.paths.push_back(std::move(*pattern));
  }
  options.load.identity.renamed = request.renamed;
  options.load.identity.success_key = request.success_key;
  options.load.identity.tasks_by_position = request.tasks_by_position;
  options.load.threads = request.threads;
  options.load.stop = &stop;
  options.merge_systems = request.merge;
  options.success_only = request.success_only;
  options.tool_map = request.tool_map;
  options.settings.verifier = request.verifier;
  auto actions = parse_action_naming(request.actions);
  if (!actions) return Unexpected(actions.error());
  options.actions = *actions;
  if (!request.action_table.empty()) {
    auto table = ActionTable::parse(request.action_table);
    if (!table) return Unexpected(within("action_table", table.error()));
    options.action_table = std::make_shared<const ActionTable>(std::move(*table));
    options.action_table_json = request.action_table;
  }
  if (!request.tools.empty()) {
    auto catalog = ToolCatalog::parse(request.tools);
    if (!catalog) return Unexpected(within("tools", catalog.error()));
    options.catalog = std::move(*catalog);
    options.settings.catalog_digest = to_hex(digest_of(request.tools));
  }
  if (!request.taxonomy.empty()) {
    auto taxonomy = rps::parse_taxonomy(request.taxonomy);
    if (!taxonomy) return Unexpected(within("taxonomy", taxonomy.error()));
    options.taxonomy = std::make_shared<const StageTaxonomy>(
        StageTaxonomy{std::move(*taxonomy), request.taxonomy});
  }
  for (const std::string& name : request.metrics) {
    if (auto known = find_metric_family(name); !known) return Unexpected(known.error());
  }
  options.parts = parts_for(request.metrics);
  options.parts.habits = request.habits;
  options.parts.grams = request.grams;
  options.phrases = request.phrases;
  // For the verdict of `evidence`; feature files without markers are good for everything else.
  options.markers_if_there = !options.parts.markers;
  options.parts.markers |= request.phrases && (options.parts.stages || options.parts.bigrams);
  if (request.transcripts) options.keep = [](const Trajectory&) { return true; };
  return options;
}

std::string text_of(const Finding& finding) {
  return finding.hint.empty() ? finding.message : finding.message + "; " + finding.hint;
}

// What must not be believed is an error, unless the request allows it; the rest are warnings.
Result<SharedCorpus> hold(Result<LoadedCorpus> loaded, const LoadRequest& request) {
  if (!loaded) return Unexpected(loaded.error());
  auto held = std::make_shared<HeldCorpus>();
  const Diagnostics& diagnostics = loaded->report.diagnostics;
  for (const Diagnostic& diagnostic : diagnostics.kept()) {
    if (is_loss(diagnostic.kind)) held->warnings.push_back(to_string(diagnostic));
  }
  for (const Finding& finding : loaded->validity) {
    const bool loss = finding.severity == Severity::kLoss && !request.allow_partial;
    const bool invalid = finding.severity == Severity::kInvalid && !request.allow_invalid;
    if (loss || invalid) {
      return fail(ErrorKind::kInput, finding.message,
                  fmt::format("{}; {} goes on all the same",
                              finding.hint.empty() ? "nothing is scored" : finding.hint,
                              loss ? "allow_partial=True" : "allow_invalid=True"));
    }
    if (finding.severity != Severity::kNote) held->warnings.push_back(text_of(finding));
  }
  held->loaded = std::make_shared<const LoadedCorpus>(std::move(*loaded));
  return held;
}

// The text with the file's name in place of its path.
std::string with_name(std::string text, const MemoryFile& file) {
  const std::string_view name = memory_name(file.path());
  for (std::size_t at; (at = text.find(file.path())) != std::string::npos;) {
    text.replace(at, file.path().size(), name);
  }
  return text;
}

}  // namespace

Result<CorpusOptions> options_of_files(const LoadRequest& request, const std::atomic<bool>& stop,
                                       std::vector<std::string>& warnings) {
  auto options = corpus_options(request, stop);
  if (!options) return options;
  std::vector<InputSpec> specs;
  for (const auto& [path, model] : request.files) specs.push_back({path, model});
  auto expanded = expand_shards(specs);
  if (!expanded) return Unexpected(expanded.error());
  auto found = resolve_inputs(*expanded, &stop);
  if (!found) return Unexpected(found.error());
  options->load.files = std::move(found->files);
  for (const PassedOver& passed : found->doubtful) {
    warnings.push_back(fmt::format("{}: {}", passed.path, passed.reason));
  }
  return options;
}

Result<SharedCorpus> load(const LoadRequest& request, const std::atomic<bool>& stop) {
  std::vector<std::string> doubtful;
  auto options = options_of_files(request, stop, doubtful);
  if (!options) return Unexpected(options.error());
  auto held = hold(load_corpus(*options), request);
  if (!held) return held;
  (*held)->warnings.insert((*held)->warnings.end(), doubtful.begin(), doubtful.end());
  return held;
}

Result<SharedCorpus> load_bytes(const std::vector<NamedBytes>& files, const LoadRequest& request,
                                const std::atomic<bool>& stop) {
  auto options = corpus_options(request, stop);
  if (!options) return Unexpected(options.error());
  std::vector<MemoryFile> held;
  for (const auto& [name, bytes] : files) {
    held.emplace_back(name, bytes);
    InputFile file;
    file.path = held.back().path();
    options->load.files.push_back(std::move(file));
  }
  auto loaded = load_corpus(*options);
  if (!loaded) {
    Error error = loaded.error();
    for (const MemoryFile& file : held) {
      error.message = with_name(std::move(error.message), file);
      error.hint = with_name(std::move(error.hint), file);
    }
    return Unexpected(std::move(error));
  }
  for (LoadedFile& file : loaded->report.files) file.path = memory_name(file.path);
  auto corpus = hold(std::move(loaded), request);
  if (!corpus) return corpus;
  for (std::string& warning : (*corpus)->warnings) {
    for (const MemoryFile& file : held) warning = with_name(std::move(warning), file);
  }
  return corpus;
}

Result<SharedCorpus> load_table(::ArrowArrayStream* stream, const TableColumns& columns,
                                const LoadRequest& request, const std::atomic<bool>& stop) {
  auto rows = arrow::JsonRows::of_stream(stream);
  if (!rows) return Unexpected(rows.error());
  rows->set_json_columns(columns.json);
  std::vector<NamedBytes> files;
  std::string lines;
  for (;;) {
    Result<bool> more = false;
    if (!columns.content.empty()) {
      std::vector<std::pair<std::string, std::string>> pairs;
      more = rows->next_pairs(columns.path, columns.content, pairs);
      for (auto& [path, content] : pairs) {
        files.emplace_back(std::move(path),
                           std::make_shared<const std::string>(std::move(content)));
      }
    } else if (!columns.text.empty()) {
      more = rows->next_texts(columns.text, lines);
    } else {
      more = rows->next(lines);
    }
    if (!more) return Unexpected(more.error());
    if (!*more) break;
    if (stop) return fail(ErrorKind::kInterrupted, "interrupted while reading a table");
  }
  if (columns.content.empty()) {
    files = {{"table.jsonl", std::make_shared<const std::string>(std::move(lines))}};
  }
  return load_bytes(files, request, stop);
}

std::vector<std::vector<std::string>> task_names(const HeldCorpus& corpus) {
  std::vector<std::vector<std::string>> names;
  for (const TaskKey& task : corpus.loaded->corpus.tasks()) {
    names.push_back({task.benchmark, task.domain, task.task_id});
  }
  return names;
}

std::string inspect(const HeldCorpus& corpus) {
  return inspection_to_json(*corpus.loaded, inspection_verdict(*corpus.loaded));
}

Result<arrow::Table> features(const HeldCorpus& corpus) { return feature_table(*corpus.loaded); }

arrow::Table empty_features() { return arrow::TableBuilder(feature_schema()).finish(); }

Result<bool> write_features_to(const HeldCorpus& corpus, const std::string& path) {
  auto file = AtomicFile::create(path);
  if (!file) return Unexpected(file.error());
  auto written = write_features(*corpus.loaded, feature_format_of(path),
                                [&](std::string_view bytes) { return file->write(bytes); });
  if (!written) return Unexpected(written.error());
  if (auto done = file->commit(); !done) return Unexpected(done.error());
  return true;
}

}  // namespace agentecho::python
