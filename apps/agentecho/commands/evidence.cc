#include "agentecho/study/evidence.h"

#include <optional>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/corpus/names.h"
#include "agentecho/options/page_options.h"
#include "agentecho/report/experiment_tables.h"
#include "agentecho/report/lineage_tables.h"
#include "agentecho/study/kinship_fit.h"
#include "agentecho/study/lineage.h"
#include "agentecho/study/reading_notes.h"

namespace agentecho::cli {

namespace {

struct EvidenceCommand : StudyOptions {
  std::size_t explain = 5;
  std::string cohorts = "all";
  lineage::KinshipScale odds;
  bool refit_odds = false;
  std::vector<std::string> pair;
  HtmlOptions html;
};

// The kind of each model that cohorts are matched by; none for "all".
Result<std::vector<std::size_t>> modes_of(const EvidenceCommand& command, const Corpus& corpus) {
  if (command.cohorts == "all") return std::vector<std::size_t>{};
  if (command.cohorts == "mode") return guess_modes(corpus);
  auto text = read_text_file(command.cohorts);
  if (!text) return Unexpected(text.error());
  auto kinds = parse_families(corpus, *text);
  if (!kinds) {
    Error error = kinds.error();
    error.message = command.cohorts + ": " + error.message;
    return Unexpected(std::move(error));
  }
  return kinds->groups();
}

// The pair that was named beforehand, if any.
Result<std::optional<ModelPair>> named_pair(const EvidenceCommand& command, const Corpus& corpus) {
  if (command.pair.empty()) return std::nullopt;
  auto a = require_model(corpus, command.pair[0]);
  if (!a) return Unexpected(a.error());
  auto b = require_model(corpus, command.pair[1]);
  if (!b) return Unexpected(b.error());
  if (*a == *b) return fail(ErrorKind::kUsage, "--pair names one model twice");
  return ModelPair{*a, *b};
}

Result<Answer> run_evidence(const EvidenceCommand& command) {
  const bool page = !command.html.file.empty();
  if (page) {
    if (auto good = spare_inputs(command.html.file); !good) return Unexpected(good.error());
  }
  bool markers = false;
  auto prepared = prepare_study(command, [&](CorpusOptions& corpus) {
    // Feature files without markers are still good for everything else.
    corpus.markers_if_there = !corpus.parts.markers;
    corpus.parts.markers |= corpus.parts.stages || corpus.parts.bigrams;
    markers = corpus.parts.markers;
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
  const Corpus& corpus = prepared->loaded.corpus;
  auto modes = modes_of(command, corpus);
  if (!modes) return Unexpected(modes.error());
  auto named = named_pair(command, corpus);
  if (!named) return Unexpected(named.error());
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
  std::optional<LineageResults> lineage;
  if (markers) {
    lineage =
        weigh_lineage(corpus, prepared->families,
                      {command.bootstrap, std::move(*modes), command.input.threads, command.odds});
  }
  lead_with_lineage(report, corpus, lineage ? &*lineage : nullptr, *named);
  if (command.refit_odds && lineage) {
    const KinshipFit fit = fit_kinship(*lineage, command.odds);
    report.tables.push_back(odds_table(fit, command.odds));
    report.tables.push_back(odds_classes_table(fit));
  }
  for (std::string& note : reading_notes(prepared->loaded)) {
    report.notes.push_back(std::move(note));
  }
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
  command
      .add_option("--cohorts", options.cohorts,
                  "Whom a pair is normalised by: all others; mode (reasoning models apart from the "
                  "rest, by their logs and names); or a file {\"kind\": [\"model\", ...]}")
      ->type_name("all|mode|FILE")
      ->capture_default_str();
  command
      .add_option("--pair", options.pair,
                  "Two models that were suspected before looking: a question of its own, without "
                  "the search over all pairs")
      ->expected(2)
      ->type_name("A B");
  command
      .add_option_function<std::vector<double>>(
          "--odds",
          [&options](const std::vector<double>& scale) {
            options.odds.intercept = scale[0];
            options.odds.slope = scale[1];
          },
          "Scale of the odds, ln(odds) = INTERCEPT + SLOPE z, as --refit-odds gives it; without "
          "it, "
          "that of six public corpora")
      ->delimiter(',')
      ->expected(2)
      ->type_name("INTERCEPT,SLOPE");
  command.add_flag("--refit-odds", options.refit_odds,
                   "Fit the scale of the odds to these logs and their --families, and say how far "
                   "the odds can be believed here");
  command.add_option("--html", options.html.file, "Write the page of `agentecho report` as well")
      ->type_name("FILE");
  add_page_options(command, options.html);
  command.footer(
      "Examples:\n"
      "  agentecho evidence results/\n"
      "  agentecho evidence results/ --families families.json --out evidence\n"
      "  agentecho evidence airline/ retail/ --pair MODEL-A MODEL-B\n"
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
