// From the log-likelihoods of all kinds of events to one figure for each run and candidate: how
// well the run stands under it (METHOD 11).
//
// Kinds are centred over the candidates, weighed by a conditional logit of the reference runs
// (stats/conditional_logit.h; each of them scored without its own task) and added: the *fit*. A
// run's *standing* under candidate m is fit_m less the mean of the fits' mean over candidates and
// of the best rival's [choice]: the fit alone lets relatives pass whom the run fits nearly as well,
// the lead over the best rival alone lets strangers pass who happen to be nearest to m.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "agentecho/study/identity_profiles.h"

namespace agentecho {

// By EventKind: runs x models, as log_likelihoods() gives them.
using RawScores = std::array<std::vector<float>, kEventKinds>;

RawScores raw_scores(std::span<const ScoredRun> runs, std::size_t models, unsigned threads);

struct IdentityFit {
  std::size_t candidates = 0;
  std::array<double, kEventKinds> weights{};  // 0: not used, or says nothing
  std::vector<float> fit;                     // runs x candidates
  std::vector<float> standing;                // runs x candidates

  float standing_of(std::size_t run, std::size_t candidate) const {
    return standing[run * candidates + candidate];
  }
  // The candidate that one run fits best.
  std::size_t best_of(std::size_t run) const;
};

// `candidates`: at least two of the models, ascending; at least one reference run of them. `kinds`:
// those that count.
IdentityFit fit_candidates(std::span<const ScoredRun> runs, const RawScores& raw,
                           std::size_t models, std::span<const std::uint32_t> candidates,
                           std::span<const EventKind> kinds);

}  // namespace agentecho
