// BERTScore-style similarity of responses (METHOD 5) from the vectors of an embeddings endpoint.
#pragma once

#include <span>
#include <utility>

#include "agentecho/asking/questioner.h"
#include "agentecho/base/error.h"
#include "agentecho/judged/judged_metrics.h"

namespace agentecho::asking {

// Of the responses of all trial pairs of the given pairs of models; each sentence is asked for
// once. No values at all when some sentence has no vector: sentences are shared between runs.
// Errors: those of Asker::ask(), vectors that are none, of different lengths or all zero.
Result<JudgedValues> ask_for_embeddings(const Questioner& questioner, const LoadedCorpus& loaded,
                                        std::span<const std::pair<ModelIndex, ModelIndex>> pairs);

}  // namespace agentecho::asking
