// What `compare` says first.
#pragma once

#include "agentecho/study/results.h"

namespace agentecho {

// From the finished results: the most alike pair (or the model most like the reference), how far
// the order is settled, on what it rests, and that a score alone says nothing of how unusual it is.
VerdictParagraph compare_verdict(const CompareResults& results);

}  // namespace agentecho
