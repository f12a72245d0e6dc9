// One comparison of models: what was asked, what was read, what came out. Reporters only render it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/readers/load.h"
#include "agentecho/study/corpus.h"
#include "agentecho/study/feature_file.h"
#include "agentecho/study/intervals.h"
#include "agentecho/study/pair_scores.h"
#include "agentecho/study/shared_wording.h"

namespace agentecho {

constexpr int kResultsSchemaVersion = 1;

// How the figures came about.
struct Provenance {
  std::string version;
  std::vector<LoadedFile> inputs;
  FeatureSettings features;
  std::vector<std::string> pool;  // models whose successful trajectories decide what is optional
  std::string mandatory_rule;
  std::string mandatory_file;  // rule "file": its path
  BootstrapOptions bootstrap;
  FamilySet families{Family::kAgs};  // what was computed
  std::string rps_backend;           // "local"; empty: no RPS
};

struct PairResult {
  std::string a;
  std::string b;  // equal to a: the model with itself, across trials
  Estimates estimates;
  std::uint64_t trajectory_pairs = 0;
  PairScores scores;  // task by task

  const Estimate& at(Score score) const { return estimates[static_cast<std::size_t>(score)]; }
  bool is_self() const { return a == b; }
};

struct CompareResults {
  Provenance provenance;
  std::uint64_t loaded = 0;   // trajectories
  std::uint64_t dropped = 0;  // runs without an assistant message, and duplicates
  Diagnostics diagnostics;
  std::vector<std::string> models;
  std::vector<TaskKey> tasks;
  std::string reference;                // empty: all pairs
  std::vector<PairResult> pairs;        // by names, self pairs included
  std::optional<SharedWording> shared;  // where it was asked for
  std::vector<std::string> warnings;
};

}  // namespace agentecho
