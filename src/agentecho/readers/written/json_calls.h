// Calls as JSON, and what else the forms of calls read of JSON in a text. Hostile texts must not
// cost more than their size.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/ordered_json.h"
#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

// How often a text may fail to be a call before the rest of the message is left alone.
inline constexpr int kMostFailures = 32;

// May a tool have this name?
bool is_name(std::string_view text);

// Not nested deeper than what is taken for a call.
bool is_shallow(std::string_view json);

// Text that is a JSON value; a text of another kind is a JSON string.
std::string as_json(std::string_view text);

// On one line; bytes that are no UTF-8 are replaced.
std::string dumped(const Json& json);

// The end of the JSON object or list that `text` begins with; kNowhere: it has none.
std::size_t json_end(std::string_view text);

// What stands behind one of several calls.
std::string_view without_separator(std::string_view text);

// {"name": …, "arguments": …} in its usual spellings, a list of such, or one behind the other, also
// in Python's notation. False: the text is anything else, and nothing is added.
bool add_json_calls(std::string_view text, std::vector<Call>& calls);

}  // namespace agentecho::written
