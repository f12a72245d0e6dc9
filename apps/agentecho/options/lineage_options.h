// What kinship by choices takes beyond a study (METHOD 14): cohorts, odds, a pair named beforehand.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/options/study_options.h"
#include "agentecho/study/lineage.h"

namespace agentecho::cli {

struct LineageChoices {
  std::string cohorts = "all";
  lineage::KinshipScale odds;
  std::vector<std::string> pair;
};

// --cohorts
void add_cohorts_option(CLI::App& command, LineageChoices& choices);

// --cohorts, --pair, --odds
void add_lineage_options(CLI::App& command, LineageChoices& choices);

// Asks for the markers of choices where wording is read at all, and says whether it did. Feature
// files without markers are still good for everything else.
bool read_markers(CorpusOptions& corpus);

struct Kinship {
  std::optional<LineageResults> results;  // nothing without markers, or of one model
  std::optional<ModelPair> named;         // by --pair
};

// `markers`: what read_markers() said. Errors: a cohort file or a name that does not fit the logs.
Result<Kinship> weigh_kinship(const LineageChoices& choices, const StudyOptions& options,
                              const PreparedStudy& prepared, bool markers);

}  // namespace agentecho::cli
