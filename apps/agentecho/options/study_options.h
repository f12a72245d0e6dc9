// The options that experiments and evidence have in common: how scores are made and written.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "agentecho/options/input_options.h"
#include "agentecho/report/data_table.h"
#include "agentecho/study/families.h"
#include "agentecho/study/metric_scores.h"

namespace agentecho::cli {

struct StudyOptions {
  InputOptions input;
  std::vector<std::string> pool;
  std::string mandatory = "intersection";
  std::uint32_t min_support = 1;
  std::string families_file;
  bool ged = false;
  bool action_only = false;
  std::size_t replicates = 10000;
  std::uint64_t seed = 1;
  double level = 0.95;
  std::string out;
  std::string table = "text";
  bool json = false;
};

void add_study_options(CLI::App& command, StudyOptions& options);

// What was read, and all that is scored from it. A Study refers to its corpus.
struct PreparedStudy {
  LoadedCorpus loaded;
  std::vector<ModelIndex> pool;
  MandatoryRule rule;
  ToolSplit split;
  Families families;
  Provenance provenance;
  bool wording = false;  // the corpus has verbal features

  Study study(const StudyOptions& options) const;
};

Result<PreparedStudy> prepare_study(const StudyOptions& options);

// To standard output and, with --out, to files: NAME.txt (or .md, .tex), NAME.json, one CSV a
// table.
int publish_report(const DataReport& report, const PreparedStudy& prepared,
                   const StudyOptions& options);

}  // namespace agentecho::cli
