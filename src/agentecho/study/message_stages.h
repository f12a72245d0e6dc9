// The stage of each message of a run, as the local annotator sees it (METHOD 4).
#pragma once

#include <string>
#include <vector>

#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// Of what an assistant message says, and of its visible reasoning; empty where there is none, and
// for all other messages.
struct MessageStages {
  std::string text;
  std::string reasoning;
};

// One for each message of the trajectory.
std::vector<MessageStages> message_stages(const Trajectory& trajectory,
                                          const rps::LocalAnnotator& annotator);

}  // namespace agentecho
