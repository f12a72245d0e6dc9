// Simulated runs as a tau2-bench Results file, one per model: what readers of that format accept,
// marked as simulated in info.simulated (a field that readers ignore), in
// info.environment_info.domain_name and in the model's implementation.
//
// Written simulation by simulation, so that a file of any size takes the memory of one trajectory.
// Timestamps are counted from a fixed date, so that equal runs give equal bytes.
#pragma once

#include <cstdint>
#include <ostream>
#include <string_view>

#include "agentecho/simulation/tasks.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::simulation {

class Tau2ResultsWriter {
 public:
  // Writes everything up to the list of simulations. `model` is info.agent_info.llm. The stream
  // must outlive the writer; failures are left in its state.
  Tau2ResultsWriter(std::ostream& out, const World& world, std::string_view model,
                    std::int64_t num_trials, std::uint64_t seed);
  // One simulation. The system message is left out: it is the file's policy.
  void add(const Trajectory& trajectory);
  // Closes the file; nothing may be added afterwards.
  void finish();

 private:
  std::ostream* out_;
  std::uint64_t seed_;
  std::int64_t n_written_ = 0;
};

}  // namespace agentecho::simulation
