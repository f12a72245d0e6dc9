// The options that experiments and evidence have in common: how scores are made and written.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/judged_pairs.h"
#include "agentecho/options/metric_options.h"
#include "agentecho/options/scoring_options.h"
#include "agentecho/report/data_table.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/study_setting.h"

namespace agentecho::cli {

struct StudyOptions {
  InputOptions input;
  std::vector<std::string> pool;
  MandatoryOptions mandatory;
  std::string families_file;
  MetricOptions metrics{{"ags", "rps", "bigram"}};
  AskingOptions asking;
  BootstrapOptions bootstrap;
  Output output;
};

void add_study_options(CLI::App& command, StudyOptions& options);

// --metrics, and the options of asking.
void add_study_asking_options(CLI::App& command, StudyOptions& options);

// What was read, and all that is scored from it. A Study refers to its corpus.
struct PreparedStudy : StudySetting {
  LoadedCorpus loaded;
  std::vector<std::string> metrics;  // names of families
  bool wording = false;              // the corpus has stage profiles
  std::optional<PairAsking> asking;
  JudgedPairs judged;

  // Once everything is asked.
  Study study(const StudyOptions& options) const;
};

// `adjust`: see load_inputs(); after everything that the options say.
Result<PreparedStudy> prepare_study(const StudyOptions& options, const AdjustCorpus& adjust = {});

// Asks about all pairs of models, where the options want that. The answer where that ends the
// command.
Result<std::optional<Answer>> ask_about_pairs(const StudyOptions& options, PreparedStudy& prepared);

// The report as tables or JSON, and its files: NAME.txt (or .md, .tex), NAME.json, NAME-TABLE.csv
// and what their columns are, NAME-definitions.csv.
// `document`: its JSON, where that is not the report's tables.
Answer answer_of(DataReport report, const Provenance& provenance, const Output& output,
                 std::string document = {});
// The same where what to type next names logs as the user did, which the document does not:
// `document_next` has words for them, such as "BASELINE".
Answer answer_with_next(DataReport report, std::vector<std::string> next,
                        std::vector<std::string> document_next, const Provenance& provenance,
                        const Output& output);

}  // namespace agentecho::cli
