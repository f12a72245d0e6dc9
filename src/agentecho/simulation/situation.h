// What an agent knows at some moment, built from nothing but what can be seen in a trajectory: what
// the user said, which calls were made, what they returned, what the agent said. From it follows
// what comes up next: a decision (points.h), or a step that leaves no choice.
//
// The same class is used in two directions. A running agent asks next(), draws an option from its
// table, tells the situation (resolve), and carries out the steps that follow. A student who reads
// a trace feeds it the trace's events, and at each decision looks which option would have produced
// the event that follows (train.h). Since both see only the events, nothing can pass from a
// teacher to a student except through its traces.
//
// All texts are views; they must outlive the situation (in practice: the trajectory's arena). The
// class is trivially copyable, so trying an option costs a copy.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "agentecho/simulation/acts.h"
#include "agentecho/simulation/points.h"
#include "agentecho/simulation/shop.h"
#include "agentecho/simulation/slots.h"
#include "agentecho/simulation/tasks.h"
#include "agentecho/simulation/tools.h"

namespace agentecho::simulation {

struct Step {
  enum class Kind : std::uint8_t { kDecide, kCall, kSay, kEnd };
  Kind kind = Kind::kEnd;
  Point point = Point::kAnnounce;  // decide
  std::uint8_t allowed = 0;        // decide: bit i is set when option i is open
  Tool tool = Tool::kThink;        // call
  bool joined = false;             // call: another call follows in the same message
  Act act = Act::kGreet;           // say
};

// Arguments of one call, in the order in which they are written.
struct Arguments {
  std::array<Argument, 4> items;
  std::size_t size = 0;
  std::span<const Argument> view() const { return std::span(items).first(size); }
};

class Situation {
 public:
  // Events, in log order.
  void user_said(std::string_view text);
  void agent_said(Act act);
  void called(Tool tool);
  // The result of the oldest call that has none yet.
  void returned(std::string_view text, bool error);

  Step next() const;
  void resolve(Point point, unsigned option);

  // The arguments that an attentive agent gives. Free texts (think, log_note) and the expression of
  // calculate are the caller's affair and left empty.
  Arguments arguments(Tool tool) const;
  // The write that the current goal needs; kThink when it needs none.
  Tool write_tool() const;

  // Kind and index of the goal that is being worked on (the first while the user is unidentified).
  GoalKind goal_kind() const { return goals_[current_].kind; }
  std::size_t goal_index() const { return current_; }
  std::size_t n_goals() const { return n_goals_; }
  GoalKind kind_of(std::size_t goal) const { return goals_[goal].kind; }
  // Values for phrases.
  const Slots& slots() const { return goals_[current_].slots; }
  std::string_view price_per_day() const { return goals_[current_].price; }
  // What reasoning shown with a step, and text beside a call, are about.
  Act reasoning_act(const Step& step) const;
  static Act announcement_act(Tool tool) {
    return is_write(tool) ? Act::kAnnounceWrite : Act::kAnnounceLookup;
  }

 private:
  enum class Trouble : std::uint8_t { kNo, kStale, kTransient, kConflict, kRefused };
  struct GoalView {
    GoalKind kind = GoalKind::kBook;
    bool closed = false;
    bool done = false;      // the write succeeded
    bool started = false;   // the hire's status is known and is "started"
    bool detailed = false;  // get_hire was read
    bool model_first = false;
    bool listed = false;  // list_hires was read for this goal
    Trouble trouble = Trouble::kNo;
    std::uint32_t asked = 0;  // decision points already passed
    Slots slots;
    std::string_view due;  // present end of the hire
    std::string_view model_id, branch_id, unit_id, slot_id, price, limit, new_hire;
    std::string_view offers;  // last list of units or slots
    std::array<std::string_view, 6> gone{};
    std::uint8_t n_gone = 0;
  };
  struct Pending {
    bool say = false;
    bool joined = false;
    Tool tool = Tool::kThink;
    Act act = Act::kGreet;
  };

  Step next_identity() const;
  Step next_for(const GoalView& goal) const;
  Step gather_book(const GoalView& goal) const;
  Step gather_hire(const GoalView& goal) const;
  Step gather_pay(const GoalView& goal) const;
  Step finish(const GoalView& goal) const;
  GoalView& goal() { return goals_[current_]; }
  bool asked(const GoalView& goal, Point point) const {
    return (goal.asked >> static_cast<unsigned>(point) & 1u) != 0;
  }
  void push_call(Tool tool, bool joined = false);
  void push_say(Act act);
  void take_hire(GoalView& goal, std::string_view list);
  void take_offer(GoalView& goal);
  void take_details(GoalView& goal, std::string_view text);
  void take_write(GoalView& goal, std::string_view text);
  void write_failed(GoalView& goal, std::string_view text);
  Tool reading_tool(const GoalView& goal, bool after) const;
  void open_goal(GoalKind kind, const Slots& slots);
  void choose_current();

  std::array<GoalView, 2> goals_{};
  std::uint8_t n_goals_ = 0;
  std::uint8_t current_ = 0;
  bool greeted_ = false;
  bool bye_ = false;
  bool reversed_ = false;
  bool order_known_ = false;
  bool member_decided_ = false;
  bool trouble_ = false;

  // identity
  Slots contact_;                   // what the user gave last
  Act contact_kind_ = Act::kGreet;  // kAskEmail, kAskPhone, kAskName; kGreet: nothing at hand
  bool volunteered_ = false;        // it was given unasked and not yet judged
  bool not_found_ = false;
  bool retried_ = false;
  std::uint8_t closed_routes_ = 0;  // bit 0 email, 1 phone, 2 name: the user declined
  Act last_ask_ = Act::kGreet;

  std::string_view member_;
  std::string_view record_;    // result of get_member
  std::string_view hires_;     // result of list_hires
  std::string_view invoices_;  // result of list_invoices

  std::array<Pending, 4> pending_{};
  std::uint8_t n_pending_ = 0;
  std::array<Tool, 8> open_calls_{};
  std::uint8_t n_open_ = 0;
};

// What a text that asks for something asks for: kAskEmail, kAskPhone, kAskName, or kAskAgain when
// it names none of them.
Act asked_contact(std::string_view text);
// Whether a text asks for the hire number.
bool asks_for_hire(std::string_view text);
// Whether a text says that something cannot be done.
bool is_refusal(std::string_view text);

}  // namespace agentecho::simulation
