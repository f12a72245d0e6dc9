// How well each run fits each model: its log-likelihood per event under the models' multinomial
// profiles (METHOD 11).
//
// Profile of model m over the events e of one kind, from counts n_me of its reference runs on other
// tasks than that of the run scored: p_me = (n_me + 1/2) / (n_m + V/2), the posterior mean under
// Jeffreys' prior, where V counts the events that any reference run shows. An event that no
// reference run of another task shows says nothing and is left out. A run's score under m is
// sum_e c_e ln p_me / sum_e c_e over what is left; 0 where nothing is left.
//
// Tasks are worked through one by one: the counts of a task's own runs are taken out of the
// profiles for as long as its runs are scored. Cost: the events of all runs x models, and for each
// task its different events x models; memory: models x events for one kind at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agentecho/study/identity_events.h"

namespace agentecho {

constexpr std::uint32_t kNoProfile = 0xFFFFFFFF;

struct ScoredRun {
  std::uint32_t model = kNoProfile;  // whose profile it adds to; kNoProfile: it adds to none
  std::uint32_t task = 0;            // numbers of tasks, of reference runs and others alike
  const RunEvents* events = nullptr;
};

// runs x models, row-major, natural logarithms per event. The same bits for any number of threads.
std::vector<float> log_likelihoods(std::span<const ScoredRun> runs, EventKind kind,
                                   std::size_t models, unsigned threads);

}  // namespace agentecho
