// Everything about pairs of models that an LLM or an embeddings endpoint has to be asked for, for
// the commands that show it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "agentecho/judging.h"
#include "agentecho/options/input_options.h"
#include "agentecho/study/judge_rps.h"
#include "agentecho/study/judged_metrics.h"

namespace agentecho::cli {

// What is asked for.
struct JudgedWishes {
  bool rps = false;
  std::string annotator = "llm";  // of RPS: "llm" or "local"
  bool swap = false;              // ask about each pair in both orders
  int repeats = 1;
  bool rse = false;

  bool any() const { return rps || rse; }
};

// What came of it. `metrics` refers to the other members.
struct JudgedPairs {
  std::optional<JudgedRps> rps;
  std::optional<JudgedValues> rse;
  std::optional<JudgedValues> embedding;
  std::optional<Judging> judging;

  JudgedMetrics metrics() const;
};

// Counts the trajectories with text that addresses a judge, and shows the first.
void flag_addressed_text(std::span<const TrajectoryPair> pairs, Judging& judging);

// Asks for RPS and RSE; the trajectories of the pairs must have been kept.
Result<JudgedPairs> judge_pairs(JudgeSession& session, const JudgeOptions& options,
                                const LoadedCorpus& loaded,
                                std::span<const std::pair<ModelIndex, ModelIndex>> pairs,
                                const JudgedWishes& wishes);

// BERTScore-style similarity of the responses of all trial pairs (metrics/baselines).
Result<JudgedValues> embedding_values(JudgeSession& session, const LoadedCorpus& loaded,
                                      std::span<const std::pair<ModelIndex, ModelIndex>> pairs);

// Loads logs whose dependencies an LLM decides: reads them, asks, and reads them again. The first
// of the pair is nothing where the session only counts or has stopped.
Result<std::optional<LoadedCorpus>> load_with_judged_dependencies(JudgeSession& session,
                                                                  const InputOptions& input,
                                                                  const AdjustCorpus& adjust);

}  // namespace agentecho::cli
