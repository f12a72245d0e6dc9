// Corpora and scores in a few lines.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/corpus/trajectory_features.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::testing {

inline TrajectoryFeatures features_of(const Trajectory& trajectory,
                                      const ToolCatalog& catalog = {}) {
  ProvenanceVerifier verifier;
  return extract_features(trajectory, catalog, verifier).value();
}

inline Corpus corpus_of(std::vector<TrajectoryFeatures> features, Diagnostics& diagnostics) {
  CorpusBuilder builder;
  for (TrajectoryFeatures& f : features) builder.add(std::move(f));
  return std::move(builder).build({}, diagnostics);
}

inline Corpus corpus_of(std::vector<TrajectoryFeatures> features) {
  Diagnostics ignored;
  return corpus_of(std::move(features), ignored);
}

// A run that calls the tools one after the other.
inline TrajectoryFeatures run(const std::string& model, const std::string& task, bool success,
                              const std::vector<std::string>& tools, std::int64_t trial = 0) {
  TrajectoryBuilder builder("retail", task);
  builder.model(model).trial(trial).reward(success ? 1 : 0).assistant("hello");
  for (const std::string& tool : tools) builder.call(tool);
  return features_of(builder.build());
}

inline std::vector<ModelIndex> everyone(const Corpus& corpus) {
  std::vector<ModelIndex> models;
  for (ModelIndex m = 0; m < corpus.models().size(); ++m) models.push_back(m);
  return models;
}

// All pairs, each model with itself included.
inline std::vector<ModelPair> every_pair(const Corpus& corpus) {
  std::vector<ModelPair> pairs;
  for (ModelIndex a = 0; a < corpus.models().size(); ++a) {
    for (ModelIndex b = a; b < corpus.models().size(); ++b) pairs.emplace_back(a, b);
  }
  return pairs;
}

using Estimates = std::map<std::string, Estimate, std::less<>>;  // by the metric's slug

struct Scoring {
  MandatoryRule rule{};
  BootstrapOptions bootstrap{0, 1, 0.95};
  unsigned threads = 1;
  std::vector<std::string> metrics = {"ags"};
};

inline std::vector<Estimates> estimates_of(const Corpus& corpus, std::span<const ModelPair> pairs,
                                           const Scoring& scoring) {
  const ToolSplit split = ToolSplit::make(corpus, everyone(corpus), scoring.rule);
  Study study{corpus, make_metrics(scoring.metrics, {corpus, split}).value(), scoring.bootstrap,
              scoring.threads};
  study.metrics.show_details();
  std::vector<Estimates> named;
  for (const auto& of_pair : estimate_metrics(study, score_rows(study, pairs))) {
    Estimates& estimates = named.emplace_back();
    for (std::size_t m = 0; m < of_pair.size(); ++m) {
      estimates[study.metrics.metrics[m].slug] = of_pair[m];
    }
  }
  return named;
}

inline std::vector<Estimates> estimates_of(const Corpus& corpus, const Scoring& scoring = {}) {
  return estimates_of(corpus, every_pair(corpus), scoring);
}

// The estimates of one pair of models by their names, in either order.
inline Estimates estimates_of(const Corpus& corpus, std::string_view a, std::string_view b,
                              const Scoring& scoring = {}) {
  const ModelPair pair{*corpus.find_model(a), *corpus.find_model(b)};
  return estimates_of(corpus, std::span(&pair, 1), scoring).front();
}

inline const Estimate& get(const Estimates& estimates, std::string_view metric) {
  return estimates.find(metric)->second;
}

}  // namespace agentecho::testing
