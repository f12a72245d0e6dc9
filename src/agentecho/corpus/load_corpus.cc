#include "agentecho/corpus/load_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>

#include "agentecho/actions/action_table.h"
#include "agentecho/base/hash.h"
#include "agentecho/base/parallel.h"
#include "agentecho/trajectory/tool_catalog.h"
#include "agentecho/trajectory/tool_names.h"

namespace agentecho {

namespace {

class FeatureConsumer final : public TrajectoryConsumer {
 public:
  FeatureConsumer(const CorpusOptions& options, std::string annotator, CorpusBuilder& builder,
                  LoadedCorpus& loaded)
      : options_(options),
        annotator_(std::move(annotator)),
        verbal_(options.parts,
                options.taxonomy ? options.taxonomy->taxonomy : rps::default_taxonomy(), store_),
        table_(options.action_table ? *options.action_table : default_action_table()),
        action_table_digest_(to_hex(digest_of(options.action_table ? options.action_table_json
                                                                   : default_action_table_json()))),
        catalog_(options.catalog),
        builder_(builder),
        loaded_(loaded) {
    if (options.actions != ActionNaming::kName) {
      catalog_.set_actions(table_.classes(), table_.tool_kinds());
    }
  }

  std::unique_ptr<BatchConsumer> start_batch() override {
    return std::make_unique<FeatureBatch>(*this);
  }

  const std::optional<Error>& error() const { return error_; }
  bool has_logs() const { return has_logs_; }
  const std::optional<FeatureSettings>& prepared_settings() const { return prepared_settings_; }
  const ToolCatalog& catalog() const { return catalog_; }
  const std::string& action_table_digest() const { return action_table_digest_; }
  // Given names of the tool map that no call had.
  std::vector<std::string> idle_mappings() const {
    std::vector<std::string> idle;
    for (const auto& [given, canonical] : options_.tool_map) {
      if (!mapped_.contains(given) && given != canonical) idle.push_back(given);
    }
    return idle;
  }

  // What the rules of identity ask for, and feature files decided when they were made.
  std::string idle_for_features() const {
    const IdentityRules& rules = options_.load.identity;
    std::vector<std::string> idle;
    if (!prepared_settings_) return {};
    if (!rules.paths.empty()) idle.push_back("--path");
    if (!rules.success_key.empty()) idle.push_back("--success-key");
    if (rules.tasks_by_position) idle.push_back("--tasks-by-position");
    return fmt::format("{}", fmt::join(idle, " and "));
  }

  // Old names of --rename that no run and no line of features had.
  std::vector<std::string> idle_renames(const LoadReport& report) const {
    const IdentitySources sources = all_sources(report);
    std::vector<std::string> idle;
    for (const auto& [name, new_name] : options_.load.identity.renamed) {
      if (!sources.renamed.contains(name) && !renamed_.contains(name)) idle.push_back(name);
    }
    return idle;
  }
  Diagnostics&& unparsed() { return std::move(unparsed_); }
  const std::string& prepared_path() const { return prepared_path_; }
  bool prepared_success_only() const { return prepared_success_only_; }
  // By the labels that the corpus gave them.
  std::map<std::string, rps::PhraseTable> phrases(const BuildNotes& notes,
                                                  const OutcomeScales& scales) const {
    std::map<std::string, rps::ResponseSample> samples;
    for (const auto& [whose, sample] : responses_) {
      const bool counts =
          !whose.points || means_success(scales.share(whose.outcome_key, *whose.points));
      if (counts) samples[notes.labels.at(whose.system)].merge(sample);
    }
    std::vector<const rps::ResponseSample*> in_order;
    for (const auto& [label, sample] : samples) in_order.push_back(&sample);
    std::vector<rps::PhraseTable> tables(in_order.size());
    parallel_for(tables.size(), options_.load.threads,
                 [&](std::size_t i) { tables[i] = rps::PhraseTable(*in_order[i]); });
    std::map<std::string, rps::PhraseTable> by_label;
    std::size_t next = 0;
    for (const auto& [label, sample] : samples) by_label[label] = std::move(tables[next++]);
    return by_label;
  }

