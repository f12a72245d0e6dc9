#include "agentecho/metrics/rps/stage_features.h"

#include <algorithm>
#include <array>
#include <map>

#include "agentecho/base/text.h"

namespace agentecho::rps {

namespace {

// Ids of the built-in features; names below in the same order.
enum Feature : std::uint16_t {
  kKindThink,
  kTurnGreeting,
  kTurnFirst,
  kTurnLast,
  kStateIdentified,
  kStateUnidentified,
  kStateWrote,
  kBeforeNone,
  kBeforeRead,
  kBeforeWrite,
  kBeforeLookup,
  kBeforeError,
  kOwnNone,
  kOwnRead,
  kOwnWrite,
  kOwnLookup,
  kAfterNone,
  kAfterRead,
  kAfterWrite,
  kAfterLookup,
  kMessageText,
  kUserYes,
  kUserIdent,
  kUserQuestion,
  kReplyYes,
  kReplyIdent,
  kReplyThanks,
  kReplyThenWrite,
  kReplyThenLookup,
  kTextShort,
  kTextLong,
  kTextAsks,
  kTextAsksLate,
  kTextList,
  kFeatureCount,
};

constexpr std::array<std::string_view, kFeatureCount> kNames = {
    "kind.think",        "turn.greeting",      "turn.first",    "turn.last",
    "state.identified",  "state.unidentified", "state.wrote",   "before.none",
    "before.read",       "before.write",       "before.lookup", "before.error",
    "own.none",          "own.read",           "own.write",     "own.lookup",
    "after.none",        "after.read",         "after.write",   "after.lookup",
    "message.text",      "user.yes",           "user.ident",    "user.question",
    "reply.yes",         "reply.ident",        "reply.thanks",  "reply.then_write",
    "reply.then_lookup", "text.short",         "text.long",     "text.asks",
    "text.asks_late",    "text.list"};

constexpr std::size_t kShortWords = 15;
constexpr std::size_t kLongWords = 120;
constexpr std::size_t kScannedUserBytes = 4096;

// What a user says with a word.
enum UserWord : std::uint32_t {
  kAgreesAtOnce,  // where it is among the first words
  kAgrees,
  kThanks,
};
constexpr std::size_t kFirstWords = 4;

const WordIndex& user_words() {
  static const WordIndex index = [] {
    std::map<std::uint64_t, std::uint32_t> says;
    for (const std::string_view word : {"yes", "yeah", "yep", "sure", "correct", "confirmed",
                                        "absolutely", "okay", "ok", "go", "agreed"}) {
      says[hash_word(word)] = kAgreesAtOnce;
    }
    for (const std::string_view word : {"confirm", "proceed"}) says[hash_word(word)] = kAgrees;
    for (const std::string_view word : {"thanks", "thank", "bye", "goodbye", "stop", "great"}) {
      says[hash_word(word)] = kThanks;
    }
    return WordIndex(
        std::vector<std::pair<std::uint64_t, std::uint32_t>>(says.begin(), says.end()));
  }();
  return index;
}

// What one user turn says, as far as stages care.
struct UserTurn {
  std::size_t message = 0;
  bool yes = false;
  bool ident = false;
  bool question = false;
  bool thanks = false;
};

UserTurn read_user_turn(const Trajectory& trajectory, std::size_t message, TextScan& scan) {
  UserTurn turn;
  turn.message = message;
  scan_text(trajectory.messages[message].text.substr(0, kScannedUserBytes), scan);
  for (std::size_t w = 0; w < scan.words.size(); ++w) {
    turn.ident = turn.ident || scan.words[w].has_digit;
    const std::uint32_t says = user_words().find(scan.words[w].hash);
    if (says == WordIndex::kAbsent) continue;
    turn.yes = turn.yes || says == kAgrees || (says == kAgreesAtOnce && w < kFirstWords);
    turn.thanks = turn.thanks || says == kThanks;
  }
  turn.ident = turn.ident || scan.text.find('@') != std::string_view::npos;
  turn.question = scan.layout.questions > 0;
  return turn;
}

// What a range of calls contains.
struct CallSummary {
  bool any = false;
  bool read = false;
  bool write = false;
  bool lookup = false;
  bool error = false;
  bool good_read = false;  // a read or lookup that succeeded
  bool good_write = false;
};

void add_call(CallSummary& summary, const CallFacts& facts) {
  const auto [nature, error] = facts;
  summary.any = true;
  summary.read |= nature == CallNature::kRead;
  summary.write |= nature == CallNature::kWrite;
  summary.lookup |= nature == CallNature::kLookup;
  summary.error |= error;
  summary.good_read |= !error && (nature == CallNature::kRead || nature == CallNature::kLookup);
  summary.good_write |= !error && nature == CallNature::kWrite;
}

void add_calls(CallSummary& summary, const Trajectory& trajectory,
               const std::vector<CallFacts>& facts, CallRange range) {
  const ToolCall* const first = trajectory.calls.data();
  for_each_agent_call(trajectory, range, [&](const ToolCall& call) {
    add_call(summary, facts[static_cast<std::size_t>(&call - first)]);
  });
}

CallSummary summarise(const Trajectory& trajectory, const std::vector<CallFacts>& facts,
                      CallRange range) {
  CallSummary summary;
  add_calls(summary, trajectory, facts, range);
  return summary;
}

// The dialogue around the items, read once per trajectory.
class Dialogue {
 public:
  Dialogue(const Trajectory& trajectory, const std::vector<CallFacts>& facts) {
    TextScan scan;
    for (std::size_t m = 0; m < trajectory.messages.size(); ++m) {
      if (is_user_turn(trajectory, m)) turns_.push_back(read_user_turn(trajectory, m, scan));
    }
    // Calls between each user turn and the next.
    calls_after_turn_.resize(turns_.size());
    for (std::size_t i = 0; i < trajectory.calls.size(); ++i) {
      const ToolCall& call = trajectory.calls[i];
      if (call.requestor != Requestor::kAgent || call.message == kNone) continue;
      const std::size_t turn = turns_before(static_cast<std::size_t>(call.message));
      if (turn > 0) add_call(calls_after_turn_[turn - 1], facts[i]);
    }
  }

