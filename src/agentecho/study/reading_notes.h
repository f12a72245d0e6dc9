// What the reader of any all-pairs report has to know about the runs that it rests on.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

// How many runs call no tool at all, and whose they are; nothing where every run calls one.
std::optional<std::string> runs_without_calls_note(const Corpus& corpus);

// On which share of the tasks that both have neither run of a pair of runs calls a tool; a task
// with several runs counts by the share of its pairs of runs. S_seq and S_dep of profile paper are
// 1 there (METHOD 9). A model with itself: over pairs of different trials. 0 without such a task.
double share_without_calls(const Corpus& corpus, const ModelPair& pair);

// Above this share a pair is marked.
inline constexpr double kMostWithoutCalls = 0.5;

// The marked pairs, with the share of each; nothing where there are none.
std::optional<std::string> pairs_without_calls_note(const Corpus& corpus,
                                                    std::span<const ModelPair> pairs,
                                                    std::span<const double> shares);

// Pairs of models with few tasks in common (fewer than kFewTasks); where AGS is among the scores
// (`with_ags`) pairs that hardly call a tool; tools whose kind is guessed from their names.
// O(pairs x tasks).
std::vector<std::string> reading_notes(const LoadedCorpus& loaded, bool with_ags);

}  // namespace agentecho
