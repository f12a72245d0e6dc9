// One comparison of models: what was asked, what was read, what came out. Reporters only render it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/feature_file.h"
#include "agentecho/readers/load.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/shared_wording.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

constexpr int kResultsSchemaVersion = 1;

// How the figures came about.
struct Provenance {
  std::string version;
  std::vector<LoadedFile> inputs;
  FeatureSettings features;
  bool success_only = false;      // failed runs were left out
  std::vector<std::string> pool;  // models whose successful trajectories decide what is optional
  std::string mandatory_rule;
  std::string mandatory_file;  // rule "file": its path
  BootstrapOptions bootstrap;
  std::vector<std::string> metrics;  // what was computed: names of families of metrics
  std::string rps_backend{};         // "local", or what judged; empty: no RPS
  std::string rps_annotator{};       // where not the annotator of the features
  std::string rse_judge{};           // empty: no RSE
  std::string embedding_model{};     // empty: no embeddings
  double least_coverage = 0;         // below it, what was judged of a pair is withheld
  RunFilter filter{};                // which models and tasks were looked at
};

// What an LLM was asked in the making of the figures. Nothing in it depends on what was in the
// cache before, so that a run that went on where another stopped has the same results.
struct Judging {
  std::string endpoint;
  std::string model;
  std::string prompt;  // version of the pair judge's prompt
  struct Purpose {
    std::string name;  // "stages", "pairs", ...
    std::uint64_t questions = 0;
    std::uint64_t scored = 0;
    std::uint64_t unparseable = 0;
    std::uint64_t refused = 0;
    std::uint64_t failed = 0;
    std::uint64_t skipped = 0;
    // Of the scored: answered without a field that the endpoint refuses, by its name.
    std::map<std::string, std::uint64_t> refused_fields{};
  };
  std::vector<Purpose> purposes;
  std::uint64_t flagged = 0;               // trajectories with text that addresses a judge
  std::vector<std::string> flagged_first;  // "model, task 7, trial 0: what it says", a few
};

struct PairResult {
  std::string a;
  std::string b;                    // equal to a: the model with itself, across trials
  std::vector<Estimate> estimates;  // by CompareResults::metrics
  PairRows rows;                    // task by task

  bool is_self() const { return a == b; }
};

// The scores of all pairs on the tasks of one domain.
struct DomainScores {
  std::string benchmark;
  std::string domain;
  std::size_t n_tasks = 0;
  std::vector<std::vector<Estimate>> estimates;  // [pair][metric]
};

struct CompareResults {
  Provenance provenance;
  std::uint64_t loaded = 0;   // trajectories
  std::uint64_t dropped = 0;  // runs without an assistant message, duplicates, failed runs left out
  Diagnostics diagnostics;
  std::vector<std::string> models;
  std::vector<TaskKey> tasks;
  MetricSet metrics;                    // details included, without their measures
  std::string reference;                // empty: all pairs
  std::vector<PairResult> pairs;        // by names, self pairs included
  std::vector<DomainScores> domains;    // where the tasks are of several; by name
  std::optional<SharedWording> shared;  // where it was asked for
  std::optional<Judging> judging;       // where an LLM was asked
  std::vector<std::string> warnings;
  VerdictParagraph verdict;

  const Estimate& at(const PairResult& pair, std::string_view metric) const {
    return pair.estimates[metrics.at(metric)];
  }
};

}  // namespace agentecho
