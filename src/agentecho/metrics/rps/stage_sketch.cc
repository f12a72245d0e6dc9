#include "agentecho/metrics/rps/stage_sketch.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "agentecho/base/text.h"
#include "agentecho/metrics/rps/stage_features.h"
#include "agentecho/metrics/rps/text_scan.h"

namespace agentecho::rps {

namespace {

constexpr std::array<std::string_view, kProfileWords> kWordList = {
    // articles, conjunctions, prepositions
    "a", "an", "the", "and", "or", "but", "if", "so", "as", "of", "to", "in", "on", "at", "by",
    "for", "from", "with", "about", "into", "under", "since", "until", "before", "after", "once",
    "while", "because", "though", "although", "however", "then", "than", "also", "just", "only",
    // pronouns and determiners
    "i", "me", "my", "we", "us", "our", "you", "your", "it", "its", "they", "them", "their", "this",
    "that", "these", "those", "there", "here", "which", "what", "who", "when", "where", "how",
    "any", "all", "each", "both", "other", "another", "some", "no", "not", "one", "more",
    // verbs that carry little
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "do", "does", "did", "can",
    "could", "will", "would", "may", "might", "should", "must", "shall", "need", "like", "want",
    "let", "get", "see", "know", "make", "take", "help", "find", "found", "check", "provide",
    // contractions
    "i'm", "i'd", "i'll", "i've", "it's", "that's", "here's", "let's", "don't", "can't", "you'd",
    "you'll", "you're", "you've", "we'll", "isn't", "wasn't", "won't",
    // courtesy and service
    "please", "thank", "thanks", "welcome", "sorry", "apologize", "unfortunately", "happy", "glad",
    "great", "perfect", "excellent", "sure", "absolutely", "certainly", "yes", "hello", "hi",
    "assist", "assistance", "proceed", "confirm", "anything", "else", "further", "feel", "free",
    "currently", "available", "following", "details", "summary", "note", "successfully", "now"};

// Class bits of words that have a counter of their own.
enum WordClass : std::uint16_t {
  kProfileWord = 1,
  kClassFirstPerson = 2,
  kClassWe = 4,
  kClassYou = 8,
  kClassPolite = 16,
  kClassSorry = 32,
  kClassEnthusiasm = 64,
  kClassGreeting = 128,
  kClassThanks = 256,
  kClassHesitation = 512,
};

struct WordInfo {
  std::uint16_t classes = 0;
  std::uint16_t profile = 0;  // index where classes has kProfileWord
};

using WordTable = std::unordered_map<std::uint64_t, WordInfo>;

WordTable make_word_table() {
  WordTable table;
  for (std::size_t i = 0; i < kWordList.size(); ++i) {
    WordInfo& info = table[hash_word(kWordList[i])];
    info.classes |= kProfileWord;
    info.profile = static_cast<std::uint16_t>(i);
  }
  const auto add = [&](WordClass bit, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) table[hash_word(word)].classes |= bit;
  };
  add(kClassFirstPerson, {"i", "me", "my", "i'm", "i'd", "i'll", "i've"});
  add(kClassWe, {"we", "us", "our", "let's", "we'll", "we've", "we're"});
  add(kClassYou, {"you", "your", "you'd", "you'll", "you're", "you've"});
  add(kClassPolite, {"please", "thank", "thanks", "welcome", "happy", "glad", "appreciate",
                     "kindly", "patience"});
  add(kClassSorry,
      {"sorry", "apologize", "apologies", "apology", "unfortunately", "inconvenience"});
  add(kClassEnthusiasm, {"great", "perfect", "excellent", "absolutely", "wonderful", "fantastic",
                         "awesome", "definitely", "amazing"});
  add(kClassGreeting, {"hello", "hi", "hey", "greetings"});
  add(kClassThanks, {"thank", "thanks"});
  add(kClassHesitation, {"wait", "hmm", "okay", "ok", "actually", "hold", "so", "alright"});
  return table;
}

const WordTable& word_table() {
  static const WordTable table = make_word_table();
  return table;
}

// Announcing an action, and asking leave to act: the two habits around calls that words show.
const CueMatcher& habit_matcher() {
  static const CueMatcher matcher({
      {"promise", {"let me check",     "let me look",      "let me get",      "let me search",
                   "let me pull",      "let me find",      "let me retrieve", "let me see",
                   "let me calculate", "let me review",    "let me now",      "let me also",
                   "let me first",     "let me gather",    "let me fetch",    "let me proceed",
                   "let me process",   "let me update",    "let me try",      "now let me",
                   "i'll check",       "i will check",     "i'll look",       "i will look",
                   "i'll search",      "i'll now",         "i will now",      "i'll proceed",
                   "i will proceed",   "i'll process",     "i'll get",        "i'll retrieve",
                   "i'll pull",        "i'll start by",    "one moment",      "please hold",
                   "please wait",      "give me a moment", "just a moment"}},
      {"leave",
       {"would you like me to", "do you want me to", "shall i", "should i", "like me to",
        "want me to", "may i proceed"}},
  });
  return matcher;
}
constexpr std::size_t kPromiseCue = 0;
constexpr std::size_t kLeaveCue = CueMatcher::kVariants;

constexpr std::uint64_t kPlaceholder = 0x5EED;

class SketchMaker {
 public:
  SketchMaker(const Trajectory& trajectory, const std::vector<Item>& items)
      : trajectory_(trajectory), items_(items) {}

