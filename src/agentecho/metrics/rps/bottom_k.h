// Bottom-k sketch of a set of hashes: the k smallest. Two sketches estimate how much two sets
// overlap, exactly while a set has at most k members and with standard error about 1/sqrt(k)
// beyond. A. Broder, "On the resemblance and containment of documents", 1997.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/base/hash_sort.h"
#include "agentecho/base/sorted_sets.h"

namespace agentecho::rps {

// How two sets overlap, from their sketches.
struct Overlap {
  double dice = 0;         // 2 |A and B| / (|A| + |B|)
  double containment = 0;  // |A and B| / min(|A|, |B|)
};

class BottomK {
 public:
  explicit BottomK(std::size_t k = 0) : k_(k) {}

  // Empty again, with the memory that it has.
  void clear() {
    values_.clear();
    full_ = false;
    limit_ = 0;
  }

  // Amortised O(log k).
  void add(std::uint64_t hash) {
    const auto value = static_cast<std::uint32_t>(hash >> 32);
    if (full_ && value >= limit_) return;
    if (values_.empty()) values_.reserve(2 * k_ + 16);
    values_.push_back(value);
    if (values_.size() >= 2 * k_ + 16) tidy();
  }

  // To be called after the last add().
  void tidy() {
    sort_distinct_hashes(values_);
    if (values_.size() > k_) {
      values_.resize(k_);
      full_ = true;
    }
    if (full_ && !values_.empty()) limit_ = values_.back();
  }

  std::size_t k() const { return k_; }
  bool full() const { return full_; }
  std::span<const std::uint32_t> values() const { return values_; }

  // Rebuilds a tidy sketch from its stored parts.
  static BottomK from_parts(std::size_t k, bool full, std::vector<std::uint32_t> values) {
    BottomK sketch(k);
    sketch.values_ = std::move(values);
    sketch.full_ = full;
    if (full && !sketch.values_.empty()) sketch.limit_ = sketch.values_.back();
    return sketch;
  }

  bool operator==(const BottomK&) const = default;

 private:
  std::size_t k_ = 0;
  bool full_ = false;
  std::uint32_t limit_ = 0;  // largest kept value of a full sketch
  std::vector<std::uint32_t> values_;
};

// A tidy sketch that stands somewhere else.
struct BottomKView {
  std::span<const std::uint32_t> values;
  bool full = false;

  BottomKView() = default;
  BottomKView(std::span<const std::uint32_t> kept, bool is_full) : values(kept), full(is_full) {}
  BottomKView(const BottomK& sketch) : values(sketch.values()), full(sketch.full()) {}  // NOLINT
};

// Nothing when a set is empty. O(k).
inline std::optional<Overlap> overlap(const BottomKView& a, const BottomKView& b) {
  if (a.values.empty() || b.values.empty()) return std::nullopt;
  const CommonPart part = common_part(a.values, b.values);
  // A full sketch knows every member of its set up to its largest value only: beyond it nothing is
  // known of the other's.
  const std::size_t in_a = b.full ? part.of_a : a.values.size();
  const std::size_t in_b = a.full ? part.of_b : b.values.size();
  if (in_a == 0 || in_b == 0) return Overlap{};
  const auto both = static_cast<double>(part.common);
  return Overlap{2 * both / static_cast<double>(in_a + in_b),
                 both / static_cast<double>(std::min(in_a, in_b))};
}

}  // namespace agentecho::rps
