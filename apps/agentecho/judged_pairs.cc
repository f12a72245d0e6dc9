#include "agentecho/judged_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "agentecho/console.h"
#include "agentecho/judges/addressed_text.h"
#include "agentecho/judges/annotator.h"
#include "agentecho/judges/dependency_verdicts.h"
#include "agentecho/judges/pair_judge.h"
#include "agentecho/judges/prompts.h"
#include "agentecho/judges/rse.h"
#include "agentecho/llm/embeddings.h"
#include "agentecho/metrics/baselines/embedding_similarity.h"
#include "agentecho/metrics/baselines/response_sentences.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho::cli {

namespace {

constexpr std::size_t kFlaggedShown = 20;
constexpr std::size_t kSentencesPerRequest = 64;  // as many as a trajectory has at most

JudgedRps ask_for_rps(JudgeSession& session, const JudgedWishes& wishes, judges::Framing framing,
                      const StageTaxonomy* taxonomy, std::span<const TrajectoryPair> pairs) {
  const rps::LocalAnnotator local(taxonomy != nullptr ? taxonomy->taxonomy
                                                      : rps::default_taxonomy());
  const judges::LlmAnnotator asking(local.taxonomy(), session.settings(), session.asker());
  const judges::LlmJudge judge(session.settings(), {framing, wishes.swap, wishes.repeats},
                               session.asker());
  const bool ask_stages = wishes.annotator == "llm";
  const rps::StageAnnotator& annotator =
      ask_stages ? static_cast<const rps::StageAnnotator&>(asking) : local;
  return judge_rps(pairs, annotator, judge, ask_stages && session.only_counts() ? &local : nullptr);
}

JudgedValues ask_for_rse(JudgeSession& session, std::span<const TrajectoryPair> pairs) {
  const judges::RseJudge judge(session.settings(), session.asker());
  std::vector<std::pair<const Trajectory*, const Trajectory*>> texts;
  for (const TrajectoryPair& pair : pairs) {
    texts.emplace_back(&pair.first->trajectory, &pair.second->trajectory);
  }
  const auto scores = judge.judge(texts);
  JudgedValues values{judge.name(), {}};
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    values.values.set(pairs[p].first->content, pairs[p].second->content,
                      scores[p] ? std::optional(scores[p]->overall) : std::nullopt);
  }
  return values;
}

// Every text once, in requests of bounded size.
class SentenceTable {
 public:
  std::uint32_t number_of(const std::string& sentence) {
    const auto [place, added] =
        numbers_.try_emplace(sentence, static_cast<std::uint32_t>(numbers_.size()));
    if (added) sentences_.push_back(&place->first);
    return place->second;
  }
  std::size_t requests() const {
    return (sentences_.size() + kSentencesPerRequest - 1) / kSentencesPerRequest;
  }
  llm::ChatRequest request(std::size_t index, const std::string& model) const {
    llm::ChatRequest request;
    request.model = model;
    for (std::size_t i = index * kSentencesPerRequest;
         i < std::min(sentences_.size(), (index + 1) * kSentencesPerRequest); ++i) {
      request.texts_to_embed.push_back(*sentences_[i]);
    }
    return request;
  }

 private:
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<const std::string*> sentences_;
};

}  // namespace

void flag_addressed_text(std::span<const TrajectoryPair> pairs, Judging& judging) {
  for (const KeptTrajectory* kept : distinct_trajectories(pairs)) {
    const Trajectory& t = kept->trajectory;
    const auto found = judges::find_addressed_text(t);
    if (found.empty()) continue;
    ++judging.flagged;
    if (judging.flagged_first.size() >= kFlaggedShown) continue;
    judging.flagged_first.push_back(fmt::format("{}, task {}, message {} ({}): {}", t.model,
                                                t.task_id, found.front().message,
                                                found.front().pattern, found.front().excerpt));
  }
}

JudgedMetrics JudgedPairs::metrics() const {
  return {nullptr, rps ? &*rps : nullptr, rse ? &*rse : nullptr, embedding ? &*embedding : nullptr};
}

