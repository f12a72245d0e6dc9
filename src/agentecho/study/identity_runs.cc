#include "agentecho/study/identity_runs.h"

#include <algorithm>

namespace agentecho {

void IdentityRuns::add(const Corpus& corpus, std::span<const ModelIndex> models) {
  const EventReader reader(corpus);
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    if (!models.empty() && std::find(models.begin(), models.end(), run.model) == models.end()) {
      continue;
    }
    const TaskKey& key = corpus.tasks()[run.task];
    const auto task = tasks_.try_emplace(key, static_cast<std::uint32_t>(tasks_.size())).first;
    const auto domain =
        domains_
            .try_emplace({key.benchmark, key.domain}, static_cast<std::uint32_t>(domains_.size()))
            .first;
    runs_.push_back({&run, task->second, domain->second});
    events_.push_back(reader.read(run));
  }
}

bool has_identity_parts(const Corpus& corpus) {
  return std::all_of(corpus.trajectories().begin(), corpus.trajectories().end(),
                     [](const CorpusTrajectory& run) {
                       return run.verbal && run.verbal->habits && run.verbal->grams;
                     });
}

Clusters clusters_of(const IdentityFit& fit, const IdentityRuns& all,
                     std::span<const std::uint32_t> runs, std::size_t candidate) {
  std::map<std::uint32_t, std::vector<float>> by_task;
  for (const std::uint32_t r : runs) {
    by_task[all.runs()[r].task].push_back(fit.standing_of(r, candidate));
  }
  Clusters clusters;
  for (auto& [task, values] : by_task) clusters.push_back(std::move(values));
  return clusters;
}

}  // namespace agentecho
