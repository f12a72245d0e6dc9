// The forms in which other programs take trajectories: OpenAI chats, ATIF documents and tau2-bench
// Results. Read back, they give the same messages, calls, results, reasoning, reward and identity;
// what a form has no place for is counted (docs/formats.md, "Forms to write").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

enum class TrajectoryForm : std::uint8_t { kAgentEcho, kTau2, kOpenAi, kAtif };

std::string_view name_of(TrajectoryForm form);  // "agentecho", "tau2", "openai", "atif"
// Error (kUsage): another name.
Result<TrajectoryForm> parse_trajectory_form(std::string_view name);

// What a form has no place for, in words of the plural, and how much of it there was.
struct NotHeld {
  std::string_view what;
  std::uint64_t count = 0;
};

struct FormText {
  std::string json;  // without a line break
  std::vector<NotHeld> not_held;
};

// One trajectory: AgentEcho's own form, an OpenAI chat (messages, with model, task and reward
// beside them), an ATIF document, or a simulation of a Results file. In the foreign forms calls
// without an id get one, "call_" and their number, and so do calls with the id of an earlier call,
// that id and their number. `session`: as in to_json_line().
FormText to_form(const Trajectory& trajectory, TrajectoryForm form, std::string_view session = {});

// What stands before the first simulation of a Results file, which is of one model and one domain,
// and what behind the last; between two stands a comma. All of it is one line. Times, costs, tasks
// and settings of the benchmark are not known here and empty.
std::string tau2_head(std::string_view model, std::string_view domain);
std::string_view tau2_tail();

}  // namespace agentecho
