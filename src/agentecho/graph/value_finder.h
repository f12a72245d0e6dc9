// Which of many values occur in a text, in one pass over the text.
//
// A value occurs where it is a substring of the ASCII-lowercased text and neither neighbour
// character is [a-z0-9] (METHOD 2). Values start with a letter, a digit or a byte >= 0x80, so an
// occurrence can only start where such a byte follows something outside [A-Za-z0-9]. Those
// positions come from bit masks of 64 bytes at a time; at each one, three bytes index a table that
// rules out nearly all of them; what remains is compared with the values that share the three
// bytes, by length.
//
// Cost: O(text) plus the verified positions, whatever the number of values; a table of 16 KiB.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

class ValueFinder {
 public:
  using ValueId = std::uint32_t;

  ValueFinder();

  // Forgets all values.
  void clear();

  // The number of the value, new or known. `canonical` as canonical_value() makes it and at least 3
  // bytes.
  ValueId add(std::string_view canonical);

  std::size_t size() const { return values_.size(); }
  std::string_view value(ValueId id) const { return text_of(values_[id]); }

  // Calls hit(id) for each occurrence; the same value may be hit several times.
  template <class Hit>
  void scan(std::string_view text, Hit hit) const;

  // A value that is found for good: scan() no longer looks for it.
  void retire(ValueId id) {
    n_active_ -= values_[id].active ? 1 : 0;
    values_[id].active = false;
  }
  // Values that scan() still looks for.
  std::size_t n_active() const { return n_active_; }

 private:
  static constexpr std::int32_t kEnd = -1;
  static constexpr unsigned kBucketBits = 12;
  static constexpr std::uint32_t kLongChain = 4;

  struct Value {
    std::size_t begin = 0;  // in text_
    std::uint32_t size = 0;
    std::int32_t next = kEnd;  // in the same group
    std::uint64_t hash = 0;
    bool active = true;
  };
  // Values of one bucket with the same length.
  struct Group {
    std::uint32_t length = 0;
    std::int32_t first = kEnd;
    std::uint32_t count = 0;
    std::int32_t next = kEnd;  // group of the same bucket
  };

  static std::uint32_t bucket_of(const char* three_bytes);
  static std::uint64_t hash_of(std::string_view canonical);
  std::string_view text_of(const Value& value) const {
    return std::string_view(text_).substr(value.begin, value.size);
  }
  std::int32_t find_by_hash(std::string_view canonical, std::uint64_t hash) const;
  void insert_slot(ValueId id);
  // The value of this group that stands at text[at], or kEnd.
  std::int32_t match(const Group& group, std::string_view text, std::size_t at) const;

  template <class Hit>
  void look_at(std::string_view text, std::size_t at, Hit& hit) const;
  template <class Block, class Hit>
  void scan_block(const char* block, std::uint64_t present, std::size_t base, std::string_view text,
                  std::uint64_t& carry, Hit& hit) const;

  std::string text_;
  std::vector<Value> values_;
  std::size_t n_active_ = 0;
  std::vector<Group> groups_;
  std::array<std::int32_t, 1u << kBucketBits> buckets_;
  std::vector<std::int32_t> slots_;  // open addressing by full hash; power of two
  mutable std::string scratch_;
};

}  // namespace agentecho

#include "agentecho/graph/value_finder_scan.h"
