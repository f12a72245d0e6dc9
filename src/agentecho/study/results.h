// One comparison of models: what was asked, what was read, what came out. Reporters only render it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/judged/judging.h"
#include "agentecho/readers/load.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/provenance.h"
#include "agentecho/study/shared_wording.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

constexpr int kResultsSchemaVersion = 1;

struct PairResult {
  std::string a;
  std::string b;                    // equal to a: the model with itself, across trials
  std::vector<Estimate> estimates;  // by CompareResults::metrics
  PairRows rows;                    // task by task
  double without_calls = 0;         // share of tasks on which neither side calls a tool

  bool is_self() const { return a == b; }
  // Too little of what the metric asks was answered.
  bool is_withheld(std::size_t metric) const {
    return std::binary_search(rows.withheld.begin(), rows.withheld.end(), metric);
  }
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
  std::uint64_t loaded = 0;    // trajectories
  std::uint64_t compared = 0;  // of them: those of `models`
  std::size_t n_tasks = 0;     // that these are of
  bool several_runs = false;   // one of `models` has several runs of a task
  std::uint64_t dropped =
      0;  // runs without an assistant message, duplicates, those left out by --success-only
  Diagnostics diagnostics;
  std::vector<std::string> models;      // those of the pairs
  std::vector<TaskKey> tasks;           // of all models loaded
  MetricSet metrics;                    // details included, without their measures
  std::string reference;                // empty: all pairs
  bool reference_added = false;         // to the models that were asked for
  std::vector<PairResult> pairs;        // by names, self pairs included
  std::vector<DomainScores> domains;    // where the tasks are of several; by name
  std::optional<SharedWording> shared;  // where it was asked for
  std::optional<Judging> judging;       // where an LLM was asked
  std::string nothing_optional;         // why S_node and AGS are undefined, where they are for all
  std::vector<std::string> warnings;
  VerdictParagraph verdict;

  const Estimate& at(const PairResult& pair, std::string_view metric) const {
    return pair.estimates[metrics.at(metric)];
  }
};

}  // namespace agentecho
