// How many models a statement about what is usual needs, and the one sentence that says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agentecho/stats/cohort_norm.h"

namespace agentecho {

// Kinship holds a pair against the cohort of each of the two (METHOD 14); a typicality of each
// model takes four to leave anything (METHOD 6).
inline constexpr std::size_t kFewestForKinship = kFewestInCohort + 2;
inline constexpr std::size_t kFewestForAffinity = 4;

// "a tree needs at least 4 models on the same tasks"; `with`: what the models must have, "with
// text".
std::string needs_models(std::string_view what, std::size_t fewest, std::string_view with = {});

}  // namespace agentecho
