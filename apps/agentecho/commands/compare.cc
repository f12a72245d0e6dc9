#include "agentecho/study/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/atomic_file.h"
#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/corpus/feature_table.h"
#include "agentecho/judged_pairs.h"
#include "agentecho/next_command.h"
#include "agentecho/options/metric_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/scoring_options.h"
#include "agentecho/report/compare_report.h"
#include "agentecho/report/report_html.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kCompare = {
    "compare",
    "Action Graph Similarity of pairs of models, with intervals: optional tools (S_node), "
    "sequences (S_seq), dependencies (S_dep) and their mean (AGS); Response Pattern Similarity "
    "(RPS): how alike they speak and work at the same stage of a task; and simple baselines.",
    "Examples:\n"
    "  agentecho compare results/ --reference gpt-4.1\n"
    "  agentecho compare results/ --rps-judge llm --judge-url http://127.0.0.1:8000/v1 "
    "--judge-model "
    "M --dry-run\n"
    "  agentecho compare results/ --metrics ags,bigram\n"
    "  agentecho compare --model mine=run1.json --model theirs=run2.json --out comparison\n"
    "  agentecho compare shard1/features.jsonl shard2/features.jsonl --json"};

constexpr std::string_view kLlmVerifier = "llm";

struct CompareCommand {
  InputOptions input;
  std::string reference;
  std::vector<std::string> pool;
  MandatoryOptions mandatory;
  std::string profile = "both";
  MetricOptions metrics{{"ags", "rps"}};
  std::string taxonomy_file;
  AskingOptions asking;
  std::vector<std::string> show_shared;
  BootstrapOptions bootstrap;
  std::string features_format = "jsonl";
  Output output;
};

Result<CompareOptions> to_compare_options(const CompareCommand& command) {
  CompareOptions options;
  if (!command.reference.empty()) options.reference = command.reference;
  options.models = command.input.filter.models;
  options.pool = command.pool;
  options.bootstrap = command.bootstrap;
  options.metrics = command.metrics.names();
  if (!command.show_shared.empty()) {
    if (!command.metrics.has("rps")) {
      return fail(ErrorKind::kUsage, "--show-shared needs RPS", "--metrics rps asks for it");
    }
    options.show_shared = {command.show_shared[0], command.show_shared[1]};
  }
  options.threads = command.input.threads;
  options.least_coverage = command.asking.judge.least_coverage;
  auto mandatory = read_mandatory_tools(command.mandatory);
  if (!mandatory) return Unexpected(mandatory.error());
  options.mandatory = std::move(*mandatory);
  return options;
}

std::vector<OutputFile> output_files(const std::shared_ptr<const LoadedCorpus>& loaded,
                                     const CompareResults& results, FeatureFormat features) {
  const auto write = [loaded, features](AtomicFile& file) {
    return write_features(*loaded, features,
                          [&](std::string_view bytes) { return file.write(bytes); });
  };
  std::vector<OutputFile> files = {
      {features == FeatureFormat::kArrow ? "features.arrow" : "features.jsonl", write},
      {"results.json", compare_to_json(results)}};
  std::vector<DataTable> tables = {pairs_table(results), tasks_table(results)};
  if (results.domains.size() > 1) tables.push_back(domains_table(results));
  for (const DataTable& table : tables) {
    files.emplace_back(table.name + ".csv", table_to_csv(table));
  }
  files.emplace_back("definitions.csv", definitions_to_csv(tables));
  return files;
}

// The corpus, with dependencies as the options ask to have them judged.
Result<LoadedCorpus> load(const CompareCommand& command, const CompareOptions& options,
                          PairAsking& asking) {
  auto taxonomy = read_taxonomy(command.taxonomy_file);
  if (!taxonomy) return Unexpected(taxonomy.error());
  const auto adjust = [&](CorpusOptions& corpus) {
    corpus.taxonomy = *taxonomy;
    const bool needless =
        command.asking.wishes.rps && !options.show_shared && command.output.folder.empty();
    corpus.parts = parts_for(options.metrics, needless);
    corpus.markers_if_there = !corpus.parts.markers;
    // The features that are written serve `evidence` as well.
    const bool wording = corpus.parts.stages || corpus.parts.bigrams;
    corpus.parts.markers |= !command.output.folder.empty() && wording;
    corpus.phrases = options.show_shared.has_value();
    if (asking.reads_text()) corpus.keep = [](const Trajectory&) { return true; };
  };
  if (command.input.verifier != kLlmVerifier) return load_inputs(command.input, adjust);
  auto loaded = load_with_judged_dependencies(*asking.judge(), command.input, adjust);
  if (loaded) return loaded;
  // Where asking failed, the session knows better why.
  auto concluded = asking.judge()->conclude(command.output);
  if (!concluded) return Unexpected(concluded.error());
  return loaded;
}

