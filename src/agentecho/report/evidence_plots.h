// The figures of evidence as SVG.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/report/plot.h"
#include "agentecho/study/evidence.h"
#include "agentecho/study/lineage.h"

namespace agentecho {

// All pairs as a heat map in the order of the tree. `metric` and what `show` may be, the first
// being what an empty one means:
//   "words", "layout", "actions"   z, repeated, p: kinship by choices (METHOD 14)
//   "lineage"                      affinity, p: the combined evidence
//   a metric's slug                score, place, affinity, p
// lineage: nullptr where the wording was left out. Errors: no such metric or figure (kUsage);
// undefined for every pair (kInput).
Result<std::string> evidence_matrix(const Study& study, const EvidenceResults& evidence,
                                    const LineageResults* lineage, std::string_view metric,
                                    std::string_view show);

// The tree of models with bootstrap support. Error (kInput): there is none.
Result<std::string> evidence_tree(const Study& study, const EvidenceResults& evidence);

}  // namespace agentecho
