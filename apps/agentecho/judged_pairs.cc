#include "agentecho/judged_pairs.h"

#include <algorithm>
#include <string>
#include <vector>

#include "agentecho/asking/embeddings.h"
#include "agentecho/asking/judged_dependencies.h"
#include "agentecho/console.h"
#include "agentecho/options/plain_options.h"

namespace agentecho::cli {

namespace {

// The same limits, cache and manner for an embeddings endpoint.
JudgeOptions embedding_options(const AskingOptions& options) {
  if (!options.embedding_url.empty()) {
    return for_other_endpoint(options.judge, options.embedding_url, options.embedding_model,
                              options.embedding_key_variable);
  }
  JudgeOptions same = options.judge;
  same.model = options.embedding_model;
  return same;
}

}  // namespace

void add_pair_asking_options(CLI::App& command, AskingOptions& options) {
  add_annotator_option(command, options.wishes.annotator)->group(kAskingGroup);
  add_asking_options(command, options.wishes.swap, options.wishes.repeats);
  add_value(command, "--embedding-model", options.embedding_model, "Model of --metrics embedding",
            "NAME")
      ->group(kAskingGroup);
  add_value(command, "--embedding-url", options.embedding_url,
            "Endpoint of --metrics embedding; without it, --judge-url", "URL")
      ->group(kAskingGroup);
  add_value(command, "--embedding-key-env", options.embedding_key_variable,
            "Environment variable with the key for --embedding-url, which gets no other",
            "VARIABLE")
      ->group(kAskingGroup);
  add_judge_options(command, options.judge);
}

Result<PairAsking> PairAsking::open(const AskingOptions& options, bool judged_verifier,
                                    bool quiet) {
  PairAsking asking;
  asking.options_ = options;
  asking.options_.wishes.framing = to_framing(options.judge);
  const bool asks = options.wishes.any() || judged_verifier;
  if (!asks && !options.embedding && any_judge_option(options.judge)) {
    return fail(ErrorKind::kUsage, "there is nothing to ask an LLM for",
                "--rps-judge llm, --metrics rse, --metrics embedding or --verifier llm ask");
  }
  if (asks) {
    auto session = JudgeSession::open(options.judge, quiet);
    if (!session) return Unexpected(session.error());
    asking.judge_ = std::move(*session);
  }
  if (!options.embedding) return asking;
  if (options.embedding_model.empty()) {
    return fail(ErrorKind::kUsage, "--metrics embedding needs a model",
                "--embedding-model NAME, and --embedding-url where it is not --judge-url");
  }
  if (options.embedding_url.empty() && !options.embedding_key_variable.empty()) {
    return fail(ErrorKind::kUsage, "--embedding-key-env belongs to --embedding-url",
                "--judge-key-env names the key for --judge-url");
  }
  if (!options.judge.batch_out.empty() || !options.judge.batch_in.empty()) {
    return fail(ErrorKind::kUsage, "embeddings are not asked for in batches",
                "leave --metrics embedding out until the batch is done");
  }
  auto session = JudgeSession::open(embedding_options(options), quiet);
  if (!session) return Unexpected(session.error());
  asking.embedding_ = std::move(*session);
  return asking;
}

Result<std::optional<Answer>> PairAsking::ask(
    const LoadedCorpus& loaded, std::span<const std::pair<ModelIndex, ModelIndex>> pairs,
    const Output& output, JudgedPairs& judged) {
  if (judge_) {
    auto asked = asking::judge_pairs(judge_->questioner(), loaded, pairs, options_.wishes);
    if (!asked) return Unexpected(asked.error());
    judged = std::move(*asked);
    if (embedding_ && judge_->only_counts()) {
      if (auto counted = asking::ask_for_embeddings(embedding_->questioner(), loaded, pairs);
          !counted) {
        return Unexpected(counted.error());
      }
      judge_->add_estimates_of(*embedding_);
    }
    auto concluded = judge_->conclude(output);
    if (!concluded || *concluded) return concluded;
  }
  if (embedding_) {
    auto values = asking::ask_for_embeddings(embedding_->questioner(), loaded, pairs);
    auto concluded = embedding_->conclude(output);
    if (!concluded || *concluded) return concluded;
    if (!values) return Unexpected(values.error());
    judged.embedding = std::move(*values);
    judged.embedding_withheld = !embedding_->all_answered();
    if (judged.embedding_withheld) {
      judged.warnings.push_back(
          "the similarity of embeddings is withheld: some sentences have no vector");
    }
  }
  return std::nullopt;
}

namespace {

// The first reading: only for the texts, which are gone after it.
Result<judges::DependencyVerdicts> ask_by_texts(const asking::Questioner& questioner,
                                                InputOptions reading) {
  reading.quiet = true;  // what is lost is said by the second reading
  auto texts = load_inputs(
      reading, [](CorpusOptions& corpus) { corpus.keep = [](const Trajectory&) { return true; }; });
  if (!texts) return Unexpected(texts.error());
  return asking::ask_for_dependencies(questioner, *texts);
}

}  // namespace

Result<LoadedCorpus> load_with_judged_dependencies(JudgeSession& session, const InputOptions& input,
                                                   const AdjustCorpus& adjust) {
  if (std::find(input.paths.begin(), input.paths.end(), "-") != input.paths.end()) {
    return fail(ErrorKind::kUsage, "--verifier llm reads its input twice, so not from -",
                "name files or folders");
  }
  InputOptions reading = input;
  reading.verifier = "none";
  const auto verdicts = ask_by_texts(session.questioner(), reading);
  if (!verdicts) return Unexpected(verdicts.error());
  // Nothing else that is asked depends on the verdicts.
  if (session.ends_without_figures()) return load_inputs(reading, adjust);
  return load_inputs(reading, [&](CorpusOptions& corpus) {
    adjust(corpus);
    asking::decide_by(*verdicts, corpus);
  });
}

}  // namespace agentecho::cli
