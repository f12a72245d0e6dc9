// The figures of evidence as SVG.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/report/plot.h"
#include "agentecho/study/evidence.h"

namespace agentecho {

// All pairs as a heat map in the order of the tree. `metric`: "lineage" or a metric's slug; `show`:
// "score", "place", "affinity", "p", or empty: the affinity of lineage, the score of a metric.
// Errors: no such metric, lineage has no score (kUsage); undefined for every pair (kInput).
Result<std::string> evidence_matrix(const Study& study, const EvidenceResults& evidence,
                                    std::string_view metric, std::string_view show);

// The tree of models with bootstrap support. Error (kInput): there is none.
Result<std::string> evidence_tree(const Study& study, const EvidenceResults& evidence);

}  // namespace agentecho