 private:
  // By model name and system.
  using System = std::pair<std::string, std::string>;
  // Whose responses, and of which runs: with `points`, those that count where this number under
  // this key turns out to be success.
  struct Whose {
    System system;
    std::string outcome_key;
    std::optional<double> points;
    auto operator<=>(const Whose&) const = default;
  };
  using Responses = std::map<Whose, rps::ResponseSample>;

  using KindsByName = std::unordered_map<std::string, std::optional<ToolKind>>;

  class FeatureBatch final : public BatchConsumer {
   public:
    explicit FeatureBatch(FeatureConsumer& owner)
        : owner_(owner),
          lines_(owner.options_.parts, owner.store_),
          verifier_(owner.options_.make_verifier
                        ? owner.options_.make_verifier()
                        : make_dependency_verifier(owner.options_.settings.verifier).value()),
          expander_(owner.table_, owner.options_.actions) {}

    void take(Trajectory& trajectory, const RecordOrigin& origin) override {
      has_logs_ = true;
      rename_tools(trajectory);
      const TaskKey task = {trajectory.benchmark, trajectory.domain, trajectory.task_id};
      const bool taken = owner_.options_.filter.takes(task);
      const bool left_out = !taken && origin.domain_said;  // else the corpus decides
      const bool wanted = !left_out && (!owner_.options_.success_only || is_successful(trajectory));
      // Wording, serving and content are those of the log; graphs are made of actions.
      auto verbal = wanted ? owner_.verbal_.read(trajectory) : nullptr;
      if (wanted && taken && owner_.options_.phrases) add_responses(trajectory, origin);
      const RunChecks checks = run_checks(trajectory);
      const std::optional<Digest> content = expand_actions(trajectory, origin);
      if (content) verbal = owner_.verbal_.with_actions_of(trajectory, std::move(verbal));
      auto features = extract_features(trajectory, owner_.catalog_, *verifier_);
      if (!features) {
        if (!error_) error_ = features.error();
        return;
      }
      if (content) features->content = *content;
      features->file = origin.file;
      features->record = origin.record;
      features->domain_said = origin.domain_said;
      features->own_domain = origin.own_domain;
      features->system = origin.system;
      features->outcome_key = origin.outcome_key;
      features->points = origin.points;
      features->checks = checks;
      features->checks.task_is_weak = origin.task_is_weak;
      features->checks.task_is_unsure = origin.task_is_unsure;
      features->checks.session = hash_of_session(origin.session);
      features->checks.file = origin.file;
      if (!wanted) {
        batch_.push_back(std::move(*features));  // to be counted
        return;
      }
      features->verbal = std::move(verbal);
      if (taken && owner_.options_.keep && owner_.options_.keep(trajectory)) {
        kept_.push_back({std::exchange(trajectory, {}), features->content, features->system,
                         features->outcome_key, features->points});
      }
      batch_.push_back(std::move(*features));
    }

    bool take_features(std::string_view json, const RecordOrigin& origin,
                       std::string& problem) override {
      auto line = lines_.parse(json);
      if (!line) {
        problem = line.error().message;
        return false;
      }
      line->features.file = origin.file;
      line->features.record = origin.record;
      const std::string& given = owner_.options_.load.files[origin.file].model;
      if (!given.empty()) line->features.model = given;
      problem = owner_.contradiction(*line, kinds_);
      if (!problem.empty()) return false;
      const auto& renamed = owner_.options_.load.identity.renamed;
      if (const auto found = renamed.find(line->features.model); found != renamed.end()) {
        ++renamed_[found->first];
        line->features.model = found->second;
      }
      prepared_.push_back(std::move(*line));
      return true;
    }

