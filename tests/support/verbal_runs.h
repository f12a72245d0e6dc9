// Runs with wording, for tests of Response Pattern Similarity and the 2-gram overlap in studies.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::testing {

// What the agent says, and at which stage.
struct Saying {
  rps::StageId stage = 0;
  std::string text;
};

inline TrajectoryFeatures spoken_run(const std::string& model, const std::string& task,
                                     std::int64_t trial, const std::vector<Saying>& sayings,
                                     const std::vector<std::string>& tools = {"get_a"}) {
  TrajectoryBuilder builder("retail", task);
  builder.model(model).trial(trial).reward(1);
  rps::StageLabels labels;
  for (const Saying& saying : sayings) {
    builder.assistant(saying.text);
    labels.push_back(saying.stage);
  }
  for (const std::string& tool : tools) builder.call(tool);
  const Trajectory t = builder.build();
  ProvenanceVerifier verifier;
  TrajectoryFeatures features = extract_features(t, {}, verifier).value();
  auto verbal = std::make_shared<VerbalFeatures>();
  verbal->stages.emplace(rps::make_stage_profile(t, rps::items_of(t), labels, 5));
  verbal->bigrams = VerbalReader({false, true}).read(t)->bigrams;
  features.verbal = std::move(verbal);
  return features;
}

inline Corpus spoken_corpus(std::vector<TrajectoryFeatures> runs) {
  CorpusBuilder builder;
  for (TrajectoryFeatures& run : runs) builder.add(std::move(run));
  Diagnostics ignored;
  return std::move(builder).build({}, ignored);
}

}  // namespace agentecho::testing
