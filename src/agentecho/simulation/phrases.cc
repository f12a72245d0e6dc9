#include "agentecho/simulation/phrases.h"

#include <cmath>
#include <initializer_list>
#include <string>
#include <string_view>

namespace agentecho::simulation {

namespace {

using Texts = std::vector<std::string_view>;

// Core sentences. Those that ask for a contact detail name it and no other; those that refuse say
// that something cannot be done; no other text uses these words.
const Texts& wordings(Act act, GoalKind kind) {
  static const std::array<Texts, PhraseBook::kEntries> all = [] {
    std::array<Texts, PhraseBook::kEntries> t;
    const auto set = [&t](Act a, std::initializer_list<std::string_view> texts) {
      t[PhraseBook::index(a, GoalKind::kBook)] = texts;
    };
    const auto set_for = [&t](Act a, GoalKind k, std::initializer_list<std::string_view> texts) {
      t[PhraseBook::index(a, k)] = texts;
    };
    set(Act::kGreet,
        {"How can I help you today?", "What can I do for you?",
         "This is the hire desk, how may I assist you?", "Welcome to the instrument hire desk.",
         "What would you like to arrange today?",
         "You have reached the counter; tell me what you need."});
    set(Act::kAskEmail, {"Could you give me the email of your account?",
                         "Which email address is your record under?",
                         "Please tell me your email so that I can find your record.",
                         "To look you up I need the email address you registered with.",
                         "May I have the email on file?", "I will need your email first."});
    set(Act::kAskPhone,
        {"Could you give me your phone number?", "Which phone number is on your record?",
         "Please tell me your phone number so that I can find you.",
         "To look you up I need the phone number you registered with.",
         "May I have the phone number on file?", "I will need your phone number first."});
    set(Act::kAskName,
        {"Could you give me your full name and postcode?", "What are your name and postcode?",
         "Please tell me your name and your postcode so that I can find you.",
         "To look you up I need your full name together with the postcode.",
         "May I have your name and postcode?", "I will need your name and postcode first."});
    set(Act::kAskAgain, {"I could not find a record with that, could you check the spelling?",
                         "That gave me no match; would you spell it once more?",
                         "Nothing came up for that entry. Please check it and send it again.",
                         "Our records show no such entry. Is there perhaps a typing error?",
                         "No luck with that one, can you repeat it?"});
    set(Act::kAskHire,
        {"Do you have the hire number of the {instrument}?", "What is the hire number, please?",
         "Please give me the hire number that is printed on your slip.",
         "Could you tell me the number of this hire?",
         "I would need the hire number for the {instrument}."});
    set(Act::kOfferNext,
        {"That one has just gone. Shall I take the next one on the list?",
         "Somebody was faster; may I use another that is listed?",
         "Unfortunately it was taken in the meantime. Is the next available one fine?",
         "The first choice is no longer free, shall I go on with the following one?"});
    set(Act::kOfferShorter,
        {"The latest day I can give you is {end}. Would that do?",
         "Another member is waiting for it, so it could only be until {end}; is that all right?",
         "An extension is possible up to {end} at most. Shall I enter that?",
         "It is promised to somebody after {end}. Do you want it until then?"});
    set(Act::kAskRetry, {"The payment service did not answer. Shall I try once more?",
                         "The payment timed out and nothing was charged; may I repeat it?",
                         "There was a hiccup with the payment. Should I try again?",
                         "Payment did not go through this time, do you want me to retry?"});
    set(Act::kGiveUp, {"I have to leave it here and pass this on to a colleague.",
                       "This did not work; a colleague will take it from here.",
                       "I am handing the matter over to the staff in the shop."});
    set(Act::kRefuse,
        {"The hire of the {instrument} has already started, so it cannot be cancelled.",
         "I am sorry, but a running hire cannot be cancelled under our rules.",
         "Since {hire} is already running, cancelling it is not possible.",
         "Our rules leave me unable to cancel a hire that has begun.",
         "A hire that has started cannot be called off, I am afraid."});
    set(Act::kDecline,
        {"Then everything stays as it was; the latest possible day would have been {end}.",
         "All right, I have changed nothing. {end} remains the latest day I could offer.",
         "Understood, no change was made, and {end} was the limit."});
    set(Act::kAnnounceLookup,
        {"Let me look that up.", "One moment, I am checking.", "I will check our records.",
         "Looking into this now.", "Let me see what we have.", "Checking."});
    set(Act::kAnnounceWrite,
        {"I will enter this now.", "Processing your request.", "Let me put this through.",
         "I am making the change.", "Doing that now.", "Submitting it."});
    set(Act::kReasonLookup,
        {"I need more facts before I can act, so I look them up.",
         "The user wants something about the {instrument}. First I gather the details.",
         "Next step: fetch the record that holds the missing id.",
         "Okay, what do I know so far? Not enough. Let me query the system.",
         "Plan: look up, verify, act. I am at the lookup stage."});
    set(Act::kReasonWrite,
        {"All conditions are met, so I can carry this out.",
         "I have every id I need. The rules allow it. Going ahead.",
         "Checked: member known, request clear, rules fine. Now the change itself.",
         "Okay, time to make the change; nothing speaks against it.",
         "The policy permits this, hence I execute it."});
    set(Act::kReasonError,
        {"That failed. I should see what else can be done.",
         "Hmm, an error. Let me think about the cause and try something different.",
         "The call was rejected; the message tells me why, so I adapt.",
         "Wait, this did not work. Reconsider the options."});
    set(Act::kReasonAnswer,
        {"Now I tell the user.", "I should answer briefly and clearly.",
         "The user needs to hear this before we go on.", "Okay, respond to the user.",
         "Time to communicate the state of things."});
    set(Act::kThought,
        {"The user is identified. I will collect the ids, check the rules, then act.",
         "Steps: find the record, check the rules, do it, report.",
         "What is needed: the right record and the permission of the rules.",
         "Goal understood. Begin with the lookups."});
    set(Act::kNote,
        {"request handled at the counter", "done as asked by the member",
         "contact with member, settled", "member called, matter closed", "routine case"});
    set_for(Act::kConfirm, GoalKind::kBook,
            {"Shall I book the {instrument} in {city} for {days} days from {start}?",
             "So that is a {instrument}, {days} days from {start}, at {city}. May I book it?",
             "I would now reserve the {instrument} at {city} from {start} for {days} days, is that "
             "right?",
             "Please confirm the hire of the {instrument} for {days} days starting {start}."});
    set_for(Act::kConfirm, GoalKind::kCancel,
            {"Shall I cancel hire {hire} of the {instrument}?",
             "I would now call off the {instrument}, hire {hire}. Do you agree?",
             "Please confirm that hire {hire} should be cancelled.",
             "You want the hire of the {instrument} cancelled because {reason}, correct?"});
    set_for(Act::kConfirm, GoalKind::kExtend,
            {"Shall I move the end of hire {hire} to {end}?",
             "I would now prolong the {instrument} until {end}. Do you agree?",
             "Please confirm {end} as the new last day of hire {hire}.",
             "You want to keep the {instrument} until {end}, correct?"});
    set_for(Act::kConfirm, GoalKind::kSwap,
            {"Shall I exchange your {instrument} for unit {unit}?",
             "I would now swap the unit of hire {hire} for {unit}. Do you agree?",
             "Please confirm that you take unit {unit} instead.",
             "You would get {unit} in place of your present {instrument}, correct?"});
    set_for(Act::kConfirm, GoalKind::kRepair,
            {"Shall I book the workshop for {time}?",
             "I would now enter the {instrument} for repair on {time}. Do you agree?",
             "Please confirm the workshop appointment on {time}.",
             "The workshop could take the {instrument} on {time}; is that fine?"});
    set_for(Act::kConfirm, GoalKind::kPay,
            {"Shall I charge the invoice for the {instrument} by {method}?",
             "I would now take the payment by {method}. Do you agree?",
             "Please confirm the payment for the {instrument} by {method}.",
             "You want to pay by {method}, correct?"});
    set_for(
        Act::kConfirm, GoalKind::kUpdate,
        {"Shall I change your {field} to {value}?",
         "I would now enter {value} as your new {field}. Do you agree?",
         "Please confirm {value} as the new {field}.", "Your {field} becomes {value}, correct?"});
    set_for(Act::kReport, GoalKind::kBook,
            {"The {instrument} is booked until {end}; the total is {total}.",
             "Done: hire {hire}, {instrument}, {days} days from {start}, {total} in all.",
             "I have reserved the {instrument} at {city} for you. It comes to {total}.",
             "Your hire number is {hire} and you will pay {total} for {days} days.",
             "All set, total cost {total}, hire {hire}."});
    set_for(Act::kReport, GoalKind::kCancel,
            {"Hire {hire} is cancelled and {total} will be refunded.",
             "Done: the {instrument} is called off, your refund is {total}.",
             "I have cancelled the hire of the {instrument}. You get {total} back.",
             "The cancellation went through; refund {total}."});
    set_for(Act::kReport, GoalKind::kExtend,
            {"You can keep the {instrument} until {end}; the extra charge is {total}.",
             "Done: hire {hire} now ends on {end}, for {total} more.",
             "I have moved the end to {end}. That adds {total}.",
             "The new last day is {end} and the additional cost {total}."});
    set_for(
        Act::kReport, GoalKind::kSwap,
        {"Your hire {hire} now has unit {unit}.", "Done: unit {unit} replaces your {instrument}.",
         "I have put unit {unit} aside for you in {city}.",
         "The exchange is made, the new unit is {unit}."});
    set_for(Act::kReport, GoalKind::kRepair,
            {"The workshop expects the {instrument} on {time}.",
             "Done: your repair appointment is {time}.",
             "I have booked the workshop in {city} for {time}.",
             "Please bring the {instrument} on {time}."});
    set_for(Act::kReport, GoalKind::kPay,
            {"The payment of {total} by {method} went through.",
             "Done: {total} for the {instrument} is settled.",
             "I have charged {total}. The invoice is closed.",
             "Your invoice over {total} is now paid by {method}."});
    set_for(Act::kReport, GoalKind::kUpdate,
            {"Your {field} is now {value}.", "Done: new {field} {value}.",
             "I have changed the {field} on your record to {value}.",
             "The record shows {value} as your {field}."});
    set_for(
        Act::kReport, GoalKind::kEndDate,
        {"The {instrument} is due back on {end}.", "Please return the {instrument} by {end}.",
         "Your hire of the {instrument} ends on {end}.", "{end} is the last day of this hire."});
    return t;
  }();
  return all[PhraseBook::index(act, kind)];
}

constexpr std::array<std::string_view, 12> kOpenings = {
    "Hello! ",      "Certainly. ",     "Thank you. ",
    "Of course! ",  "Great, thanks. ", "I understand. ",
    "Sure thing. ", "Good day. ",      "Absolutely, happy to help. ",
    "Right. ",      "Got it. ",        "Perfect! "};
constexpr std::array<std::string_view, 10> kEndings = {
    " Is there anything else?",       " Let me know if you have questions.",
    " Thank you for your patience.",  " Please tell me if something is unclear.",
    " Happy to help further.",        " Have a nice day.",
    " Just say so if you need more.", " I am here if you need me.",
    " Enjoy making music!",           " Thanks."};

// The facts of a list layout, one a line.
std::string_view list_items(Act act, GoalKind kind) {
  const bool report = act == Act::kReport;
  switch (kind) {
    case GoalKind::kBook:
      return report
                 ? "- Instrument: {instrument}\n- Start: {start}\n- Days: {days}\n- Total: {total}"
                 : "- Instrument: {instrument}\n- Branch: {city}\n- Start: {start}\n- Days: {days}";
    case GoalKind::kCancel:
      return report ? "- Hire: {hire}\n- Status: cancelled\n- Refund: {total}"
                    : "- Hire: {hire}\n- Instrument: {instrument}\n- Reason: {reason}";
    case GoalKind::kExtend:
      return report ? "- Hire: {hire}\n- New end: {end}\n- Extra charge: {total}"
                    : "- Hire: {hire}\n- Instrument: {instrument}\n- New end: {end}";
    case GoalKind::kSwap:
      return "- Hire: {hire}\n- Instrument: {instrument}\n- New unit: {unit}";
    case GoalKind::kRepair:
      return "- Instrument: {instrument}\n- Fault: {fault}\n- Appointment: {time}";
    case GoalKind::kPay:
      return report ? "- Instrument: {instrument}\n- Amount: {total}\n- Method: {method}"
                    : "- Instrument: {instrument}\n- Method: {method}";
    case GoalKind::kUpdate:
      return "- Field: {field}\n- New value: {value}";
    case GoalKind::kEndDate:
      return "- Instrument: {instrument}\n- Due back: {end}";
  }
  return {};
}
constexpr std::array<std::string_view, 4> kListHeadsConfirm = {
    "Please confirm the details:\n", "Here is what I would do:\n", "Summary of your request:\n",
    "Let us check before I go on:\n"};
constexpr std::array<std::string_view, 4> kListHeadsReport = {
    "This is done:\n", "Here are the details:\n", "Your request was completed.\n", "Summary:\n"};
constexpr std::array<std::string_view, 4> kListTails = {
    "\nIs that correct?", "\nShall I go ahead?", "\nReply yes to proceed.", "\nDo you agree?"};
constexpr std::array<std::string_view, 4> kLongReports = {
    "You will find everything in your account as well.", "The change is effective immediately.",
    "Please keep this message for your records.", "The branch has been informed too."};
constexpr std::array<std::string_view, 4> kLongQuestions = {
    "I want to be sure that I do the right thing for you.", "This helps me to serve you correctly.",
    "I can only continue with your answer.", "It will only take a moment."};

std::size_t pick(const double* scores, std::size_t n, Rng& rng) {
  double total = 0;
  for (std::size_t i = 0; i < n; ++i) total += std::exp(scores[i]);
  double u = rng.uniform() * total;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    u -= std::exp(scores[i]);
    if (u < 0) return i;
  }
  return n - 1;
}

bool yes(double log_odds, Rng& rng) { return rng.chance(1 / (1 + std::exp(-log_odds))); }

// Bold marks around every slot.
std::string emphasised(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '{') out += "**";
    out.push_back(c);
    if (c == '}') out += "**";
  }
  return out;
}

