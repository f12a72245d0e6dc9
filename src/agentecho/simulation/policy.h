// An agent: a table of distributions over the options of every decision point, one row per kind of
// goal, and a phrase book. That is all that makes one agent differ from another. sample_agent fills
// the table from a family and a model seed; train_student (train.h) fills it from traces.
//
//   logit(point, goal kind, option) = family's taste + family's taste for this kind of goal
//                                   + model's deviation + model's deviation for this kind of goal
//
// each a normal number with a spread from AgentOptions, so that models of a family are related and
// models of different families are not. Rows are the softmax of the logits.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "agentecho/base/random.h"
#include "agentecho/simulation/phrases.h"
#include "agentecho/simulation/points.h"
#include "agentecho/simulation/tasks.h"

namespace agentecho::simulation {

struct AgentPolicy {
  using Row = std::array<double, kMaxOptions>;  // probabilities; unused options 0

  std::string name;
  std::array<std::array<Row, kGoalKinds>, kPointCount> table{};
  PhraseBook phrases;

  Row& row(Point point, GoalKind kind) {
    return table[static_cast<std::size_t>(point)][static_cast<std::size_t>(kind)];
  }
  const Row& row(Point point, GoalKind kind) const {
    return table[static_cast<std::size_t>(point)][static_cast<std::size_t>(kind)];
  }
};

struct AgentOptions {
  double family_spread = 1.6;       // of logits between families
  double family_goal_spread = 1.2;  // ... that depends on the kind of goal
  double model_spread = 0.9;        // of logits between the models of a family
  double model_goal_spread = 0.8;
  double slip = 0.03;  // how often a call is mistyped or a written value wrong; give-ups likewise
};

// A model of a family; a pure function of the seeds and options. Name: "family-F/model-M".
AgentPolicy sample_agent(std::uint64_t family_seed, std::uint64_t model_seed,
                         const AgentOptions& options = {});

// The agent that solves every task by the shortest path, with plain words and no habit left to
// chance: its runs are the public solutions on which anybody may train.
AgentPolicy gold_agent();

// The same agent with other skill: only how often it slips or gives up.
AgentPolicy with_skill(AgentPolicy policy, double slip);

// The same agent after something unrelated happened to it: normal noise of the given spread on
// every logit of its habits; skill and phrases stay.
AgentPolicy drifted(AgentPolicy policy, std::uint64_t seed, double spread);

// An option among the allowed ones (bit mask), by the row's probabilities renormalised; the first
// allowed one when they are all 0. One draw.
unsigned draw_option(const AgentPolicy::Row& row, unsigned allowed, Rng& rng);

}  // namespace agentecho::simulation