  // Number of user turns before message m.
  std::size_t turns_before(std::size_t m) const {
    return static_cast<std::size_t>(
        std::lower_bound(turns_.begin(), turns_.end(), m,
                         [](const UserTurn& turn, std::size_t at) { return turn.message < at; }) -
        turns_.begin());
  }

  std::size_t turn_count() const { return turns_.size(); }
  const UserTurn& turn(std::size_t i) const { return turns_[i]; }
  const CallSummary& calls_after_turn(std::size_t i) const { return calls_after_turn_[i]; }

 private:
  std::vector<UserTurn> turns_;
  std::vector<CallSummary> calls_after_turn_;
};

using Holds = std::vector<std::uint8_t>;

void add_text_features(const TextScan& scan, Holds& holds) {
  const Layout& layout = scan.layout;
  holds[kTextShort] = scan.words.size() <= kShortWords;
  holds[kTextLong] = scan.words.size() >= kLongWords;
  holds[kTextList] = layout.dash_bullets + layout.dot_bullets + layout.numbered >= 3;
}

void add_call_features(const Trajectory& trajectory, const std::vector<CallFacts>& facts,
                       const Item& item, const CallSummary& past, Holds& holds) {
  const CallSummary before = summarise(trajectory, facts, item.before);
  const CallSummary own = summarise(trajectory, facts, item.own);
  const CallSummary after = summarise(trajectory, facts, item.after);
  holds[kStateIdentified] = past.good_read || past.good_write;
  holds[kStateWrote] = past.good_write;
  holds[kBeforeNone] = !before.any;
  holds[kBeforeRead] = before.read;
  holds[kBeforeWrite] = before.write;
  holds[kBeforeLookup] = before.lookup;
  holds[kBeforeError] = before.error;
  holds[kOwnNone] = !own.any;
  holds[kOwnRead] = own.read;
  holds[kOwnWrite] = own.write;
  holds[kOwnLookup] = own.lookup;
  holds[kAfterNone] = !after.any;
  holds[kAfterRead] = after.read;
  holds[kAfterWrite] = after.write;
  holds[kAfterLookup] = after.lookup;
}

void add_dialogue_features(const Dialogue& dialogue, const Item& item, Holds& holds) {
  const std::size_t turns = dialogue.turns_before(item.message);
  holds[kTurnGreeting] = turns == 0;
  holds[kTurnFirst] = turns == 1;
  holds[kTurnLast] = turns == dialogue.turn_count();
  holds[kStateUnidentified] = turns > 0 && !holds[kStateIdentified];
  if (turns > 0) {
    const UserTurn& user = dialogue.turn(turns - 1);
    holds[kUserYes] = user.yes;
    holds[kUserIdent] = user.ident;
    holds[kUserQuestion] = user.question;
  }
  if (turns < dialogue.turn_count()) {
    const UserTurn& reply = dialogue.turn(turns);
    holds[kReplyYes] = reply.yes;
    holds[kReplyIdent] = reply.ident;
    holds[kReplyThanks] = reply.thanks;
    holds[kReplyThenWrite] = dialogue.calls_after_turn(turns).write;
    holds[kReplyThenLookup] = dialogue.calls_after_turn(turns).lookup;
  }
}

}  // namespace

const std::vector<std::string>& builtin_features() {
  static const std::vector<std::string> names(kNames.begin(), kNames.end());
  return names;
}

CueMatcher::CueMatcher(const std::vector<Cue>& cues) : n_cues_(cues.size()) {
  TextScan scan;
  for (std::size_t c = 0; c < cues.size(); ++c) {
    if (cues[c].name == "ask") ask_cue_ = static_cast<std::int64_t>(c);
    if (cues[c].name == "closing") closing_cue_ = static_cast<std::int64_t>(c);
    for (const std::string& text : cues[c].phrases) {
      // "_" is a word of its own here, for a scan it is a mark: put in a word that stands for it.
      Phrase phrase;
      phrase.cue = static_cast<std::uint32_t>(c);
      std::size_t at = 0;
      while (at < text.size()) {
        while (at < text.size() && is_ascii_space(text[at])) ++at;
        std::size_t end = at;
        while (end < text.size() && !is_ascii_space(text[end])) ++end;
        const std::string_view piece = std::string_view(text).substr(at, end - at);
        at = end;
        if (piece == "_") {
          phrase.words.push_back(0);
        } else {
          scan_text(piece, scan);
          for (const Word& word : scan.words) phrase.words.push_back(word.hash);
        }
      }
      while (!phrase.words.empty() && phrase.words.front() == 0) {
        phrase.words.erase(phrase.words.begin());
      }
      if (!phrase.words.empty()) phrases_.push_back(std::move(phrase));
    }
  }
  std::stable_sort(phrases_.begin(), phrases_.end(), [](const Phrase& a, const Phrase& b) {
    return std::pair(begins_with_pair(a), beginning_of(a)) <
           std::pair(begins_with_pair(b), beginning_of(b));
  });
  by_word_ = make_index(false);
  by_pair_ = make_index(true);
}

bool CueMatcher::begins_with_pair(const Phrase& phrase) {
  return phrase.words.size() > 1 && phrase.words[1] != 0;
}

std::uint64_t CueMatcher::beginning_of(const Phrase& phrase) {
  return begins_with_pair(phrase) ? hash_combine(phrase.words[0], phrase.words[1])
                                  : phrase.words[0];
}

WordIndex CueMatcher::make_index(bool pairs) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> entries;
  for (std::uint32_t p = 0; p < phrases_.size(); ++p) {
    if (begins_with_pair(phrases_[p]) != pairs) continue;
    const std::uint64_t beginning = beginning_of(phrases_[p]);
    if (entries.empty() || entries.back().first != beginning) {
      entries.emplace_back(beginning, static_cast<std::uint32_t>(groups_.size()));
      groups_.push_back({p, p});
    }
    groups_.back().end = p + 1;
  }
  return WordIndex(entries);
}

