// What stands before and behind a tool's name and is no part of it. Names are looked up (in tables
// of kinds and actions, in a user's map) without it; nodes and features keep the name that the log
// gives, so that two tools of one log stay two.
#pragma once

#include <string_view>

namespace agentecho {

// Without the marks of the stack that serves a model: "functions.", "default_api.", "tools." and
// their like before the name, "<|…" and the running number of a call (":0") behind it. The name
// itself where nothing else is left.
std::string_view without_serving_marks(std::string_view tool);

// The same without the server of the Model Context Protocol ("mcp__server__tool"), where two
// servers may have tools of one name.
std::string_view bare_tool_name(std::string_view tool);

}  // namespace agentecho