  StageSketch make(std::span<const std::uint32_t> numbers) {
    for (const std::uint32_t number : numbers) {
      if (number >= items_.size()) continue;
      const Item& item = items_[number];
      ++sketch_.n_items;
      scan_text(item.text, scan_);
      look_up_words();
      if (item.kind == ItemKind::kThink) {
        add_think();
      } else {
        add_response(item);
      }
      add_calls({item.before.begin, item.after.end});
    }
    for (BottomK* set : {&sketch_.bigrams, &sketch_.distorted, &sketch_.openings, &sketch_.closings,
                         &sketch_.think_bigrams, &sketch_.think_openings}) {
      set->tidy();
    }
    return std::move(sketch_);
  }

 private:
  void bump(Count which, double by = 1.0) {
    sketch_.counts[static_cast<std::size_t>(which)] += static_cast<float>(by);
  }

  void add_response(const Item& item) {
    bump(Count::kResponses);
    add_layout();
    add_words();
    add_ngrams();
    add_ends();
    add_habits(item);
  }

  void add_layout() {
    const Layout& layout = scan_.layout;
    bump(Count::kWords, static_cast<double>(scan_.words.size()));
    bump(Count::kSentences, static_cast<double>(scan_.sentences.size()));
    bump(Count::kLines, layout.lines);
    bump(Count::kParagraphs, layout.paragraphs);
    bump(Count::kDashBullets, layout.dash_bullets);
    bump(Count::kDotBullets, layout.dot_bullets);
    bump(Count::kNestedBullets, layout.nested_bullets);
    bump(Count::kNumbered, layout.numbered);
    bump(Count::kHeadings, layout.headings);
    bump(Count::kBold, layout.bold_spans);
    bump(Count::kEmoji, layout.emoji);
    bump(Count::kDashes, layout.dashes);
    bump(Count::kArrows, layout.arrows);
    bump(Count::kCurlyApostrophes, layout.curly_apostrophes);
    bump(Count::kStraightApostrophes, layout.straight_apostrophes);
    bump(Count::kParentheses, layout.parentheses);
    bump(Count::kColonLines, layout.colon_lines);
    bump(Count::kHardBreaks, layout.hard_breaks);
    bump(Count::kTableLines, layout.table_lines);
    bump(Count::kBackticks, layout.backticks);
    bump(Count::kQuestions, layout.questions);
    bump(Count::kExclamations, layout.exclamations);
    bump(Count::kJsonWrapped, layout.json_wrapped ? 1 : 0);
    bump(Count::kListed, layout.dash_bullets + layout.dot_bullets + layout.numbered >= 2 ? 1 : 0);
  }

  // Looks each word of the scan up once.
  void look_up_words() {
    infos_.clear();
    for (const Word& word : scan_.words) {
      const auto found = word_table().find(word.hash);
      infos_.push_back(found == word_table().end() ? WordInfo{} : found->second);
    }
  }