    void commit() override {
      if (error_ && !owner_.error_) owner_.error_ = std::move(error_);
      owner_.has_logs_ = owner_.has_logs_ || has_logs_;
      for (TrajectoryFeatures& features : batch_) owner_.builder_.add(std::move(features));
      for (FeatureLineParser::Line& line : prepared_) owner_.add_prepared(std::move(line));
      std::move(kept_.begin(), kept_.end(), std::back_inserter(owner_.loaded_.kept));
      for (const auto& [whose, sample] : responses_) owner_.responses_[whose].merge(sample);
      owner_.loaded_.actions += tally_;
      owner_.unparsed_.merge(std::move(unparsed_));
      for (const auto& [name, runs] : renamed_) owner_.renamed_[name] += runs;
      for (const auto& [name, calls] : mapped_) owner_.mapped_[name] += calls;
    }

   private:
    void add_responses(const Trajectory& trajectory, const RecordOrigin& origin) {
      Whose whose{{trajectory.model, std::string(origin.system)}, {}, {}};
      if (owner_.options_.success_only && origin.points) {
        whose.outcome_key = origin.outcome_key;
        whose.points = origin.points;
      }
      const std::vector<rps::Item> items = rps::items_of(trajectory);
      hasher_.reset();
      for (const std::string_view name :
           {std::string_view(trajectory.benchmark), std::string_view(trajectory.task_id),
            std::string_view(origin.session)}) {
        hasher_.update_field(name);
      }
      hasher_.update_field(trajectory.trial ? std::to_string(*trajectory.trial) : std::string());
      for (const rps::Item& item : items) hasher_.update_field(item.text);
      responses_[std::move(whose)].add(items, hasher_.digest().low,
                                       trajectory.domain + "/" + trajectory.task_id);
    }

    // The content as it was logged, where actions take its place.
    std::optional<Digest> expand_actions(Trajectory& trajectory, const RecordOrigin& origin) {
      if (!expander_.concerns(trajectory)) return std::nullopt;
      const Digest content = content_of(trajectory);
      const ActionTally tally = expander_.expand(trajectory);
      if (tally.unparsed > 0) {
        unparsed_.add({DiagnosticKind::kUnparsedCommand,
                       owner_.options_.load.files[origin.file].path,
                       origin.record,
                       origin.byte,
                       fmt::format("a shell command is {}", printable(tally.first_unparsed)),
                       {}},
                      tally.unparsed);
      }
      tally_ += tally;
      return content;
    }

    void rename_tools(Trajectory& trajectory) {
      const auto& map = owner_.options_.tool_map;
      if (map.empty()) return;
      for (ToolCall& call : trajectory.calls) {
        auto found = map.find(std::string(call.name));
        if (found == map.end()) found = map.find(std::string(without_serving_marks(call.name)));
        if (found == map.end()) continue;
        call.name = found->second;  // lives as long as the options
        ++mapped_[found->first];
      }
    }

    FeatureConsumer& owner_;
    FeatureLineParser lines_;
    KindsByName kinds_;
    std::unique_ptr<DependencyVerifier> verifier_;
    ActionExpander expander_;
    ActionTally tally_;
    Diagnostics unparsed_;
    SourceCounts renamed_;
    SourceCounts mapped_;
    bool has_logs_ = false;
    std::vector<FeatureLineParser::Line> prepared_;
    std::vector<TrajectoryFeatures> batch_;
    std::vector<KeptTrajectory> kept_;
    Responses responses_;
    Hasher hasher_;
    std::optional<Error> error_;
  };

  void add_prepared(FeatureLineParser::Line&& line);
  bool is_shell_or_editor(const std::string& tool) const {
    const std::string name = plain_tool_name(tool);
    return table_.is_shell(name) || table_.tool(name) != nullptr;
  }
  bool calls_shell(const TrajectoryFeatures& features) const {
    return std::any_of(features.tools.begin(), features.tools.end(),
                       [&](const std::string& tool) { return is_shell_or_editor(tool); });
  }
  // What a node of a shell or of an editing tool does depends on the call and on the table of
  // actions, not on its name alone: nothing.
  std::optional<ToolKind> kind_by_name(const std::string& tool) const {
    if (is_shell_or_editor(tool) || table_.kind_of(tool.substr(0, tool.find(':')))) return {};
    return catalog_.classify(tool).kind;
  }
  std::optional<ActionCounts> writes_of(const std::vector<std::string>& tools,
                                        KindsByName& kinds) const;
  std::string contradiction(const FeatureLineParser::Line& line, KindsByName& kinds) const;

