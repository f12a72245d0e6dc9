// From hashes of words (text_scan.h) to small numbers: built once, looked up for every word of
// every text. Open addressing, behind a small table of bits that rules out nearly every word that
// is not in it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace agentecho::rps {

class WordIndex {
 public:
  static constexpr std::uint32_t kAbsent = UINT32_MAX;

  // The hashes must differ; no number is kAbsent.
  explicit WordIndex(std::span<const std::pair<std::uint64_t, std::uint32_t>> entries = {})
      : bits_(std::bit_ceil(entries.size() + 1)), slots_(std::bit_ceil(2 * entries.size() + 1)) {
    for (const auto& [hash, number] : entries) {
      bits_[word_of(hash)] |= std::uint64_t{1} << (hash >> 58);
      std::size_t at = hash & (slots_.size() - 1);
      while (slots_[at].number != kAbsent) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = {hash, number};
    }
  }

  // False: it is not in the index.
  bool may_have(std::uint64_t hash) const {
    return (bits_[word_of(hash)] >> (hash >> 58) & 1) != 0;
  }

  std::uint32_t find(std::uint64_t hash) const {
    if (!may_have(hash)) return kAbsent;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.number == kAbsent || slot.hash == hash) return slot.number;
    }
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number = kAbsent;
  };
  std::size_t word_of(std::uint64_t hash) const { return hash >> 32 & (bits_.size() - 1); }

  std::vector<std::uint64_t> bits_;  // about 64 for each entry
  std::vector<Slot> slots_;
};

}  // namespace agentecho::rps
