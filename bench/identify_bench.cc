// Time of `identify` from features: 20 runs of one among AGENTECHO_BENCH_MODELS simulated models (8
// where it is not set; the promise is 100 under 5 s), with 40 reference runs of each. Making the
// features is not measured.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "agentecho/simulation/run.h"
#include "agentecho/study/identify.h"

namespace agentecho {
namespace {

constexpr std::size_t kReferenceTasks = 40;
constexpr std::size_t kUnknownTasks = 20;
constexpr std::size_t kRight = 3;

std::size_t models_wanted() {
  const char* const said = std::getenv("AGENTECHO_BENCH_MODELS");
  return said != nullptr ? std::stoul(said) : 8;
}

class Features {
 public:
  explicit Features(const simulation::World& world) : world_(world) {}

  void add_runs(std::size_t model, std::size_t first, std::size_t n) {
    const simulation::AgentPolicy policy = simulation::sample_agent(model, 1);
    for (std::size_t task = first; task < first + n; ++task) {
      simulation::run_agent(world_, task, policy, 100 + model, 0, trajectory_);
      auto features = extract_features(trajectory_, catalog_, *verifier_).value();
      features.model = fmt::format("model-{:03}", model);
      features.verbal = reader_.read(trajectory_);
      builder_.add(std::move(features));
    }
  }

  Corpus build() && {
    Diagnostics diagnostics;
    return std::move(builder_).build({}, diagnostics);
  }

 private:
  static VerbalParts parts() {
    VerbalParts parts;
    parts.habits = true;
    parts.grams = true;
    return parts;
  }

  const simulation::World& world_;
  const ToolCatalog catalog_;
  std::unique_ptr<DependencyVerifier> verifier_ = make_dependency_verifier("none").value();
  const VerbalReader reader_{parts()};
  CorpusBuilder builder_;
  Trajectory trajectory_;
};

void BM_Identify(benchmark::State& state) {
  const simulation::World world = simulation::make_world(1, kReferenceTasks + kUnknownTasks);
  Features known(world);
  for (std::size_t model = 0; model < models_wanted(); ++model) {
    known.add_runs(model, 0, kReferenceTasks);
  }
  Features runs(world);
  runs.add_runs(kRight, kReferenceTasks, kUnknownTasks);
  const Corpus reference = std::move(known).build();
  const Corpus unknown = std::move(runs).build();
  const std::vector<ModelIndex> models = {0};
  for (auto _ : state) {
    const auto results = identify(reference, unknown, models, {});
    if (!results || results->candidates.front().model != fmt::format("model-{:03}", kRight)) {
      state.SkipWithError("another model fits best");
    }
  }
}
BENCHMARK(BM_Identify)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace agentecho
