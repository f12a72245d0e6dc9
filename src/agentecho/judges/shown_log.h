// A whole conversation as the dependency judge sees it: numbered events in log order, each text by
// its beginning and by the surroundings of the values in question.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/graph/dependency.h"
#include "agentecho/judges/fenced_text.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::judges {

// Where `value` occurs in the ASCII-lowercased text (METHOD 2: neither neighbour is [a-z0-9]), from
// `from` on; npos when nowhere.
std::size_t find_value(std::string_view lowered, std::string_view value, std::size_t from = 0);

// The user message for the candidates, all of one trajectory. Shows every event up to the last
// destination, or, where that would be more than max_bytes, only the events that decide: for each
// candidate its source and destination and the first in which the value occurs.
std::string dependency_message(const Trajectory& trajectory, std::span<const Dependency> candidates,
                               std::size_t max_bytes);

}  // namespace agentecho::judges
