// JSON as programs write it and parsers refuse it: Python's NaN and Infinity, numbers beyond 64
// bits, half of a surrogate pair, invalid UTF-8, an end that was cut off.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agentecho::formats {

// The same JSON with NaN and infinities as null, integers that 64 bits do not hold as strings, lone
// surrogates and invalid UTF-8 as U+FFFD. One pass; the text is not validated.
std::string repaired(std::string_view json);

// A text that ends in the middle of an object, up to its last complete member, with all that is
// open closed. Nothing when it does not start like an object.
std::optional<std::string> closed(std::string_view json);

}  // namespace agentecho::formats
