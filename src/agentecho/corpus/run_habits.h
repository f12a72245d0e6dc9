// How one run speaks and how it was served, as counts without text: what drift, identify and
// diversity compare besides the calls.
//
// RunHabits: the counters of the local judge over all items of the run (metrics/rps/stage_sketch.h:
// responses, words, layout marks, courtesy, visible reasoning), how often each of 160 function and
// service words occurs, marks of the stack that served the model (METHOD 9, "Serving is not
// habit"), and a hash of the system text. About 0.9 KB in memory, 0.3 KB in a feature file.
//
// RunGrams: hashed counts of the character 4-grams of the responses and of their openings (METHOD
// 11). About 6 KB in memory, 4 KB in a feature file; a text cannot be read back from them, though
// somebody who has a text can see whether it fits.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/metrics/rps/stage_sketch.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// A hashed event and how often it occurred.
struct MarkCount {
  std::uint32_t mark = 0;
  std::uint32_t count = 0;
  bool operator==(const MarkCount&) const = default;
};

// Marks of serving with a name; all others are hashes of the shape of call ids and tool names.
enum ServingMark : std::uint32_t {
  kKeysSorted = 0,    // a call with two keys or more, in alphabetical order
  kKeysUnsorted = 1,  // ... in another order
  kSpaced = 2,        // argument text with white space after a colon or comma
  kUnspaced = 3,      // ... without
  kNamedServingMarks = 16,
};

struct RunHabits {
  using Counts = std::vector<std::uint32_t>;    // they need room only where a run's habits are kept
  Counts counts = Counts(rps::kCounts);         // by rps::Count
  Counts profile = Counts(rps::kProfileWords);  // by rps::profile_words()
  std::vector<MarkCount> serving;               // ascending marks, counts of calls
  std::uint64_t system_text = 0;                // hash; 0: the log holds none

  std::uint32_t count(rps::Count which) const { return counts[static_cast<std::size_t>(which)]; }
  bool operator==(const RunHabits&) const = default;
};

constexpr std::uint32_t kGramBuckets = 1 << 14;     // of character 4-grams
constexpr std::uint32_t kOpeningBuckets = 1 << 12;  // of the first three words of a response

struct RunGrams {
  std::vector<MarkCount> grams;     // ascending buckets below kGramBuckets
  std::vector<MarkCount> openings;  // ascending buckets below kOpeningBuckets
  bool operator==(const RunGrams&) const = default;
};

// O(bytes of the texts).
RunHabits run_habits(const Trajectory& trajectory);

// A 4-gram is four successive bytes of a response after runs of blanks became one blank, line
// breaks one line break and each digit 0, so that ids, prices and dates do not count. Case and
// punctuation are kept. O(bytes of the responses).
RunGrams run_grams(const Trajectory& trajectory);

// For feature files: whole numbers, and back. Nothing when the numbers are not of this version,
// damaged, or such that no run has them.
std::vector<std::uint64_t> to_numbers(const RunHabits& habits);
std::vector<std::uint64_t> to_numbers(const RunGrams& grams);
std::optional<RunHabits> habits_from_numbers(std::span<const std::uint64_t> numbers);
std::optional<RunGrams> grams_from_numbers(std::span<const std::uint64_t> numbers);

}  // namespace agentecho
