// What a text says an agent did, and nothing else.
#pragma once

#include <string_view>
#include <vector>

#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

// Calls in JSON or Python's syntax, "find[x]", in tags or in fences, or a command, whose first word
// is taken for the tool and the rest for its one argument `input`. Nothing where it does not begin
// with a name.
std::vector<Call> calls_in_text(std::string_view action);

}  // namespace agentecho::written
