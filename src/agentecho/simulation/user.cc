#include "agentecho/simulation/user.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "agentecho/base/text.h"

namespace agentecho::simulation {

namespace {

struct Form {
  Sentence kind;
  Template words;
};

// Several ways to say each sentence. A slot is followed by plain text that cannot occur in its
// value.
const std::vector<Form>& forms() {
  static const std::vector<Form> all = [] {
    const std::pair<Sentence, std::string_view> texts[] = {
        {Sentence::kBook,
         "I would like to hire a {instrument} at your {city} branch, starting {start}, for {days} "
         "days."},
        {Sentence::kBook,
         "Could you reserve a {instrument} in {city} for {days} days, beginning on {start}?"},
        {Sentence::kBook,
         "Please set up a hire of a {instrument} in {city}; it should run {days} days from "
         "{start}."},
        {Sentence::kCancel, "I want to cancel the hire of my {instrument} because {reason}."},
        {Sentence::kCancel,
         "Please call off my hire of the {instrument}; the reason is that {reason}."},
        {Sentence::kExtend, "I need to keep the {instrument} longer, namely until {end}."},
        {Sentence::kExtend, "Can the hire of my {instrument} be prolonged to {end}?"},
        {Sentence::kSwap,
         "I am not happy with the {instrument} I have and want another one of the same model."},
        {Sentence::kSwap, "Could my {instrument} be swapped for another of its kind?"},
        {Sentence::kRepair, "My {instrument} needs the workshop: {fault}."},
        {Sentence::kRepair, "Something is wrong with the {instrument} I hire, since {fault}."},
        {Sentence::kPay, "I want to settle the invoice for my {instrument} and pay by {method}."},
        {Sentence::kPay,
         "There is an invoice for the {instrument}; please take the payment by {method}."},
        {Sentence::kUpdate, "My {field} has changed to {value}, so please update my record."},
        {Sentence::kUpdate, "Please change the {field} on my record to {value}, thanks."},
        {Sentence::kEndDate, "When do I have to bring the {instrument} back?"},
        {Sentence::kEndDate, "I forgot on which day my {instrument} is due back."},
        {Sentence::kEmail, "The email is {email}, as far as I know."},
        {Sentence::kEmail, "You will find me under {email}, I think."},
        {Sentence::kPhone, "My phone number is {phone}."},
        {Sentence::kPhone, "The number is {phone}."},
        {Sentence::kNamePostcode, "I am {name}, postcode {postcode}."},
        {Sentence::kNamePostcode, "The name is {name} and the postcode {postcode}."},
        {Sentence::kHire, "The hire number is {hire}."},
        {Sentence::kHire, "It says {hire} on my slip."},
        {Sentence::kDeclined, "I do not have that to hand."},
        {Sentence::kDeclined, "I would rather not give that."},
        {Sentence::kYes, "Yes, please go ahead."},
        {Sentence::kYes, "Yes, do that."},
        {Sentence::kYes, "That is right, go on."},
        {Sentence::kNo, "No, then leave it as it is."},
        {Sentence::kCorrectDays, "Sorry, I got that wrong, I need it for {days} days."},
        {Sentence::kCorrectEnd, "Sorry, I got that wrong, the day should be {end}."},
        {Sentence::kBye, "Thank you, that is all."},
        {Sentence::kBye, "Great, that was everything."},
    };
    std::vector<Form> out;
    for (const auto& [kind, text] : texts) out.push_back({kind, Template(text)});
    return out;
  }();
  return all;
}

constexpr std::array<std::string_view, 4> kHellos = {"", "Hello. ", "Good morning. ", "Hi there. "};

}  // namespace

std::size_t hear(std::string_view text, std::span<Heard> out) {
  std::size_t n = 0;
  std::size_t at = 0;
  while (at < text.size() && n < out.size()) {
    if (is_ascii_space(text[at])) {
      ++at;
      continue;
    }
    bool understood = false;
    for (const Form& form : forms()) {
      Slots slots;
      const auto length = form.words.match(text.substr(at), slots);
      if (!length) continue;
      out[n].kind = form.kind;
      out[n].slots = slots;
      ++n;
      at += *length;
      understood = true;
      break;
    }
    if (understood) continue;
    const std::size_t end = text.find(". ", at);
    at = end == std::string_view::npos ? text.size() : end + 2;
  }
  return n;
}

User::User(const World& world, const Task& task, Rng rng)
    : world_(&world), task_(&task), rng_(rng) {}

void User::say(Sentence kind, const Slots& slots, std::string& out) {
  const auto& all = forms();
  std::size_t first = 0;
  while (all[first].kind != kind) ++first;
  std::size_t last = first;
  while (last < all.size() && all[last].kind == kind) ++last;
  if (!out.empty() && out.back() != ' ') out.push_back(' ');
  all[first + rng_.below(last - first)].words.render(slots, out);
}

void User::state_goal(std::size_t goal, std::string& out) {
  const Shop& s = world_->shop;
  const Goal& g = task_->goals[goal];
  Slots slots;
  const int model =
      g.hire >= 0
          ? s.units[static_cast<std::size_t>(s.hires[static_cast<std::size_t>(g.hire)].unit)].model
          : g.model;
  if (model >= 0) slots[Slot::kInstrument] = s.models[static_cast<std::size_t>(model)].name;
  const std::string start = date_text(g.start);
  const std::string end = date_text(g.said_end);
  const std::string days = std::to_string(g.said_days);
  if (g.branch >= 0) slots[Slot::kCity] = s.branches[static_cast<std::size_t>(g.branch)].city;
  slots[Slot::kStart] = start;
  slots[Slot::kEnd] = end;
  slots[Slot::kDays] = days;
  slots[Slot::kField] = g.field;
  slots[Slot::kValue] = g.value;
  slots[Slot::kReason] = g.reason;
  slots[Slot::kFault] = g.fault;
  slots[Slot::kMethod] = g.method;
  say(static_cast<Sentence>(g.kind), slots, out);
  stated_ = goal + 1;
}

void User::give_email(std::string& out) {
  if (task_->lacks_email) return say(Sentence::kDeclined, {}, out);
  std::string email = world_->shop.members[static_cast<std::size_t>(task_->member)].email;
  if (task_->mistypes && !std::exchange(mistyped_, true)) email.insert(1, 1, email[0]);
  Slots slots;
  slots[Slot::kEmail] = email;
  last_contact_ = Act::kAskEmail;
  say(Sentence::kEmail, slots, out);
}

void User::give_phone(std::string& out) {
  if (task_->lacks_phone || task_->refuses_phone) return say(Sentence::kDeclined, {}, out);
  std::string phone = world_->shop.members[static_cast<std::size_t>(task_->member)].phone;
  if (task_->mistypes && !std::exchange(mistyped_, true)) phone.push_back(phone.back());
  Slots slots;
  slots[Slot::kPhone] = phone;
  last_contact_ = Act::kAskPhone;
  say(Sentence::kPhone, slots, out);
}

void User::give_name(std::string& out) {
  const Member& m = world_->shop.members[static_cast<std::size_t>(task_->member)];
  Slots slots;
  slots[Slot::kName] = m.name;
  slots[Slot::kPostcode] = m.postcode;
  last_contact_ = Act::kAskName;
  say(Sentence::kNamePostcode, slots, out);
}

void User::give_hire(std::size_t goal, std::string& out) {
  const Goal& g = task_->goals[goal];
  if (!task_->knows_hire || g.hire < 0) return say(Sentence::kDeclined, {}, out);
  Slots slots;
  slots[Slot::kHire] = world_->shop.hires[static_cast<std::size_t>(g.hire)].id;
  say(Sentence::kHire, slots, out);
}

void User::correct(std::string& out) {
  if (!task_->corrects || corrected_ || stated_ == 0) return;
  corrected_ = true;
  const Goal& g = task_->goals[0];
  Slots slots;
  const std::string days = std::to_string(g.days);
  const std::string end = date_text(g.end);
  slots[Slot::kDays] = days;
  slots[Slot::kEnd] = end;
  say(g.kind == GoalKind::kBook ? Sentence::kCorrectDays : Sentence::kCorrectEnd, slots, out);
}

void User::answer(Act act, std::size_t goal, std::string& out) {
  if (left_) return;
  goal = std::min(goal, task_->goals.size() - 1);
  const bool first = stated_ == 0;
  switch (act) {
    case Act::kGreet:
      out += kHellos[rng_.below(kHellos.size())];
      state_goal(0, out);
      if (task_->together) {
        out += " There is a second thing.";
        state_goal(1, out);
      }
      if (task_->volunteers) task_->volunteers_phone ? give_phone(out) : give_email(out);
      break;
    case Act::kAskEmail:
      give_email(out);
      break;
    case Act::kAskPhone:
      give_phone(out);
      break;
    case Act::kAskName:
      give_name(out);
      break;
    case Act::kAskAgain:
      last_contact_ == Act::kAskEmail   ? give_email(out)
      : last_contact_ == Act::kAskPhone ? give_phone(out)
                                        : give_name(out);
      break;
    case Act::kAskHire:
      give_hire(goal, out);
      break;
    case Act::kOfferShorter:
      say(task_->goals[goal].allowed ? Sentence::kYes : Sentence::kNo, {}, out);
      break;
    case Act::kReport:
    case Act::kRefuse:
    case Act::kDecline:
    case Act::kGiveUp:
      ++closed_;
      if (stated_ < task_->goals.size()) {
        out += "Thanks.";
        state_goal(stated_, out);
      } else if (closed_ < task_->goals.size()) {
        say(Sentence::kYes, {}, out);
      } else {
        say(Sentence::kBye, {}, out);
        left_ = true;
      }
      break;
    default:
      say(Sentence::kYes, {}, out);
  }
  if (!first) correct(out);
}

}  // namespace agentecho::simulation
