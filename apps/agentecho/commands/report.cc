#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/options/lineage_options.h"
#include "agentecho/options/page_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/report/data_table.h"
#include "agentecho/report/evidence_report.h"
#include "agentecho/report/html.h"
#include "agentecho/report/lineage_tables.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kReport = {
    "report",
    "Everything about a set of logs as one self-contained page: verdict, matrix, tree, "
    "neighbours, pairs, tasks with aligned calls, stages, method. It opens without a network.",
    "Examples:\n"
    "  agentecho report results/ -o report.html\n"
    "  agentecho report results/ -o report.html --with-transcripts --redact '[0-9]{16}'\n"
    "docs/report.md says what is on the page."};

struct ReportCommand : StudyOptions {
  LineageChoices lineage;
  HtmlOptions html;
};

// What is said of the page to a program: its file, the verdict at its head, and on what it rests.
std::string document_of(const ReportCommand& command, const PreparedStudy& prepared,
                        const Study& study, const EvidenceResults& evidence,
                        const Kinship& kinship) {
  DataReport whole = evidence_report(study, evidence);
  lead_with_lineage(whole, prepared.loaded.corpus, kinship.results ? &*kinship.results : nullptr,
                    kinship.named);
  DataReport report("report", "The page");
  report.verdict = std::move(whole.verdict);
  DataTable files("files", "Files", {"file"});
  files.rows.push_back({text_cell(command.html.file)});
  report.tables.push_back(std::move(files));
  return report_to_json(report, prepared.provenance);
}

Result<Answer> run_report(const ReportCommand& command) {
  if (auto good = spare_page_file(command.html.file); !good) return Unexpected(good.error());
  if (!has_page()) return Unexpected(make_page({}, "").error());
  bool markers = false;
  auto prepared = prepare_study(command, [&](CorpusOptions& corpus) {
    markers = read_markers(corpus);
    corpus.phrases = corpus.parts.stages;
    read_for_page(command.html, corpus);
  });
  if (!prepared) return Unexpected(prepared.error());
  auto ended = ask_about_pairs(command, *prepared);
  if (!ended) return Unexpected(ended.error());
  if (*ended) return **ended;
  auto kinship = weigh_kinship(command.lineage, command, *prepared, markers);
  if (!kinship) return Unexpected(kinship.error());
  const Study study = prepared->study(command);
  EvidenceOptions how;
  how.pairs_explained = 0;  // the page tells of more pairs than that
  const EvidenceResults evidence = weigh_evidence(study, prepared->split, prepared->families, how);
  const LineageResults* const lineage = kinship->results ? &*kinship->results : nullptr;
  const auto written =
      write_page(*prepared, study, evidence, lineage, kinship->named, command.html);
  if (!written) return Unexpected(written.error());
  if (!command.input.quiet) report_note("wrote " + command.html.file);
  Answer answer;
  if (command.output.json) {
    answer.text = document_of(command, *prepared, study, evidence, *kinship);
  }
  return answer;
}

void setup_report(CLI::App& command, ReportCommand& options) {
  options.html.file = "agentecho-report.html";
  add_study_options(command, options);
  // Other commands write a folder and tables; here it is the one file.
  for (const char* idle : {"--out", "--format", "--width"}) {
    command.remove_option(command.get_option(idle));
  }
  command.get_option("--json")->description(
      "One JSON document on standard output beside the page: its file, the verdict and on what it "
      "rests");
  add_study_asking_options(command, options);
  add_lineage_options(command, options.lineage);
  add_value(command, "-o,--out", options.html.file, "The page's file", "FILE")
      ->capture_default_str();
  add_page_options(command, options.html);
}

}  // namespace

void add_report(CLI::App& app) { add_command(app, kReport, setup_report, run_report); }

}  // namespace agentecho::cli
