#include "agentecho/study/reading_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "agentecho/base/words.h"
#include "agentecho/corpus/validity.h"

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

double share_without_calls(const Corpus& corpus, const ModelPair& pair) {
  double sum = 0;
  double tasks = 0;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const auto of_a = corpus.trials(pair.first, task);
    const auto of_b = corpus.trials(pair.second, task);
    const double self = pair.first == pair.second ? 1 : 0;  // no run is set against itself
    const auto run_pairs = [&](auto a, auto b) {
      return static_cast<double>(a) * (static_cast<double>(b) - self);
    };
    const double all = run_pairs(of_a.size(), of_b.size());
    if (all <= 0) continue;
    const auto silent = [](std::span<const CorpusTrajectory> runs) {
      return std::count_if(runs.begin(), runs.end(),
                           [](const CorpusTrajectory& run) { return run.counts.calls == 0; });
    };
    sum += std::max(0.0, run_pairs(silent(of_a), silent(of_b))) / all;
    ++tasks;
  }
  return tasks > 0 ? sum / tasks : 0;
}

std::optional<std::string> pairs_without_calls_note(const Corpus& corpus,
                                                    std::span<const ModelPair> pairs,
                                                    std::span<const double> shares) {
  constexpr std::size_t kMostNamed = 3;
  std::vector<std::string> marked;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (shares[p] <= kMostWithoutCalls) continue;
    const std::string& a = corpus.models()[pairs[p].first];
    const std::string& b = corpus.models()[pairs[p].second];
    const bool self = pairs[p].first == pairs[p].second;
    marked.push_back(fmt::format(
        "{} {}", self ? a + " with itself" : fmt::format("{} and {}", a, b), percent(shares[p])));
  }
  if (marked.empty()) return std::nullopt;
  const std::size_t n = marked.size();
  if (n > kMostNamed) marked.resize(kMostNamed);
  return fmt::format(
      "{} of {} no tool on either side on more than half of the common tasks ({}{}): S_seq and "
      "S_dep of profile paper count these tasks as wholly alike, so they and AGS say little there",
      n,
      counted(pairs.size(), n == 1 ? "pair calls" : "pair call",
              n == 1 ? "pairs calls" : "pairs call"),
      fmt::join(marked, "; "), n > kMostNamed ? "; …" : "");
}

std::vector<std::string> reading_notes(const LoadedCorpus& loaded, bool with_ags) {
  std::vector<std::string> notes;
  if (auto few = few_tasks_note(loaded.corpus)) notes.push_back(std::move(*few));
  if (with_ags) {
    const std::vector<ModelPair> pairs = all_pairs(loaded.corpus);
    std::vector<double> shares;
    for (const ModelPair& pair : pairs) shares.push_back(share_without_calls(loaded.corpus, pair));
    auto silent = pairs_without_calls_note(loaded.corpus, pairs, shares);
    if (silent) notes.push_back(std::move(*silent));
  }
  if (auto guessed = guessed_tools_warning(loaded.corpus, loaded.catalog)) {
    notes.push_back(std::move(*guessed));
  }
  return notes;
}

}  // namespace agentecho
