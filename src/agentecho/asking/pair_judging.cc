#include "agentecho/asking/pair_judging.h"

#include <fmt/format.h>

#include "agentecho/judges/annotator.h"
#include "agentecho/judges/pair_judge.h"
#include "agentecho/judges/rse.h"
#include "agentecho/metrics/rps/local_annotator.h"

namespace agentecho::asking {

namespace {

JudgedRps ask_for_rps(const Questioner& questioner, const PairQuestions& wishes,
                      const StageTaxonomy* taxonomy, std::span<const TrajectoryPair> pairs) {
  const rps::LocalAnnotator local(taxonomy != nullptr ? taxonomy->taxonomy
                                                      : rps::default_taxonomy());
  const judges::LlmAnnotator asking(local.taxonomy(), questioner.settings, *questioner.asker);
  const judges::LlmJudge judge(questioner.settings, {wishes.framing, wishes.swap, wishes.repeats},
                               *questioner.asker);
  const bool ask_stages = wishes.annotator == "llm";
  const rps::StageAnnotator& annotator =
      ask_stages ? static_cast<const rps::StageAnnotator&>(asking) : local;
  return judge_rps(pairs, annotator, judge,
                   ask_stages && questioner.only_counts ? &local : nullptr);
}

JudgedValues ask_for_rse(const Questioner& questioner, std::span<const TrajectoryPair> pairs) {
  const judges::RseJudge judge(questioner.settings, *questioner.asker);
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

// The version of the pair judge's prompt; without it, of the others that were asked.
std::string prompt_of(const Questioner& questioner, const PairQuestions& wishes) {
  if (wishes.rps) return std::string(judges::pair_prompt(wishes.framing).version);
  std::vector<std::string> versions;
  for (const judges::AskedCounts& asked : questioner.asker->counts()) {
    const judges::Prompt* const prompt = judges::find_prompt(asked.purpose);
    if (prompt != nullptr) versions.emplace_back(prompt->version);
  }
  return fmt::format("{}", fmt::join(versions, ", "));
}

}  // namespace

JudgedMetrics JudgedPairs::metrics() const {
  return {nullptr, rps ? &*rps : nullptr, rse ? &*rse : nullptr, embedding ? &*embedding : nullptr};
}

Result<JudgedPairs> judge_pairs(const Questioner& questioner, const LoadedCorpus& loaded,
                                std::span<const std::pair<ModelIndex, ModelIndex>> model_pairs,
                                const PairQuestions& wishes) {
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
  if (wishes.rps) judged.rps = ask_for_rps(questioner, wishes, loaded.taxonomy.get(), pairs.pairs);
  if (wishes.rse) judged.rse = ask_for_rse(questioner, pairs.pairs);
  judged.judging = judging_of(questioner, prompt_of(questioner, wishes));
  flag_addressed_text(pairs.pairs, *judged.judging);
  return judged;
}

}  // namespace agentecho::asking
