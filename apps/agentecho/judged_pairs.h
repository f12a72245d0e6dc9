// Everything about pairs of models that an LLM or an embeddings endpoint has to be asked for, for
// the commands that show it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/asking/pair_judging.h"
#include "agentecho/judging.h"
#include "agentecho/options/input_options.h"

namespace agentecho::cli {

using asking::JudgedPairs;

// How a command says what it wants to be asked.
struct AskingOptions {
  JudgeOptions judge;
  asking::PairQuestions wishes;
  bool embedding = false;
  std::string embedding_model;
  std::string embedding_url;  // empty: that of the judge, with its key
  std::string embedding_key_variable;
};

// --annotator, --swap, --repeats, --embedding-… and the judge's options.
void add_pair_asking_options(CLI::App& command, AskingOptions& options);

// The sessions behind them.
class PairAsking {
 public:
  // Checks everything before anything is read. `judged_verifier`: whether an LLM decides
  // dependencies as well. Errors: those of JudgeSession::open(), no model for embeddings, options
  // of asking where nothing is asked.
  static Result<PairAsking> open(const AskingOptions& options, bool judged_verifier, bool quiet);

  // Null where no LLM is asked.
  JudgeSession* judge() { return judge_.get(); }
  // Whether trajectories must be kept when the corpus is loaded.
  bool reads_text() const { return options_.wishes.any() || embedding_ != nullptr; }

  // Asks about all pairs. The answer where that ends the command, as of JudgeSession::conclude().
  Result<std::optional<Answer>> ask(const LoadedCorpus& loaded,
                                    std::span<const std::pair<ModelIndex, ModelIndex>> pairs,
                                    const Output& output, JudgedPairs& judged);

 private:
  AskingOptions options_;
  std::unique_ptr<JudgeSession> judge_;
  std::unique_ptr<JudgeSession> embedding_;
};

// Loads logs whose dependencies an LLM decides: reads them, asks, and reads them again. What was
// not answered is counted by run, and conclude() says why.
Result<LoadedCorpus> load_with_judged_dependencies(JudgeSession& session, const InputOptions& input,
                                                   const AdjustCorpus& adjust);

}  // namespace agentecho::cli
