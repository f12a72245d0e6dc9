// What the judge of Response Pattern Similarity says of two runs: the local one, from their stage
// profiles, or one that reads, as it has said (METHOD 4).
#pragma once

#include "agentecho/corpus/corpus.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/rps.h"

namespace agentecho {

// Refers to what was judged.
class RpsVerdicts {
 public:
  explicit RpsVerdicts(const JudgedMetrics& judged)
      : judged_(judged.rps),
        taxonomy_(judged.taxonomy != nullptr ? *judged.taxonomy : rps::default_taxonomy()) {}

  const rps::Taxonomy& taxonomy() const { return taxonomy_; }

  // Empty where a judge that reads was not asked.
  rps::TrajectoryPairVerdict of(const CorpusTrajectory& a, const CorpusTrajectory& b) const;

 private:
  const JudgedRps* judged_;
  const rps::Taxonomy& taxonomy_;
  rps::LocalJudge judge_;
};

}  // namespace agentecho
