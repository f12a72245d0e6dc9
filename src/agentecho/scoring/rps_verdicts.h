// What the judge of Response Pattern Similarity says of two runs: the local one, from their stage
// profiles, or one that reads, as it has said (METHOD 4).
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/scoring/metric.h"

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

  // The same for many pairs of few runs, by one thread at a time: what the local judge needs of a
  // run (about 7 KB) is made ready once for all pairs of its task, and forgotten soon after, so
  // that it stays in the processor's own memory.
  class Reader {
   public:
    // Both must outlive it.
    Reader(const RpsVerdicts& verdicts, const Corpus& corpus);
    // Into `found`, by pair, whose memory is used again.
    void read(const RunPairs& pairs, std::vector<rps::TrajectoryPairVerdict>& found);

   private:
    const rps::ComparableProfile& ready(std::uint32_t run);
    void forget();

    const RpsVerdicts& verdicts_;
    const Corpus& corpus_;
    std::size_t most_ready_;
    std::unordered_map<std::uint32_t, rps::ComparableProfile> ready_;
    std::size_t forgotten_ = 0;  // since what they touched left memory
  };

 private:
  void judge(const rps::ComparableProfile& a, const rps::ComparableProfile& b,
             rps::TrajectoryPairVerdict& verdict) const;

  const JudgedRps* judged_;
  const rps::Taxonomy& taxonomy_;
  rps::LocalJudge judge_;
};

}  // namespace agentecho