// The words at which a phrase may begin, and how many they are. Most words are none, but which are
// is hard to foretell, so no branch depends on it.
std::size_t CueMatcher::find_beginnings(const TextScan& scan,
                                        std::vector<std::uint32_t>& words) const {
  const auto n = static_cast<std::uint32_t>(scan.words.size());
  if (words.size() < n) words.resize(n);
  std::size_t found = 0;
  for (std::uint32_t w = 0; w + 1 < n; ++w) {
    words[found] = w;
    const bool word = by_word_.may_have(scan.words[w].hash);
    const bool pair = by_pair_.may_have(scan.words[w + 1].pair);
    found += static_cast<std::size_t>(word | pair);
  }
  if (n > 0 && by_word_.may_have(scan.words[n - 1].hash)) words[found++] = n - 1;
  return found;
}

// `known`: so many of its words are there.
bool CueMatcher::matches_at(const TextScan& scan, std::size_t at, const Phrase& phrase,
                            std::size_t known) const {
  if (at + phrase.words.size() > scan.words.size()) return false;
  // Phrases that begin alike differ at their end.
  for (std::size_t i = phrase.words.size(); i-- > known;) {
    if (phrase.words[i] != 0 && phrase.words[i] != scan.words[at + i].hash) return false;
  }
  // A phrase lies within one sentence.
  return scan.words[at + phrase.words.size() - 1].sentence == scan.words[at].sentence;
}

