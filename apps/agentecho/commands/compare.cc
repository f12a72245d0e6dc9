#include "agentecho/commands/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "agentecho/base/atomic_file.h"
#include "agentecho/console.h"
#include "agentecho/exit_code.h"
#include "agentecho/judged_pairs.h"
#include "agentecho/options/input_options.h"
#include "agentecho/options/scoring_options.h"
#include "agentecho/report/compare_report.h"
#include "agentecho/study/compare.h"

namespace agentecho::cli {

namespace {

constexpr std::string_view kLlmVerifier = "llm";

struct CompareCommand {
  InputOptions input;
  std::string reference;
  std::vector<std::string> models;
  std::vector<std::string> pool;
  MandatoryOptions mandatory;
  std::string profile = "both";
  std::string rps = "auto";
  std::string taxonomy_file;
  std::vector<std::string> baselines;
  AskingOptions asking;
  std::vector<std::string> show_shared;
  BootstrapOptions bootstrap;
  std::string out;
  std::string table = "text";
  bool json = false;
};

bool has_baseline(const CompareCommand& command, std::string_view name) {
  return std::find(command.baselines.begin(), command.baselines.end(), name) !=
         command.baselines.end();
}

FamilySet to_families(const CompareCommand& command) {
  FamilySet families{Family::kAgs};
  if (command.rps != "off") families = families.with(Family::kRps);
  constexpr std::pair<std::string_view, Family> kBaselines[] = {{"bigram", Family::kBigram},
                                                                {"ged", Family::kGed},
                                                                {"rse", Family::kRse},
                                                                {"embedding", Family::kEmbedding}};
  for (const auto& [name, family] : kBaselines) {
    if (has_baseline(command, name)) families = families.with(family);
  }
  return families;
}

Result<CompareOptions> to_compare_options(const CompareCommand& command) {
  CompareOptions options;
  if (!command.reference.empty()) options.reference = command.reference;
  options.models = command.models;
  options.pool = command.pool;
  options.bootstrap = command.bootstrap;
  options.families = to_families(command);
  if (!command.show_shared.empty()) {
    if (!options.families.has(Family::kRps)) {
      return fail(ErrorKind::kUsage, "--show-shared needs RPS", "--rps local asks for it");
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

Result<void> write_outputs(const std::string& folder, const LoadedCorpus& loaded,
                           const CompareResults& results) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return fail(ErrorKind::kFailed,
                fmt::format("{}: cannot make the folder: {}", folder, error.message()));
  }
  const auto path = [&](const char* name) {
    return (std::filesystem::path(folder) / name).string();
  };
  auto features = AtomicFile::create(path("features.jsonl"));
  if (!features) return Unexpected(features.error());
  for (const CorpusTrajectory& trajectory : loaded.corpus.trajectories()) {
    const std::string line =
        to_json_line(loaded.corpus.features_of(trajectory), loaded.settings) + "\n";
    if (auto written = features->write(line); !written) return written;
  }
  if (auto done = features->commit(); !done) return done;
  if (auto done = write_file(path("pairs.csv"), pairs_to_csv(results)); !done) return done;
  if (auto done = write_file(path("tasks.csv"), tasks_to_csv(results)); !done) return done;
  return write_file(path("results.json"), compare_to_json(results));
}

// The sketches behind RPS take up to 20 KB a trajectory, against 1 KB for everything else, so they
// are not made unasked where memory should stay small.
constexpr std::uint64_t kMostLogBytesForRps = 400'000'000;

void decide_rps(CompareCommand& command) {
  if (command.rps != "auto" || stored_bytes(command.input) <= kMostLogBytesForRps) return;
  command.rps = "off";
  if (command.input.quiet) return;
  report_warnings(
      {"RPS is left out, since its features would need much memory for logs this large; --rps "
       "local asks for it"});
}

// The corpus, with everything that the options ask to be judged. Nothing when a session has
// concluded the command; then `exit_code` is set.
std::optional<LoadedCorpus> load(const CompareCommand& command, const CompareOptions& options,
                                 PairAsking& asking, int& exit_code) {
  auto taxonomy = read_taxonomy(command.taxonomy_file);
  if (!taxonomy) {
    exit_code = fail_with(taxonomy.error(), command.json);
    return std::nullopt;
  }
  const auto adjust = [&](CorpusOptions& corpus) {
    corpus.taxonomy = *taxonomy;
    corpus.parts = parts_for(options.families);
    corpus.parts.stages = corpus.parts.stages && (!command.asking.wishes.rps ||
                                                  options.show_shared || !command.out.empty());
    corpus.phrases = options.show_shared.has_value();
    if (asking.reads_text()) corpus.keep = [](const Trajectory&) { return true; };
  };
  if (command.input.verifier != kLlmVerifier) {
    auto loaded = load_inputs(command.input, adjust);
    if (loaded) return std::move(*loaded);
    exit_code = fail_with(loaded.error(), command.json);
    return std::nullopt;
  }
  auto loaded = load_with_judged_dependencies(*asking.judge(), command.input, adjust);
  if (!loaded || !*loaded) {
    const auto concluded = asking.judge()->conclude(command.json);
    exit_code = concluded ? *concluded : fail_with(loaded.error(), command.json);
    return std::nullopt;
  }
  return std::move(**loaded);
}

// 1 where a judged score had to be withheld: then the work is incomplete.
int exit_code_of(const CompareResults& results) {
  const bool withheld =
      std::any_of(results.pairs.begin(), results.pairs.end(),
                  [](const PairResult& pair) { return pair.rps_withheld || pair.rse_withheld; });
  return withheld ? kFailedOrIncomplete : kDone;
}

int run_compare(CompareCommand command) {
  auto style = parse_table_style(command.table);
  if (!style) return fail_with(style.error(), command.json);
  decide_rps(command);
  command.asking.wishes.rps = command.rps == "llm";
  command.asking.wishes.rse = has_baseline(command, "rse");
  command.asking.embedding = has_baseline(command, "embedding");
  auto options = to_compare_options(command);
  if (!options) return fail_with(options.error(), command.json);
  auto asking =
      PairAsking::open(command.asking, command.input.verifier == kLlmVerifier, command.input.quiet);
  if (!asking) return fail_with(asking.error(), command.json);
  int exit_code = kDone;
  auto loaded = load(command, *options, *asking, exit_code);
  if (!loaded) return exit_code;
  auto pairs = pairs_to_compare(loaded->corpus, *options);
  if (!pairs) return fail_with(pairs.error(), command.json);
  JudgedPairs judged;
  if (const auto ended = asking->ask(*loaded, *pairs, command.json, judged)) return *ended;
  options->judged = judged.metrics();
  auto results = compare(*loaded, *options);
  if (!results) return fail_with(results.error(), command.json);
  results->judging = judged.judging;
  if (!command.out.empty()) {
    auto written = write_outputs(command.out, *loaded, *results);
    if (!written) return fail_with(written.error(), command.json);
  }
  if (!command.input.quiet) report_warnings(results->warnings);
  const int printed =
      command.json ? print_data(compare_to_json(*results))
                   : print_data(render_compare(
                         *results, {*style, stdout_takes_colour(), stdout_columns(),
                                    command.profile != "paper", command.profile != "calibrated"}));
  if (printed != kDone) return printed;
  return judged.embedding_withheld ? kFailedOrIncomplete : exit_code_of(*results);
}

}  // namespace

void setup_compare(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<CompareCommand>();
  CLI::App* command =
      app.add_subcommand("compare",
                         "Action Graph Similarity of pairs of models, with intervals: optional "
                         "tools (S_node), sequences "
                         "(S_seq), dependencies (S_dep) and their mean (AGS); Response Pattern "
                         "Similarity (RPS): how alike they "
                         "speak and work at the same stage of a task; and simple baselines.");
  add_input_options(*command, options->input, InputUse::kGraphs);
  command
      ->add_option("--reference", options->reference,
                   "Compare this model with every other; without it, all pairs")
      ->type_name("MODEL");
  command->add_option("--models", options->models, "Compare only these models, separated by commas")
      ->type_name("MODEL,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  add_pool_option(*command, options->pool);
  add_mandatory_options(*command, options->mandatory);
  add_success_option(*command, options->input);
  command->add_option("--profile", options->profile, "Tables to print: paper, calibrated or both")
      ->type_name("NAME")
      ->check(CLI::IsMember({"paper", "calibrated", "both"}))
      ->capture_default_str();
  command
      ->add_option("--rps", options->rps,
                   "Response Pattern Similarity: local (built-in annotator and judge; no network), "
                   "llm (asks an endpoint, see --judge-url), off, or auto (local, but off above "
                   "400 MB of logs, to keep memory small)")
      ->type_name("BACKEND")
      ->check(CLI::IsMember({"auto", "local", "llm", "off"}))
      ->capture_default_str();
  command
      ->add_option("--baselines", options->baselines,
                   "Baselines beside them, separated by commas: bigram (overlap of word pairs), "
                   "ged (graph edit distance), rse (an LLM compares whole responses), embedding "
                   "(sentence embeddings of an endpoint)")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"bigram", "ged", "rse", "embedding"}));
  add_taxonomy_option(*command, options->taxonomy_file);
  command
      ->add_option(
          "--show-shared", options->show_shared,
          "Two models: the phrases and habits that they share and that are rare among the others")
      ->type_name("MODEL MODEL")
      ->expected(2)
      ->allow_extra_args(false);
  add_bootstrap_options(*command, options->bootstrap);
  command
      ->add_option("--out", options->out,
                   "Write results.json, pairs.csv, tasks.csv and features.jsonl to this folder")
      ->type_name("DIR");
  add_table_option(*command, options->table);
  add_json_option(*command, options->json);
  add_pair_asking_options(*command, options->asking);
  command->footer(
      "Examples:\n"
      "  agentecho compare results/ --reference gpt-4.1\n"
      "  agentecho compare results/ --rps llm --judge-url http://127.0.0.1:8000/v1 --judge-model "
      "M --dry-run\n"
      "  agentecho compare results/ --rps off --baselines bigram,ged\n"
      "  agentecho compare --model mine=run1.json --model theirs=run2.json --out comparison\n"
      "  agentecho compare shard1/features.jsonl shard2/features.jsonl --json");
  command->callback([&exit_code, options] { exit_code = run_compare(*options); });
}

}  // namespace agentecho::cli
