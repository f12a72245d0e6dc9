// What the reader of any all-pairs report has to know about the runs that it rests on.
#pragma once

#include <string>
#include <vector>

#include "agentecho/corpus/load_corpus.h"

namespace agentecho {

// Pairs of models with few tasks in common (fewer than kFewTasks), and tools whose kind is guessed
// from their names. O(pairs x tasks).
std::vector<std::string> reading_notes(const LoadedCorpus& loaded);

}  // namespace agentecho