template <class Visit>
void CueMatcher::for_each_match_at(const TextScan& scan, std::size_t at, Visit&& visit) const {
  const auto visit_group = [&](std::uint32_t group, std::size_t known) {
    if (group == WordIndex::kAbsent) return;
    for (std::uint32_t p = groups_[group].begin; p < groups_[group].end; ++p) {
      if (matches_at(scan, at, phrases_[p], known)) visit(phrases_[p]);
    }
  };
  visit_group(by_word_.find(scan.words[at].hash), 1);
  if (at + 1 < scan.words.size()) visit_group(by_pair_.find(scan.words[at + 1].pair), 2);
}

CueMatcher::Asking CueMatcher::match(const TextScan& scan, Scratch& scratch,
                                     std::vector<std::uint8_t>& held) const {
  held.assign(kVariants * n_cues_, 0);
  const std::size_t n = scan.sentences.size();
  auto& [beginnings, hits, asks, closes] = scratch;
  hits.clear();
  asks.assign(n, 0);
  closes.assign(n, 0);
  for (std::size_t s = 0; s < n; ++s) asks[s] = scan.sentences[s].question;
  const std::size_t n_beginnings = find_beginnings(scan, beginnings);
  for (std::size_t b = 0; b < n_beginnings; ++b) {
    const std::uint32_t w = beginnings[b];
    for_each_match_at(scan, w,
                      [&, &hits = hits, &asks = asks, &closes = closes](const Phrase& phrase) {
                        const std::uint32_t cue = phrase.cue;
                        const std::uint32_t sentence = scan.words[w].sentence;
                        hits.push_back({cue, sentence});
                        if (static_cast<std::int64_t>(cue) == ask_cue_) asks[sentence] = 1;
                        if (static_cast<std::int64_t>(cue) == closing_cue_) closes[sentence] = 1;
                      });
  }
  std::size_t asking_from = n;  // the last sentence that asks
  std::size_t spoken = n;       // end of the text without its closing words
  while (spoken > 0 && closes[spoken - 1]) --spoken;
  for (std::size_t s = 0; s < n; ++s) {
    if (asks[s] && !closes[s]) asking_from = s;
  }
  for (const Hit& hit : hits) {
    std::uint8_t* variants = held.data() + kVariants * hit.cue;
    variants[0] = 1;
    if (hit.sentence == 0) variants[1] = 1;
    if (hit.sentence + 2 >= n) variants[2] = 1;
    const bool asking = asks[hit.sentence] && !closes[hit.sentence];
    if (asking || hit.sentence >= asking_from) variants[3] = 1;
  }
  return {asking_from < n, asking_from < n && asking_from + 2 >= spoken};
}

