#include "agentecho/commands/report.h"

#include <memory>

#include "agentecho/console.h"
#include "agentecho/exit_code.h"
#include "agentecho/options/page_options.h"
#include "agentecho/report/html.h"

namespace agentecho::cli {

namespace {

struct ReportCommand {
  StudyOptions study;
  HtmlOptions html;
};

int run_report(const ReportCommand& command) {
  const StudyOptions& options = command.study;
  if (!has_page()) return fail_with(make_page({}, "").error(), options.json);
  auto prepared = prepare_study(options, [&](CorpusOptions& corpus) {
    corpus.phrases = !options.action_only;
    read_for_page(command.html, corpus);
  });
  if (!prepared) return fail_with(prepared.error(), options.json);
  if (const auto ended = ask_about_pairs(options, *prepared)) return *ended;
  const Study study = prepared->study(options);
  EvidenceOptions how;
  how.pairs_explained = 0;  // the page tells of more pairs than that
  const EvidenceResults evidence = weigh_evidence(study, prepared->split, prepared->families, how);
  const auto written = write_page(*prepared, study, evidence, command.html);
  if (!written) return fail_with(written.error(), options.json);
  if (!options.input.quiet) report_note("wrote " + command.html.file);
  return kDone;
}

}  // namespace

void setup_report(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ReportCommand>();
  options->html.file = "agentecho-report.html";
  CLI::App* command = app.add_subcommand(
      "report",
      "Everything about a set of logs as one self-contained page: verdict, matrix, tree, "
      "neighbours, pairs, tasks with aligned calls, stages, method. It opens without a network.");
  add_study_options(*command, options->study);
  // --out of other commands is a folder of tables; here it is the one file.
  command->remove_option(command->get_option("--out"));
  command->remove_option(command->get_option("--format"));
  add_study_asking_options(*command, options->study);
  command->add_option("-o,--out", options->html.file, "The page's file")
      ->type_name("FILE")
      ->capture_default_str();
  add_page_options(*command, options->html);
  command->footer(
      "Examples:\n"
      "  agentecho report results/ -o report.html\n"
      "  agentecho report results/ -o report.html --with-transcripts --redact '[0-9]{16}'\n"
      "docs/report.md says what is on the page.");
  command->callback([&exit_code, options] { exit_code = run_report(*options); });
}

}  // namespace agentecho::cli
