// Is a tool result an error? (METHOD 2, "Errors")
#pragma once

#include <string_view>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// The first 200 characters, ASCII-lowercased, match
// ^[^a-z0-9]*(error|exception|traceback|failed|failure|invalid)\b. [choice]
bool starts_like_error(std::string_view text);

// The log's own flag when it has one; else the text, or a JSON object with a top-level "error".
bool is_error(const Message& tool_message);

}  // namespace agentecho
