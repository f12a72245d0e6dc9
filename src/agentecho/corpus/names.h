// Names as a user types them, looked up in a corpus.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/corpus.h"

namespace agentecho {

// The member of `names` with the smallest edit distance; empty when nothing comes near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& names);

// The model with this name. Errors (ErrorKind::kUsage): there is none; the hint suggests the
// nearest.
Result<ModelIndex> require_model(const Corpus& corpus, std::string_view name);

// The models with these names, ascending, each once; all models where no name is given. Errors: as
// require_model().
Result<std::vector<ModelIndex>> require_models(const Corpus& corpus,
                                               const std::vector<std::string>& names);

}  // namespace agentecho
