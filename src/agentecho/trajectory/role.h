// The names of roles, as logs and chats spell them.
#pragma once

#include <string_view>

#include "agentecho/base/enum_names.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

constexpr std::string_view name_of(Role role) {
  return name_in<Role::kTool>({"system", "user", "assistant", "tool"}, role);
}

}  // namespace agentecho
