// What the reader of any all-pairs report has to know about the runs that it rests on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentecho/corpus/load_corpus.h"

namespace agentecho {

// How many runs call no tool at all, and whose they are; nothing where every run calls one.
std::optional<std::string> runs_without_calls_note(const Corpus& corpus);

// Pairs of models with few tasks in common (fewer than kFewTasks), and tools whose kind is guessed
// from their names. O(pairs x tasks).
std::vector<std::string> reading_notes(const LoadedCorpus& loaded);

}  // namespace agentecho
