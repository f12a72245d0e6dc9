// How figures came about: kept with every result, and written by one function for machines
// (report/json.h) and one for people (report/provenance_text.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/corpus/mandatory_tools.h"
#include "agentecho/corpus/run_filter.h"
#include "agentecho/corpus/validity.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

// Runs that nobody logged: a study of the laboratory made them.
struct SimulatedRuns {
  std::string study;
  // What the study was told, as far as it takes it: "tasks", 100; ...
  std::vector<std::pair<std::string, std::uint64_t>> numbers;
  std::uint64_t seed = 0;
};

struct Provenance {
  std::string version;
  std::vector<LoadedFile> inputs;
  std::optional<SimulatedRuns> simulated;  // in place of inputs
  FeatureSettings features;
  bool success_only = false;      // failed runs were left out
  std::vector<std::string> pool;  // models whose successful trajectories decide what is optional
  std::string mandatory_rule;     // empty: the analysis has no optional tools
  std::string mandatory_file;     // rule "file": its path
  BootstrapOptions bootstrap;
  std::vector<std::string> metrics;        // what was computed: names of families of metrics
  std::string rps_backend;                 // "local", or what judged; empty: no RPS
  std::string rps_annotator;               // where not the annotator of the features
  std::string rse_judge;                   // empty: no RSE
  std::string embedding_model;             // empty: no embeddings
  double least_coverage = kLeastCoverage;  // below it, what was judged of a pair is withheld
  RunFilter filter;                        // which models and tasks were looked at
  std::vector<Finding> validity;           // what speaks against believing the figures (METHOD 9)

  // Of the stages; empty where none were looked at.
  const std::string& annotator() const;
  // Some figure is a judge's or an embedding model's, or may rest on dependencies that a judge
  // chose.
  bool judged() const;
};

// Of what was read in one or several loads; the settings are those of the last, the inputs of all.
Provenance make_provenance(const std::vector<const LoadedCorpus*>& loads,
                           const BootstrapOptions& bootstrap);

// Of what was read without making a corpus of it; `settings` as far as they counted.
Provenance make_provenance(const LoadReport& read, const FeatureSettings& settings,
                           const BootstrapOptions& bootstrap);

// Of scores of metrics, `metrics` being the names of their families.
Provenance make_provenance(const LoadedCorpus& loaded, std::span<const ModelIndex> pool,
                           const MandatoryTools& mandatory, const BootstrapOptions& bootstrap,
                           std::vector<std::string> metrics);

// Adds who judged what the metrics took from judges.
void add_judges(const JudgedMetrics& judged, double least_coverage, Provenance& provenance);

}  // namespace agentecho
