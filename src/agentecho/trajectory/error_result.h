// Is a tool result an error? (METHOD 2, "Errors")
#pragma once

#include <string_view>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// One of error, exception, traceback, failed, failure and invalid, in lower case.
bool is_error_word(std::string_view word);

// The first 200 characters, ASCII-lowercased, match
// ^[^a-z0-9]*(error|exception|traceback|failed|failure|invalid)\b. [choice]
bool starts_like_error(std::string_view text);

// The log's own flag where it has one; else what a JSON object says itself; else the text.
bool is_error(const Message& tool_message);

// Is what the call gave an error? A call without a result gave none.
bool failed(const Trajectory& trajectory, const ToolCall& call);

}  // namespace agentecho
