#include "agentecho/study/evidence.h"

#include <memory>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/options/page_options.h"
#include "agentecho/report/experiment_tables.h"

namespace agentecho::cli {

namespace {

struct EvidenceCommand : StudyOptions {
  std::size_t explain = 5;
  HtmlOptions html;
};

Result<Answer> run_evidence(const EvidenceCommand& command) {
  const bool page = !command.html.file.empty();
  if (page) {
    if (auto good = spare_inputs(command.html.file); !good) return Unexpected(good.error());
  }
  auto prepared = prepare_study(command, [&](CorpusOptions& corpus) {
    corpus.phrases = (command.explain > 0 || page) && corpus.parts.stages;
    if (page) read_for_page(command.html, corpus);
  });
  if (!prepared) return Unexpected(prepared.error());
  auto ended = ask_about_pairs(command, *prepared);
  if (!ended) return Unexpected(ended.error());
  if (*ended) return **ended;
  if (prepared->loaded.corpus.models().size() < 2) {
    return fail(ErrorKind::kInput, "there is only one model in the input: no pair to weigh",
                "name the logs of other models");
  }
  const Study study = prepared->study(command);
  EvidenceOptions options;
  options.pairs_explained = command.explain;
  EvidenceResults results = weigh_evidence(study, prepared->split, prepared->families, options);
  if (prepared->wording) explain_wording(prepared->loaded, results);
  if (page) {
    const auto written = write_page(*prepared, study, results, command.html);
    if (!written) return Unexpected(written.error());
  }
  DataReport report = evidence_report(study, results);
  if (prepared->judged.judging) report.judging.push_back(*prepared->judged.judging);
  return answer_of(report, prepared->provenance, command.output);
}

void setup_evidence(CLI::App& command, EvidenceCommand& options) {
  add_study_options(command, options);
  add_study_asking_options(command, options);
  command
      .add_option("--explain", options.explain, "Strongest pairs whose shared habits are listed")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--html", options.html.file, "Write the page of `agentecho report` as well")
      ->type_name("FILE");
  add_page_options(command, options.html);
  command.footer(
      "Examples:\n"
      "  agentecho evidence results/\n"
      "  agentecho evidence results/ --families families.json --out evidence\n"
      "docs/evidence.md defines every figure and says what it does not show.");
}

}  // namespace

void add_evidence(CLI::App& app) {
  add_command<EvidenceCommand>(
      app, "evidence",
      "The all-pairs verdict: how unusual each similarity is (chance, ceiling, affinity, adjusted "
      "p), the combined lineage evidence, neighbours, clustering, and the habits behind the "
      "strongest pairs.",
      setup_evidence, run_evidence);
}

}  // namespace agentecho::cli
