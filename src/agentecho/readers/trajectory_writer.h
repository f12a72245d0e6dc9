// AgentEcho's own normalised form: JSON Lines, one trajectory a line, an OpenAI-style chat with its
// metadata beside it. What every reader reads can be written so and read back with the same
// features.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// Without the line break. Format: docs/formats.md. `session`: the id of the run's session, which
// tells runs without a trial's number apart; empty where none is known.
std::string to_json_line(const Trajectory& trajectory, std::string_view session = {});

}  // namespace agentecho
