// Response Pattern Similarity stage by stage: the mean overall score of every pair of models in
// every stage, over the trial pairs that METHOD 4 compares (rps::RpsScore::by_stage).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agentecho/judged/judged_metrics.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

struct StageScores {
  std::vector<std::string> stages;
  // [pair][stage]; without means where less of the pair was answered than `least_coverage`.
  std::vector<std::vector<rps::StageMean>> pairs;
};

// By the judge that `judged` has, else by the local one: then the runs have stage profiles. Cost:
// that of RPS for all pairs.
StageScores score_stages(const Corpus& corpus, const JudgedMetrics& judged, double least_coverage,
                         std::span<const ModelPair> pairs, unsigned threads);

}  // namespace agentecho
