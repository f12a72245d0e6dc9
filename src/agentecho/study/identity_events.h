// What one run shows of the model that made it, as counted events in kinds (METHOD 11), each event
// a number below kEventBuckets: the hashing trick (K. Weinberger et al., ICML 2009,
// doi:10.1145/1553374.1553516), so that nothing has to be numbered across corpora.
//
//   actions   tools called, pairs and triples of successive calls (beginning and end included);
//             marks that a serving stack leaves on tool names are taken off
//   wording   character 4-grams, openings (first three words) of responses, layout marks
//   serving   order of argument keys, white space in argument text, form of call ids, marks on
//             tool names: how the model was served, not what it is (METHOD 9)
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/verbal_features.h"

namespace agentecho {

enum class EventKind : std::uint8_t {
  kCalls,
  kCallPairs,
  kCallTriples,
  kCharacters,
  kOpenings,
  kLayout,
  kWords,
  kServing,
};
constexpr std::size_t kEventKinds = 8;

enum class IdentityChannel : std::uint8_t { kActions, kWording, kServing };
constexpr std::size_t kIdentityChannels = 3;

std::string_view name_of(IdentityChannel channel);  // "actions", "wording", "serving"
IdentityChannel channel_of(EventKind kind);
// All kinds of these channels.
std::vector<EventKind> kinds_of(const std::vector<IdentityChannel>& channels);

constexpr std::uint32_t kEventBuckets = kGramBuckets;

// Ascending marks below kEventBuckets, by EventKind.
using RunEvents = std::array<std::vector<MarkCount>, kEventKinds>;

// Makes the events of the runs of one corpus, which outlives it.
class EventReader {
 public:
  explicit EventReader(const Corpus& corpus);
  // The run has habits and grams. O(calls + grams).
  RunEvents read(const CorpusTrajectory& run) const;

 private:
  std::vector<std::uint64_t> tools_;       // hash of the name without marks, by ToolIndex
  std::vector<std::uint32_t> tool_marks_;  // the event of the marks
};

}  // namespace agentecho
