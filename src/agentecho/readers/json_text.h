// Small helpers around simdjson that both parsers of this module use. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::json_text {

// The JSON string whose opening quote precedes `raw`, unescaped into the arena. A string that
// simdjson refuses (a lone surrogate) is unescaped with U+FFFD in its place. `end` is the end of
// the JSON text. Empty optional: the string is not closed or has an escape that JSON does not know.
bool unescape(simdjson::ondemand::parser& parser, simdjson::ondemand::raw_json_string raw,
              const char* end, TextArena& arena, std::string_view& text);

// A JSON number as the method writes it.
std::string canonical_number(std::string_view token);

}  // namespace agentecho::json_text
