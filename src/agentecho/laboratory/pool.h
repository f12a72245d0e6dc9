// Pools of simulated agents: where they come from, and what the analyses see of their runs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/simulation/run.h"

namespace agentecho {

// Replicates of the tests in each run: enough to tell p = 0.01, cheap enough for 400 runs.
inline constexpr std::size_t kLaboratoryReplicates = 999;

// All random choices of a run come from here, in order.
class Seeds {
 public:
  Seeds(std::uint64_t seed, std::uint64_t run) : rng_(seed, run) {}
  std::uint64_t next() { return rng_.bits(); }

 private:
  Rng rng_;
};

simulation::AgentPolicy named(simulation::AgentPolicy policy, std::string name);
// An agent of a family of its own.
simulation::AgentPolicy stranger(Seeds& seeds, std::string name);

struct Agents {
  std::vector<simulation::AgentPolicy> policies;
  std::vector<std::uint64_t> seeds;  // of their runs
};

// Families of so many members, "a-1", "a-2", "b-1", ...
Agents sample_families(std::span<const std::size_t> sizes, Seeds& seeds);

// Of all agents on the first `tasks` tasks of the world: by agent, task and trial.
std::vector<TrajectoryFeatures> features_of(const simulation::World& world, const Agents& agents,
                                            std::size_t tasks, std::int64_t trials,
                                            VerbalParts parts);
// By CorpusBuilder, as if these features had been read from logs.
Corpus corpus_of(std::vector<TrajectoryFeatures> features);
inline Corpus corpus_of(const simulation::World& world, const Agents& agents, std::size_t tasks,
                        std::int64_t trials, VerbalParts parts) {
  return corpus_of(features_of(world, agents, tasks, trials, parts));
}

}  // namespace agentecho