StageFeatureExtractor::StageFeatureExtractor(const std::vector<Cue>& cues)
    : matcher_(cues), names_(builtin_features()) {
  for (const Cue& cue : cues) {
    for (const std::string_view variant : {"", ".first", ".last", ".ask"}) {
      names_.push_back("cue." + cue.name + std::string(variant));
    }
  }
}

struct StageFeatureReader::State {
  const StageFeatureExtractor& extractor;
  const Trajectory& trajectory;
  const std::vector<Item>& items;
  const std::vector<CallFacts>& facts;
  Dialogue dialogue;
  CallSummary past;  // of all calls before the item
  std::uint32_t past_end = 0;
  std::size_t item = 0;  // the next one
  CueMatcher::Scratch scratch;
  std::vector<std::uint8_t> cues;
  Holds holds;
  std::vector<std::uint16_t> features;
};

StageFeatureReader::StageFeatureReader(const StageFeatureExtractor& extractor,
                                       const Trajectory& trajectory, const std::vector<Item>& items,
                                       const std::vector<CallFacts>& facts)
    : state_(std::make_unique<State>(State{extractor,
                                           trajectory,
                                           items,
                                           facts,
                                           Dialogue(trajectory, facts),
                                           {},
                                           0,
                                           0,
                                           {},
                                           {},
                                           {},
                                           {}})) {}

StageFeatureReader::~StageFeatureReader() = default;

std::span<const std::uint16_t> StageFeatureReader::next(const TextScan& scan) {
  auto& [extractor, trajectory, items, facts, dialogue, past, past_end, at, scratch, cues, holds,
         features] = *state_;
  const std::size_t i = at++;
  const Item& item = items[i];
  add_calls(past, trajectory, facts, {past_end, item.own.begin});
  past_end = std::max(past_end, item.own.begin);
  const CueMatcher::Asking asking = extractor.matcher().match(scan, scratch, cues);
  holds.assign(kFeatureCount, 0);
  holds[kTextAsks] = asking.anywhere;
  holds[kTextAsksLate] = asking.late;
  holds[kKindThink] = item.kind == ItemKind::kThink;
  holds[kMessageText] =
      item.kind == ItemKind::kThink && i + 1 < items.size() && items[i + 1].message == item.message;
  add_text_features(scan, holds);
  add_call_features(trajectory, facts, item, past, holds);
  add_dialogue_features(dialogue, item, holds);
  features.resize(holds.size() + cues.size());
  std::size_t n = 0;
  const auto add_held = [&features = features, &n](const Holds& held, std::size_t first) {
    for (std::size_t f = 0; f < held.size(); ++f) {
      features[n] = static_cast<std::uint16_t>(first + f);
      n += held[f];
    }
  };
  add_held(holds, 0);
  add_held(cues, kFeatureCount);
  return std::span(features).first(n);
}

std::vector<std::vector<std::uint16_t>> StageFeatureExtractor::extract(
    const Trajectory& trajectory, const std::vector<Item>& items) const {
  std::vector<std::vector<std::uint16_t>> features;
  const std::vector<CallFacts> facts = call_facts(trajectory);
  StageFeatureReader reader(*this, trajectory, items, facts);
  TextScan scan;
  for (const Item& item : items) {
    scan_text(item.text, scan);
    const auto held = reader.next(scan);
    features.emplace_back(held.begin(), held.end());
  }
  return features;
}

}  // namespace agentecho::rps
