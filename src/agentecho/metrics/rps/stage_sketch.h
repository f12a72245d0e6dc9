// What the local judge keeps of all items of one stage of one trajectory: counts of habits and
// sketches of wording, no text (METHOD 4; docs/architecture.md, "Prepare once, score many"). Two
// sketches are all that scoring a pair needs.
//
// Wording is kept so that what the task dictates weighs little: words with digits (ids, prices,
// dates) never enter; besides plain word bigrams there are *distorted* trigrams, in which every
// word outside a list of function and courtesy words is replaced by one placeholder, so that they
// record how something is said and not what is talked about (text distortion: E. Stamatatos,
// "Authorship Attribution Using Text Distortion", EACL 2017). Size: at most about 4 KB. Cost:
// O(bytes of the items).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/metrics/rps/bottom_k.h"
#include "agentecho/metrics/rps/items.h"
#include "agentecho/metrics/rps/stage_features.h"
#include "agentecho/metrics/rps/text_scan.h"

namespace agentecho::rps {

// Totals over the block. Response counters first, then those of reasoning, then calls.
enum class Count : std::uint8_t {
  kResponses,
  kWords,
  kSentences,
  kLines,
  kParagraphs,
  kDashBullets,
  kDotBullets,
  kNestedBullets,
  kNumbered,
  kHeadings,
  kBold,
  kEmoji,
  kDashes,
  kArrows,
  kCurlyApostrophes,
  kStraightApostrophes,
  kParentheses,
  kColonLines,
  kHardBreaks,
  kTableLines,
  kBackticks,
  kQuestions,
  kExclamations,
  kJsonWrapped,
  kFirstPerson,          // I, my, me
  kWe,                   // we, us, our, let's
  kYou,                  // you, your
  kPolite,               // please, thank(s), welcome, happy, glad, appreciate
  kSorry,                // sorry, apologize, apologies, unfortunately
  kEnthusiasm,           // great, perfect, excellent, absolutely, wonderful, ...
  kOpensWithEnthusiasm,  // responses whose first three words have one of these
  kOpensWithGreeting,    // hello, hi, hey
  kOpensWithThanks,
  kEndsAsking,  // responses whose last sentence is a question
  kListed,      // responses with a list
  kThinks,
  kThinkWords,
  kThinkSentences,
  kThinkParagraphs,
  kThinkListLines,
  kThinkHesitation,  // wait, hmm, okay, hold, actually
  kThinkQuestions,
  kCalls,              // agent's calls next to the items, each counted once
  kCallMessages,       // messages that issued them
  kAnnouncedMessages,  // of these, with a text for the user
  kReasonedMessages,   // of these, with reasoning but no text
  kCallErrors,
  kRetriedErrors,  // errors whose next call is to the same tool
  kReads,
  kWrites,
  kPromises,        // responses that announce an action ("let me check", "I'll now ...")
  kBrokenPromises,  // of these, with no call before the user speaks again
  kAsksLeave,       // responses that ask leave to act ("would you like me to ...")
  kCount
};
constexpr std::size_t kCounts = static_cast<std::size_t>(Count::kCount);

// Function, courtesy and service words whose frequencies are kept.
std::span<const std::string_view> profile_words();
constexpr std::size_t kProfileWords = 160;
constexpr std::size_t kSketches = 6;

struct StageSketch {
  std::uint32_t n_items = 0;
  std::array<float, kCounts> counts{};
  std::array<float, kProfileWords> profile{};  // occurrences in responses, profile_words() order
  BottomK bigrams{192};                        // word bigrams of responses
  BottomK distorted{192};                      // distorted trigrams of responses
  BottomK openings{32};                        // bigrams of the first five words of each response
  BottomK closings{48};                        // bigrams of the last sentence of each response
  BottomK think_bigrams{128};
  BottomK think_openings{32};

  // Of nothing again, with the memory that it has.
  void clear() {
    n_items = 0;
    counts.fill(0);
    profile.fill(0);
    for (BottomK* const set : sketches()) set->clear();
  }
  double count(Count which) const { return counts[static_cast<std::size_t>(which)]; }
  std::array<BottomK*, kSketches> sketches() {
    return {&bigrams, &distorted, &openings, &closings, &think_bigrams, &think_openings};
  }
  std::array<const BottomK*, kSketches> sketches() const {
    return {&bigrams, &distorted, &openings, &closings, &think_bigrams, &think_openings};
  }
  bool operator==(const StageSketch&) const = default;
};

// The same with sketches that stand somewhere else.
struct StageSketchView {
  std::uint32_t n_items = 0;
  std::array<float, kCounts> counts{};
  std::array<float, kProfileWords> profile{};
  std::array<BottomKView, kSketches> sketches;  // in the order of StageSketch::sketches()

  StageSketchView() = default;
  StageSketchView(const StageSketch& sketch)  // NOLINT
      : n_items(sketch.n_items), counts(sketch.counts), profile(sketch.profile) {
    for (std::size_t i = 0; i < kSketches; ++i) sketches[i] = *sketch.sketches()[i];
  }

  double count(Count which) const { return counts[static_cast<std::size_t>(which)]; }
};

// Makes a sketch of items that come in order, from texts that are scanned already.
class StageSketcher {
 public:
  // All must outlive it; `facts` as call_facts() gives them, `sketch` new.
  StageSketcher(const Trajectory& trajectory, const std::vector<CallFacts>& facts,
                StageSketch& sketch)
      : trajectory_(&trajectory), facts_(&facts), sketch_(&sketch) {}

  // Memory that add() uses again.
  struct Scratch {
    CueMatcher::Scratch cues;
    std::vector<std::uint8_t> habits;
  };
  void add(const Item& item, const TextScan& scan, Scratch& scratch);
  // After the last item.
  void finish();

 private:
  void bump(Count which, double by = 1.0) {
    sketch_->counts[static_cast<std::size_t>(which)] += static_cast<float>(by);
  }
  void add_response(const Item& item, const TextScan& scan, Scratch& scratch);
  void add_layout(const TextScan& scan);
  void add_sentence(const TextScan& scan, const Sentence& sentence);
  void add_ends(const TextScan& scan);
  void add_habits(const Item& item, const TextScan& scan, Scratch& scratch);
  void add_think(const TextScan& scan);
  void add_calls(CallRange range);

  const Trajectory* trajectory_;
  const std::vector<CallFacts>* facts_;
  StageSketch* sketch_;
  std::uint32_t counted_end_ = 0;  // calls before this one are counted
  std::int32_t last_call_message_ = kNone;
  std::string_view failed_tool_;
  bool has_plain_trigram_ = false;  // of placeholders alone, the most frequent one
};

// The sketch of the items with the given numbers (ascending; others are ignored).
StageSketch make_stage_sketch(const Trajectory& trajectory, const std::vector<Item>& items,
                              std::span<const std::uint32_t> numbers);

// As plain numbers, to be stored and read back by any format that has numbers.
std::vector<double> to_numbers(const StageSketch& sketch);
Result<StageSketch> sketch_from_numbers(std::span<const double> numbers);

}  // namespace agentecho::rps
