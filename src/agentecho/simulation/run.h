// One run of one agent on one task: a conversation with the scripted user and calls at the counter.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agentecho/simulation/policy.h"
#include "agentecho/simulation/tasks.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::simulation {

// The trajectory of `policy` on world.tasks[task]: system text, dialogue, calls with their results,
// reward 1 or 0, benchmark kSimulatedBenchmark, domain kSimulatedDomain. A pure function of its
// arguments. The user's words depend on (world.seed, task, trial) alone; `seed` drives the agent,
// so two agents that are to be independent need different seeds. About 27 microseconds.
Trajectory run_agent(const World& world, std::size_t task, const AgentPolicy& policy,
                     std::uint64_t seed, std::int64_t trial = 0);
// The same into memory that is reused.
void run_agent(const World& world, std::size_t task, const AgentPolicy& policy, std::uint64_t seed,
               std::int64_t trial, Trajectory& out);

// Runs on several tasks (indices into world.tasks), `trials` each, on up to `threads` threads; in
// order of task, then trial. The same for any number of threads.
std::vector<Trajectory> run_agent_on(const World& world, std::span<const std::size_t> tasks,
                                     const AgentPolicy& policy, std::uint64_t seed,
                                     std::int64_t trials = 1, unsigned threads = 1);

}  // namespace agentecho::simulation