  const CorpusOptions& options_;
  const std::string annotator_;  // of the stages that are wanted
  const std::shared_ptr<ArrayStore> store_ = ArrayStore::make();
  const VerbalReader verbal_;
  const ActionTable& table_;
  const std::string action_table_digest_;
  ToolCatalog catalog_;
  CorpusBuilder& builder_;
  LoadedCorpus& loaded_;
  std::optional<Error> error_;  // the first in input order
  bool has_logs_ = false;
  std::optional<FeatureSettings> prepared_settings_;  // of the first line of features
  bool prepared_success_only_ = false;
  std::string prepared_path_;
  Responses responses_;
  Diagnostics unparsed_;
  SourceCounts renamed_;
  SourceCounts mapped_;  // calls, by the given name of the tool map
};

// False: `more` was made with other actions. What calls no shell goes with all.
bool join_actions(FeatureSettings& settings, const FeatureSettings& more) {
  if (more.actions.empty()) return true;
  if (settings.actions.empty()) {
    settings.actions = more.actions;
    settings.action_table = more.action_table;
  }
  return settings.actions == more.actions && settings.action_table == more.action_table;
}

// Failed runs count (METHOD 3.1): where they are left out of some models alone, the pairs of these
// are scored on other runs than all the others.
Error selection_differs(const std::string& path, bool success_only) {
  return {ErrorKind::kInput,
          fmt::format("{}: these features are of {}, others of {}", path,
                      success_only ? "successful runs only" : "all runs",
                      success_only ? "all runs" : "successful runs only"),
          "make the features again from the logs, all with --success-only or all without; or leave "
          "failed runs out of all of them with --success-only here"};
}

Error settings_differ(const std::string& path, const FeatureSettings& found,
                      const FeatureSettings& wanted) {
  FeatureSettings joined = wanted;
  if (!join_actions(joined, found)) {
    return {ErrorKind::kInput,
            fmt::format("{}: in these features the calls of shells are nodes by \"{}\", elsewhere "
                        "by \"{}\"{}",
                        path, found.actions, wanted.actions,
                        found.actions == wanted.actions ? " and another table of actions" : ""),
            "make the features again from the logs with the same --actions and --action-table"};
  }
  if (found.tool_map != wanted.tool_map) {
    return {ErrorKind::kInput,
            fmt::format("{}: these features were made {}, not {}", path,
                        found.tool_map.empty() ? "without a map of tools" : "with a map of tools",
                        wanted.tool_map.empty()  ? "without one"
                        : found.tool_map.empty() ? "with one"
                                                 : "with this one"),
            "make the features again from the logs with the same --tool-map"};
  }
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

// False: `more` was made in another way.
bool join_settings(FeatureSettings& settings, FeatureSettings more) {
  if (!join_actions(settings, more)) return false;
  more.actions = settings.actions;
  more.action_table = settings.action_table;
  return settings == more;
}

// What of `wanted` can be told from the default is asked for: then features that were made in
// another way are not what was asked.
std::optional<FeatureSettings> asked_otherwise(const FeatureSettings& made,
                                               const FeatureSettings& wanted,
                                               const CorpusOptions& options) {
  FeatureSettings asked = made;
  if (wanted.verifier != FeatureSettings().verifier) asked.verifier = wanted.verifier;
  if (!wanted.catalog_digest.empty()) asked.catalog_digest = wanted.catalog_digest;
  if (!wanted.tool_map.empty()) asked.tool_map = wanted.tool_map;
  if (options.actions != CorpusOptions().actions && !made.actions.empty()) {
    asked.actions = name_of(options.actions);
  }
  if (asked == made) return std::nullopt;
  return asked;
}

Error part_missing(const std::string& path, const TrajectoryFeatures& features,
                   VerbalParts wanted) {
  if (!has_parts(features.verbal.get(), {false, false, wanted.habits, false})) {
    return {ErrorKind::kInput,
            fmt::format("{}: these features were made without the habits of runs", path),
            "make them again from the logs with `agentecho drift LOGS --save FILE`"};
  }
  if (!has_parts(features.verbal.get(), {false, false, false, wanted.grams})) {
    return {ErrorKind::kInput,
            fmt::format("{}: these features were made without the pieces of words by which models "
                        "are identified",
                        path),
            "make them again from the logs with `agentecho identify LOGS --save FILE`"};
  }
  if (has_parts(features.verbal.get(), {wanted.stages, wanted.bigrams})) {
    return {
        ErrorKind::kInput,
        fmt::format("{}: these features were made without markers of words and actions", path),
        "make them again from the logs with --metrics words, or leave words, layout and actions "
        "out"};
  }
  const bool stages = !has_parts(features.verbal.get(), {wanted.stages, false});
  return {ErrorKind::kInput,
          fmt::format("{}: these features were made without {}", path,
                      stages ? "stage profiles, which Response Pattern Similarity needs"
                             : "word bigrams, which the 2-gram overlap needs"),
          fmt::format("make them again from the logs with --metrics {0}, or leave {0} out",
                      stages ? "rps" : "bigram")};
}

// The counts of writes that the kinds of the called tools give (METHOD 2 and 3.2); nothing where a
// node is of a shell or an editing tool.
std::optional<ActionCounts> FeatureConsumer::writes_of(const std::vector<std::string>& tools,
                                                       KindsByName& kinds) const {
  ActionCounts counts;
  ToolKind before = ToolKind::kGeneric;
  for (const std::string& tool : tools) {
    auto known = kinds.find(tool);
    if (known == kinds.end()) known = kinds.emplace(tool, kind_by_name(tool)).first;
    if (!known->second) return std::nullopt;
    const ToolKind kind = *known->second;
    if (kind == ToolKind::kWrite) ++counts.writes;
    if (kind == ToolKind::kRead && before == ToolKind::kWrite) ++counts.verified;
    if (kind == ToolKind::kWrite && before == ToolKind::kRead) ++counts.confirmed;
    before = kind;
  }
  return counts;
}

// What in a line of features contradicts itself, where that is seen with the catalogue that it was
// made with; empty when nothing does.
std::string FeatureConsumer::contradiction(const FeatureLineParser::Line& line,
                                           KindsByName& kinds) const {
  if (line.features.model.empty()) return "not a line of features.jsonl: the model has no name";
  const FeatureSettings& made = line.settings;
  if (made.catalog_digest != options_.settings.catalog_digest) return {};
  if (!made.action_table.empty() && made.action_table != action_table_digest_) return {};
  const auto found = writes_of(line.features.tools, kinds);
  const ActionCounts& said = line.features.counts;
  if (!found || (found->writes == said.writes && found->verified == said.verified &&
                 found->confirmed == said.confirmed)) {
    return {};
  }
  return fmt::format(
      "not a line of features.jsonl: writes, verified and confirmed are {}, {} and {}, but by the "
      "catalogue of tools they are {}, {} and {}; make the features again from the logs",
      said.writes, said.verified, said.confirmed, found->writes, found->verified, found->confirmed);
}

// Features may have been made with any verifier and catalogue, but all in the same way, and scoring
// needs to know the stages.
void FeatureConsumer::add_prepared(FeatureLineParser::Line&& line) {
  const std::string& path = options_.load.files[line.features.file].path;
  VerbalParts required = options_.parts;
  if (options_.markers_if_there) required.markers = false;
  if (!error_ && !has_parts(line.features.verbal.get(), required)) {
    error_ = part_missing(path, line.features, options_.parts);
  }
  const bool success_only = options_.success_only || line.success_only;
  if (!prepared_settings_) {
    prepared_success_only_ = success_only;
    prepared_path_ = path;
    prepared_settings_ = line.settings;
    if (options_.parts.stages) prepared_settings_->annotator = annotator_;
  }
  if (line.settings.actions.empty() && calls_shell(line.features)) {
    line.settings.actions = name_of(ActionNaming::kName);
  }
  if (!error_ && !join_settings(*prepared_settings_, line.settings)) {
    error_ = settings_differ(path, line.settings, *prepared_settings_);
  }
  if (!error_ && success_only != prepared_success_only_) {
    error_ = selection_differs(path, success_only);
  }
  builder_.add(std::move(line.features));
}

// Runs of logs whose success stands under another key than this.
std::uint64_t without_success_key(const LoadReport& report, const std::string& key) {
  std::uint64_t without = 0;
  if (key.empty()) return without;
  for (const auto& [source, count] : all_sources(report).success) {
    if (!source.ends_with(": " + key)) without += count;
  }
  return without;
}

// The names that tasks have, a few, as a hint for a filter that takes none of them.
Error no_task_left(const RunFilter& filter, const BuildNotes& notes) {
  constexpr std::size_t kShown = 8;
  const auto names = [&](const auto& name_of) {
    std::set<std::string> distinct;
    for (const TaskKey& task : notes.other_tasks) distinct.insert(name_of(task));
    std::vector<std::string> shown(distinct.begin(), distinct.end());
    const std::size_t more = shown.size() - std::min(kShown, shown.size());
    shown.resize(shown.size() - more);
    return fmt::format("{}{}", fmt::join(shown, ", "),
                       more > 0 ? fmt::format(" and {} more", more) : "");
  };
  std::string hint;
  const auto add = [&](const std::vector<std::string>& wanted, const char* what,
                       const auto& name_of) {
    if (wanted.empty()) return;
    if (!hint.empty()) hint += "; ";
    hint += fmt::format("{}: {}", what, names(name_of));
  };
  add(filter.benchmarks, "benchmarks", [](const TaskKey& task) { return task.benchmark; });
  add(filter.domains, "domains", [](const TaskKey& task) { return task.domain; });
  add(filter.tasks, "tasks", [](const TaskKey& task) { return task.task_id; });
  return {ErrorKind::kInput,
          fmt::format("none of the {} runs in the input is of a task that was asked for",
                      notes.of_other_tasks),
          hint};
}

// Empty for no names.
std::string digest_of_map(const std::map<std::string, std::string>& names) {
  if (names.empty()) return {};
  Hasher hasher;
  for (const auto& [given, canonical] : names) {
    hasher.update_field(given);
    hasher.update_field(canonical);
  }
  return to_hex(hasher.digest());
}

// The hint where nothing could be read.
std::string first_problem(const Diagnostics& diagnostics) {
  if (diagnostics.kept().empty()) {
    return "name τ-bench, τ²-bench or chat logs; see docs/formats.md";
  }
  const Diagnostic& first = diagnostics.kept().front();
  const bool says_what_to_do =
      !first.hint.empty() || first.kind != DiagnosticKind::kMalformedRecord;
  return fmt::format("first problem: {}{}{}", to_string(first), says_what_to_do ? "" : "; ",
                     says_what_to_do ? "" : kHowToWriteLogs);
}

std::string without_outcome(std::size_t runs) {
  return runs > 0 ? fmt::format(" ({} without a recorded outcome)", runs) : "";
}

}  // namespace

Result<LoadedCorpus> load_corpus(const CorpusOptions& options) {
  if (!options.make_verifier) {
    auto verifier = make_dependency_verifier(options.settings.verifier);
    if (!verifier) return Unexpected(verifier.error());
  }
  FeatureSettings settings = options.settings;
  if (options.parts.stages) {
    settings.annotator =
        options.taxonomy ? stage_annotator_id(options.taxonomy->json) : stage_annotator_id();
  }
  settings.tool_map = digest_of_map(options.tool_map);
  LoadedCorpus loaded;
  CorpusBuilder builder(options.success_only, options.merge_systems, options.filter);
  FeatureConsumer consumer(options, settings.annotator, builder, loaded);
  auto report = load_logs(options.load, consumer);
  if (!report) return Unexpected(report.error());
  if (consumer.error()) return Unexpected(*consumer.error());
  loaded.report = std::move(*report);
  loaded.settings = settings;
  loaded.success_only = options.success_only;
  if (loaded.actions.any()) {
    loaded.settings.actions = name_of(options.actions);
    if (options.actions != ActionNaming::kName) {
      loaded.settings.action_table = consumer.action_table_digest();
    }
  }
  if (const auto& prepared = consumer.prepared_settings()) {
    const bool success_only = consumer.prepared_success_only();
    if (consumer.has_logs() && success_only != options.success_only) {
      return Unexpected(selection_differs(consumer.prepared_path(), success_only));
    }
    loaded.success_only = success_only;
    if (consumer.has_logs() && !join_settings(loaded.settings, *prepared)) {
      return Unexpected(settings_differ(consumer.prepared_path(), *prepared, loaded.settings));
    }
    if (const auto asked = asked_otherwise(*prepared, settings, options);
        asked && !consumer.has_logs()) {
      return Unexpected(settings_differ(consumer.prepared_path(), *prepared, *asked));
    }
    if (!consumer.has_logs()) loaded.settings = *prepared;
  }
  loaded.catalog = consumer.catalog();
  loaded.report.diagnostics.merge(consumer.unparsed());
  loaded.filter = options.filter;
  loaded.taxonomy = options.taxonomy;

  builder.settle_outcomes(loaded.report.scales);
  if (builder.size() == 0 && builder.left_out() > 0) {
    return fail(ErrorKind::kInput,
                fmt::format("none of the {} runs in the input succeeded{}", builder.left_out(),
                            without_outcome(builder.left_out_unknown())),
                "compare all runs, or name logs with successful ones");
  }
  if (builder.size() == 0) {
    if (options.refused != nullptr) *options.refused = loaded.report.diagnostics;
    return fail(ErrorKind::kInput, "no trajectory was found in the input",
                first_problem(loaded.report.diagnostics));
  }
  std::vector<std::string> names;
  for (const InputFile& file : options.load.files) names.push_back(file.path);
  BuildNotes notes;
  loaded.corpus = std::move(builder).build(names, loaded.report.diagnostics, &notes);
  if (loaded.corpus.trajectories().empty()) return Unexpected(no_task_left(options.filter, notes));
  notes.idle_filters = options.filter.idle_for(loaded.corpus.tasks());
  notes.idle_renames = consumer.idle_renames(loaded.report);
  notes.idle_for_features = consumer.idle_for_features();
  notes.success_key = options.load.identity.success_key;
  notes.without_success_key = without_success_key(loaded.report, notes.success_key);
  notes.idle_mappings = consumer.idle_mappings();
  notes.map_is_idle = notes.idle_mappings.size() == options.tool_map.size();
  loaded.phrases = consumer.phrases(notes, loaded.report.scales);
  for (KeptTrajectory& kept : loaded.kept) {
    kept.trajectory.model = notes.labels.at({kept.trajectory.model, kept.system});
    if (kept.points) {
      kept.trajectory.reward = loaded.report.scales.share(kept.outcome_key, *kept.points);
    }
  }
  if (options.success_only) {
    std::erase_if(loaded.kept,
                  [](const KeptTrajectory& kept) { return !is_successful(kept.trajectory); });
  }
  if (options.success_is_said_later) notes.success_assumed = false;
  loaded.validity = check_validity(loaded.corpus, loaded.report, notes, loaded.catalog);
  return loaded;
}

Result<void> require_made_alike(std::span<const LoadedCorpus* const> all) {
  std::optional<FeatureSettings> joined;
  for (const LoadedCorpus* const loaded : all) {
    FeatureSettings settings = loaded->settings;
    settings.annotator.clear();  // each analysis looks after the stages that it needs
    if (!joined) {
      joined = settings;
    } else if (!join_settings(*joined, settings)) {
      return Unexpected(settings_differ(loaded->report.files.front().path, settings, *joined));
    }
    if (loaded->success_only != all.front()->success_only) {
      return Unexpected(selection_differs(loaded->report.files.front().path, loaded->success_only));
    }
  }
  return {};
}

}  // namespace agentecho
