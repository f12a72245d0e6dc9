#pragma once

#include <string_view>

namespace agentecho {

// The version of the library.
std::string_view version();

}  // namespace agentecho
