#include "agentecho/evaluation/block_choice.h"

#include <algorithm>
#include <map>

#include "agentecho/base/random.h"
#include "agentecho/metrics/rps/rps.h"

namespace agentecho {

namespace {

constexpr std::uint64_t kChoiceStream = 0x43686f696365;  // apart from the bootstrap's streams

using Queue = std::vector<std::size_t>;

// The first of each queue, then the second of each, and so on.
Queue in_turn(const std::vector<Queue>& queues) {
  std::size_t longest = 0;
  for (const Queue& queue : queues) longest = std::max(longest, queue.size());
  Queue merged;
  for (std::size_t round = 0; round < longest; ++round) {
    for (const Queue& queue : queues) {
      if (round < queue.size()) merged.push_back(queue[round]);
    }
  }
  return merged;
}

std::uint64_t model_pair_of(const TrajectoryPair& pair) {
  return (std::uint64_t{pair.a} << 32) | pair.b;
}

}  // namespace

std::vector<std::size_t> choose_evenly(std::span<const NestedStratum> candidates, std::size_t n,
                                       std::uint64_t seed) {
  std::map<std::uint64_t, std::map<std::uint64_t, Queue>> strata;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    strata[candidates[i].first][candidates[i].second].push_back(i);
  }
  Rng rng(seed, kChoiceStream);
  std::vector<Queue> outer;
  for (auto& [number, inner_strata] : strata) {
    std::vector<Queue> inner;
    for (auto& [inner_number, queue] : inner_strata) {
      rng.shuffle(queue);
      inner.push_back(std::move(queue));
    }
    rng.shuffle(inner);
    outer.push_back(in_turn(inner));
  }
  rng.shuffle(outer);
  Queue chosen = in_turn(outer);
  chosen.resize(std::min(n, chosen.size()));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

ChosenBlocks choose_blocks(std::span<const TrajectoryPair> pairs,
                           const rps::StageAnnotator& annotator, std::size_t n, std::uint64_t seed,
                           const rps::StageAnnotator* stand_in) {
  std::vector<NestedStratum> strata;
  for (const TrajectoryPair& pair : pairs) strata.emplace_back(0, model_pair_of(pair));
  const std::vector<std::size_t> places = choose_evenly(strata, n, seed);
  std::vector<TrajectoryPair> chosen_pairs;
  for (const std::size_t place : places) chosen_pairs.push_back(pairs[place]);

  const auto distinct = distinct_trajectories(chosen_pairs);
  ChosenBlocks chosen;
  chosen.trajectories = annotate_trajectories(distinct, annotator, stand_in);
  std::map<const KeptTrajectory*, const AnnotatedTrajectory*> of;
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    of.emplace(distinct[i], &chosen.trajectories[i]);
    chosen.unannotated += chosen.trajectories[i].annotated ? 0 : 1;
  }
  const auto sides = [&](std::size_t p) {
    return std::pair(of.at(pairs[p].first), of.at(pairs[p].second));
  };

  std::vector<BlockOrigin> candidates;
  strata.clear();
  for (const std::size_t place : places) {
    const auto [a, b] = sides(place);
    if (!a->annotated || !b->annotated) continue;
    for (const rps::StageId stage : rps::shared_stages(a->profile, b->profile).both) {
      candidates.push_back({place, stage});
      strata.emplace_back(stage, model_pair_of(pairs[place]));
    }
  }
  chosen.candidates = candidates.size();
  const rps::Taxonomy& taxonomy = annotator.taxonomy();
  for (const std::size_t c : choose_evenly(strata, n, seed)) {
    const auto [a, b] = sides(candidates[c].pair);
    chosen.origins.push_back(candidates[c]);
    chosen.blocks.push_back(
        {block_of(*a, taxonomy, candidates[c].stage), block_of(*b, taxonomy, candidates[c].stage)});
  }
  return chosen;
}

}  // namespace agentecho
