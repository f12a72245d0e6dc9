// The whole trajectories of a few models on one task, together with the features of everything
// else: what it takes to draw their action graphs with mandatory and optional tools told apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

struct Selection {
  std::vector<std::string> models;    // one trajectory of each is wanted
  std::string task;                   // "task", "domain/task" or "benchmark/domain/task"
  std::optional<std::int64_t> trial;  // not set: the first that the model has
  bool others = false;  // the other models' runs of the task stay in SelectedTrajectories::loaded
};

struct SelectedTrajectories {
  LoadedCorpus loaded;
  TaskIndex task = 0;
  std::vector<Trajectory> trajectories;  // by Selection::models
};

// Errors (ErrorKind::kUsage): an unknown model or task, with the nearest name as a hint; a task id
// that several domains have; a trial that is not there; a model without that task.
Result<SelectedTrajectories> select_trajectories(const CorpusOptions& options,
                                                 const Selection& selection);

}  // namespace agentecho
