// Sorts numbers that are spread evenly over their range, as hashes are: each goes to the bucket
// that its highest bits name, and insertion puts the few of one bucket in order. O(n) where they
// are spread evenly; never slower than std::sort by more than a factor, whatever they are.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace agentecho {

namespace internal {

// Insertion sort of `from` into `to`, which may be the same.
template <class UInt>
void insert_sorted(std::span<const UInt> from, std::span<UInt> to) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    const UInt hash = from[i];
    std::size_t at = i;
    for (; at > 0 && to[at - 1] > hash; --at) to[at] = to[at - 1];
    to[at] = hash;
  }
}

// `buckets` holds a power of two and one more; `sorted` as many as `hashes`. Leaves the result in
// `hashes`.
template <class UInt>
void sort_by_buckets(std::span<UInt> hashes, std::span<std::uint32_t> buckets,
                     std::span<UInt> sorted) {
  constexpr std::uint32_t kCrowded = 64;  // in a bucket: what insertion would be slow for
  const std::size_t n_buckets = buckets.size() - 1;
  UInt bits = 0;  // of all of them, as wide as the largest
  for (const UInt hash : hashes) bits |= hash;
  const int shift = std::max(
      0, static_cast<int>(std::bit_width(bits)) - static_cast<int>(std::bit_width(n_buckets - 1)));
  std::fill(buckets.begin(), buckets.end(), 0);
  for (const UInt hash : hashes) ++buckets[static_cast<std::size_t>(hash >> shift) + 1];
  std::uint32_t before = 0;
  bool crowded = false;
  for (std::uint32_t& bucket : buckets) {
    crowded |= bucket > kCrowded;
    before += bucket;
    bucket = before;
  }
  if (crowded) {
    std::sort(hashes.begin(), hashes.end());
    return;
  }
  for (const UInt hash : hashes) sorted[buckets[static_cast<std::size_t>(hash >> shift)]++] = hash;
  insert_sorted<UInt>(sorted, hashes);
}

}  // namespace internal

template <class UInt>
void sort_hashes(std::span<UInt> hashes) {
  static_assert(std::numeric_limits<UInt>::is_integer && !std::numeric_limits<UInt>::is_signed);
  constexpr std::size_t kFew = 32;
  constexpr std::size_t kOnStack = 512;
  if (hashes.size() <= kFew) {
    internal::insert_sorted<UInt>(hashes, hashes);
  } else if (hashes.size() <= kOnStack) {
    std::array<std::uint32_t, kOnStack + 1> buckets;
    std::array<UInt, kOnStack> sorted;
    internal::sort_by_buckets(hashes, std::span(buckets).first(std::bit_ceil(hashes.size()) + 1),
                              std::span(sorted).first(hashes.size()));
  } else {
    std::vector<std::uint32_t> buckets(std::bit_ceil(hashes.size()) + 1);
    std::vector<UInt> sorted(hashes.size());
    internal::sort_by_buckets(hashes, std::span(buckets), std::span(sorted));
  }
}

// Ascending, each once.
template <class UInt>
void sort_distinct_hashes(std::vector<UInt>& hashes) {
  sort_hashes(std::span(hashes));
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace agentecho
