// What an LLM was asked in the making of some figures, for people.
#pragma once

#include <string>

#include "agentecho/study/results.h"

namespace agentecho {

// "judged by M at URL:", a line for each purpose, and what was flagged.
std::string render_judging(const Judging& judging);

}  // namespace agentecho
