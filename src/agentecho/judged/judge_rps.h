// Response Pattern Similarity by judges that read the text (METHOD 4): which blocks of which
// trajectories are compared, what is asked about them, and what comes of it. The annotator and the
// judge may be local or behind a network.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/metrics/rps/annotator.h"
#include "agentecho/metrics/rps/judge.h"
#include "agentecho/metrics/rps/stage_profile.h"

namespace agentecho {

// A trajectory with its items and stages. `trajectory` is not owned.
struct AnnotatedTrajectory {
  const Trajectory* trajectory = nullptr;
  Digest content;
  std::vector<rps::Item> items;
  bool annotated = false;  // the annotator gave an answer
  std::vector<std::vector<std::uint32_t>> by_stage;
  rps::StageProfile profile;
};

// `stand_in`: gives the stages where `annotator` gives none, for estimates; may be nullptr, else of
// the same taxonomy.
std::vector<AnnotatedTrajectory> annotate_trajectories(
    std::span<const KeptTrajectory* const> trajectories, const rps::StageAnnotator& annotator,
    const rps::StageAnnotator* stand_in = nullptr);

// All items of one stage, with everything that a judge may look at. Views into its arguments.
rps::StageBlock block_of(const AnnotatedTrajectory& trajectory, const rps::Taxonomy& taxonomy,
                         rps::StageId stage);

// Two trajectories of one task that are compared.
struct TrajectoryPair {
  ModelIndex a = 0;
  ModelIndex b = 0;
  TaskIndex task = 0;
  const KeptTrajectory* first = nullptr;
  const KeptTrajectory* second = nullptr;
};

// Those that RPS compares for the given pairs of models (trial i with trial i, a model with itself
// each trial with the next), in the order of pairs, tasks and trials; pairs with equal content come
// once. Trajectories that the corpus did not keep (CorpusOptions::keep) are counted, not compared.
struct TrajectoryPairs {
  std::vector<TrajectoryPair> pairs;
  std::uint64_t without_text = 0;
};
TrajectoryPairs paired_trajectories(const LoadedCorpus& loaded,
                                    std::span<const std::pair<ModelIndex, ModelIndex>> model_pairs);

// The distinct trajectories of some pairs, in the order of their first appearance.
std::vector<const KeptTrajectory*> distinct_trajectories(std::span<const TrajectoryPair> pairs);

// Asks the annotator about all trajectories, then the judge about all stages that both sides of a
// pair have. A pair with a side that the annotator gave nothing for counts as if it had every stage
// of the taxonomy, unscored, so that coverage cannot look better than it is.
JudgedRps judge_rps(std::span<const TrajectoryPair> pairs, const rps::StageAnnotator& annotator,
                    const rps::PatternJudge& judge, const rps::StageAnnotator* stand_in = nullptr);

}  // namespace agentecho