  void add_words() {
    for (const WordInfo& info : infos_) {
      if (info.classes & kProfileWord) sketch_.profile[info.profile] += 1.0f;
      if (info.classes & kClassFirstPerson) bump(Count::kFirstPerson);
      if (info.classes & kClassWe) bump(Count::kWe);
      if (info.classes & kClassYou) bump(Count::kYou);
      if (info.classes & kClassPolite) bump(Count::kPolite);
      if (info.classes & kClassSorry) bump(Count::kSorry);
      if (info.classes & kClassEnthusiasm) bump(Count::kEnthusiasm);
    }
  }

  // Bigrams and distorted trigrams stay within a sentence; words with digits are left out of
  // bigrams and are placeholders in trigrams.
  void add_ngrams() {
    for (const Sentence& sentence : scan_.sentences) {
      std::uint64_t before = 0;
      std::uint64_t masked_first = 1;
      std::uint64_t masked_second = 2;
      for (std::uint32_t w = sentence.first_word; w < sentence.first_word + sentence.n_words; ++w) {
        const Word& word = scan_.words[w];
        const bool kept = (infos_[w].classes & kProfileWord) != 0;
        const std::uint64_t masked = kept ? word.hash : kPlaceholder;
        sketch_.distorted.add(hash_combine(hash_combine(masked_first, masked_second), masked));
        masked_first = masked_second;
        masked_second = masked;
        if (word.has_digit) continue;
        sketch_.bigrams.add(hash_combine(before, word.hash));
        before = word.hash;
      }
    }
  }

  void add_bigrams(std::size_t begin, std::size_t end, BottomK& set) {
    std::uint64_t before = 0;
    for (std::size_t w = begin; w < end && w < scan_.words.size(); ++w) {
      if (scan_.words[w].has_digit) continue;
      set.add(hash_combine(before, scan_.words[w].hash));
      before = scan_.words[w].hash;
    }
  }

  void add_ends() {
    if (scan_.sentences.empty()) return;
    add_bigrams(0, 5, sketch_.openings);
    const Sentence& last = scan_.sentences.back();
    add_bigrams(last.first_word, last.first_word + last.n_words, sketch_.closings);
    if (last.question) bump(Count::kEndsAsking);
    std::uint16_t classes = 0;
    for (std::size_t w = 0; w < std::min<std::size_t>(3, scan_.words.size()); ++w) {
      classes |= infos_[w].classes;
    }
    if (classes & kClassEnthusiasm) bump(Count::kOpensWithEnthusiasm);
    if (classes & kClassGreeting) bump(Count::kOpensWithGreeting);
    if (classes & kClassThanks) bump(Count::kOpensWithThanks);
  }

  void add_habits(const Item& item) {
    habit_matcher().match(scan_, habits_);
    if (habits_[kLeaveCue] != 0) bump(Count::kAsksLeave);
    if (habits_[kPromiseCue] == 0) return;
    bump(Count::kPromises);
    bool called = false;
    for_each_agent_call(trajectory_, item.after, [&](const ToolCall&) { called = true; });
    if (!called) bump(Count::kBrokenPromises);
  }

  void add_think() {
    const Layout& layout = scan_.layout;
    bump(Count::kThinks);
    bump(Count::kThinkWords, static_cast<double>(scan_.words.size()));
    bump(Count::kThinkSentences, static_cast<double>(scan_.sentences.size()));
    bump(Count::kThinkParagraphs, layout.paragraphs);
    bump(Count::kThinkListLines, layout.dash_bullets + layout.dot_bullets + layout.numbered);
    bump(Count::kThinkQuestions, layout.questions);
    for (const WordInfo& info : infos_) {
      if (info.classes & kClassHesitation) bump(Count::kThinkHesitation);
    }
    add_bigrams(0, scan_.words.size(), sketch_.think_bigrams);
    add_bigrams(0, 6, sketch_.think_openings);
  }

