// A metric as likenesses on the scale of a correlation, and the effective number that they make:
// the arithmetic of diversity.h.
#pragma once

#include <span>
#include <vector>

#include "agentecho/study/diversity.h"

namespace agentecho {

// The likeness of all `pairs` (of two models) in one metric of the study. Errors are taken as they
// are, since kappa is corrected for chance already; `recorded` says of which models outcomes are
// known, and the others have none.
Likeness likeness_of_errors(const Study& study, std::span<const ModelPair> pairs,
                            const std::vector<char>& recorded);
// `chance`: by pair.
Likeness likeness_of_habits(const Study& study, std::size_t metric,
                            std::span<const ModelPair> pairs,
                            const std::vector<std::optional<double>>& chance);

}  // namespace agentecho
