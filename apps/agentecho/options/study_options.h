// The options that experiments and evidence have in common: how scores are made and written.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/judged_pairs.h"
#include "agentecho/options/input_options.h"
#include "agentecho/options/scoring_options.h"
#include "agentecho/report/data_table.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/families.h"

namespace agentecho::cli {

struct StudyOptions {
  InputOptions input;
  std::vector<std::string> pool;
  MandatoryOptions mandatory;
  std::string families_file;
  bool ged = false;
  bool action_only = false;
  std::string rps = "local";           // or "llm"
  std::vector<std::string> baselines;  // "rse", "embedding"
  AskingOptions asking;
  BootstrapOptions bootstrap;
  std::string out;
  std::string table = "text";
  bool json = false;
};

void add_study_options(CLI::App& command, StudyOptions& options);

// --rps and --baselines, and the options of asking.
void add_study_asking_options(CLI::App& command, StudyOptions& options);

// What was read, and all that is scored from it. A Study refers to its corpus.
struct PreparedStudy {
  LoadedCorpus loaded;
  std::vector<ModelIndex> pool;
  MandatoryTools mandatory;
  std::vector<std::vector<ToolIndex>> listed;  // by the file of mandatory tools
  ToolSplit split;
  Families families;
  Provenance provenance;
  bool wording = false;  // the corpus has verbal features
  std::optional<PairAsking> asking;
  JudgedPairs judged;

  Study study(const StudyOptions& options) const;
};

// `adjust`: see load_inputs(); after everything that the options say.
Result<PreparedStudy> prepare_study(const StudyOptions& options, const AdjustCorpus& adjust = {});

// Asks about all pairs of models, where the options want that. The exit code where that ends the
// command.
std::optional<int> ask_about_pairs(const StudyOptions& options, PreparedStudy& prepared);

// To standard output and, with --out, to files: NAME.txt (or .md, .tex), NAME.json, one CSV a
// table.
struct ReportOptions {
  std::string out;  // folder; empty: none
  std::string table = "text";
  bool json = false;
};
int publish_report(const DataReport& report, const Provenance& provenance,
                   const ReportOptions& options);
int publish_report(const DataReport& report, const PreparedStudy& prepared,
                   const StudyOptions& options);

}  // namespace agentecho::cli
