// Calls in Python's syntax.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

// A call with named arguments that are literals: find(id="x", n=2). `end` is behind it. Nothing
// where an argument is no such literal. In a list of calls the name may have blanks (ToolACE).
std::optional<Call> python_call(std::string_view text, std::size_t& end, bool in_list = false);

// One call, or a list of them in brackets, and nothing else: Llama's "pythonic" form.
bool add_python_calls(std::string_view text, std::vector<Call>& calls);

// A list of the SDK's content blocks as Python prints it: [TextBlock(text='…'), ToolUseBlock(…)].
bool read_printed_blocks(std::string_view body, Turn& turn);

}  // namespace agentecho::written
