// Logs and feature files → Corpus: read, build graphs, count, number, drop duplicates.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/base/progress.h"
#include "agentecho/readers/load.h"
#include "agentecho/study/corpus.h"
#include "agentecho/study/feature_file.h"

namespace agentecho {

struct CorpusOptions {
  LoadOptions load;  // files may be logs or features.jsonl
  ToolCatalog catalog;
  FeatureSettings
      settings;  // how logs are prepared; feature files must have been made the same way
};

struct LoadedCorpus {
  Corpus corpus;
  LoadReport report;
  FeatureSettings settings;  // those of the feature files when there are no logs
};

// Errors: those of load_logs; feature files made with other settings (ErrorKind::kInput); no
// trajectory at all (ErrorKind::kInput).
Result<LoadedCorpus> load_corpus(const CorpusOptions& options);

}  // namespace agentecho
