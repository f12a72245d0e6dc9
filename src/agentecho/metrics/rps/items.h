// Items (docs/rps.md, "Items"): each assistant message gives up to two, its visible reasoning
// (think) and then its text (response), numbered 0, 1, 2, ... over the trajectory. A part that is
// empty or white space is no item. Tool calls of the agent are context of the items next to them:
//   before: those of the previous item's message and after it, back to the last user turn;
//   own:    calls of the item's own message;
//   after:  own, and those that follow until the next item's message or user turn.
// Calls of the simulated user are no calls of the agent and belong to nothing here.
// Cost: O(messages + calls).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::rps {

enum class ItemKind : std::uint8_t { kThink, kResponse };

// Indices [begin, end) into Trajectory::calls, in log order. Calls of the simulated user that lie
// between must be skipped (see for_each_agent_call).
struct CallRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool empty() const { return begin >= end; }
};

struct Item {
  ItemKind kind = ItemKind::kResponse;
  std::uint32_t message = 0;  // index into Trajectory::messages
  std::string_view text;      // without leading and trailing white space; view into the trajectory
  CallRange before;
  CallRange own;
  CallRange after;  // begins with own
};

std::vector<Item> items_of(const Trajectory& trajectory);

// Whether message m is the user speaking. A user message right after the result of an agent's call
// is a remark of the harness ("continue ..."), since no user can speak there, and is not a turn.
bool is_user_turn(const Trajectory& trajectory, std::size_t m);

template <class Visit>
void for_each_agent_call(const Trajectory& trajectory, CallRange range, Visit&& visit) {
  for (std::uint32_t i = range.begin; i < range.end && i < trajectory.calls.size(); ++i) {
    if (trajectory.calls[i].requestor == Requestor::kAgent) visit(trajectory.calls[i]);
  }
}

// What a call seems to do, from the words of its name alone: enough for cues, and the same for a
// tool that nobody has listed. (The action graph has its own, configurable classification.)
enum class CallNature : std::uint8_t { kLookup, kRead, kWrite, kOther };

// kLookup: a read that finds or verifies who somebody is (find_user..., get_customer_by_...,
// authenticate...). Hand-overs to people, calculations and notes are kOther.
CallNature nature_of(std::string_view tool_name);

// What is asked of a call again and again.
struct CallFacts {
  CallNature nature = CallNature::kOther;
  bool error = false;
};

// By the number of the call; those that are not the agent's have the default.
std::vector<CallFacts> call_facts(const Trajectory& trajectory);

// "name(arguments) -> result" with arguments and result cut to the given numbers of code points:
// how a call is shown next to an item, to people and to judges.
std::string shortened_call(const Trajectory& trajectory, const ToolCall& call,
                           std::size_t arguments_length = 200, std::size_t result_length = 200);

}  // namespace agentecho::rps
