#include "agentecho/study/reading_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/base/words.h"
#include "agentecho/corpus/validity.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

namespace {

std::optional<std::string> few_tasks_note(const Corpus& corpus) {
  std::size_t few = 0;
  std::size_t fewest = kFewTasks;
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  for (const auto& [a, b] : pairs) {
    std::size_t common = 0;
    for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
      common += !corpus.trials(a, task).empty() && !corpus.trials(b, task).empty();
    }
    if (common >= kFewTasks) continue;
    ++few;
    fewest = std::min(fewest, common);
  }
  if (few == 0) return std::nullopt;
  return fmt::format(
      "{} of {} pairs of models have fewer than {} tasks in common (fewest: {}): single tasks "
      "decide "
      "there, and intervals are too narrow",
      few, pairs.size(), kFewTasks, fewest);
}

}  // namespace

std::optional<std::string> runs_without_calls_note(const Corpus& corpus) {
  std::vector<std::size_t> of_model(corpus.models().size());
  std::size_t all = 0;
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    if (run.counts.calls > 0) continue;
    ++of_model[run.model];
    ++all;
  }
  if (all == 0) return std::nullopt;
  std::vector<std::string> parts;
  for (ModelIndex model = 0; model < of_model.size(); ++model) {
    if (of_model[model] == 0) continue;
    parts.push_back(fmt::format("{} {}", corpus.models()[model], of_model[model]));
  }
  return fmt::format(
      "{} of {} call no tool at all ({}): two such runs count as wholly alike in S_seq and S_dep",
      all, counted(corpus.trajectories().size(), "run", "runs"), fmt::join(parts, ", "));
}

std::vector<std::string> reading_notes(const LoadedCorpus& loaded) {
  std::vector<std::string> notes;
  if (auto few = few_tasks_note(loaded.corpus)) notes.push_back(std::move(*few));
  if (auto guessed = guessed_tools_warning(loaded.corpus, loaded.catalog)) {
    notes.push_back(std::move(*guessed));
  }
  return notes;
}

}  // namespace agentecho
