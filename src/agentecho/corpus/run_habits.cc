#include "agentecho/corpus/run_habits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/hash.h"
#include "agentecho/base/text.h"
#include "agentecho/corpus/count_marks.h"
#include "agentecho/metrics/rps/text_scan.h"

namespace agentecho {

namespace {

constexpr std::uint64_t kVersion = 1;

std::uint32_t hashed_mark(std::string_view text) {
  const auto hash = static_cast<std::uint32_t>(rps::hash_word(text));
  return hash < kNamedServingMarks ? hash + kNamedServingMarks : hash;
}

// What the top level of a JSON object in argument text shows of who wrote it.
struct ArgumentStyle {
  std::size_t keys = 0;
  bool sorted = true;
  bool spaced = false;
  bool separated = false;  // there is a colon or comma to judge by
};

ArgumentStyle style_of(std::string_view json) {
  ArgumentStyle style;
  std::string_view before;
  std::string_view text;  // the last string at depth 1
  int depth = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      std::size_t end = i + 1;
      while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
      text = json.substr(i + 1, std::min(end, json.size()) - i - 1);
      i = end;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ':' || c == ',') {
      style.separated = true;
      style.spaced = style.spaced || (i + 1 < json.size() && is_ascii_space(json[i + 1]));
      if (c == ':' && depth == 1) {
        style.sorted = style.sorted && (style.keys == 0 || before <= text);
        before = text;
        ++style.keys;
      }
    }
  }
  return style;
}

// "call_9aF…" of 29 bytes -> "call_#29": the part that a server gives every id, and the length.
std::string shape_of_id(std::string_view id) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (id[i] == '_' || id[i] == '-' || id[i] == '.') end = i + 1;
    if (!is_ascii_alpha(id[i]) && end != i + 1) break;
  }
  const bool numbered = id.find(':') != std::string_view::npos;  // "functions.get_a:0"
  return fmt::format("id:{}{}", id.substr(0, end),
                     numbered ? std::string(":") : fmt::format("#{}", id.size()));
}

std::vector<MarkCount> serving_marks(const Trajectory& trajectory) {
  std::vector<std::uint32_t> marks;
  for (const ToolCall& call : trajectory.calls) {
    if (call.requestor != Requestor::kAgent) continue;
    if (!call.id.empty()) marks.push_back(hashed_mark(shape_of_id(call.id)));
    if (call.malformed_arguments) continue;
    const ArgumentStyle style = style_of(call.arguments);
    if (style.keys >= 2) marks.push_back(style.sorted ? kKeysSorted : kKeysUnsorted);
    if (style.separated) marks.push_back(style.spaced ? kSpaced : kUnspaced);
  }
  return count_marks(std::move(marks));
}

std::uint64_t system_text_of(const Trajectory& trajectory) {
  Hasher hasher;
  bool any = false;
  for (const Message& message : trajectory.messages) {
    if (message.role != Role::kSystem || message.text.empty()) continue;
    hasher.update_field(message.text);
    any = true;
  }
  return any ? std::max<std::uint64_t>(1, hasher.digest().low) : 0;
}

// One byte at a time: runs of white space become one blank, or one line break where they hold one.
std::string squeezed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_ascii_space(c)) {
      const char blank = c == '\n' ? '\n' : ' ';
      if (!out.empty() && is_ascii_space(out.back())) {
        if (blank == '\n') out.back() = '\n';
      } else {
        out.push_back(blank);
      }
    } else {
      out.push_back(is_ascii_digit(c) ? '0' : c);
    }
  }
  return out;
}

void push_counts(std::vector<std::uint64_t>& numbers, const std::vector<MarkCount>& counts) {
  numbers.push_back(counts.size());
  for (const MarkCount& c : counts) numbers.push_back(c.mark);
  for (const MarkCount& c : counts) numbers.push_back(c.count);
}

// Reads numbers one after the other; `good` turns false where they end or are out of range.
class NumberReader {
 public:
  explicit NumberReader(std::span<const std::uint64_t> numbers) : numbers_(numbers) {}

  std::uint64_t next(std::uint64_t largest = std::numeric_limits<std::uint32_t>::max()) {
    if (at_ >= numbers_.size() || numbers_[at_] > largest) {
      good_ = false;
      return 0;
    }
    return numbers_[at_++];
  }

  std::vector<MarkCount> counts(std::uint64_t largest_mark) {
    std::vector<MarkCount> counts(next(numbers_.size()));
    for (MarkCount& c : counts) c.mark = static_cast<std::uint32_t>(next(largest_mark));
    for (MarkCount& c : counts) c.count = static_cast<std::uint32_t>(next());
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i].count == 0 || (i > 0 && counts[i].mark <= counts[i - 1].mark)) good_ = false;
    }
    return counts;
  }

  bool finished() const { return good_ && at_ == numbers_.size(); }

 private:
  std::span<const std::uint64_t> numbers_;
  std::size_t at_ = 0;
  bool good_ = true;
};

}  // namespace

RunHabits run_habits(const Trajectory& trajectory) {
  const std::vector<rps::Item> items = rps::items_of(trajectory);
  std::vector<std::uint32_t> all(items.size());
  std::iota(all.begin(), all.end(), 0u);
  const rps::StageSketch sketch = rps::make_stage_sketch(trajectory, items, all);
  RunHabits habits;
  const auto whole = [](float value) { return static_cast<std::uint32_t>(std::lround(value)); };
  std::transform(sketch.counts.begin(), sketch.counts.end(), habits.counts.begin(), whole);
  std::transform(sketch.profile.begin(), sketch.profile.end(), habits.profile.begin(), whole);
  habits.serving = serving_marks(trajectory);
  habits.system_text = system_text_of(trajectory);
  return habits;
}

