// RunFilter as a member of a document's provenance.
#pragma once

#include <nlohmann/json.hpp>

#include "agentecho/corpus/run_filter.h"

namespace agentecho {

// {"models": [...], "tasks": [...], "domains": [...], "benchmarks": [...]}, without what is empty.
nlohmann::ordered_json filter_to_json(const RunFilter& filter);

}  // namespace agentecho
