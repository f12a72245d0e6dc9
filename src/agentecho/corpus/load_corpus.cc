#include "agentecho/corpus/load_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace agentecho {

namespace {

class FeatureConsumer final : public TrajectoryConsumer {
 public:
  FeatureConsumer(const CorpusOptions& options, const std::vector<std::uint32_t>& file_numbers,
                  CorpusBuilder& builder, LoadedCorpus& loaded)
      : options_(options),
        file_numbers_(file_numbers),
        verbal_(options.parts,
                options.taxonomy ? options.taxonomy->taxonomy : rps::default_taxonomy()),
        builder_(builder),
        loaded_(loaded) {}

  std::unique_ptr<BatchConsumer> start_batch() override {
    return std::make_unique<FeatureBatch>(*this);
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  class FeatureBatch final : public BatchConsumer {
   public:
    explicit FeatureBatch(FeatureConsumer& owner)
        : owner_(owner),
          verifier_(owner.options_.make_verifier
                        ? owner.options_.make_verifier()
                        : make_dependency_verifier(owner.options_.settings.verifier).value()) {}

    void take(Trajectory& trajectory, const RecordOrigin& origin) override {
      auto features = extract_features(trajectory, owner_.options_.catalog, *verifier_);
      if (!features) {
        if (!error_) error_ = features.error();
        return;
      }
      features->file = owner_.file_numbers_[origin.file];
      features->record = origin.record;
      if (owner_.options_.success_only && !features->success) {
        batch_.push_back(std::move(*features));  // to be counted
        return;
      }
      features->verbal = owner_.verbal_.read(trajectory);
      if (owner_.options_.phrases) {
        phrases_[features->model].add(rps::items_of(trajectory),
                                      features->task.domain + "/" + features->task.task_id);
      }
      if (owner_.options_.keep && owner_.options_.keep(trajectory)) {
        kept_.push_back({std::exchange(trajectory, {}), features->content});
      }
      batch_.push_back(std::move(*features));
    }

    void commit() override {
      if (error_ && !owner_.error_) owner_.error_ = std::move(error_);
      for (TrajectoryFeatures& features : batch_) owner_.builder_.add(std::move(features));
      std::move(kept_.begin(), kept_.end(), std::back_inserter(owner_.loaded_.kept));
      for (const auto& [model, table] : phrases_) owner_.loaded_.phrases[model].merge(table);
    }

   private:
    FeatureConsumer& owner_;
    std::unique_ptr<DependencyVerifier> verifier_;
    std::vector<TrajectoryFeatures> batch_;
    std::vector<KeptTrajectory> kept_;
    std::map<std::string, rps::PhraseTable> phrases_;
    std::optional<Error> error_;
  };

  const CorpusOptions& options_;
  const std::vector<std::uint32_t>& file_numbers_;
  const VerbalReader verbal_;
  CorpusBuilder& builder_;
  LoadedCorpus& loaded_;
  std::optional<Error> error_;  // the verifier's, in input order the first
};

Error settings_differ(const std::string& path, const FeatureSettings& found,
                      const FeatureSettings& wanted) {
  if (found.annotator != wanted.annotator) {
    return {
        ErrorKind::kInput,
        fmt::format("{}: these stage profiles were made by annotator \"{}\", not by \"{}\"", path,
                    found.annotator, wanted.annotator),
        "make the features again from the logs, or give the --taxonomy that they were made with"};
  }
  return {
      ErrorKind::kInput,
      fmt::format("{}: these features were made with verifier \"{}\" and {} tool catalogue, not "
                  "with verifier \"{}\" and {}",
                  path, found.verifier, found.catalog_digest.empty() ? "the built-in" : "another",
                  wanted.verifier, wanted.catalog_digest.empty() ? "the built-in one" : "this one"),
      "make the features again from the logs, or use the options that they were made with"};
}

Error part_missing(const std::string& path, const TrajectoryFeatures& features,
                   VerbalParts wanted) {
  if (!has_parts(features.verbal.get(), {false, false, wanted.habits, wanted.grams})) {
    return {ErrorKind::kInput,
            fmt::format("{}: these features were made without the habits of runs", path),
            "make them again from the logs with `agentecho drift LOGS --save FILE`"};
  }
  const bool stages = !has_parts(features.verbal.get(), {wanted.stages, false});
  return {ErrorKind::kInput,
          fmt::format("{}: these features were made without {}", path,
                      stages ? "stage profiles, which Response Pattern Similarity needs"
                             : "word bigrams, which the 2-gram overlap needs"),
          fmt::format("make them again from the logs with --metrics {0}, or leave {0} out",
                      stages ? "rps" : "bigram")};
}

// Adds one feature file. `settings` is what it must have been made with; not set: taken from the
// first line, except for the annotator of stages that are wanted.
Result<void> add_feature_file(const std::string& path, std::uint32_t file, VerbalParts wanted,
                              const std::string& annotator,
                              std::optional<FeatureSettings>& settings, CorpusBuilder& builder,
                              LoadReport& report) {
  std::optional<Error> error;
  std::uint64_t trajectories = 0;
  const auto take = [&](TrajectoryFeatures&& features, const FeatureSettings& found) {
    if (!error && !has_parts(features.verbal.get(), wanted)) {
      error = part_missing(path, features, wanted);
    }
    if (!settings) {
      settings = found;
      if (wanted.stages) settings->annotator = annotator;
    }
    if (!error && found != *settings) error = settings_differ(path, found, *settings);
    builder.add(std::move(features));
    ++trajectories;
  };
  auto done = read_feature_file(path, file, report.diagnostics, take, wanted);
  if (!done) return Unexpected(done.error());
  if (error) return Unexpected(std::move(*error));
  auto digest = digest_of_file(path);
  if (!digest) return Unexpected(digest.error());
  report.files.push_back(
      {path, LogFormat::kFeatures, digest->first, digest->second, trajectories, false, false});
  return {};
}

}  // namespace

Result<LoadedCorpus> load_corpus(const CorpusOptions& options) {
  if (!options.make_verifier) {
    auto verifier = make_dependency_verifier(options.settings.verifier);
    if (!verifier) return Unexpected(verifier.error());
  }
  // Logs and feature files, with the place of each log in the list of all files.
  CorpusOptions logs = options;
  if (options.parts.stages) {
    logs.settings.annotator =
        options.taxonomy ? stage_annotator_id(options.taxonomy->json) : stage_annotator_id();
  }
  logs.load.files.clear();
  std::vector<std::uint32_t> log_numbers;
  std::vector<std::uint32_t> feature_numbers;
  for (std::uint32_t i = 0; i < options.load.files.size(); ++i) {
    const InputFile& file = options.load.files[i];
    if (options.load.format == LogFormat::kAuto && is_feature_file(file.path)) {
      feature_numbers.push_back(i);
    } else {
      log_numbers.push_back(i);
      logs.load.files.push_back(file);
    }
  }

  LoadedCorpus loaded;
  CorpusBuilder builder(options.success_only);
  if (!log_numbers.empty()) {
    FeatureConsumer consumer(logs, log_numbers, builder, loaded);
    auto report = load_logs(logs.load, consumer);
    if (!report) return Unexpected(report.error());
    if (consumer.error()) return Unexpected(*consumer.error());
    loaded.report = std::move(*report);
  }
  std::optional<FeatureSettings> settings;
  if (!log_numbers.empty()) settings = logs.settings;
  // Without logs, features may have been made with any verifier and catalogue, but scoring needs to
  // know the stages.
  const std::string& annotator = logs.settings.annotator;
  for (const std::uint32_t i : feature_numbers) {
    auto added = add_feature_file(options.load.files[i].path, i, options.parts, annotator, settings,
                                  builder, loaded.report);
    if (!added) return Unexpected(added.error());
  }
  loaded.settings = settings.value_or(logs.settings);
  loaded.catalog = options.catalog;
  loaded.success_only = options.success_only;
  loaded.taxonomy = options.taxonomy;

  if (builder.size() == 0 && builder.left_out() > 0) {
    return fail(ErrorKind::kInput,
                fmt::format("none of the {} runs in the input succeeded", builder.left_out()),
                "compare all runs, or name logs with successful ones");
  }
  if (builder.size() == 0) {
    const auto& kept = loaded.report.diagnostics.kept();
    return fail(ErrorKind::kInput, "no trajectory was found in the input",
                kept.empty() ? "name τ-bench, τ²-bench or chat logs; see docs/formats.md"
                             : "first problem: " + to_string(kept.front()));
  }
  std::vector<std::string> names;
  for (const InputFile& file : options.load.files) names.push_back(file.path);
  loaded.corpus = std::move(builder).build(names, loaded.report.diagnostics);
  return loaded;
}

}  // namespace agentecho