namespace {

// RPS and RSE.
Result<JudgedPairs> judge_pairs(JudgeSession& session, const JudgeOptions& options,
                                const LoadedCorpus& loaded,
                                std::span<const std::pair<ModelIndex, ModelIndex>> model_pairs,
                                const JudgedWishes& wishes) {
  const judges::Framing framing = to_framing(options);
  const TrajectoryPairs pairs =
      wishes.any() ? paired_trajectories(loaded, model_pairs) : TrajectoryPairs();
  if (pairs.without_text > 0) {
    return fail(ErrorKind::kInput,
                fmt::format("{} of {} pairs of runs are known from feature files only, and a judge "
                            "has to read them",
                            pairs.without_text, pairs.without_text + pairs.pairs.size()),
                "name their logs, or leave out what an LLM has to judge");
  }
  JudgedPairs judged;
  if (wishes.rps)
    judged.rps = ask_for_rps(session, wishes, framing, loaded.taxonomy.get(), pairs.pairs);
  if (wishes.rse) judged.rse = ask_for_rse(session, pairs.pairs);
  judged.judging =
      session.judging(wishes.rps ? std::string(judges::pair_prompt(framing).version) : "");
  flag_addressed_text(pairs.pairs, *judged.judging);
  return judged;
}

// BERTScore-style similarity of the responses of all trial pairs (metrics/baselines).
Result<JudgedValues> embedding_values(JudgeSession& session, const LoadedCorpus& loaded,
                                      std::span<const std::pair<ModelIndex, ModelIndex>> pairs) {
  std::map<Digest, std::vector<std::uint32_t>> sentences_of;
  SentenceTable table;
  for (const KeptTrajectory& kept : loaded.kept) {
    std::vector<std::uint32_t>& numbers = sentences_of[kept.content];
    if (!numbers.empty()) continue;
    for (const std::string& sentence : response_sentences(kept.trajectory)) {
      numbers.push_back(table.number_of(sentence));
    }
  }
  const std::string& model = session.settings().model;
  auto outcomes = session.asker().ask("embeddings", table.requests(), [&](std::size_t index) {
    return table.request(index, model);
  });
  if (!outcomes) return Unexpected(outcomes.error());
  JudgedValues values{model, {}};
  SentenceVectors vectors;
  for (const llm::Outcome& outcome : *outcomes) {
    // Without all vectors nothing can be said of any pair: sentences are shared between runs.
    if (outcome.kind != llm::OutcomeKind::kScored) return values;
    auto embedded = llm::embeddings_of(outcome.reply);
    if (!embedded) return Unexpected(embedded.error());
    for (const auto& vector : *embedded) {
      if (auto added = vectors.add(vector); !added) return Unexpected(added.error());
    }
  }
  for (const auto& [a, b] : pairs) {
    for (TaskIndex task = 0; task < loaded.corpus.tasks().size(); ++task) {
      for (const RunPair& runs : run_pairs(loaded.corpus, {a, b}, task)) {
        const CorpusTrajectory& x = loaded.corpus.trajectories()[runs.a];
        const CorpusTrajectory& y = loaded.corpus.trajectories()[runs.b];
        const auto of_x = sentences_of.find(x.content);
        const auto of_y = sentences_of.find(y.content);
        if (of_x == sentences_of.end() || of_y == sentences_of.end()) continue;
        const auto similarity = embedding_similarity(vectors, of_x->second, of_y->second);
        values.values.set(x.content, y.content,
                          similarity ? std::optional(similarity->f1) : std::nullopt);
      }
    }
  }
  return values;
}

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
  add_annotator_option(command, options.wishes.annotator);
  add_asking_options(command, options.wishes.swap, options.wishes.repeats);
  command.add_option("--embedding-model", options.embedding_model, "Model of --metrics embedding")
      ->type_name("NAME")
      ->group(kAskingGroup);
  command
      .add_option("--embedding-url", options.embedding_url,
                  "Endpoint of --metrics embedding; without it, --judge-url")
      ->type_name("URL")
      ->group(kAskingGroup);
  command
      .add_option("--embedding-key-env", options.embedding_key_variable,
                  "Environment variable with the key for --embedding-url, which gets no other")
      ->type_name("VARIABLE")
      ->group(kAskingGroup);
  add_judge_options(command, options.judge);
}

Result<PairAsking> PairAsking::open(const AskingOptions& options, bool judged_verifier,
                                    bool quiet) {
  PairAsking asking;
  asking.options_ = options;
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
    auto asked = judge_pairs(*judge_, options_.judge, loaded, pairs, options_.wishes);
    if (!asked) return Unexpected(asked.error());
    judged = std::move(*asked);
    if (embedding_ && judge_->only_counts()) {
      if (auto counted = embedding_values(*embedding_, loaded, pairs); !counted) {
        return Unexpected(counted.error());
      }
      judge_->add_estimates_of(*embedding_);
    }
    auto concluded = judge_->conclude(output);
    if (!concluded || *concluded) return concluded;
  }
  if (embedding_) {
    auto values = embedding_values(*embedding_, loaded, pairs);
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

Result<std::optional<LoadedCorpus>> load_with_judged_dependencies(JudgeSession& session,
                                                                  const InputOptions& input,
                                                                  const AdjustCorpus& adjust) {
  if (std::find(input.paths.begin(), input.paths.end(), "-") != input.paths.end()) {
    return fail(ErrorKind::kUsage, "--verifier llm reads its input twice, so not from -",
                "name files or folders");
  }
  InputOptions reading = input;
  reading.verifier = "none";
  std::optional<judges::DependencyVerdicts> verdicts;
  {
    InputOptions quiet = reading;  // what is lost is said by the second reading
    quiet.quiet = true;
    auto texts = load_inputs(
        quiet, [](CorpusOptions& corpus) { corpus.keep = [](const Trajectory&) { return true; }; });
    if (!texts) return Unexpected(texts.error());
    std::vector<const Trajectory*> trajectories;
    for (const KeptTrajectory& kept : texts->kept) trajectories.push_back(&kept.trajectory);
    auto asked = judges::DependencyVerdicts::ask(trajectories, session.settings(), session.asker());
    if (!asked) return Unexpected(asked.error());
    verdicts.emplace(std::move(*asked));
  }
  const double all = static_cast<double>(verdicts->candidates());
  const double share = all > 0 ? static_cast<double>(verdicts->judged()) / all : 1;
  if (share < session.options().least_coverage) {
    if (session.ends_without_figures()) {
      // Nothing else that is asked depends on the verdicts.
      auto loaded = load_inputs(reading, adjust);
      if (!loaded) return Unexpected(loaded.error());
      return std::optional<LoadedCorpus>(std::move(*loaded));
    }
    return fail(ErrorKind::kFailed,
                fmt::format("only {} of {} candidate dependencies were judged, so S_dep and AGS "
                            "are withheld",
                            verdicts->judged(), verdicts->candidates()),
                "run the same command again, or lower --min-coverage");
  }
  auto loaded = load_inputs(reading, [&](CorpusOptions& corpus) {
    adjust(corpus);
    corpus.settings.verifier =
        fmt::format("llm:{} {}", session.settings().model, judges::dependencies_prompt().version);
    corpus.make_verifier = [&] { return verdicts->verifier(); };
  });
  if (!loaded) return Unexpected(loaded.error());
  return std::optional<LoadedCorpus>(std::move(*loaded));
}

}  // namespace agentecho::cli
