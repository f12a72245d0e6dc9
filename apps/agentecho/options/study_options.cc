#include "agentecho/options/study_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "agentecho/base/version.h"
#include "agentecho/corpus/names.h"
#include "agentecho/scoring/judged_measures.h"

namespace agentecho::cli {

namespace {

Result<std::vector<ModelIndex>> pool_of(const Corpus& corpus,
                                        const std::vector<std::string>& names) {
  std::vector<ModelIndex> pool;
  if (names.empty()) {
    pool.resize(corpus.models().size());
    std::iota(pool.begin(), pool.end(), 0u);
  }
  for (const std::string& name : names) {
    auto model = require_model(corpus, name);
    if (!model) return Unexpected(model.error());
    pool.push_back(*model);
  }
  std::sort(pool.begin(), pool.end());
  pool.erase(std::unique(pool.begin(), pool.end()), pool.end());
  return pool;
}

std::string_view extension_of(TableStyle style) {
  switch (style) {
    case TableStyle::kText:
      return "txt";
    case TableStyle::kMarkdown:
      return "md";
    case TableStyle::kLatex:
      return "tex";
  }
  return "txt";
}

bool has_baseline(const StudyOptions& options, std::string_view name) {
  return std::find(options.baselines.begin(), options.baselines.end(), name) !=
         options.baselines.end();
}

}  // namespace

void add_study_options(CLI::App& command, StudyOptions& options) {
  add_input_options(command, options.input, InputUse::kGraphs, "--model,--named");
  command
      .add_option(
          "--families", options.families_file,
          "Families of models: JSON {\"family\": [\"model\", ...]}; without it, from the names")
      ->type_name("FILE");
  add_pool_option(command, options.pool);
  add_mandatory_options(command, options.mandatory);
  add_success_option(command, options.input);
  command.add_flag("--ged", options.ged,
                   "Graph edit distance similarity as a further metric (slower)");
  command.add_flag("--action-only", options.action_only,
                   "No metrics of the text (RPS by the local judge, 2-gram overlap): faster, and "
                   "for features.jsonl "
                   "made without them");
  BootstrapHelp help;
  help.seed = "Seed of everything random";
  add_bootstrap_options(command, options.bootstrap, help);
  add_output_options(command, options.output, kReportFiles);
}

void add_study_asking_options(CLI::App& command, StudyOptions& options) {
  command
      .add_option("--rps", options.rps,
                  "What judges RPS: local, or llm (asks an endpoint, see --judge-url)")
      ->type_name("BACKEND")
      ->check(CLI::IsMember({"local", "llm"}))
      ->capture_default_str();
  command
      .add_option("--baselines", options.baselines,
                  "Further metrics, separated by commas: rse (an LLM compares whole responses), "
                  "embedding (sentence embeddings of an endpoint)")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"rse", "embedding"}));
  add_pair_asking_options(command, options.asking);
}

Study PreparedStudy::study(const StudyOptions& options) const {
  ActionMetricOptions with;
  with.ged = options.ged;
  MetricSet metrics = action_metrics(loaded.corpus, split, with);
  if (wording) add_wording_metrics(metrics, loaded.corpus);
  add_judged_metrics(metrics, loaded.corpus, judged.metrics(), options.asking.judge.least_coverage);
  return {loaded.corpus, std::move(metrics), options.bootstrap, options.input.threads};
}

