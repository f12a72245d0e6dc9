// Dependencies decided by an LLM (METHOD 2): the texts are read once to ask, and the logs again
// with the verdicts.
#pragma once

#include "agentecho/asking/questioner.h"
#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/judges/dependency_verdicts.h"

namespace agentecho::asking {

// Asks about all candidates of the trajectories that `texts` has kept.
Result<judges::DependencyVerdicts> ask_for_dependencies(const Questioner& questioner,
                                                        const LoadedCorpus& texts);

// Lets the verdicts decide. They must outlive the loading. Candidates without one are counted by
// run (TrajectoryFeatures::candidates).
void decide_by(const judges::DependencyVerdicts& verdicts, CorpusOptions& options);

}  // namespace agentecho::asking
