// Results of several calls that came back as one list.
#pragma once

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

// A tool's message that is a JSON list with an element for each open call, and the only answer to
// them, becomes a message for each: ["…", "…"] in the order of the calls, [{"name": …, "results":
// …}] by the names of the tools (LLaMA-Factory, ToolACE, Nemotron). A list that names its one tool
// is unwrapped likewise. Before results are linked to calls (calls.h).
void split_listed_results(Trajectory& t);

}  // namespace agentecho::dialects