  // Ranges of successive items overlap; each call is counted once.
  void add_calls(CallRange range) {
    range.begin = std::max(range.begin, counted_end_);
    counted_end_ = std::max(counted_end_, range.end);
    for_each_agent_call(trajectory_, range, [&](const ToolCall& call) {
      bump(Count::kCalls);
      const CallNature nature = nature_of(call.name);
      if (nature == CallNature::kWrite) bump(Count::kWrites);
      if (nature == CallNature::kRead || nature == CallNature::kLookup) bump(Count::kReads);
      if (failed_tool_ == call.name && !failed_tool_.empty()) bump(Count::kRetriedErrors);
      failed_tool_ = {};
      if (is_error(trajectory_, call)) {
        bump(Count::kCallErrors);
        failed_tool_ = call.name;
      }
      if (call.message != kNone && call.message != last_call_message_) {
        last_call_message_ = call.message;
        const Message& message = trajectory_.messages[static_cast<std::size_t>(call.message)];
        const bool said = !trimmed(message.text).empty();
        bump(Count::kCallMessages);
        if (said) bump(Count::kAnnouncedMessages);
        if (!said && !trimmed(message.reasoning).empty()) bump(Count::kReasonedMessages);
      }
    });
  }

  const Trajectory& trajectory_;
  const std::vector<Item>& items_;
  StageSketch sketch_;
  TextScan scan_;
  std::vector<WordInfo> infos_;  // of scan_.words
  std::vector<std::uint8_t> habits_;
  std::uint32_t counted_end_ = 0;
  std::int32_t last_call_message_ = kNone;
  std::string_view failed_tool_;
};

void append(std::vector<double>& numbers, const BottomK& set) {
  numbers.push_back(set.full() ? 1 : 0);
  numbers.push_back(static_cast<double>(set.values().size()));
  numbers.insert(numbers.end(), set.values().begin(), set.values().end());
}

// Reads numbers one by one; everything that is not a number of the right kind is an error.
class NumberReader {
 public:
  explicit NumberReader(std::span<const double> numbers) : numbers_(numbers) {}

  double next() {
    if (at_ >= numbers_.size() || !std::isfinite(numbers_[at_])) {
      ok_ = false;
      return 0;
    }
    return numbers_[at_++];
  }

  std::uint32_t next_whole() {
    const double value = next();
    if (value < 0 || value > 4294967295.0 || value != std::floor(value)) ok_ = false;
    return ok_ ? static_cast<std::uint32_t>(value) : 0;
  }

  void read(BottomK& set) {
    const bool full = next_whole() != 0;
    const std::uint32_t size = next_whole();
    if (!ok_ || size > set.k()) {
      ok_ = false;
      return;
    }
    std::vector<std::uint32_t> values(size);
    for (std::uint32_t& value : values) value = next_whole();
    if (!std::is_sorted(values.begin(), values.end())) ok_ = false;
    set = BottomK::from_parts(set.k(), full, std::move(values));
  }

  bool done() const { return ok_ && at_ == numbers_.size(); }

 private:
  std::span<const double> numbers_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace

std::span<const std::string_view> profile_words() { return kWordList; }

StageSketch make_stage_sketch(const Trajectory& trajectory, const std::vector<Item>& items,
                              std::span<const std::uint32_t> numbers) {
  return SketchMaker(trajectory, items).make(numbers);
}

std::vector<double> to_numbers(const StageSketch& sketch) {
  std::vector<double> numbers;
  numbers.push_back(sketch.n_items);
  numbers.insert(numbers.end(), sketch.counts.begin(), sketch.counts.end());
  numbers.insert(numbers.end(), sketch.profile.begin(), sketch.profile.end());
  for (const BottomK* set : {&sketch.bigrams, &sketch.distorted, &sketch.openings, &sketch.closings,
                             &sketch.think_bigrams, &sketch.think_openings}) {
    append(numbers, *set);
  }
  return numbers;
}

Result<StageSketch> sketch_from_numbers(std::span<const double> numbers) {
  StageSketch sketch;
  NumberReader reader(numbers);
  sketch.n_items = reader.next_whole();
  for (float& count : sketch.counts) count = static_cast<float>(reader.next());
  for (float& count : sketch.profile) count = static_cast<float>(reader.next());
  for (BottomK* set : {&sketch.bigrams, &sketch.distorted, &sketch.openings, &sketch.closings,
                       &sketch.think_bigrams, &sketch.think_openings}) {
    reader.read(*set);
  }
  if (!reader.done()) return fail(ErrorKind::kInput, "not the numbers of a stage sketch");
  return sketch;
}

}  // namespace agentecho::rps
