// The paper's main table: Action Graph Similarity of pairs of models and, where they are asked for,
// Response Pattern Similarity and the baselines, with intervals (METHOD 3 to 6).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/corpus/mandatory_tools.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/study/results.h"

namespace agentecho {

struct CompareOptions {
  std::optional<std::string> reference;  // compare it with every other model; not set: all pairs
  std::vector<std::string> models;       // only these (and the reference); empty: all
  std::vector<std::string> pool;         // empty: every model loaded
  MandatoryTools mandatory;
  BootstrapOptions bootstrap;
  std::vector<std::string> metrics = {"ags"};  // names of families (metric_registry.h)
  // Two models whose shared wording is wanted (shared_wording.h); RPS is among the metrics.
  std::optional<std::pair<std::string, std::string>> show_shared;
  // What was judged beforehand, for the pairs of pairs_to_compare(). Not owned.
  JudgedMetrics judged;
  // What was judged of a pair is withheld when a smaller share of what was asked has an answer.
  double least_coverage = kLeastCoverage;
  unsigned threads = 0;
};

// The pairs of models that compare() scores. Errors: as there.
Result<std::vector<ModelPair>> pairs_to_compare(const Corpus& corpus,
                                                const CompareOptions& options);

// Errors (ErrorKind::kUsage): an unknown model, with the nearest name as a hint; a single model
// with single trials (ErrorKind::kInput), since there is nothing to compare; those of
// make_metrics(). Pairs without a common task are in the result, undefined, with a warning.
Result<CompareResults> compare(const LoadedCorpus& loaded, const CompareOptions& options);

}  // namespace agentecho
