// Which phrases two models share that are rare among the others: the verbal evidence of a pair.
//
// A PhraseTable counts, for one model, in how many trajectories each phrase of three to five words,
// each opening (first words of a response) and each closing (its last sentence, up to six words)
// occurs. It holds bounded memory by lossy counting over trajectories (G. Manku, R. Motwani,
// "Approximate Frequency Counts over Data Streams", VLDB 2002): after every kBucket trajectories,
// phrases that have not been seen often enough to matter are dropped. A share (count /
// trajectories) is then too low by at most 1 / kBucket, never too high. Tables merge (shards of one
// model). The words of a phrase are kept only from its second trajectory on; words with digits are
// in no phrase, so ids, prices and dates never show. Cost: O(words) per trajectory; at most
// O(kBucket x phrases of a trajectory) entries between drops.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agentecho/metrics/rps/items.h"
#include "agentecho/metrics/rps/text_scan.h"

namespace agentecho::rps {

enum class PhraseKind : std::uint8_t { kPhrase, kOpening, kClosing };

class PhraseTable {
 public:
  static constexpr std::uint32_t kBucket = 32;

  struct Entry {
    std::uint32_t count = 0;   // trajectories seen to have it
    std::uint32_t missed = 0;  // at most so many earlier ones were forgotten
    PhraseKind kind = PhraseKind::kPhrase;
    std::string text;   // lowercased words; empty while seen in one trajectory only
    std::string where;  // the trajectory from which the text was taken
  };

  // Adds one trajectory: the responses among its items. `where` says which it is, for examples.
  void add(const std::vector<Item>& items, std::string_view where = {});
  void merge(const PhraseTable& other);

  std::uint32_t trajectories() const { return trajectories_; }
  const std::unordered_map<std::uint64_t, Entry>& entries() const { return entries_; }
  // Share of trajectories that have the phrase with this hash; 0 when unknown or no trajectories.
  double share(std::uint64_t hash) const;

 private:
  void drop_rare();

  std::uint32_t trajectories_ = 0;
  std::uint32_t forgotten_ = 0;  // counts up to this were dropped
  std::unordered_map<std::uint64_t, Entry> entries_;
};

struct SharedPhrase {
  std::string text;  // valid UTF-8
  PhraseKind kind = PhraseKind::kPhrase;
  double share_a = 0;
  double share_b = 0;
  double share_others = 0;  // mean over the other models
  std::string where_a;      // a trajectory of each that has it, as PhraseTable::add() was told
  std::string where_b;
  double weight = 0;  // m ln((m + s) / (share_others + s)), m = min(share_a, share_b), s = 0.02
};

// The phrases in at least two trajectories of both models, by falling weight (then text), at most
// `limit`; weights <= 0 are left out, and so is a phrase that has three successive words in common
// with one already chosen. `others` are the other models of the pool.
std::vector<SharedPhrase> shared_phrases(const PhraseTable& a, const PhraseTable& b,
                                         std::span<const PhraseTable* const> others,
                                         std::size_t limit);

// Where a phrase, spelled as SharedPhrase::text, stands first in a scanned text: [begin, end) in
// bytes. All its words lie in one sentence.
std::optional<std::pair<std::uint32_t, std::uint32_t>> find_phrase(const TextScan& scan,
                                                                   std::string_view phrase);

}  // namespace agentecho::rps