RunGrams run_grams(const Trajectory& trajectory) {
  std::vector<std::uint32_t> grams;
  std::vector<std::uint32_t> openings;
  rps::TextScan scan;
  for (const Message& message : trajectory.messages) {
    if (message.role != Role::kAssistant || trimmed(message.text).empty()) continue;
    const std::string text = squeezed(trimmed(message.text));
    std::uint32_t window = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      window = window << 8 | static_cast<unsigned char>(text[i]);
      // Fibonacci hashing: the high bits of a product with 2^32 / golden ratio.
      if (i >= 3) grams.push_back((window * 0x9E3779B1u) >> 18);
    }
    rps::scan_text(message.text, scan);
    if (scan.words.empty()) continue;
    std::uint64_t opening = 0;
    for (std::size_t w = 0; w < std::min<std::size_t>(3, scan.words.size()); ++w) {
      opening = rps::hash_combine(opening, scan.words[w].has_digit ? 0 : scan.words[w].hash);
    }
    openings.push_back(static_cast<std::uint32_t>(opening % kOpeningBuckets));
  }
  return {count_marks(std::move(grams)), count_marks(std::move(openings))};
}

std::vector<std::uint64_t> to_numbers(const RunHabits& habits) {
  std::vector<std::uint64_t> numbers = {kVersion};
  numbers.insert(numbers.end(), habits.counts.begin(), habits.counts.end());
  numbers.insert(numbers.end(), habits.profile.begin(), habits.profile.end());
  push_counts(numbers, habits.serving);
  numbers.push_back(habits.system_text);
  return numbers;
}

std::vector<std::uint64_t> to_numbers(const RunGrams& grams) {
  std::vector<std::uint64_t> numbers = {kVersion};
  push_counts(numbers, grams.grams);
  push_counts(numbers, grams.openings);
  return numbers;
}

namespace {

// Can a run have these counts? No part is more than its whole, and no text more words than are
// scanned of it.
bool is_possible(const RunHabits& habits) {
  using rps::Count;
  struct Limit {
    Count part;
    Count whole;
  };
  constexpr Limit kLimits[] = {{Count::kJsonWrapped, Count::kResponses},
                               {Count::kOpensWithEnthusiasm, Count::kResponses},
                               {Count::kOpensWithGreeting, Count::kResponses},
                               {Count::kOpensWithThanks, Count::kResponses},
                               {Count::kEndsAsking, Count::kResponses},
                               {Count::kListed, Count::kResponses},
                               {Count::kPromises, Count::kResponses},
                               {Count::kBrokenPromises, Count::kPromises},
                               {Count::kAsksLeave, Count::kResponses},
                               {Count::kSentences, Count::kWords},
                               {Count::kParagraphs, Count::kLines},
                               {Count::kFirstPerson, Count::kWords},
                               {Count::kWe, Count::kWords},
                               {Count::kYou, Count::kWords},
                               {Count::kPolite, Count::kWords},
                               {Count::kSorry, Count::kWords},
                               {Count::kEnthusiasm, Count::kWords},
                               {Count::kThinkSentences, Count::kThinkWords},
                               {Count::kThinkHesitation, Count::kThinkWords},
                               {Count::kCallErrors, Count::kCalls},
                               {Count::kRetriedErrors, Count::kCallErrors},
                               {Count::kReads, Count::kCalls},
                               {Count::kWrites, Count::kCalls},
                               {Count::kCallMessages, Count::kCalls},
                               {Count::kAnnouncedMessages, Count::kCallMessages},
                               {Count::kReasonedMessages, Count::kCallMessages}};
  const auto count = [&](Count which) { return std::uint64_t{habits.count(which)}; };
  for (const Limit& limit : kLimits) {
    if (count(limit.part) > count(limit.whole)) return false;
  }
  const std::uint64_t listed =
      std::accumulate(habits.profile.begin(), habits.profile.end(), std::uint64_t{0});
  const std::uint64_t bytes = rps::kMaxScannedBytes;
  return listed <= count(Count::kWords) &&
         count(Count::kWords) <= bytes * count(Count::kResponses) &&
         count(Count::kLines) <= bytes * count(Count::kResponses) &&
         count(Count::kThinkWords) <= bytes * count(Count::kThinks);
}

}  // namespace

std::optional<RunHabits> habits_from_numbers(std::span<const std::uint64_t> numbers) {
  NumberReader reader(numbers);
  if (reader.next() != kVersion) return std::nullopt;
  RunHabits habits;
  for (auto& count : habits.counts) count = static_cast<std::uint32_t>(reader.next());
  for (auto& count : habits.profile) count = static_cast<std::uint32_t>(reader.next());
  habits.serving = reader.counts(std::numeric_limits<std::uint32_t>::max());
  habits.system_text = reader.next(std::numeric_limits<std::uint64_t>::max());
  if (!reader.finished() || !is_possible(habits)) return std::nullopt;
  return habits;
}

std::optional<RunGrams> grams_from_numbers(std::span<const std::uint64_t> numbers) {
  NumberReader reader(numbers);
  if (reader.next() != kVersion) return std::nullopt;
  RunGrams grams;
  grams.grams = reader.counts(kGramBuckets - 1);
  grams.openings = reader.counts(kOpeningBuckets - 1);
  if (!reader.finished()) return std::nullopt;
  return grams;
}

}  // namespace agentecho
