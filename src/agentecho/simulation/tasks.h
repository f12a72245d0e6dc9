// The world: the shop, its rules, and the tasks that users bring to it.
//
// A task is one or two goals of one member, made from a template per kind of goal with seeded
// details: what the user says of his own accord, what he does not know or will not give, whether
// he mistypes or corrects himself, whether the shop's listing is stale, a payment times out, a date
// clashes, or the rules forbid the wish. Every task can be done in several ways; success looks only
// at the final state of the database and at what the user was told (METHOD 1: reward).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/simulation/shop.h"

namespace agentecho::simulation {

enum class GoalKind : std::uint8_t {
  kBook,     // hire an instrument
  kCancel,   // cancel a hire (forbidden once it has started)
  kExtend,   // keep it longer (may clash with somebody else)
  kSwap,     // exchange the unit for another of the same model
  kRepair,   // a workshop appointment
  kPay,      // an open invoice (may time out)
  kUpdate,   // contact details
  kEndDate,  // a question: when is it due back
};
constexpr std::size_t kGoalKinds = 8;
std::string_view goal_name(GoalKind kind);

struct Goal {
  GoalKind kind = GoalKind::kBook;
  int hire = -1;
  int invoice = -1;
  int model = -1;
  int branch = -1;
  int start = 0;        // day; book
  int days = 0;         // book
  int end = 0;          // extend: the day that must come out
  int said_days = 0;    // before a correction
  int said_end = 0;     // before a correction, or before a compromise
  bool allowed = true;  // false: nothing may change and the user must be told so
  std::string field, value, reason, fault, method;
};

struct Task {
  std::string id;
  int member = 0;
  std::vector<Goal> goals;  // one or two
  bool together = false;    // both goals in the first message
  bool volunteers = false;  // gives the email or the phone unasked
  bool volunteers_phone = false;
  bool lacks_email = false;
  bool lacks_phone = false;
  bool refuses_phone = false;
  bool mistypes = false;    // the first contact detail that he gives has a typing error
  bool knows_hire = false;  // can give the hire number when asked
  bool corrects = false;    // corrects the first goal in the second message
};

struct World {
  std::uint64_t seed = 0;
  Shop shop;
  std::vector<Task> tasks;
};

// The rules of the shop: the agents' system text.
std::string_view shop_policy();

// Names under which trajectories of the world appear; both say that they are simulated.
constexpr std::string_view kSimulatedBenchmark = "agentecho-simulated";
constexpr std::string_view kSimulatedDomain = "simulated-instrument-hire";

// A world with `n_tasks` tasks, a pure function of the seed. Kinds of goals take turns, so that
// each is about equally frequent; about three tasks in ten have two goals. Task ids are t0000,
// t0001, ... The first n tasks of a larger world with the same seed are those of the smaller one.
World make_world(std::uint64_t seed, std::size_t n_tasks);

// Whether the changes are exactly those that the task's goals ask for, in any order.
bool changes_fit(const World& world, const Task& task, std::span<const Change> changes);

// Whether one of the assistant texts said to the user holds what goal `goal` must tell: an amount,
// a date, a time, a unit, a value, or that it cannot be done. `changes` decides which time or unit.
bool told(const World& world, const Task& task, std::size_t goal, std::span<const Change> changes,
          std::span<const std::string_view> texts);

}  // namespace agentecho::simulation
