#include "agentecho/commands/evidence.h"

#include <memory>

#include "agentecho/console.h"
#include "agentecho/options/page_options.h"
#include "agentecho/report/experiment_tables.h"
#include "agentecho/study/evidence.h"

namespace agentecho::cli {

namespace {

struct EvidenceCommand {
  StudyOptions study;
  std::size_t explain = 5;
  HtmlOptions html;
};

int run_evidence(const EvidenceCommand& command) {
  auto prepared = prepare_study(command.study, [&](CorpusOptions& corpus) {
    const bool told = command.explain > 0 || !command.html.file.empty();
    corpus.phrases = told && !command.study.action_only;
    if (!command.html.file.empty()) read_for_page(command.html, corpus);
  });
  if (!prepared) return fail_with(prepared.error(), command.study.json);
  if (const auto ended = ask_about_pairs(command.study, *prepared)) return *ended;
  if (prepared->loaded.corpus.models().size() < 2) {
    return fail_with({ErrorKind::kInput, "there is only one model in the input: no pair to weigh",
                      "name the logs of other models"},
                     command.study.json);
  }
  const Study study = prepared->study(command.study);
  EvidenceOptions options;
  options.pairs_explained = command.explain;
  EvidenceResults results = weigh_evidence(study, prepared->split, prepared->families, options);
  if (prepared->wording) explain_wording(prepared->loaded, results);
  if (!command.html.file.empty()) {
    const auto written = write_page(*prepared, study, results, command.html);
    if (!written) return fail_with(written.error(), command.study.json);
  }
  DataReport report = evidence_report(study, results);
  if (prepared->judged.judging) report.judging.push_back(*prepared->judged.judging);
  return publish_report(report, *prepared, command.study);
}

}  // namespace

void setup_evidence(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<EvidenceCommand>();
  CLI::App* command = app.add_subcommand("evidence",
                                         "The all-pairs verdict: how unusual each similarity is "
                                         "(chance, ceiling, affinity, adjusted p), the "
                                         "combined lineage evidence, neighbours, clustering, and "
                                         "the habits behind the strongest pairs.");
  add_study_options(*command, options->study);
  add_study_asking_options(*command, options->study);
  command
      ->add_option("--explain", options->explain, "Strongest pairs whose shared habits are listed")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--html", options->html.file, "Write the page of `agentecho report` as well")
      ->type_name("FILE");
  add_page_options(*command, options->html);
  command->footer(
      "Examples:\n"
      "  agentecho evidence results/\n"
      "  agentecho evidence results/ --families families.json --out evidence\n"
      "docs/evidence.md defines every figure and says what it does not show.");
  command->callback([&exit_code, options] { exit_code = run_evidence(*options); });
}

}  // namespace agentecho::cli
