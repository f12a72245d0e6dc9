// Distillation as learning: a student is trained on trajectories, and on nothing else.
//
// Reading. Events of a trace are fed to a Situation (situation.h). Whenever it says that a decision
// is up, each open option is tried on a copy; the option whose first visible step is the event that
// follows in the trace is what the teacher decided; when none is, the option that leads to no event
// at once (to leave something out) was taken. Texts become phrases by putting slots in place of the
// values known at that moment. Where two decisions lead to the same trace (reading a hire to
// inspect it, or again just before the write, with nothing between) the earlier one gets the
// credit, so a table is estimated up to what can be observed.
//
// Estimating. With c counts, C their sum, n options, smoothing a, for a point and a kind of goal:
//   p0 = 1 / n
//   p1(option | point)       = (c(point, option) + a p0) / (C(point) + a)
//   p2(option | point, kind) = (c(point, kind, option) + a p1) / (C(point, kind) + a)
// the hierarchical Dirichlet back-off of n-gram language models (MacKay and Peto 1995, A
// hierarchical Dirichlet language model, doi:10.1017/S1351324900000218) over states of the dialogue
// instead of words. A point that no trace visits keeps the student's prior. Phrases likewise:
// p(phrase) = (c + a prior) / (C + a).
//
// Mixing. Every row becomes (1 - strength) prior + strength estimate, and so do the phrase weights.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agentecho/simulation/policy.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::simulation {

// One decision as read from a trace.
struct ReadDecision {
  Point point = Point::kAnnounce;
  GoalKind kind = GoalKind::kBook;
  std::uint8_t allowed = 0;  // bit i is set when option i was open
  std::uint8_t option = 0;
};

// The decisions of a trace of the world, in order. A trace of something else gives few or none.
// Messages that the reader does not understand are passed over.
std::vector<ReadDecision> read_decisions(const Trajectory& trace);

struct TrainingOptions {
  double strength = 1;   // 0: the prior exactly; 1: the estimate
  double smoothing = 2;  // a, in decisions; > 0
  double noise = 0;      // share of decisions read as a random open option, and of phrases not kept
  std::size_t max_phrases = 64;  // kept for each speech act, the most frequent ones
  std::uint64_t seed = 0;        // of the noise
};

// The student that starts as `prior` and learns from `traces`. Its name is the prior's; the caller
// renames it. Without traces, or with strength 0, it equals the prior. About 30 microseconds a
// trace.
AgentPolicy train_student(const AgentPolicy& prior, std::span<const Trajectory> traces,
                          const TrainingOptions& options = {});

}  // namespace agentecho::simulation
