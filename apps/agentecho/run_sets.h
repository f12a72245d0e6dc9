// Commands that read several sets of runs with the same options: a baseline and new runs,
// references and unknown ones.
#pragma once

#include <string>
#include <vector>

#include "agentecho/options/study_options.h"

namespace agentecho::cli {

// The runs of these paths. `input` says how they are read; --named belongs to its own paths alone.
Result<LoadedCorpus> load_runs(const InputOptions& input, const std::vector<std::string>& paths,
                               const AdjustCorpus& adjust);

// All runs as a feature file, which is no input. Holds names and counts, no text.
Result<void> save_features(const LoadedCorpus& loaded, const std::string& path);

}  // namespace agentecho::cli
