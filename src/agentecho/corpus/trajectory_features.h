// All that later steps need of a trajectory, without its text: prepared once, scored many times,
// written to features.jsonl and merged from shards of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/base/hash.h"
#include "agentecho/corpus/run_checks.h"
#include "agentecho/graph/dependency.h"
#include "agentecho/metrics/ags/action_features.h"
#include "agentecho/trajectory/tool_catalog.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// A task: names and ids are shared between benchmarks, tasks are not (METHOD 1).
struct TaskKey {
  std::string benchmark;
  std::string domain;
  std::string task_id;
  auto operator<=>(const TaskKey&) const = default;
};

struct VerbalFeatures;  // verbal_features.h

struct TrajectoryFeatures {
  std::string model;
  TaskKey task;
  std::optional<std::int64_t> trial;
  std::optional<double> reward;
  bool success = false;
  Digest content;                  // of the messages and the reward
  std::vector<std::string> tools;  // names of the agent's calls, in log order
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      dependencies;             // E_d, positions in `tools`, ascending
  JudgedCandidates candidates;  // those that E_d was chosen from, where a judge chose
  ActionCounts counts;
  std::uint32_t assistant_messages = 0;
  std::uint32_t reasoning_messages = 0;          // with visible reasoning
  std::uint32_t user_calls = 0;                  // calls of the simulated user
  std::shared_ptr<const VerbalFeatures> verbal;  // null where nothing of it was asked for
  // Not part of feature files: what is settled when all runs are known, and checked then.
  bool domain_said = true;  // else task.domain is a guess by the run's file
  std::string own_domain;   // as RecordOrigin has it
  std::string system;       // what tells systems of one model name apart; see RecordIdentity
  // Where success is a number: as in RecordOrigin.
  std::string outcome_key;
  std::optional<double> points;
  RunChecks checks;
  // Where it was read, for diagnostics.
  std::uint32_t file = 0;
  std::uint64_t record = 0;
};

// As is_successful() of a trajectory, by its reward.
bool means_success(const std::optional<double>& reward);

// Of the messages, calls and the reward.
Digest content_of(const Trajectory& trajectory);

// Everything but `verbal`, which VerbalReader prepares.
Result<TrajectoryFeatures> extract_features(const Trajectory& trajectory,
                                            const ToolCatalog& catalog,
                                            DependencyVerifier& verifier);

}  // namespace agentecho
