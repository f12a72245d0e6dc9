// Reads one trajectory file (tau-bench result list or tau2-bench results) whole, for rps_features.
#pragma once

#include <string>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::tools {

// The trajectories of the file in file order. Throws std::runtime_error when it cannot be read.
std::vector<Trajectory> load_trajectories(const std::string& path);

}  // namespace agentecho::tools
