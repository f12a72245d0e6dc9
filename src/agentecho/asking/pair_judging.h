// What judges that read are asked about pairs of models: Response Pattern Similarity (METHOD 4) and
// RSE (METHOD 5).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/asking/questioner.h"
#include "agentecho/base/error.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/judges/prompts.h"

namespace agentecho::asking {

struct PairQuestions {
  bool rps = false;
  std::string annotator = "llm";  // of RPS: "llm" or "local"
  judges::Framing framing = judges::Framing::kNeutral;
  bool swap = false;  // ask about each pair in both orders
  int repeats = 1;
  bool rse = false;

  bool any() const { return rps || rse; }
};

// What came of it.
struct JudgedPairs {
  std::optional<JudgedRps> rps;
  std::optional<JudgedValues> rse;
  std::optional<JudgedValues> embedding;  // see embeddings.h
  std::optional<Judging> judging;
  bool embedding_withheld = false;  // not all sentences have a vector, so no pair has a value
  std::vector<std::string> warnings;

  JudgedMetrics metrics() const;  // refers to the members
};

// Asks about all pairs of runs that RPS compares for the pairs of models. The corpus must have kept
// its trajectories (CorpusOptions::keep). Error (kInput): some are known from feature files only.
Result<JudgedPairs> judge_pairs(const Questioner& questioner, const LoadedCorpus& loaded,
                                std::span<const std::pair<ModelIndex, ModelIndex>> model_pairs,
                                const PairQuestions& wishes);

}  // namespace agentecho::asking
