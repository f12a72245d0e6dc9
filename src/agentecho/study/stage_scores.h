// Response Pattern Similarity stage by stage: the mean overall score of every pair of models in
// every stage, over the trial pairs that METHOD 4 compares (rps::RpsScore::by_stage).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agentecho/metrics/rps/rps.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

struct StageScores {
  std::vector<std::string> stages;
  std::vector<std::vector<rps::StageMean>> pairs;  // [pair][stage]
};

// By the local judge, from profiles made with the default taxonomy: a corpus whose trajectories
// have stage profiles. Cost: that of RPS for all pairs.
StageScores score_stages(const Corpus& corpus, std::span<const ModelPair> pairs, unsigned threads);

}  // namespace agentecho
