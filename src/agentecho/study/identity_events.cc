#include "agentecho/study/identity_events.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "agentecho/base/hash.h"
#include "agentecho/corpus/count_marks.h"
#include "agentecho/metrics/rps/text_scan.h"
#include "agentecho/trajectory/tool_names.h"

namespace agentecho {

namespace {

constexpr std::uint64_t kOutside = 1;  // before the first call and after the last

std::uint32_t bucket_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash % kEventBuckets);
}

std::vector<MarkCount> layout_of(const RunHabits& habits) {
  using rps::Count;
  std::vector<MarkCount> counts;
  const auto add = [&](std::uint32_t mark) {
    if (habits.counts[mark] > 0) counts.push_back({mark, habits.counts[mark]});
  };
  for (auto mark = static_cast<std::uint32_t>(Count::kSentences);
       mark <= static_cast<std::uint32_t>(Count::kJsonWrapped); ++mark) {
    add(mark);
  }
  return counts;
}

// Courtesy, tone and who is addressed, then common words.
std::vector<MarkCount> words_of(const RunHabits& habits) {
  using rps::Count;
  std::vector<MarkCount> counts;
  const auto add = [&](std::uint32_t mark, std::uint32_t count) {
    if (count > 0) counts.push_back({mark, count});
  };
  for (auto mark = static_cast<std::uint32_t>(Count::kFirstPerson);
       mark <= static_cast<std::uint32_t>(Count::kListed); ++mark) {
    add(mark, habits.counts[mark]);
  }
  for (std::uint32_t word = 0; word < rps::kProfileWords; ++word) {
    add(static_cast<std::uint32_t>(rps::kCounts) + word, habits.profile[word]);
  }
  return counts;
}

}  // namespace

std::string_view name_of(IdentityChannel channel) {
  constexpr std::string_view kNames[] = {"actions", "wording", "serving"};
  return kNames[static_cast<std::size_t>(channel)];
}

IdentityChannel channel_of(EventKind kind) {
  if (kind <= EventKind::kCallTriples) return IdentityChannel::kActions;
  return kind == EventKind::kServing ? IdentityChannel::kServing : IdentityChannel::kWording;
}

std::vector<EventKind> kinds_of(const std::vector<IdentityChannel>& channels) {
  std::vector<EventKind> kinds;
  for (std::size_t k = 0; k < kEventKinds; ++k) {
    const auto kind = static_cast<EventKind>(k);
    if (std::find(channels.begin(), channels.end(), channel_of(kind)) != channels.end()) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

EventReader::EventReader(const Corpus& corpus) {
  for (const std::string& tool : corpus.tools()) {
    const std::string plain(bare_tool_name(tool));
    tools_.push_back(digest_of(plain).low);
    std::string marks = tool;
    if (const std::size_t at = marks.find(plain); at != std::string::npos) {
      marks.replace(at, plain.size(), "*");
    }
    tool_marks_.push_back(bucket_of(digest_of("tool:" + marks).low));
  }
}

RunEvents EventReader::read(const CorpusTrajectory& run) const {
  assert(run.verbal && run.verbal->habits && run.verbal->grams);
  std::vector<std::uint32_t> calls;
  std::vector<std::uint32_t> pairs;
  std::vector<std::uint32_t> triples;
  std::vector<std::uint32_t> serving;
  std::uint64_t second = kOutside;
  std::uint64_t first = kOutside;
  const auto add = [&](std::uint64_t tool) {
    pairs.push_back(bucket_of(rps::hash_combine(second, tool)));
    triples.push_back(bucket_of(rps::hash_combine(rps::hash_combine(first, second), tool)));
    first = second;
    second = tool;
  };
  for (const ToolIndex call : run.calls) {
    calls.push_back(bucket_of(tools_[call]));
    serving.push_back(tool_marks_[call]);
    add(tools_[call]);
  }
  add(kOutside);  // a run without any call is a pair of two outsides
  for (const MarkCount& mark : run.verbal->habits->serving) {
    serving.insert(serving.end(), mark.count, bucket_of(rps::hash_combine(kOutside, mark.mark)));
  }
  RunEvents events;
  const auto put = [&](EventKind kind, std::vector<MarkCount> counts) {
    events[static_cast<std::size_t>(kind)] = std::move(counts);
  };
  put(EventKind::kCalls, count_marks(std::move(calls)));
  put(EventKind::kCallPairs, count_marks(std::move(pairs)));
  put(EventKind::kCallTriples, count_marks(std::move(triples)));
  put(EventKind::kCharacters, run.verbal->grams->grams);
  put(EventKind::kOpenings, run.verbal->grams->openings);
  put(EventKind::kLayout, layout_of(*run.verbal->habits));
  put(EventKind::kWords, words_of(*run.verbal->habits));
  put(EventKind::kServing, count_marks(std::move(serving)));
  return events;
}

}  // namespace agentecho
