// Time of `drift` on features that the simulator makes: two sides of AGENTECHO_BENCH_RUNS runs each
// (2,000 where it is not set; the promise is 100,000 under 20 s on two cores),
// AGENTECHO_BENCH_TRIALS (ten) of each task, with 10,000 re-labellings. Making the features is not
// measured.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "agentecho/simulation/run.h"
#include "agentecho/study/drift.h"

namespace agentecho {
namespace {

std::size_t wanted(const char* variable, std::size_t usual) {
  const char* const said = std::getenv(variable);
  return said != nullptr ? std::stoul(said) : usual;
}

LoadedCorpus runs_of(const simulation::World& world, const simulation::AgentPolicy& policy,
                     std::int64_t first_trial, std::int64_t trials) {
  const ToolCatalog catalog;
  const auto verifier = make_dependency_verifier("none").value();
  VerbalParts parts;
  parts.habits = true;
  const VerbalReader reader(parts);
  CorpusBuilder builder;
  Trajectory trajectory;
  for (std::size_t task = 0; task < world.tasks.size(); ++task) {
    for (std::int64_t trial = first_trial; trial < first_trial + trials; ++trial) {
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
  const std::size_t of_task = wanted("AGENTECHO_BENCH_TRIALS", 10);
  const std::size_t tasks =
      std::max<std::size_t>(5, wanted("AGENTECHO_BENCH_RUNS", 2000) / of_task);
  const auto trials = static_cast<std::int64_t>(of_task);
  const simulation::World world = simulation::make_world(1, tasks);
  const simulation::AgentPolicy policy = simulation::sample_agent(1, 1);
  const LoadedCorpus before = runs_of(world, policy, 0, trials);
  const LoadedCorpus after = runs_of(world, policy, trials, trials);
  for (auto _ : state) {
    const auto results = drift({&before, {0}}, {&after, {0}}, {});
    if (!results || results->verdict == Verdict::kChanged || results->noise_tasks != tasks) {
      state.SkipWithError("runs of one agent are called changed");
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * 2 * tasks * of_task));
}
BENCHMARK(BM_Drift)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace agentecho
