// Argument values worth tracing (METHOD 2, "Dependencies"): canonical form and blacklist.
#pragma once

#include <string>
#include <string_view>

namespace agentecho {

// ASCII-lowercased, without leading and trailing characters that are neither letters (bytes >= 0x80
// count as letters) nor digits.
std::string canonical_value(std::string_view leaf);

// At least 3 bytes, and no everyday word of tool results ("true", "pending", "default", …).
bool is_traceable(std::string_view canonical);

}  // namespace agentecho
