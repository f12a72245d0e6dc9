#include "agentecho/metrics/rps/stage_sketch.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/metrics/rps/word_index.h"

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

class WordTable {
 public:
  WordTable() {
    std::map<std::uint64_t, WordInfo> infos;
    for (std::size_t i = 0; i < kWordList.size(); ++i) {
      WordInfo& info = infos[hash_word(kWordList[i])];
      info.classes |= kProfileWord;
      info.profile = static_cast<std::uint16_t>(i);
    }
    const auto add = [&](WordClass bit, std::initializer_list<std::string_view> words) {
      for (const std::string_view word : words) infos[hash_word(word)].classes |= bit;
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
    std::vector<std::pair<std::uint64_t, std::uint32_t>> entries;
    for (const auto& [hash, info] : infos) {
      entries.emplace_back(hash, static_cast<std::uint32_t>(infos_.size()));
      infos_.push_back(info);
    }
    index_ = WordIndex(entries);
  }

  WordInfo find(const Word& word) const {
    const std::uint32_t number = index_.find(word.hash);
    return number == WordIndex::kAbsent ? WordInfo{} : infos_[number];
  }

 private:
  WordIndex index_;
  std::vector<WordInfo> infos_;
};

const WordTable& word_table() {
  static const WordTable table;
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

// Bigrams of words[begin, end); words with digits are passed over.
void add_bigrams(const TextScan& scan, std::size_t begin, std::size_t end, BottomK& set) {
  std::uint64_t before = 0;
  bool adjacent = false;  // nothing lies between `before` and the word
  end = std::min(end, scan.words.size());
  for (std::size_t w = begin; w < end; ++w) {
    const Word& word = scan.words[w];
    if (word.has_digit) {
      adjacent = false;
      continue;
    }
    set.add(adjacent ? word.pair : hash_combine(before, word.hash));
    before = word.hash;
    adjacent = true;
  }
}

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

  float next_count() {
    const double value = next();
    if (value < 0 || value != std::floor(value)) ok_ = false;
    return static_cast<float>(value);
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
    if (!std::is_sorted(values.begin(), values.end(), std::less_equal<>{})) ok_ = false;
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

void StageSketcher::add(const Item& item, const TextScan& scan, Scratch& scratch) {
  ++sketch_->n_items;
  if (item.kind == ItemKind::kThink) {
    add_think(scan);
  } else {
    add_response(item, scan, scratch);
  }
  add_calls({item.before.begin, item.after.end});
}

void StageSketcher::finish() {
  for (BottomK* const set : sketch_->sketches()) set->tidy();
}

void StageSketcher::add_response(const Item& item, const TextScan& scan, Scratch& scratch) {
  bump(Count::kResponses);
  add_layout(scan);
  for (const Sentence& sentence : scan.sentences) add_sentence(scan, sentence);
  add_ends(scan);
  add_habits(item, scan, scratch);
}

void StageSketcher::add_layout(const TextScan& scan) {
  const Layout& layout = scan.layout;
  bump(Count::kWords, static_cast<double>(scan.words.size()));
  bump(Count::kSentences, static_cast<double>(scan.sentences.size()));
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

// Bigrams and distorted trigrams stay within a sentence; words with digits are left out of
// bigrams and are placeholders in trigrams.
void StageSketcher::add_sentence(const TextScan& scan, const Sentence& sentence) {
  const WordTable& table = word_table();
  std::uint64_t masked_first = 1;
  std::uint64_t masked_second = 2;
  const std::uint32_t end = sentence.first_word + sentence.n_words;
  for (std::uint32_t w = sentence.first_word; w < end; ++w) {
    const Word& word = scan.words[w];
    const WordInfo info = table.find(word);
    const bool kept = (info.classes & kProfileWord) != 0;
    if (kept) sketch_->profile[info.profile] += 1.0f;
    if ((info.classes & ~kProfileWord) != 0) {
      if (info.classes & kClassFirstPerson) bump(Count::kFirstPerson);
      if (info.classes & kClassWe) bump(Count::kWe);
      if (info.classes & kClassYou) bump(Count::kYou);
      if (info.classes & kClassPolite) bump(Count::kPolite);
      if (info.classes & kClassSorry) bump(Count::kSorry);
      if (info.classes & kClassEnthusiasm) bump(Count::kEnthusiasm);
    }
    const std::uint64_t masked = kept ? word.hash : kPlaceholder;
    const bool plain =
        masked == kPlaceholder && masked_second == kPlaceholder && masked_first == kPlaceholder;
    if (!plain || !has_plain_trigram_) {
      sketch_->distorted.add(hash_combine(hash_combine(masked_first, masked_second), masked));
    }
    has_plain_trigram_ |= plain;
    masked_first = masked_second;
    masked_second = masked;
  }
  add_bigrams(scan, sentence.first_word, end, sketch_->bigrams);
}

void StageSketcher::add_ends(const TextScan& scan) {
  if (scan.sentences.empty()) return;
  add_bigrams(scan, 0, 5, sketch_->openings);
  const Sentence& last = scan.sentences.back();
  add_bigrams(scan, last.first_word, last.first_word + last.n_words, sketch_->closings);
  if (last.question) bump(Count::kEndsAsking);
  std::uint16_t classes = 0;
  for (std::size_t w = 0; w < std::min<std::size_t>(3, scan.words.size()); ++w) {
    classes |= word_table().find(scan.words[w]).classes;
  }
  if (classes & kClassEnthusiasm) bump(Count::kOpensWithEnthusiasm);
  if (classes & kClassGreeting) bump(Count::kOpensWithGreeting);
  if (classes & kClassThanks) bump(Count::kOpensWithThanks);
}

void StageSketcher::add_habits(const Item& item, const TextScan& scan, Scratch& scratch) {
  std::vector<std::uint8_t>& habits = scratch.habits;
  habit_matcher().match(scan, scratch.cues, habits);
  if (habits[kLeaveCue] != 0) bump(Count::kAsksLeave);
  if (habits[kPromiseCue] == 0) return;
  bump(Count::kPromises);
  bool called = false;
  for_each_agent_call(*trajectory_, item.after, [&](const ToolCall&) { called = true; });
  if (!called) bump(Count::kBrokenPromises);
}

void StageSketcher::add_think(const TextScan& scan) {
  const Layout& layout = scan.layout;
  bump(Count::kThinks);
  bump(Count::kThinkWords, static_cast<double>(scan.words.size()));
  bump(Count::kThinkSentences, static_cast<double>(scan.sentences.size()));
  bump(Count::kThinkParagraphs, layout.paragraphs);
  bump(Count::kThinkListLines, layout.dash_bullets + layout.dot_bullets + layout.numbered);
  bump(Count::kThinkQuestions, layout.questions);
  for (const Word& word : scan.words) {
    if (word_table().find(word).classes & kClassHesitation) bump(Count::kThinkHesitation);
  }
  add_bigrams(scan, 0, scan.words.size(), sketch_->think_bigrams);
  add_bigrams(scan, 0, 6, sketch_->think_openings);
}

// Ranges of successive items overlap; each call is counted once.
void StageSketcher::add_calls(CallRange range) {
  range.begin = std::max(range.begin, counted_end_);
  counted_end_ = std::max(counted_end_, range.end);
  for_each_agent_call(*trajectory_, range, [&](const ToolCall& call) {
    const auto [nature, error] =
        (*facts_)[static_cast<std::size_t>(&call - trajectory_->calls.data())];
    bump(Count::kCalls);
    if (nature == CallNature::kWrite) bump(Count::kWrites);
    if (nature == CallNature::kRead || nature == CallNature::kLookup) bump(Count::kReads);
    if (failed_tool_ == call.name && !failed_tool_.empty()) bump(Count::kRetriedErrors);
    failed_tool_ = {};
    if (error) {
      bump(Count::kCallErrors);
      failed_tool_ = call.name;
    }
    if (call.message != kNone && call.message != last_call_message_) {
      last_call_message_ = call.message;
      const Message& message = trajectory_->messages[static_cast<std::size_t>(call.message)];
      const bool said = !trimmed(message.text).empty();
      bump(Count::kCallMessages);
      if (said) bump(Count::kAnnouncedMessages);
      if (!said && !trimmed(message.reasoning).empty()) bump(Count::kReasonedMessages);
    }
  });
}

StageSketch make_stage_sketch(const Trajectory& trajectory, const std::vector<Item>& items,
                              std::span<const std::uint32_t> numbers) {
  const std::vector<CallFacts> facts = call_facts(trajectory);
  StageSketch sketch;
  StageSketcher sketcher(trajectory, facts, sketch);
  StageSketcher::Scratch scratch;
  TextScan scan;
  for (const std::uint32_t number : numbers) {
    if (number >= items.size()) continue;
    scan_text(items[number].text, scan);
    sketcher.add(items[number], scan, scratch);
  }
  sketcher.finish();
  return sketch;
}

std::vector<double> to_numbers(const StageSketch& sketch) {
  std::vector<double> numbers;
  numbers.push_back(sketch.n_items);
  numbers.insert(numbers.end(), sketch.counts.begin(), sketch.counts.end());
  numbers.insert(numbers.end(), sketch.profile.begin(), sketch.profile.end());
  for (const BottomK* const set : sketch.sketches()) append(numbers, *set);
  return numbers;
}

Result<StageSketch> sketch_from_numbers(std::span<const double> numbers) {
  StageSketch sketch;
  NumberReader reader(numbers);
  sketch.n_items = reader.next_whole();
  for (float& count : sketch.counts) count = reader.next_count();
  for (float& count : sketch.profile) count = reader.next_count();
  for (BottomK* const set : sketch.sketches()) reader.read(*set);
  if (!reader.done()) return fail(ErrorKind::kInput, "not the numbers of a stage sketch");
  return sketch;
}

}  // namespace agentecho::rps
