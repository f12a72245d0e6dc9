// Corpora and scores in a few lines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/trajectory_features.h"
#include "agentecho/scoring/intervals.h"
#include "agentecho/scoring/pair_scores.h"
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
inline std::vector<std::pair<ModelIndex, ModelIndex>> all_pairs(const Corpus& corpus) {
  std::vector<std::pair<ModelIndex, ModelIndex>> pairs;
  for (ModelIndex a = 0; a < corpus.models().size(); ++a) {
    for (ModelIndex b = a; b < corpus.models().size(); ++b) pairs.emplace_back(a, b);
  }
  return pairs;
}

inline std::vector<Estimates> estimates_of(const Corpus& corpus, const MandatoryRule& rule = {},
                                           const BootstrapOptions& bootstrap = {0, 1, 0.95},
                                           unsigned threads = 1) {
  const ToolSplit split = ToolSplit::make(corpus, everyone(corpus), rule);
  const auto scores = score_pairs(corpus, split, all_pairs(corpus), threads);
  return estimate(scores, corpus.tasks().size(), bootstrap, threads);
}

// The estimates of one pair of models by their names, in either order.
inline Estimates estimates_of(const Corpus& corpus, std::string_view a, std::string_view b,
                              const MandatoryRule& rule = {}) {
  const ToolSplit split = ToolSplit::make(corpus, everyone(corpus), rule);
  const std::pair<ModelIndex, ModelIndex> pair{*corpus.find_model(a), *corpus.find_model(b)};
  const auto scores = score_pairs(corpus, split, std::span(&pair, 1), 1);
  return estimate(scores, corpus.tasks().size(), {0, 1, 0.95}, 1).front();
}

inline const Estimate& get(const Estimates& estimates, Score score) {
  return estimates[static_cast<std::size_t>(score)];
}

}  // namespace agentecho::testing
