#include "agentecho/options/study_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "agentecho/base/enum_names.h"
#include "agentecho/base/version.h"
#include "agentecho/console.h"
#include "agentecho/corpus/names.h"
#include "agentecho/next_command.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/section.h"
#include "agentecho/report/provenance_text.h"
#include "agentecho/report/report_html.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho::cli {

namespace {

std::string_view extension_of(TableStyle style) {
  return name_in<TableStyle::kLatex>({"txt", "md", "tex"}, style);
}

}  // namespace

void add_study_options(CLI::App& command, StudyOptions& options) {
  add_input_options(command, options.input, InputUse::kGraphs);
  {
    const OptionSection section(command, kSelectionSection);
    add_value(command, "--families", options.families_file,
              "Families of models: JSON {\"family\": [\"model\", ...]}; without it, from the names",
              "FILE");
  }
  add_selection_options(command, options.input, options.pool, options.mandatory);
  BootstrapHelp help;
  help.seed = "Seed of everything random";
  add_bootstrap_options(command, options.bootstrap, help);
  add_output_options(command, options.output, kReportFiles);
}

void add_study_asking_options(CLI::App& command, StudyOptions& options) {
  MetricOptions& metrics = options.metrics;
  metrics.add_to(command, true);
  metrics.add_old_ged(command);
  metrics.add_old_flag(command, "--action-only", [](MetricOptions& names, const auto&) {
    for (const char* wording : {"rps", "bigram"}) names.remove(wording);
  });
  metrics.add_old_rps(command, {"local", "llm"});
  metrics.add_old_baselines(command, false);
  add_pair_asking_options(command, options.asking);
}

Study PreparedStudy::study(const StudyOptions& options) const {
  auto set = make_metrics(
      metrics, {loaded.corpus, split, judged.metrics(), options.asking.judge.least_coverage});
  return {loaded.corpus, std::move(set).value(), options.bootstrap, options.input.threads};
}

namespace {

// Leaves the other models out of everything but the split of tools, which the whole pool has made.
void keep_models(const std::vector<ModelIndex>& models, PreparedStudy& prepared) {
  Families families;
  families.guessed = prepared.families.guessed;
  std::vector<ModelIndex> pool;
  for (ModelIndex kept = 0; kept < models.size(); ++kept) {
    families.of_model.push_back(prepared.families.of_model[models[kept]]);
    const auto& whole = prepared.pool;
    if (std::find(whole.begin(), whole.end(), models[kept]) != whole.end()) pool.push_back(kept);
  }
  prepared.families = std::move(families);
  prepared.pool = std::move(pool);
  prepared.loaded.corpus = prepared.loaded.corpus.with_models(models);
}

}  // namespace

Result<PreparedStudy> prepare_study(const StudyOptions& options, const AdjustCorpus& adjust) {
  PreparedStudy prepared;
  auto mandatory = read_mandatory_tools(options.mandatory);
  if (!mandatory) return Unexpected(mandatory.error());
  std::string families;
  if (!options.families_file.empty()) {
    auto text = read_json_file(options.families_file);
    if (!text) return Unexpected(text.error());
    families = std::move(*text);
  }
  MetricOptions metrics = options.metrics;
  if (auto settled = metrics.settle(options.input.quiet); !settled) {
    return Unexpected(settled.error());
  }
  prepared.metrics = metrics.names();
  AskingOptions asking = options.asking;
  asking.wishes.rps = metrics.asks_for_rps();
  asking.wishes.rse = metrics.has("rse");
  asking.embedding = metrics.has("embedding");
  auto open = PairAsking::open(asking, false, options.input.quiet);
  if (!open) return Unexpected(open.error());
  prepared.asking = std::move(*open);
  // Without a metric of its own the command looks at texts alone, with or without calls.
  const ValidityGate gate = prepared.metrics.empty() ? ValidityGate::kShows : ValidityGate::kScores;
  auto loaded = load_inputs(
      options.input,
      [&](CorpusOptions& corpus) {
        corpus.parts = parts_for(prepared.metrics);
        prepared.wording = corpus.parts.stages;
        if (prepared.asking->reads_text()) corpus.keep = [](const Trajectory&) { return true; };
        if (adjust) adjust(corpus);
      },
      gate);
  if (!loaded) return Unexpected(loaded.error());
  prepared.loaded = std::move(*loaded);
  Corpus& corpus = prepared.loaded.corpus;
  if (const auto gaps = mandatory_file_gaps(corpus, *mandatory); gaps && !options.input.quiet) {
    report_warnings({*gaps});
  }
  auto setting =
      settle_study(prepared.loaded, {options.pool, std::move(*mandatory), std::move(families),
                                     options.families_file, options.bootstrap, prepared.metrics});
  if (!setting) return Unexpected(setting.error());
  static_cast<StudySetting&>(prepared) = std::move(*setting);
  prepared.provenance.filter = options.input.filter;
  prepared.provenance.least_coverage = options.asking.judge.least_coverage;
  if (!options.input.filter.models.empty()) {
    auto models = require_models(corpus, options.input.filter.models);
    if (!models) return Unexpected(models.error());
    keep_models(*models, prepared);
  }
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
  add_judges(prepared.judged.metrics(), options.asking.judge.least_coverage, prepared.provenance);
  return std::nullopt;
}

namespace {

// Is the report wanted as a document? It may be far larger than its tables.
bool wants_document(const Output& output) { return output.json || !output.folder.empty(); }

}  // namespace

Answer answer_of(DataReport report, const Provenance& provenance, const Output& output,
                 std::string document) {
  const bool ags = std::count(provenance.metrics.begin(), provenance.metrics.end(), "ags") > 0;
  if (const auto note = small_pool_note(provenance.pool.size());
      note && ags && !provenance.pool.empty()) {
    report.notes.push_back(*note);
  }
  // Documents do not depend on how the logs were named; what people read does.
  if (document.empty() && wants_document(output)) document = report_to_json(report, provenance);
  complete_next(report.verdict);
  const TableView view = output.view();
  Answer answer;
  const auto as_text = [&](const TableView& how) {
    return render_report(report, how) + render_provenance(provenance, how);
  };
  answer.text = output.json ? document : as_text(view);
  if (!output.html.empty()) answer.page = report_to_html(report, provenance, command_line());
  if (output.folder.empty()) return answer;
  for (const DataTable& table : report.tables) {
    if (table.people_only) continue;
    answer.files.emplace_back(fmt::format("{}-{}.csv", report.name, table.name),
                              table_to_csv(table));
  }
  answer.files.emplace_back(fmt::format("{}-definitions.csv", report.name),
                            definitions_to_csv(report.tables));
  for (const ReportText& text : report.texts) {
    answer.files.emplace_back(fmt::format("{}-{}.txt", report.name, text.key), text.text);
  }
  answer.files.emplace_back(fmt::format("{}.{}", report.name, extension_of(view.style)),
                            as_text({.style = view.style, .whole_names = true, .all_rows = true}));
  answer.files.emplace_back(fmt::format("{}.json", report.name), std::move(document));
  return answer;
}

Answer answer_with_next(DataReport report, std::vector<std::string> next,
                        std::vector<std::string> document_next, const Provenance& provenance,
                        const Output& output) {
  report.verdict.next = std::move(document_next);
  std::string document;
  if (wants_document(output)) document = report_to_json(report, provenance);
  report.verdict.next = std::move(next);
  return answer_of(std::move(report), provenance, output, std::move(document));
}

}  // namespace agentecho::cli
