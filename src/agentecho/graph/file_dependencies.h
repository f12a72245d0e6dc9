// Dependencies through files (METHOD 13): a path that one node has written and a later one names.
#pragma once

#include <string_view>
#include <vector>

#include "agentecho/graph/dependency.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// [choice] Two paths are one file when they are equal, or when one is relative and the other ends
// in it: agents change folders.
bool same_file(std::string_view a, std::string_view b);

// Adds an edge from the last earlier node that wrote the file ([choice]: what stood in it before is
// gone), where there is none yet between the two; the order is kept: destination, then source. The
// values are paths of the trajectory. O(files + edges log edges); nothing where
// Trajectory::file_uses is empty.
void add_file_dependencies(const Trajectory& trajectory, std::vector<Dependency>& dependencies);

}  // namespace agentecho
