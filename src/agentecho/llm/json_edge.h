// nlohmann-json for the sources of this module: strict reading of text that is not trusted. Not a
// public header.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"

namespace agentecho::llm {

using Json = nlohmann::json;

inline constexpr int kMaxJsonDepth = 64;

// Valid UTF-8, no key twice in an object, at most kMaxJsonDepth levels. Errors (kInput).
Result<Json> parse_strict(std::string_view text);
// The same, with 4.0 as the integer that it is in JSON Schema.
Result<Json> parse_reply(std::string_view text);

// Compact, keys sorted, invalid UTF-8 as U+FFFD.
std::string to_text(const Json& value);

// Appends to_text(text) to `out`; long texts of ordinary characters at the cost of a copy.
void append_text(std::string& out, const std::string& text);

// The member `key` if `value` is an object that has one of the asked type.
const Json* member(const Json& value, const char* key);
std::string string_member(const Json& value, const char* key);  // "" when absent
std::optional<std::int64_t> integer_member(const Json& value, const char* key);

}  // namespace agentecho::llm
