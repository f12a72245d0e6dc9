#include "agentecho/laboratory/pool.h"

#include <fmt/format.h>

#include <utility>

namespace agentecho {

using simulation::AgentPolicy;

AgentPolicy named(AgentPolicy policy, std::string name) {
  policy.name = std::move(name);
  return policy;
}

AgentPolicy stranger(Seeds& seeds, std::string name) {
  return named(simulation::sample_agent(seeds.next(), 1), std::move(name));
}

Agents sample_families(std::span<const std::size_t> sizes, Seeds& seeds) {
  Agents agents;
  for (std::size_t f = 0; f < sizes.size(); ++f) {
    const std::uint64_t family = seeds.next();
    for (std::size_t member = 1; member <= sizes[f]; ++member) {
      agents.policies.push_back(named(simulation::sample_agent(family, member),
                                      fmt::format("{}-{}", static_cast<char>('a' + f), member)));
      agents.seeds.push_back(seeds.next());
    }
  }
  return agents;
}

std::vector<TrajectoryFeatures> features_of(const simulation::World& world, const Agents& agents,
                                            std::size_t tasks, std::int64_t trials,
                                            VerbalParts parts) {
  const ToolCatalog catalog;
  const auto verifier = make_dependency_verifier("provenance").value();
  const VerbalReader reader(parts);
  std::vector<TrajectoryFeatures> all;
  Trajectory trajectory;
  for (std::size_t agent = 0; agent < agents.policies.size(); ++agent) {
    for (std::size_t task = 0; task < tasks; ++task) {
      for (std::int64_t trial = 0; trial < trials; ++trial) {
        simulation::run_agent(world, task, agents.policies[agent], agents.seeds[agent], trial,
                              trajectory);
        all.push_back(extract_features(trajectory, catalog, *verifier).value());
        all.back().verbal = reader.read(trajectory);
      }
    }
  }
  return all;
}

Corpus corpus_of(std::vector<TrajectoryFeatures> features) {
  CorpusBuilder builder;
  for (TrajectoryFeatures& of_run : features) builder.add(std::move(of_run));
  Diagnostics diagnostics;
  return std::move(builder).build({}, diagnostics);
}

}  // namespace agentecho
