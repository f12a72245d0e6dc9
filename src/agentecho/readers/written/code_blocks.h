// Code that an agent wrote to be run: in fences, or between tags.
#pragma once

#include <string_view>

#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

// ```bash … ```: marked clearly only when the answer is marked as a result.
bool read_fences(std::string_view text, std::string_view answer, Turn& turn);

// <execute_bash>…</execute_bash>, <code>…</code>: code between tags.
bool read_code_tags(std::string_view text, Turn& turn);

}  // namespace agentecho::written
