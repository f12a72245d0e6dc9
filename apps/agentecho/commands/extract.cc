#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include "agentecho/base/atomic_file.h"
#include "agentecho/base/hash.h"
#include "agentecho/base/version.h"
#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/corpus/feature_table.h"
#include "agentecho/corpus/shards.h"
#include "agentecho/options/metric_options.h"
#include "agentecho/options/output_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/report/compare_report.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kExtract = {
    "extract",
    "Prepare logs once, in parts on several machines: features that every other command reads in "
    "place of the logs.",
    "Examples:\n"
    "  agentecho extract results/ --out features\n"
    "  seq 16 | parallel agentecho extract results/ --shard {}/16 --out features\n"
    "  agentecho compare features\n"
    "docs/scale.md has Slurm, Ray and Spark."};

struct ExtractCommand {
  InputOptions input;
  std::string shard = "1/1";
  std::string folder;
  std::string format = "jsonl";
  bool drift = false;
  MetricOptions metrics{{"ags", "rps", "bigram"}};
};

// All options that change features, as text that is equal where they are.
std::string made_with(const ExtractCommand& command, const CorpusOptions& corpus) {
  const auto yes = [](bool value) { return value ? "yes" : "no"; };
  std::string text = fmt::format(
      "format {}, features {}, metrics {}, drift {}, verifier {}, catalogue {}, success only {}, "
      "tasks by position {}, merge {}, strict {}, record MB {}",
      command.input.format, command.format, fmt::join(command.metrics.names(), ","),
      yes(command.drift), corpus.settings.verifier,
      corpus.settings.catalog_digest.empty() ? "built in" : corpus.settings.catalog_digest,
      yes(corpus.success_only), yes(corpus.load.identity.tasks_by_position),
      yes(corpus.merge_systems), yes(command.input.strict), command.input.max_record_mb);
  const auto add = [&](const char* name, const auto& values) {
    if (!values.empty()) text += fmt::format(", {} {}", name, fmt::join(values, ","));
  };
  add("path", command.input.path_patterns);
  add("rename", command.input.renamed);
  if (corpus.actions != ActionNaming::kDefault) {
    text += fmt::format(", actions {}", name_of(corpus.actions));
  }
  if (corpus.action_table) {
    text += ", action table " + to_hex(digest_of(corpus.action_table_json));
  }
  if (!command.input.success_key.empty()) text += ", success key " + command.input.success_key;
  for (const auto& [given, canonical] : corpus.tool_map) {
    text += fmt::format(", tool {}={}", given, canonical);
  }
  return text;
}

std::string said(const ShardManifest& manifest, std::string_view how) {
  return fmt::format("shard {} of {}: {} of {}, {}", manifest.shard.index, manifest.shard.count,
                     counted(manifest.runs, "run", "runs"),
                     counted(manifest.inputs.size(), "file", "files"), how);
}

Result<void> write_shard(const ExtractCommand& command, Reading& reading, ShardManifest& manifest) {
  auto loaded = load_corpus(*reading.options);
  if (!loaded) return Unexpected(loaded.error());
  if (auto finished = reading.finish(); !finished) return finished;
  if (auto reported = report_losses(loaded->report, command.input); !reported) return reported;
  auto reported = report_validity(loaded->validity, command.input, ValidityGate::kShows);
  if (!reported) return reported;
  const FeatureFormat format =
      command.format == "arrow" ? FeatureFormat::kArrow : FeatureFormat::kLines;
  manifest.features = shard_name(manifest.shard, "." + command.format);
  manifest.runs = loaded->corpus.trajectories().size();
  manifest.numbers = loaded->report.scales;
  const std::string path = (std::filesystem::path(command.folder) / manifest.features).string();
  auto file = create_output(path);
  if (!file) return Unexpected(file.error());
  Hasher hasher;
  auto written = write_features(*loaded, format, [&](std::string_view bytes) {
    hasher.update(bytes);
    return file->write(bytes);
  });
  if (!written) return written;
  manifest.bytes = hasher.size();
  manifest.digest = to_hex(hasher.digest());
  return file->commit();
}

Result<Answer> run_extract(ExtractCommand command) {
  if (auto settled = command.metrics.settle(command.input.quiet); !settled) {
    return Unexpected(settled.error());
  }
  const auto shard = parse_shard(command.shard);
  if (!shard) return Unexpected(shard.error());
  Reading reading(command.input);
  auto& options = reading.options;
  if (!options) return Unexpected(options.error());
  options->parts = parts_for(command.metrics.names());
  options->parts.markers |= options->parts.bigrams;  // for the verdict of `evidence`
  options->parts.habits = command.drift;
  ShardManifest manifest;
  manifest.version = version();
  manifest.made_with = made_with(command, *options);
  manifest.shard = *shard;
  manifest.all_inputs = digest_of_inputs(command.input.files);

  auto finished = find_finished(command.folder, *shard);
  if (!finished) return Unexpected(finished.error());
  if (*finished) {
    const ShardManifest& old = **finished;
    if (old.version == manifest.version && old.made_with == manifest.made_with &&
        old.all_inputs == manifest.all_inputs) {
      return Answer{said(old, "already there") + "\n"};
    }
    return fail(ErrorKind::kUsage,
                fmt::format("{}: shard {} is there, made by another version, with other options or "
                            "of other files",
                            command.folder, command.shard),
                "name another folder, or delete it");
  }
  if (auto fits = check_number_of_shards(command.folder, *shard); !fits) {
    return Unexpected(fits.error());
  }
  auto made = MadeFolder::make(command.folder);
  if (!made) return Unexpected(made.error());
  // Those who make the other shards at the same time count on it.
  if (shard->count > 1) made->keep();
  options->load.whole_input = command.input.files;
  options->load.files = files_of_shard(command.input.files, *shard);
  for (const InputFile& file : options->load.files) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(file.path, ignored);
    manifest.inputs.push_back({file.path, ignored ? 0 : size});
  }
  if (!options->load.files.empty()) {
    if (auto done = write_shard(command, reading, manifest); !done) {
      return Unexpected(done.error());
    }
  }
  auto file = create_output(
      (std::filesystem::path(command.folder) / shard_name(*shard, kManifestEnding)).string());
  if (!file) return Unexpected(file.error());
  if (auto done = file->write(to_json(manifest)); !done) return Unexpected(done.error());
  if (auto done = file->commit(); !done) return Unexpected(done.error());
  made->keep();
  return Answer{said(manifest, "written to " + command.folder) + "\n"};
}

void setup_extract(CLI::App& command, ExtractCommand& options) {
  add_input_options(command, options.input, InputUse::kGraphs);
  add_value(command, "--shard", options.shard,
            "Only part I of N of the input files, with I from 1; a part that is there "
            "already is left alone",
            "I/N")
      ->capture_default_str();
  add_value(command, "--out", options.folder,
            "The folder for features and manifest; when all parts are there it is an input "
            "of every command",
            "DIR")
      ->required();
  options.metrics.add_to(command, false);
  command.add_flag("--drift", options.drift, "Prepare what `drift` compares as well");
  add_success_option(command, options.input);
  add_features_format_option(command, options.format);
}

}  // namespace

void add_extract(CLI::App& app) { add_command(app, kExtract, setup_extract, run_extract); }

}  // namespace agentecho::cli
