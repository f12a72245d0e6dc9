// Decision points: the named states of the dialogue in which the task leaves an agent a choice, and
// the options that it has there. They are the whole vocabulary of habits: an agent is a table of
// distributions over options, one row for each (point, kind of goal), plus its phrases (policy.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace agentecho::simulation {

enum class Point : std::uint8_t {
  kAnnounce,       // say something beside a call?
  kReason,         // show reasoning with this message?
  kVolunteered,    // the user gave a contact detail unasked: use it, or ask all the same
  kIdentityRoute,  // which detail to ask for
  kNotFound,       // the detail led nowhere
  kMember,         // read the member's record, alone or together with the list that comes next
  kGoalOrder,      // two wishes in one message: which first
  kPlan,           // think before the first step for a goal
  kHireKnown,      // earlier results name the hire: reuse, look up again, or ask
  kHireUnknown,    // how to get the hire id
  kInspectHire,    // read the hire although its id is all that is needed
  kBookOrder,      // branch and model are independent lookups
  kBranchKnown,    // the record names the branch: reuse or look up
  kModelRoute,     // by category, or the whole catalogue
  kInspectModel,
  kInspectBranch,
  kCheckUnit,  // check that a listed unit is free before relying on it
  kQuote,      // ask for a quote, calculate, or leave it to the write's result
  kInspectInvoice,
  kForesee,     // the forbidden thing is visible beforehand: try, or refuse at once
  kRules,       // read the rules before a write
  kConfirm,     // ask the user before a write
  kReadBefore,  // read the record again just before the write
  kStale,       // the unit or slot is gone
  kTransient,   // the payment timed out
  kConflict,    // the end is too late
  kRefusal,     // the write was refused by the rules
  kReadAfter,   // read the record again after the write, alone or together with the receipt
  kReceipt,
  kNote,
  kMistype,     // skill: an id typed wrong, which the shop answers with an error
  kWrongValue,  // skill: a wrong value in a write, which nobody notices
};
constexpr std::size_t kPointCount = 32;
constexpr std::size_t kMaxOptions = 4;

struct PointInfo {
  std::string_view name;
  std::array<std::string_view, kMaxOptions> options;  // the unused ones are empty
  std::size_t n_options;
};

constexpr std::array<PointInfo, kPointCount> kPoints = {{
    {"announce", {"silent", "speak"}, 2},
    {"reason", {"none", "show"}, 2},
    {"volunteered", {"use", "ask"}, 2},
    {"identity_route", {"email", "phone", "name"}, 3},
    {"not_found", {"ask_again", "other", "retry"}, 3},
    {"member", {"skip", "read", "read_with_list"}, 3},
    {"goal_order", {"as_said", "reversed"}, 2},
    {"plan", {"skip", "think"}, 2},
    {"hire_known", {"reuse", "list", "ask"}, 3},
    {"hire_unknown", {"list", "member", "ask"}, 3},
    {"inspect_hire", {"skip", "read"}, 2},
    {"book_order", {"branch_first", "model_first", "together"}, 3},
    {"branch_known", {"reuse", "list"}, 2},
    {"model_route", {"category", "catalogue"}, 2},
    {"inspect_model", {"skip", "read"}, 2},
    {"inspect_branch", {"skip", "read"}, 2},
    {"check_unit", {"skip", "check"}, 2},
    {"quote", {"skip", "quote", "calculate"}, 3},
    {"inspect_invoice", {"skip", "read"}, 2},
    {"foresee", {"try", "refuse"}, 2},
    {"rules", {"skip", "read"}, 2},
    {"confirm", {"skip", "ask"}, 2},
    {"read_before", {"skip", "read"}, 2},
    {"stale", {"next", "list_again", "ask"}, 3},
    {"transient", {"retry", "check", "ask", "give_up"}, 4},
    {"conflict", {"offer", "look"}, 2},
    {"refusal", {"tell", "escalate", "look"}, 3},
    {"read_after", {"skip", "read", "read_with_receipt"}, 3},
    {"receipt", {"skip", "send"}, 2},
    {"note", {"skip", "keep"}, 2},
    {"mistype", {"right", "wrong"}, 2},
    {"wrong_value", {"right", "wrong"}, 2},
}};

constexpr const PointInfo& info_of(Point point) { return kPoints[static_cast<std::size_t>(point)]; }

}  // namespace agentecho::simulation
