// What the page shows, as one versioned JSON document (docs/report.md has the schema): columns of
// numbers rather than objects, so that 100 models x 1,000 tasks open at once.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/study/evidence.h"
#include "agentecho/study/lineage.h"
#include "agentecho/study/results.h"

namespace agentecho {

// 2: kinship; who judged the stages. 3: definitions, domains, stages of messages, shared phrases
constexpr int kPageSchemaVersion = 3;

struct PageOptions {
  std::string title = "AgentEcho";
  std::string command;       // the command line that made the page
  bool transcripts = false;  // messages, arguments and results of LoadedCorpus::kept
  std::vector<std::string>
      redact;  // POSIX extended regular expressions; what matches is blacked out
  std::size_t habits_per_pair = 6;    // and phrases
  std::size_t most_pairs_told = 200;  // pairs with habits and phrases, strongest evidence first
};

// What was computed; the page only shows it.
struct PageFindings {
  const LoadedCorpus& loaded;
  const Study& study;
  const ToolSplit& split;
  const EvidenceResults& evidence;
  const LineageResults* lineage = nullptr;  // nullptr: the wording was left out
  std::optional<ModelPair> named;           // a pair that was suspected before looking
  JudgedMetrics judged;                     // what judges said, where they were asked
  const Provenance& provenance;
};

struct PageData {
  std::string json;
  std::vector<std::string> verdict;  // sentences, also for readers without scripts
  std::vector<std::string> notes;    // what must be known before any figure is read
  std::string table_html;            // the strongest pairs, escaped, for the same
};

// Errors (ErrorKind::kUsage): a pattern that is no regular expression.
Result<PageData> make_page_data(const PageFindings& findings, const PageOptions& options);

}  // namespace agentecho
