// Small helpers around simdjson. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::json_text {

// The JSON string whose opening quote precedes `raw`, unescaped into the arena. A string that
// simdjson refuses (a lone surrogate) is unescaped with U+FFFD in its place. `end` is the end of
// the JSON text. Empty optional: the string is not closed or has an escape that JSON does not know.
bool unescape(simdjson::ondemand::parser& parser, simdjson::ondemand::raw_json_string raw,
              const char* end, TextArena& arena, std::string_view& text);

// The text of the string that `json` begins with; empty where it begins with none.
std::string unescaped(std::string_view json);

// A key as it is written, up to its closing quote: the keys that mean something hardly ever have
// escapes.
std::string_view raw_key(simdjson::ondemand::raw_json_string key);
// Whether one with escapes has been met on this thread since this was asked last.
bool met_escapes_in_keys();
// The same JSON, in which keys of printable ASCII have no escapes ("r\\u006fle"). Nothing where
// there is none that had.
std::optional<std::string> with_plain_keys(std::string_view json);

// A JSON number as the method writes it.
std::string canonical_number(std::string_view token);

}  // namespace agentecho::json_text
