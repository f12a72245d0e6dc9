// Calls between the marks of models' chat templates: <tool_call>, <function=…>, [TOOL_CALLS].
#pragma once

#include <string_view>

#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

// Without what ends a message of a template, which is no part of the JSON before it.
std::string_view json_of_mark(std::string_view body);

// False: the text has no such call.
bool read_tags(std::string_view text, Turn& turn);

}  // namespace agentecho::written
