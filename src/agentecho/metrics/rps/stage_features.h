// What the local annotator looks at: a few dozen yes/no features of an item in its dialogue.
//
// Two kinds. The state of the dialogue: has the user been identified, what was called since the
// user last spoke, is this message calling something, what does the user answer, is a write about
// to happen. And cues: short phrases, given by the taxonomy (taxonomy.h). Names, ids and domain
// words play no part, so the same rules serve another domain.
//
// Built-in features (all hold or do not hold):
//   kind.think           the item is reasoning
//   turn.greeting        no user turn before it
//   turn.first           exactly one user turn before it
//   turn.last            no user turn with words after it
//   state.identified     a lookup of the user, or any other domain call, has succeeded before it
//   state.unidentified   turn.greeting does not hold and state.identified does not
//   state.wrote          a write has succeeded before it
//   before.none/.read/.write/.lookup/.error   calls since the previous item or user turn
//   own.none/.read/.write/.lookup             calls of the same message
//   after.none/.read/.write/.lookup           calls from this message to the next item or user turn
//   message.text         (think) the same message has text for the user
//   user.yes             the user turn before it agrees ("yes", "please proceed", ...)
//   user.ident           the user turn before it has a token with a digit or an @
//   user.question        the user turn before it asks something
//   reply.yes            the next user turn agrees
//   reply.ident          the next user turn has a token with a digit or an @
//   reply.thanks         the next user turn thanks or says goodbye
//   reply.then_write     after the next user turn, a write comes before the next response
//   reply.then_lookup    likewise a lookup
//   text.short           at most 15 words;  text.long: at least 120
//   text.asks            asks the user for something (below);  text.asks_late: in its last
//   sentences text.list            three or more list lines
//
// Asking: a sentence asks when it ends in a question mark or has a phrase of the cue named "ask",
// unless it has a phrase of the cue named "closing" (a polite "anything else?" asks for nothing).
// The asking part of a text runs from the last sentence that asks to the end, since lists of what
// is wanted follow the request. The variant "cue.c.ask" looks there. Cost: O(bytes of the
// trajectory) for all its items.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/metrics/rps/items.h"
#include "agentecho/metrics/rps/taxonomy.h"
#include "agentecho/metrics/rps/text_scan.h"
#include "agentecho/metrics/rps/word_index.h"

namespace agentecho::rps {

// Names of the built-in features, in the order of their ids.
const std::vector<std::string>& builtin_features();

// All phrases of a taxonomy's cues, ready for matching in one pass over the words of a text.
class CueMatcher {
 public:
  static constexpr std::size_t kVariants = 4;  // anywhere, first, last, ask
  explicit CueMatcher(const std::vector<Cue>& cues);

  std::size_t cue_count() const { return n_cues_; }
  struct Asking {
    bool anywhere = false;
    bool late = false;  // in the last two sentences that do not close
  };
  // Where the phrases of a text stand; memory that match() uses again.
  struct Hit {
    std::uint32_t cue = 0;
    std::uint32_t sentence = 0;
  };
  struct Scratch {
    std::vector<std::uint32_t> beginnings;  // words
    std::vector<Hit> hits;
    std::vector<std::uint8_t> asks;  // by sentence
    std::vector<std::uint8_t> closes;
  };
  // Sets held[kVariants * cue + variant] to 1 for what holds; `held` has kVariants * cue_count().
  Asking match(const TextScan& scan, Scratch& scratch, std::vector<std::uint8_t>& held) const;

 private:
  struct Phrase {
    std::vector<std::uint64_t> words;  // 0: any word
    std::uint32_t cue = 0;
  };
  // Phrases that begin alike: phrases_[begin, end).
  struct Group {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  static bool begins_with_pair(const Phrase& phrase);
  static std::uint64_t beginning_of(const Phrase& phrase);
  WordIndex make_index(bool pairs);
  std::size_t find_beginnings(const TextScan& scan, std::vector<std::uint32_t>& words) const;
  bool matches_at(const TextScan& scan, std::size_t at, const Phrase& phrase,
                  std::size_t known) const;
  template <class Visit>
  void for_each_match_at(const TextScan& scan, std::size_t at, Visit&& visit) const;

  std::size_t n_cues_ = 0;
  std::int64_t ask_cue_ = -1;
  std::int64_t closing_cue_ = -1;
  std::vector<Phrase> phrases_;
  std::vector<Group> groups_;
  // Numbers in groups_: by the first two words where both are given, else by the first one.
  WordIndex by_pair_;
  WordIndex by_word_;
};

// Feature ids: built-in ones first, then kVariants per cue; the same again for "think:" features.
class StageFeatureExtractor {
 public:
  explicit StageFeatureExtractor(const std::vector<Cue>& cues);

  // Names in id order, without the "think:" forms.
  const std::vector<std::string>& names() const { return names_; }

  const CueMatcher& matcher() const { return matcher_; }

  // For each item the ids of the features that hold, ascending.
  std::vector<std::vector<std::uint16_t>> extract(const Trajectory& trajectory,
                                                  const std::vector<Item>& items) const;

 private:
  CueMatcher matcher_;
  std::vector<std::string> names_;
};

// The same for the items of one trajectory, one after the other, from texts that are scanned
// already.
class StageFeatureReader {
 public:
  // All must outlive it; `facts` as call_facts() gives them.
  StageFeatureReader(const StageFeatureExtractor& extractor, const Trajectory& trajectory,
                     const std::vector<Item>& items, const std::vector<CallFacts>& facts);
  ~StageFeatureReader();
  StageFeatureReader(const StageFeatureReader&) = delete;
  StageFeatureReader& operator=(const StageFeatureReader&) = delete;

  // Of the next item, whose text `scan` is of; valid until the next call.
  std::span<const std::uint16_t> next(const TextScan& scan);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace agentecho::rps
