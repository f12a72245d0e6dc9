// The runs of several corpora side by side: their events, and tasks under common numbers.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/stats/group_conformal.h"
#include "agentecho/study/identity_fit.h"

namespace agentecho {

struct IdentityRun {
  const CorpusTrajectory* run = nullptr;
  std::uint32_t task = 0;    // across the corpora
  std::uint32_t domain = 0;  // benchmark and domain, across the corpora
};

class IdentityRuns {
 public:
  // Adds the runs of these models; all models where none is named. The corpus outlives this.
  void add(const Corpus& corpus, std::span<const ModelIndex> models = {});

  std::size_t size() const { return runs_.size(); }
  const std::vector<IdentityRun>& runs() const { return runs_; }
  const RunEvents& events(std::size_t run) const { return events_[run]; }

 private:
  std::vector<IdentityRun> runs_;
  std::deque<RunEvents> events_;  // addresses stay
  std::map<TaskKey, std::uint32_t> tasks_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> domains_;
};

// Do all runs of the corpus have habits and grams?
bool has_identity_parts(const Corpus& corpus);

// The values of these runs under one candidate, a cluster for each task.
Clusters clusters_of(const IdentityFit& fit, const IdentityRuns& all,
                     std::span<const std::uint32_t> runs, std::size_t candidate);

}  // namespace agentecho
