// Hashed events as counts.
#pragma once

#include <cstdint>
#include <vector>

#include "agentecho/corpus/run_habits.h"

namespace agentecho {

// Each mark once, ascending, with how often it stands in `marks`, which may be in any order.
std::vector<MarkCount> count_marks(std::vector<std::uint32_t> marks);

}  // namespace agentecho
