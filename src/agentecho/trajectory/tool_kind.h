// What a tool does to the world (METHOD 2, "Kinds").
#pragma once

#include <cstdint>

namespace agentecho {

enum class ToolKind : std::uint8_t { kRead, kWrite, kGeneric };

}  // namespace agentecho