Result<PreparedStudy> prepare_study(const StudyOptions& options, const AdjustCorpus& adjust) {
  PreparedStudy prepared;
  auto mandatory = read_mandatory_tools(options.mandatory);
  if (!mandatory) return Unexpected(mandatory.error());
  prepared.mandatory = std::move(*mandatory);
  std::string families;
  if (!options.families_file.empty()) {
    auto text = read_text_file(options.families_file);
    if (!text) return Unexpected(text.error());
    families = std::move(*text);
  }
  prepared.wording = !options.action_only;
  AskingOptions asking = options.asking;
  asking.wishes.rps = options.rps == "llm";
  asking.wishes.rse = has_baseline(options, "rse");
  asking.embedding = has_baseline(options, "embedding");
  if (asking.wishes.rps && options.action_only) {
    return fail(ErrorKind::kUsage, "--rps llm and --action-only exclude each other");
  }
  auto open = PairAsking::open(asking, false, options.input.quiet);
  if (!open) return Unexpected(open.error());
  prepared.asking = std::move(*open);
  auto loaded = load_inputs(options.input, [&](CorpusOptions& corpus) {
    corpus.parts = {prepared.wording, prepared.wording};
    if (prepared.asking->reads_text()) corpus.keep = [](const Trajectory&) { return true; };
    if (adjust) adjust(corpus);
  });
  if (!loaded) {
    Error error = loaded.error();
    if (error.message.find("features were made without") != std::string::npos) {
      error.hint = "make them again from the logs with what is missing, or use --action-only";
    }
    return Unexpected(std::move(error));
  }
  prepared.loaded = std::move(*loaded);
  const Corpus& corpus = prepared.loaded.corpus;
  auto pool = pool_of(corpus, options.pool);
  if (!pool) return Unexpected(pool.error());
  prepared.pool = std::move(*pool);
  auto listed = listed_tools(corpus, prepared.mandatory);
  if (!listed) return Unexpected(listed.error());
  prepared.listed = std::move(*listed);
  prepared.split = ToolSplit::make(corpus, prepared.pool, prepared.mandatory.rule, prepared.listed);
  if (options.families_file.empty()) {
    prepared.families = guess_families(corpus);
  } else {
    auto parsed = parse_families(corpus, families);
    if (!parsed) {
      Error error = parsed.error();
      error.message = options.families_file + ": " + error.message;
      return Unexpected(std::move(error));
    }
    prepared.families = std::move(*parsed);
  }
  Provenance& p = prepared.provenance;
  p.version = version();
  p.inputs = prepared.loaded.report.files;
  p.features = prepared.loaded.settings;
  p.success_only = prepared.loaded.success_only;
  for (const ModelIndex model : prepared.pool) p.pool.push_back(corpus.models()[model]);
  p.mandatory_rule = to_string(prepared.mandatory.rule);
  p.mandatory_file = prepared.mandatory.file;
  p.bootstrap = options.bootstrap;
  return prepared;
}

Result<std::optional<Answer>> ask_about_pairs(const StudyOptions& options,
                                              PreparedStudy& prepared) {
  if (!prepared.asking->reads_text()) return std::nullopt;
  const Corpus& corpus = prepared.loaded.corpus;
  std::vector<ModelPair> pairs = all_pairs(corpus);
  for (const ModelPair& self : self_pairs(corpus)) pairs.push_back(self);
  auto ended = prepared.asking->ask(prepared.loaded, pairs, options.output, prepared.judged);
  if (!ended || *ended) return ended;
  Provenance& p = prepared.provenance;
  const JudgedPairs& judged = prepared.judged;
  if (judged.rps) p.rps_backend = judged.rps->judge;
  if (judged.rps) p.rps_annotator = judged.rps->annotator;
  if (judged.rse) p.rse_judge = judged.rse->source;
  if (judged.embedding) p.embedding_model = judged.embedding->source;
  p.least_coverage = options.asking.judge.least_coverage;
  return std::nullopt;
}

Answer answer_of(const DataReport& report, const Provenance& provenance, const Output& output) {
  const std::string json = report_to_json(report, provenance);
  const TableView view = output.view();
  Answer answer;
  answer.text = output.json ? json : render_report(report, view);
  if (output.folder.empty()) return answer;
  for (const DataTable& table : report.tables) {
    answer.files.emplace_back(fmt::format("{}-{}.csv", report.name, table.name),
                              table_to_csv(table));
  }
  for (const auto& [key, text] : report.texts) {
    answer.files.emplace_back(fmt::format("{}-{}.txt", report.name, key), text);
  }
  answer.files.emplace_back(fmt::format("{}.{}", report.name, extension_of(view.style)),
                            render_report(report, {view.style}));
  answer.files.emplace_back(fmt::format("{}.json", report.name), json);
  return answer;
}

}  // namespace agentecho::cli