// Whether a judged score had to be withheld: then the work is incomplete.
bool is_incomplete(const CompareResults& results) {
  return std::any_of(results.pairs.begin(), results.pairs.end(),
                     [](const PairResult& pair) { return !pair.rows.withheld.empty(); });
}

Result<Answer> run_compare(CompareCommand command) {
  if (auto settled = command.metrics.settle(command.input.quiet); !settled) {
    return Unexpected(settled.error());
  }
  if (command.output.json && command.profile != "both") {
    return fail(ErrorKind::kUsage, "--json and --profile exclude each other",
                "the document has both profiles");
  }
  command.asking.wishes.rps = command.metrics.asks_for_rps();
  command.asking.wishes.rse = command.metrics.has("rse");
  command.asking.embedding = command.metrics.has("embedding");
  auto options = to_compare_options(command);
  if (!options) return Unexpected(options.error());
  auto asking =
      PairAsking::open(command.asking, command.input.verifier == kLlmVerifier, command.input.quiet);
  if (!asking) return Unexpected(asking.error());
  auto loaded_corpus = load(command, *options, *asking);
  if (!loaded_corpus) return Unexpected(loaded_corpus.error());
  const auto loaded = std::make_shared<const LoadedCorpus>(std::move(*loaded_corpus));
  auto pairs = pairs_to_compare(loaded->corpus, *options);
  if (!pairs) return Unexpected(pairs.error());
  JudgedPairs judged;
  auto concluded = asking->ask(*loaded, *pairs, command.output, judged);
  if (!concluded) return Unexpected(concluded.error());
  if (*concluded) return std::move(**concluded);
  options->judged = judged.metrics();
  auto results = compare(*loaded, *options);
  if (!results) return Unexpected(results.error());
  results->judging = judged.judging;

  const TableView view = command.output.view();
  Answer answer;
  // Documents do not depend on how the logs were named; what people read does.
  if (command.output.json) answer.text = compare_to_json(*results);
  if (!command.output.folder.empty()) {
    answer.files = output_files(
        loaded, *results,
        command.features_format == "arrow" ? FeatureFormat::kArrow : FeatureFormat::kLines);
  }
  complete_next(results->verdict);
  if (!command.output.json) {
    answer.text = render_compare(
        *results, {view, command.profile != "paper", command.profile != "calibrated"});
  }
  if (!command.output.html.empty()) {
    answer.page = report_to_html(scores_report(*results), results->provenance, command_line());
  }
  answer.warnings.insert(answer.warnings.end(), judged.warnings.begin(), judged.warnings.end());
  answer.warnings.insert(answer.warnings.end(), results->warnings.begin(), results->warnings.end());
  if (judged.embedding_withheld || is_incomplete(*results)) answer.code = kFailedOrIncomplete;
  return answer;
}

void setup_compare(CLI::App& command, CompareCommand& options) {
  add_input_options(command, options.input, InputUse::kGraphs);
  add_value(command, "--reference", options.reference,
            "Compare this model with every other; without it, all pairs", "MODEL");
  add_selection_options(command, options.input, options.pool, options.mandatory);
  add_value(command, "--profile", options.profile, "Tables to print: paper, calibrated or both",
            "NAME")
      ->check(CLI::IsMember({"paper", "calibrated", "both"}))
      ->capture_default_str();
  options.metrics.add_to(command, true);
  options.metrics.add_old_rps(command, {"auto", "local", "llm", "off"});
  options.metrics.add_old_baselines(command, true);
  add_taxonomy_option(command, options.taxonomy_file);
  add_value(command, "--show-shared", options.show_shared,
            "Two models: the phrases and habits that they share and that are rare among the others",
            "MODEL MODEL")
      ->expected(2)
      ->allow_extra_args(false);
  add_bootstrap_options(command, options.bootstrap);
  add_output_options(command, options.output,
                     "results.json, pairs.csv, tasks.csv, definitions.csv and features.jsonl");
  add_features_format_option(command, options.features_format);
  add_html_option(command, options.output);
  add_pair_asking_options(command, options.asking);
}

}  // namespace

void add_compare(CLI::App& app) { add_command(app, kCompare, setup_compare, run_compare); }

}  // namespace agentecho::cli
