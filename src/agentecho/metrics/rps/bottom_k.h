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

namespace agentecho::rps {

// How two sets overlap, from their sketches.
struct Overlap {
  double dice = 0;         // 2 |A and B| / (|A| + |B|)
  double containment = 0;  // |A and B| / min(|A|, |B|)
};

class BottomK {
 public:
  explicit BottomK(std::size_t k = 0) : k_(k) {}

  // Amortised O(log k).
  void add(std::uint64_t hash) {
    const auto value = static_cast<std::uint32_t>(hash >> 32);
    if (full_ && value >= limit_) return;
    values_.push_back(value);
    if (values_.size() >= 2 * k_ + 16) tidy();
  }

  // To be called after the last add().
  void tidy() {
    std::sort(values_.begin(), values_.end());
    values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
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
  friend std::optional<Overlap> overlap(const BottomK& a, const BottomK& b);

  std::size_t k_ = 0;
  bool full_ = false;
  std::uint32_t limit_ = 0;  // largest kept value of a full sketch
  std::vector<std::uint32_t> values_;
};

// Nothing when a set is empty. O(k).
inline std::optional<Overlap> overlap(const BottomK& a, const BottomK& b) {
  if (a.values_.empty() || b.values_.empty()) return std::nullopt;
  // Both sketches know every member of their set up to this value.
  std::uint32_t limit = UINT32_MAX;
  if (a.full_) limit = std::min(limit, a.limit_);
  if (b.full_) limit = std::min(limit, b.limit_);
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t in_a = 0;
  std::size_t in_b = 0;
  std::size_t in_both = 0;
  const auto known = [&](const std::vector<std::uint32_t>& v, std::size_t at) {
    return at < v.size() && v[at] <= limit;
  };
  while (known(a.values_, i) || known(b.values_, j)) {
    const bool has_a = known(a.values_, i);
    const bool has_b = known(b.values_, j);
    if (has_a && has_b && a.values_[i] == b.values_[j]) {
      ++in_a, ++in_b, ++in_both, ++i, ++j;
    } else if (has_a && (!has_b || a.values_[i] < b.values_[j])) {
      ++in_a, ++i;
    } else {
      ++in_b, ++j;
    }
  }
  if (in_a == 0 || in_b == 0) return Overlap{};
  const auto both = static_cast<double>(in_both);
  return Overlap{2 * both / static_cast<double>(in_a + in_b),
                 both / static_cast<double>(std::min(in_a, in_b))};
}

}  // namespace agentecho::rps