bool is_spoken(Act act) { return act < Act::kAnnounceLookup; }
bool can_be_long(Act act) {
  return act == Act::kReport || (act >= Act::kAskEmail && act <= Act::kOfferNext);
}

}  // namespace

const Phrase* draw_phrase(const std::vector<Phrase>& phrases, std::uint32_t known, Rng& rng) {
  const double u = rng.uniform();
  if (phrases.empty()) return nullptr;
  double total = 0;
  for (const Phrase& p : phrases) total += (p.words.needs() & ~known) == 0 ? p.weight : 0;
  double left = u * total;
  const Phrase* last = &phrases.front();
  for (const Phrase& p : phrases) {
    if ((p.words.needs() & ~known) != 0) continue;
    last = &p;
    left -= p.weight;
    if (left < 0) break;
  }
  return last;
}

Style sample_style(Rng& family, Rng& model, double family_spread, double model_spread) {
  Style style;
  const auto score = [&](double scale) {
    const double common = family.normal() * family_spread * scale;
    return common + model.normal() * model_spread * scale;
  };
  for (double& s : style.wordings) s = score(1.5);
  for (double& s : style.openings) s = score(1.5);
  for (double& s : style.endings) s = score(1.5);
  style.opening_rate = score(1.5);
  style.ending_rate = score(1.5) - 0.5;
  style.list_rate = score(1.5) - 0.5;
  style.bold_rate = score(1.5) - 0.5;
  style.long_rate = score(1.5) - 0.5;
  return style;
}

