// Names as a user types them, looked up in a corpus.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/corpus.h"

namespace agentecho {

// How a task may be called where several share its id: "benchmark/domain/id", "domain/id", "id".
std::array<std::string, 3> names_of(const TaskKey& task);
std::string name_in_domain(const TaskKey& task);  // "domain/id"
// By TaskIndex: the shortest of these names that no other task of the corpus has.
std::vector<std::string> shortest_names(const Corpus& corpus);

// The member of `names` with the smallest edit distance; empty when nothing comes near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& names);

// The model with this name. Errors (ErrorKind::kUsage): there is none; the hint suggests the
// nearest.
Result<ModelIndex> require_model(const Corpus& corpus, std::string_view name);

// The models with these names, ascending, each once; all models where no name is given. An entry is
// a name, or else several names and globs (run_filter.h) separated by commas. Errors: as
// require_model(); a glob that no model matches (ErrorKind::kUsage).
Result<std::vector<ModelIndex>> require_models(const Corpus& corpus,
                                               const std::vector<std::string>& names);

}  // namespace agentecho
