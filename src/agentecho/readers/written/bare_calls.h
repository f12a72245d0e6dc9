// Calls in JSON or Python's syntax without marks.
#pragma once

#include <string_view>

#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

// A text that is a call and nothing else: JSON (Llama 3.1), functools[…] (Phi), or Python's syntax.
bool read_whole(std::string_view text, Turn& turn);

// The same behind a text, from a new line to the end.
bool read_behind_text(std::string_view text, Turn& turn);

// "TOOL_CALL: {…}": a line that says that what follows is a call.
bool read_labelled_json(std::string_view text, Turn& turn);

}  // namespace agentecho::written
