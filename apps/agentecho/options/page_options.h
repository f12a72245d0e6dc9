// The page as a further output of a command.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/options/study_options.h"
#include "agentecho/study/evidence.h"
#include "agentecho/study/lineage.h"

namespace agentecho::cli {

struct HtmlOptions {
  std::string file;
  std::string title;
  bool transcripts = false;
  std::vector<std::string> redact;
};

// --with-transcripts, --redact, --title
void add_page_options(CLI::App& command, HtmlOptions& options);

// What must be read for it beyond what the study reads.
void read_for_page(const HtmlOptions& options, CorpusOptions& corpus);

// Writes the page to HtmlOptions::file. lineage, named: see PageFindings.
Result<void> write_page(const PreparedStudy& prepared, const Study& study,
                        const EvidenceResults& evidence, const LineageResults* lineage,
                        const std::optional<ModelPair>& named, const HtmlOptions& options);

}  // namespace agentecho::cli