PhraseBook compose_phrases(const Style& style, Rng& rng, int variants) {
  PhraseBook book;
  const auto compose = [&](Act act, GoalKind kind) {
    const Texts& cores = wordings(act, kind);
    const bool factual = act == Act::kConfirm || act == Act::kReport;
    std::string text;
    if (is_spoken(act) && yes(style.opening_rate, rng)) {
      // Who greets does not yet answer: only the two salutations make sense.
      const std::size_t salutation = style.openings[0] > style.openings[7] ? 0 : 7;
      text += kOpenings[act == Act::kGreet ? salutation
                                           : pick(style.openings.data(), kOpenings.size(), rng)];
    }
    const bool list = factual && yes(style.list_rate, rng);
    if (list) {
      const auto& heads = act == Act::kReport ? kListHeadsReport : kListHeadsConfirm;
      text += heads[pick(style.wordings.data(), heads.size(), rng)];
      text += list_items(act, kind);
      if (act == Act::kConfirm) text += kListTails[pick(style.wordings.data() + 4, 4, rng)];
    } else {
      text += cores[pick(style.wordings.data(), cores.size(), rng)];
    }
    if (can_be_long(act) && yes(style.long_rate, rng)) {
      const auto& more = act == Act::kReport ? kLongReports : kLongQuestions;
      const std::string_view sentence = more[pick(style.wordings.data() + 2, more.size(), rng)];
      text += list ? "\n" : " ";
      text += sentence;
    }
    if ((act == Act::kReport || act == Act::kRefuse || act == Act::kDecline) &&
        yes(style.ending_rate, rng)) {
      text += kEndings[pick(style.endings.data(), kEndings.size(), rng)];
    }
    return is_spoken(act) && yes(style.bold_rate, rng) ? emphasised(text) : text;
  };
  const auto fill = [&](Act act, GoalKind kind) {
    for (int v = 0; v < variants; ++v) {
      if (wordings(act, kind).empty()) return;
      book.of(act, kind).push_back({Template(compose(act, kind)), 1.0 / (1 + v)});
    }
  };
  for (std::size_t a = 0; a < kActCount; ++a) {
    const Act act = static_cast<Act>(a);
    if (act == Act::kConfirm || act == Act::kReport) {
      for (std::size_t k = 0; k < kGoalKinds; ++k) fill(act, static_cast<GoalKind>(k));
    } else {
      fill(act, GoalKind::kBook);
    }
  }
  return book;
}

}  // namespace agentecho::simulation
