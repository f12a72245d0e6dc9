// What looks like a call that no form reads, or one that was damaged.
#pragma once

#include <string>
#include <string_view>

namespace agentecho::written {

// The mark by which a text looks like a call; empty: none.
std::string mark_of_call(std::string_view text);

}  // namespace agentecho::written
