// Time of `drift` on features that the simulator makes: two sides of AGENTECHO_BENCH_RUNS runs each
// (2,000 where it is not set; the promise is 100,000 under 20 s on two cores), ten of each task,
// with 10,000 re-labellings. Making the features is not measured.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "agentecho/simulation/run.h"
#include "agentecho/study/drift.h"

namespace agentecho {
namespace {

constexpr std::int64_t kTrials = 10;

std::size_t runs_wanted() {
  const char* const said = std::getenv("AGENTECHO_BENCH_RUNS");
  return said != nullptr ? std::stoul(said) : 2000;
}

LoadedCorpus runs_of(const simulation::World& world, const simulation::AgentPolicy& policy,
                     std::int64_t first_trial) {
  const ToolCatalog catalog;
  const auto verifier = make_dependency_verifier("none").value();
  VerbalParts parts;
  parts.habits = true;
  const VerbalReader reader(parts);
  CorpusBuilder builder;
  Trajectory trajectory;
  for (std::size_t task = 0; task < world.tasks.size(); ++task) {
    for (std::int64_t trial = first_trial; trial < first_trial + kTrials; ++trial) {
      simulation::run_agent(world, task, policy, 7, trial, trajectory);
      auto features = extract_features(trajectory, catalog, *verifier).value();
      features.verbal = reader.read(trajectory);
      builder.add(std::move(features));
    }
  }
  Diagnostics diagnostics;
  LoadedCorpus loaded;
  loaded.corpus = std::move(builder).build({}, diagnostics);
  return loaded;
}

void BM_Drift(benchmark::State& state) {
  const std::size_t tasks = std::max<std::size_t>(5, runs_wanted() / kTrials);
  const simulation::World world = simulation::make_world(1, tasks);
  const simulation::AgentPolicy policy = simulation::sample_agent(1, 1);
  const LoadedCorpus before = runs_of(world, policy, 0);
  const LoadedCorpus after = runs_of(world, policy, kTrials);
  for (auto _ : state) {
    const auto results = drift({&before, {0}}, {&after, {0}}, {});
    if (!results || results->verdict == Verdict::kChanged || results->noise_tasks != tasks) {
      state.SkipWithError("runs of one agent are called changed");
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * 2 * tasks * kTrials));
}
BENCHMARK(BM_Drift)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace agentecho
