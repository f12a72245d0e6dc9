#include "agentecho/simulation/situation.h"

#include <algorithm>

#include "agentecho/simulation/user.h"

namespace agentecho::simulation {

namespace {

Step decide(Point point, unsigned allowed = 0) {
  Step step;
  step.kind = Step::Kind::kDecide;
  step.point = point;
  step.allowed =
      static_cast<std::uint8_t>(allowed != 0 ? allowed : (1u << info_of(point).n_options) - 1u);
  return step;
}
Step call(Tool tool, bool joined = false) {
  Step step;
  step.kind = Step::Kind::kCall;
  step.tool = tool;
  step.joined = joined;
  return step;
}
Step say(Act act) {
  Step step;
  step.kind = Step::Kind::kSay;
  step.act = act;
  return step;
}

// The string value of `key` in a flat JSON object of the shop; empty when there is none.
std::string_view field(std::string_view object, std::string_view key) {
  for (std::size_t at = object.find(key); at != std::string_view::npos;
       at = object.find(key, at + 1)) {
    const std::size_t begin = at + key.size() + 4;  // key": "
    if (at == 0 || object[at - 1] != '"' || object.substr(at + key.size(), 4) != "\": \"") continue;
    const std::size_t end = object.find('"', begin);
    return end == std::string_view::npos ? std::string_view{} : object.substr(begin, end - begin);
  }
  return {};
}

// The flat object of a list in which some string value is `value`; empty when there is none.
std::string_view object_with(std::string_view list, std::string_view value) {
  if (value.empty()) return {};
  for (std::size_t at = list.find(value); at != std::string_view::npos;
       at = list.find(value, at + 1)) {
    if (at == 0 || list[at - 1] != '"' || at + value.size() >= list.size() ||
        list[at + value.size()] != '"') {
      continue;
    }
    const std::size_t begin = list.rfind('{', at);
    const std::size_t end = list.find('}', at);
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    return list.substr(begin, end - begin + 1);
  }
  return {};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool about_a_hire(GoalKind kind) {
  return kind == GoalKind::kCancel || kind == GoalKind::kExtend || kind == GoalKind::kSwap ||
         kind == GoalKind::kRepair || kind == GoalKind::kEndDate;
}

constexpr std::array<Act, 3> kRoutes = {Act::kAskEmail, Act::kAskPhone, Act::kAskName};

unsigned route_of(Act act) { return act == Act::kAskEmail ? 0u : act == Act::kAskPhone ? 1u : 2u; }

}  // namespace

Act asked_contact(std::string_view text) {
  if (contains(text, "postcode")) return Act::kAskName;
  if (contains(text, "email")) return Act::kAskEmail;
  if (contains(text, "phone")) return Act::kAskPhone;
  return Act::kAskAgain;
}

bool asks_for_hire(std::string_view text) {
  return contains(text, "hire number") || contains(text, "number of ");
}

bool is_refusal(std::string_view text) {
  return contains(text, "cannot") || contains(text, "can't") || contains(text, "not possible") ||
         contains(text, "unable");
}

// ---- events

void Situation::open_goal(GoalKind kind, const Slots& slots) {
  if (n_goals_ == goals_.size()) return;
  GoalView& g = goals_[n_goals_++];
  g.kind = kind;
  g.slots = slots;
  g.slots[Slot::kName] = goals_[0].slots[Slot::kName];
}

void Situation::user_said(std::string_view text) {
  std::array<Heard, 6> heard;
  const std::size_t n = hear(text, heard);
  for (const Heard& h : std::span(heard).first(n)) {
    switch (h.kind) {
      case Sentence::kEmail:
      case Sentence::kPhone:
      case Sentence::kNamePostcode:
        contact_ = h.slots;
        contact_kind_ =
            kRoutes[static_cast<std::size_t>(h.kind) - static_cast<std::size_t>(Sentence::kEmail)];
        volunteered_ = last_ask_ == Act::kGreet;
        not_found_ = false;
        break;
      case Sentence::kDeclined:
        if (member_.empty()) {
          closed_routes_ = static_cast<std::uint8_t>(closed_routes_ | 1u << route_of(last_ask_));
          last_ask_ = Act::kAskAgain;
        }
        break;
      case Sentence::kHire:
        goal().slots[Slot::kHire] = h.slots[Slot::kHire];
        break;
      case Sentence::kCorrectDays:
      case Sentence::kCorrectEnd:
        for (GoalView& g : goals_) {
          if (g.done) continue;
          if (h.kind == Sentence::kCorrectDays && g.kind == GoalKind::kBook) {
            g.slots[Slot::kDays] = h.slots[Slot::kDays];
          }
          if (h.kind == Sentence::kCorrectEnd && g.kind == GoalKind::kExtend) {
            g.slots[Slot::kEnd] = h.slots[Slot::kEnd];
          }
        }
        break;
      case Sentence::kNo:
        if (!goal().limit.empty() && !goal().done) push_say(Act::kDecline);
        break;
      case Sentence::kYes:
        break;
      case Sentence::kBye:
        bye_ = true;
        break;
      default:
        open_goal(static_cast<GoalKind>(h.kind), h.slots);
    }
  }
  choose_current();
}

void Situation::choose_current() {
  if (n_goals_ < 2) return;
  const std::uint8_t first = reversed_ ? 1 : 0;
  current_ = goals_[first].closed ? static_cast<std::uint8_t>(1 - first) : first;
}

void Situation::agent_said(Act act) {
  if (n_pending_ > 0 && pending_[0].say && pending_[0].act == act) {
    std::rotate(pending_.begin(), pending_.begin() + 1, pending_.begin() + n_pending_);
    --n_pending_;
  }
  trouble_ = false;
  switch (act) {
    case Act::kGreet:
      greeted_ = true;
      break;
    case Act::kAskEmail:
    case Act::kAskPhone:
    case Act::kAskName:
      last_ask_ = act;
      break;
    case Act::kAskAgain:
      last_ask_ = contact_kind_;
      break;
    case Act::kReport:
    case Act::kRefuse:
    case Act::kDecline:
    case Act::kGiveUp:
      goal().closed = true;
      n_pending_ = 0;
      break;
    default:
      break;
  }
}

void Situation::called(Tool tool) {
  if (n_pending_ > 0 && !pending_[0].say && pending_[0].tool == tool) {
    std::rotate(pending_.begin(), pending_.begin() + 1, pending_.begin() + n_pending_);
    --n_pending_;
  }
  if (n_open_ < open_calls_.size()) open_calls_[n_open_++] = tool;
}

void Situation::take_hire(GoalView& g, std::string_view list) {
  if (!about_a_hire(g.kind) || !g.slots[Slot::kHire].empty()) return;
  const std::string_view object = object_with(list, g.slots[Slot::kInstrument]);
  g.slots[Slot::kHire] = field(object, "hire_id");
  g.due = field(object, "end_date");
  g.started = field(object, "status") == "started";
  if (g.kind == GoalKind::kEndDate) g.slots[Slot::kEnd] = g.due;
}

void Situation::take_details(GoalView& g, std::string_view text) {
  g.detailed = true;
  if (g.done) return;
  g.due = field(text, "end_date");
  g.started = field(text, "status") == "started";
  g.model_id = field(text, "model_id");
  g.branch_id = field(text, "branch_id");
  g.slots[Slot::kCity] = field(text, "city");
  if (g.kind == GoalKind::kEndDate) g.slots[Slot::kEnd] = g.due;
}

// The first unit or slot of the last list that is not known to be gone.
void Situation::take_offer(GoalView& g) {
  const bool repair = g.kind == GoalKind::kRepair;
  std::string_view rest = g.offers;
  for (;;) {
    const std::size_t end = rest.find('}');
    if (end == std::string_view::npos) return;
    const std::string_view object = rest.substr(0, end + 1);
    const std::string_view id = field(object, repair ? "slot_id" : "unit_id");
    const auto known = std::span(g.gone).first(g.n_gone);
    if (!id.empty() && std::find(known.begin(), known.end(), id) == known.end()) {
      if (repair) {
        g.slot_id = id;
        g.slots[Slot::kTime] = field(object, "time");
      } else {
        g.unit_id = id;
        g.slots[Slot::kUnit] = id;
      }
      return;
    }
    rest.remove_prefix(end + 1);
  }
}

void Situation::take_write(GoalView& g, std::string_view text) {
  g.done = true;
  switch (g.kind) {
    case GoalKind::kBook:
      g.new_hire = field(text, "hire_id");
      g.slots[Slot::kHire] = g.new_hire;
      g.slots[Slot::kEnd] = field(text, "end_date");
      g.slots[Slot::kTotal] = field(text, "total");
      break;
    case GoalKind::kCancel:
      g.slots[Slot::kTotal] = field(text, "refund");
      break;
    case GoalKind::kExtend:
      g.slots[Slot::kTotal] = field(text, "extra_charge");
      break;
    case GoalKind::kPay:
      g.slots[Slot::kTotal] = field(text, "amount");
      break;
    default:
      break;
  }
}

void Situation::write_failed(GoalView& g, std::string_view text) {
  const auto lose = [&](std::string_view& id) {
    if (!id.empty() && g.n_gone < g.gone.size()) g.gone[g.n_gone++] = id;
    id = {};
    take_offer(g);
  };
  if (contains(text, "already reserved")) {
    g.trouble = Trouble::kStale;
    lose(g.kind == GoalKind::kRepair ? g.slot_id : g.unit_id);
  } else if (contains(text, "timed out")) {
    g.trouble = Trouble::kTransient;
  } else if (contains(text, "latest possible end is ")) {
    g.trouble = Trouble::kConflict;
    g.limit = text.substr(text.size() - 10);
  } else if (contains(text, "cannot be cancelled")) {
    g.trouble = Trouble::kRefused;
  }
}

void Situation::returned(std::string_view text, bool error) {
  if (n_open_ == 0) return;
  const Tool tool = open_calls_[0];
  std::rotate(open_calls_.begin(), open_calls_.begin() + 1, open_calls_.begin() + n_open_);
  --n_open_;
  trouble_ = error;
  GoalView& g = goal();
  if (is_write(tool) && tool == write_tool()) {
    error ? write_failed(g, text) : take_write(g, text);
    return;
  }
  if (error) {
    if (member_.empty()) {
      not_found_ = true;
    } else if (contains(text, "unknown ")) {  // mistyped: the same call again, now right
      push_call(tool);
      std::rotate(pending_.begin(), pending_.begin() + n_pending_ - 1,
                  pending_.begin() + n_pending_);
    }
    return;
  }
  switch (tool) {
    case Tool::kFindMemberByEmail:
    case Tool::kFindMemberByPhone:
    case Tool::kFindMemberByName:
      member_ = field(text, "member_id");
      if (!contact_[Slot::kName].empty()) {
        for (GoalView& each : goals_) each.slots[Slot::kName] = contact_[Slot::kName];
      }
      break;
    case Tool::kGetMember:
      record_ = text;
      for (GoalView& each : goals_) each.slots[Slot::kName] = field(text, "name");
      if (asked(g, Point::kHireUnknown)) take_hire(g, text);
      break;
    case Tool::kListHires:
      hires_ = text;
      g.listed = true;
      take_hire(g, text);
      break;
    case Tool::kGetHire:
      take_details(g, text);
      break;
    case Tool::kListInvoices:
      invoices_ = text;
      break;
    case Tool::kListBranches:
      if (g.branch_id.empty()) {
        g.branch_id = field(object_with(text, g.slots[Slot::kCity]), "branch_id");
      }
      break;
    case Tool::kFindModels:
    case Tool::kListModels: {
      const std::string_view object = object_with(text, g.slots[Slot::kInstrument]);
      g.model_id = field(object, "model_id");
      g.price = field(object, "price_per_day");
      break;
    }
    case Tool::kFindUnits:
    case Tool::kListWorkshopSlots:
      g.offers = text;
      if (g.unit_id.empty() && g.slot_id.empty()) take_offer(g);
      break;
    case Tool::kCheckAvailability:
      if (contains(text, "\"free\": false") && !g.done) {
        if (g.n_gone < g.gone.size()) g.gone[g.n_gone++] = g.unit_id;
        g.unit_id = {};
        take_offer(g);
        push_call(Tool::kCheckAvailability);
      }
      break;
    case Tool::kGetQuote:
      g.slots[Slot::kTotal] = field(text, "total");
      break;
    case Tool::kCalculate:
      g.slots[Slot::kTotal] = text;
      break;
    default:
      break;
  }
}

// ---- what comes up

void Situation::push_call(Tool tool, bool joined) {
  if (n_pending_ == pending_.size()) return;
  pending_[n_pending_++] = {false, joined, tool, Act::kGreet};
}

void Situation::push_say(Act act) {
  if (n_pending_ == pending_.size()) return;
  pending_[n_pending_++] = {true, false, Tool::kThink, act};
}

Tool Situation::write_tool() const {
  switch (goals_[current_].kind) {
    case GoalKind::kBook:
      return Tool::kBookHire;
    case GoalKind::kCancel:
      return Tool::kCancelHire;
    case GoalKind::kExtend:
      return Tool::kUpdateHireEnd;
    case GoalKind::kSwap:
      return Tool::kExchangeUnit;
    case GoalKind::kRepair:
      return Tool::kBookRepair;
    case GoalKind::kPay:
      return Tool::kPayInvoice;
    case GoalKind::kUpdate:
      return Tool::kUpdateMember;
    case GoalKind::kEndDate:
      break;
  }
  return Tool::kThink;
}

Tool Situation::reading_tool(const GoalView& g, bool after) const {
  switch (g.kind) {
    case GoalKind::kBook:
      return after ? Tool::kGetHire : Tool::kCheckAvailability;
    case GoalKind::kPay:
      return Tool::kGetInvoice;
    case GoalKind::kUpdate:
      return Tool::kGetMember;
    default:
      return Tool::kGetHire;
  }
}

Step Situation::next() const {
  if (n_pending_ > 0) {
    const Pending& p = pending_[0];
    return p.say ? say(p.act) : call(p.tool, p.joined);
  }
  if (!greeted_) return say(Act::kGreet);
  if (n_goals_ == 0 || bye_) return {};
  if (member_.empty()) return next_identity();
  const GoalView& g = goals_[current_];
  if (g.closed) return {};
  if (n_goals_ == 2 && !order_known_ && !goals_[0].closed && !goals_[1].closed) {
    return decide(Point::kGoalOrder);
  }
  if (!member_decided_) {
    return decide(Point::kMember, about_a_hire(g.kind) || g.kind == GoalKind::kPay ? 0b111 : 0b011);
  }
  if (!asked(g, Point::kPlan)) return decide(Point::kPlan);
  return next_for(g);
}

Step Situation::next_identity() const {
  if (not_found_) return decide(Point::kNotFound, retried_ ? 0b011 : 0b111);
  if (contact_kind_ != Act::kGreet) {
    if (volunteered_) return decide(Point::kVolunteered);
    return call(contact_kind_ == Act::kAskEmail   ? Tool::kFindMemberByEmail
                : contact_kind_ == Act::kAskPhone ? Tool::kFindMemberByPhone
                                                  : Tool::kFindMemberByName);
  }
  return decide(Point::kIdentityRoute, 0b111u & ~static_cast<unsigned>(closed_routes_));
}

Step Situation::next_for(const GoalView& g) const {
  if (g.done) return finish(g);
  switch (g.trouble) {
    case Trouble::kNo:
      break;
    case Trouble::kStale:
      return decide(Point::kStale);
    case Trouble::kTransient:
      return decide(Point::kTransient);
    case Trouble::kConflict:
      return decide(Point::kConflict);
    case Trouble::kRefused:
      return decide(Point::kRefusal);
  }
  Step step;
  switch (g.kind) {
    case GoalKind::kBook:
      step = gather_book(g);
      break;
    case GoalKind::kPay:
      step = gather_pay(g);
      break;
    case GoalKind::kUpdate:
      break;
    default:
      step = gather_hire(g);
  }
  if (step.kind != Step::Kind::kEnd) return step;
  if (g.kind == GoalKind::kEndDate) return say(Act::kReport);
  if (!asked(g, Point::kRules)) return decide(Point::kRules);
  if (!asked(g, Point::kConfirm)) return decide(Point::kConfirm);
  if (!asked(g, Point::kReadBefore)) return decide(Point::kReadBefore);
  return call(write_tool());
}

Step Situation::gather_book(const GoalView& g) const {
  const auto open = std::span(open_calls_).first(n_open_);
  const bool branch_open = std::find(open.begin(), open.end(), Tool::kListBranches) != open.end();
  const bool no_branch = g.branch_id.empty() && !branch_open;
  if (no_branch && g.model_id.empty() && !g.model_first) {
    const bool home = !record_.empty() && field(record_, "home_city") == g.slots[Slot::kCity];
    if (home && !asked(g, Point::kBranchKnown)) return decide(Point::kBranchKnown);
    if (!asked(g, Point::kBookOrder)) return decide(Point::kBookOrder);
  }
  if (g.model_id.empty() && (g.model_first || !no_branch)) {
    return asked(g, Point::kModelRoute) ? call(Tool::kListModels) : decide(Point::kModelRoute);
  }
  if (g.branch_id.empty()) return call(Tool::kListBranches);
  if (!asked(g, Point::kInspectModel)) return decide(Point::kInspectModel);
  if (g.offers.empty()) return call(Tool::kFindUnits);
  if (!asked(g, Point::kInspectBranch)) return decide(Point::kInspectBranch);
  if (g.unit_id.empty()) return say(Act::kGiveUp);
  if (!asked(g, Point::kCheckUnit)) return decide(Point::kCheckUnit);
  if (!asked(g, Point::kQuote)) return decide(Point::kQuote);
  return {};
}

Step Situation::gather_hire(const GoalView& g) const {
  if (g.slots[Slot::kHire].empty()) {
    if (asked(g, Point::kHireKnown) || asked(g, Point::kHireUnknown)) {
      // The user did not know; or what was read does not name the instrument.
      return !g.listed ? call(Tool::kListHires) : say(Act::kGiveUp);
    }
    return decide(record_.empty() && hires_.empty() ? Point::kHireUnknown : Point::kHireKnown);
  }
  const bool needs_unit = g.kind == GoalKind::kSwap || g.kind == GoalKind::kRepair;
  if (!g.detailed) {
    if (needs_unit || (g.kind == GoalKind::kEndDate && g.due.empty())) return call(Tool::kGetHire);
    if (!asked(g, Point::kInspectHire)) return decide(Point::kInspectHire);
  }
  if (g.kind == GoalKind::kCancel && g.started && !asked(g, Point::kForesee)) {
    return decide(Point::kForesee);
  }
  if (needs_unit) {
    if (g.offers.empty()) {
      return call(g.kind == GoalKind::kSwap ? Tool::kFindUnits : Tool::kListWorkshopSlots);
    }
    if (!asked(g, Point::kInspectBranch)) return decide(Point::kInspectBranch);
    if (g.unit_id.empty() && g.slot_id.empty()) return say(Act::kGiveUp);
    if (g.kind == GoalKind::kSwap && !asked(g, Point::kCheckUnit)) return decide(Point::kCheckUnit);
  }
  return {};
}

Step Situation::gather_pay(const GoalView& g) const {
  if (invoices_.empty()) return call(Tool::kListInvoices);
  if (!asked(g, Point::kInspectInvoice)) return decide(Point::kInspectInvoice);
  return {};
}

Step Situation::finish(const GoalView& g) const {
  if (!asked(g, Point::kReadAfter)) return decide(Point::kReadAfter);
  if (!asked(g, Point::kReceipt)) return decide(Point::kReceipt);
  if (!asked(g, Point::kNote)) return decide(Point::kNote);
  return say(Act::kReport);
}

void Situation::resolve(Point point, unsigned option) {
  GoalView& g = goal();
  g.asked |= 1u << static_cast<unsigned>(point);
  switch (point) {
    case Point::kVolunteered:
      volunteered_ = false;
      if (option == 1) contact_kind_ = Act::kGreet;
      break;
    case Point::kIdentityRoute:
      push_say(kRoutes[option]);
      break;
    case Point::kNotFound:
      not_found_ = false;
      if (option == 0) push_say(Act::kAskAgain);
      if (option == 1) contact_kind_ = Act::kGreet;
      retried_ = option == 2;
      break;
    case Point::kMember:
      member_decided_ = true;
      if (option > 0) push_call(Tool::kGetMember, option == 2);
      if (option == 2) {
        push_call(g.kind == GoalKind::kPay ? Tool::kListInvoices : Tool::kListHires);
      }
      break;
    case Point::kGoalOrder:
      order_known_ = true;
      reversed_ = option == 1;
      choose_current();
      break;
    case Point::kPlan:
      if (option == 1) push_call(Tool::kThink);
      break;
    case Point::kRules:
      if (option == 1) push_call(Tool::kGetRules);
      break;
    case Point::kHireKnown:
      if (option == 0) take_hire(g, hires_.empty() ? record_ : hires_);
      if (option == 1) push_call(Tool::kListHires);
      if (option == 2) push_say(Act::kAskHire);
      break;
    case Point::kHireUnknown:
      if (option == 0) push_call(Tool::kListHires);
      if (option == 1) push_call(Tool::kGetMember);
      if (option == 2) push_say(Act::kAskHire);
      break;
    case Point::kInspectHire:
      if (option == 1) push_call(Tool::kGetHire);
      break;
    case Point::kBookOrder:
      if (option != 1) push_call(Tool::kListBranches, option == 2);
      g.model_first = option == 1;
      break;
    case Point::kBranchKnown:
      if (option == 0) g.branch_id = field(record_, "home_branch_id");
      break;
    case Point::kModelRoute:
      push_call(option == 0 ? Tool::kFindModels : Tool::kListModels);
      break;
    case Point::kInspectModel:
      if (option == 1) push_call(Tool::kGetModel);
      break;
    case Point::kInspectBranch:
      if (option == 1) push_call(Tool::kGetBranch);
      break;
    case Point::kCheckUnit:
      if (option == 1) push_call(Tool::kCheckAvailability);
      break;
    case Point::kQuote:
      if (option > 0) push_call(option == 1 ? Tool::kGetQuote : Tool::kCalculate);
      break;
    case Point::kInspectInvoice:
      if (option == 1) push_call(Tool::kGetInvoice);
      break;
    case Point::kForesee:
      if (option == 1) push_say(Act::kRefuse);
      break;
    case Point::kConfirm:
      if (option == 1) push_say(Act::kConfirm);
      break;
    case Point::kReadBefore:
      if (option == 1) push_call(reading_tool(g, false));
      break;
    case Point::kStale:
      g.trouble = Trouble::kNo;
      if (option == 1) {
        push_call(g.kind == GoalKind::kRepair ? Tool::kListWorkshopSlots : Tool::kFindUnits);
      }
      if (option == 2) push_say(Act::kOfferNext);
      break;
    case Point::kTransient:
      g.trouble = Trouble::kNo;
      if (option == 1) push_call(Tool::kGetInvoice);
      if (option == 2) push_say(Act::kAskRetry);
      if (option == 3) {
        push_call(Tool::kEscalate);
        push_say(Act::kGiveUp);
      }
      break;
    case Point::kConflict:
      g.trouble = Trouble::kNo;
      g.slots[Slot::kEnd] = g.limit;
      if (option == 1) push_call(Tool::kGetHire);
      push_say(Act::kOfferShorter);
      break;
    case Point::kRefusal:
      g.trouble = Trouble::kNo;
      if (option == 1) push_call(Tool::kEscalate);
      if (option == 2) push_call(Tool::kGetHire);
      push_say(Act::kRefuse);
      break;
    case Point::kReadAfter:
      if (option > 0) push_call(reading_tool(g, true), option == 2);
      if (option == 2) {
        push_call(Tool::kSendReceipt);
        g.asked |= 1u << static_cast<unsigned>(Point::kReceipt);
      }
      break;
    case Point::kReceipt:
      if (option == 1) push_call(Tool::kSendReceipt);
      break;
    case Point::kNote:
      if (option == 1) push_call(Tool::kLogNote);
      break;
    case Point::kAnnounce:
    case Point::kReason:
    case Point::kMistype:
    case Point::kWrongValue:
      break;
  }
}

Act Situation::reasoning_act(const Step& step) const {
  if (trouble_) return Act::kReasonError;
  if (step.kind == Step::Kind::kSay) return Act::kReasonAnswer;
  return is_write(step.tool) ? Act::kReasonWrite : Act::kReasonLookup;
}

Arguments Situation::arguments(Tool tool) const {
  const GoalView& g = goals_[current_];
  Arguments out;
  const auto add = [&](std::string_view name, std::string_view value, bool number = false) {
    out.items[out.size++] = {name, value, number};
  };
  switch (tool) {
    case Tool::kFindMemberByEmail:
      add("email", contact_[Slot::kEmail]);
      break;
    case Tool::kFindMemberByPhone:
      add("phone", contact_[Slot::kPhone]);
      break;
    case Tool::kFindMemberByName:
      add("name", contact_[Slot::kName]);
      add("postcode", contact_[Slot::kPostcode]);
      break;
    case Tool::kGetMember:
    case Tool::kListHires:
    case Tool::kListInvoices:
    case Tool::kSendReceipt:
      add("member_id", member_);
      break;
    case Tool::kGetHire:
      add("hire_id", g.slots[Slot::kHire]);
      break;
    case Tool::kFindModels: {
      const std::string_view instrument = g.slots[Slot::kInstrument];
      const std::size_t space = instrument.rfind(' ');
      add("category", space == std::string_view::npos ? instrument : instrument.substr(space + 1));
      break;
    }
    case Tool::kGetModel:
      add("model_id", g.model_id);
      break;
    case Tool::kGetBranch:
    case Tool::kListWorkshopSlots:
      add("branch_id", g.branch_id);
      break;
    case Tool::kFindUnits:
      add("model_id", g.model_id);
      add("branch_id", g.branch_id);
      break;
    case Tool::kCheckAvailability:
      add("unit_id", g.unit_id);
      break;
    case Tool::kGetQuote:
      add("model_id", g.model_id);
      add("days", g.slots[Slot::kDays], true);
      break;
    case Tool::kGetInvoice:
      add("invoice_id", field(object_with(invoices_, g.slots[Slot::kInstrument]), "invoice_id"));
      break;
    case Tool::kBookHire:
      add("member_id", member_);
      add("unit_id", g.unit_id);
      add("start_date", g.slots[Slot::kStart]);
      add("days", g.slots[Slot::kDays], true);
      break;
    case Tool::kCancelHire:
      add("hire_id", g.slots[Slot::kHire]);
      add("reason", g.slots[Slot::kReason]);
      break;
    case Tool::kUpdateHireEnd:
      add("hire_id", g.slots[Slot::kHire]);
      add("end_date", g.slots[Slot::kEnd]);
      break;
    case Tool::kExchangeUnit:
      add("hire_id", g.slots[Slot::kHire]);
      add("unit_id", g.unit_id);
      break;
    case Tool::kBookRepair:
      add("hire_id", g.slots[Slot::kHire]);
      add("slot_id", g.slot_id);
      add("fault", g.slots[Slot::kFault]);
      break;
    case Tool::kPayInvoice:
      add("invoice_id", field(object_with(invoices_, g.slots[Slot::kInstrument]), "invoice_id"));
      add("method", g.slots[Slot::kMethod]);
      break;
    case Tool::kUpdateMember:
      add("member_id", member_);
      add("field", g.slots[Slot::kField]);
      add("value", g.slots[Slot::kValue]);
      break;
    case Tool::kCalculate:
      add("expression", {});
      break;
    case Tool::kThink:
      add("thought", {});
      break;
    case Tool::kLogNote:
      add("note", {});
      break;
    case Tool::kEscalate:
    case Tool::kGetRules:
      add("topic", goal_name(g.kind));
      break;
    case Tool::kListModels:
    case Tool::kListBranches:
      break;
  }
  return out;
}

}  // namespace agentecho::simulation
