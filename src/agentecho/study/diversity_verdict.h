// What `diversity` says first.
#pragma once

#include "agentecho/study/diversity.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

// How many independent models these are worth, the most different ones, the nearest substitute.
VerdictParagraph diversity_verdict(const Study& study, const DiversityResults& results);

}  // namespace agentecho
