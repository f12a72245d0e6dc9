// What two ascending arrays without doubles have in common, without a branch that
// depends on the numbers: eight of each side are set against each other at a time (after D. Lemire,
// L. Boytsov and N. Kurz, "SIMD Compression and the Intersection of Sorted Integers", Software:
// Practice and Experience 46 (2016), doi:10.1002/spe.2326).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace agentecho {

#if defined(__x86_64__)

namespace internal {

// Counts which of eight numbers are among eight others: each of four lanes with each of four, in
// every rotation.
class CommonCounter {
 public:
  void add(const std::uint32_t* a, const std::uint32_t* b) {
    const __m128i low = load(b);
    const __m128i high = load(b + 4);
    for (const __m128i x : {load(a), load(a + 4)}) {
      counts_ = _mm_sub_epi32(counts_, _mm_or_si128(among(x, low), among(x, high)));
    }
  }
  std::size_t total() const {
    std::uint32_t lanes[4];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(lanes), counts_);
    return std::size_t{lanes[0]} + lanes[1] + lanes[2] + lanes[3];
  }

 private:
  static __m128i load(const std::uint32_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  }
  static __m128i among(__m128i x, __m128i y) {
    const __m128i straight =
        _mm_or_si128(_mm_cmpeq_epi32(x, y), _mm_cmpeq_epi32(x, _mm_shuffle_epi32(y, 0x39)));
    const __m128i turned = _mm_or_si128(_mm_cmpeq_epi32(x, _mm_shuffle_epi32(y, 0x4E)),
                                        _mm_cmpeq_epi32(x, _mm_shuffle_epi32(y, 0x93)));
    return _mm_or_si128(straight, turned);
  }

  __m128i counts_ = _mm_setzero_si128();
};

#define AGENTECHO_AVX2 __attribute__((target("avx2")))

// The same with both halves at once, a third faster.
class WideCommonCounter {
 public:
  AGENTECHO_AVX2 WideCommonCounter() : counts_(_mm256_setzero_si256()) {}

  AGENTECHO_AVX2 void add(const std::uint32_t* a, const std::uint32_t* b) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a));
    const __m256i y = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b));
    const __m256i crossed = _mm256_permute2x128_si256(y, y, 1);
    counts_ = _mm256_sub_epi32(counts_, _mm256_or_si256(among(x, y), among(x, crossed)));
  }
  AGENTECHO_AVX2 std::size_t total() const {
    std::uint32_t lanes[8];
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), counts_);
    std::size_t sum = 0;
    for (const std::uint32_t lane : lanes) sum += lane;
    return sum;
  }

 private:
  AGENTECHO_AVX2 static __m256i among(const __m256i& x, const __m256i& y) {
    const __m256i straight = _mm256_or_si256(_mm256_cmpeq_epi32(x, y),
                                             _mm256_cmpeq_epi32(x, _mm256_shuffle_epi32(y, 0x39)));
    const __m256i turned = _mm256_or_si256(_mm256_cmpeq_epi32(x, _mm256_shuffle_epi32(y, 0x4E)),
                                           _mm256_cmpeq_epi32(x, _mm256_shuffle_epi32(y, 0x93)));
    return _mm256_or_si256(straight, turned);
  }

  __m256i counts_;
};

// As long as both sides have eight numbers; i and j: how far each side is counted.
template <class Counter>
[[gnu::always_inline]] inline std::size_t count_by_eights(std::span<const std::uint32_t> a,
                                                          std::span<const std::uint32_t> b,
                                                          std::size_t& i, std::size_t& j) {
  constexpr std::size_t kEight = 8;
  Counter counter;
  while (i + kEight <= a.size() && j + kEight <= b.size()) {
    counter.add(a.data() + i, b.data() + j);
    const std::uint32_t last_a = a[i + kEight - 1];
    const std::uint32_t last_b = b[j + kEight - 1];
    i += last_a <= last_b ? kEight : 0;
    j += last_b <= last_a ? kEight : 0;
  }
  return counter.total();
}

AGENTECHO_AVX2 inline std::size_t count_by_eights_avx2(std::span<const std::uint32_t> a,
                                                       std::span<const std::uint32_t> b,
                                                       std::size_t& i, std::size_t& j) {
  return count_by_eights<WideCommonCounter>(a, b, i, j);
}

#undef AGENTECHO_AVX2

}  // namespace internal

#endif

// What two sets have in common, and how many numbers of each are at most the smaller of their two
// largest: beyond it one of them has none.
struct CommonPart {
  std::size_t common = 0;
  std::size_t of_a = 0;
  std::size_t of_b = 0;
};

// O(|a| + |b|).
inline CommonPart common_part(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  if (a.empty() || b.empty()) return {};
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t common = 0;
#if defined(__x86_64__)
  common = __builtin_cpu_supports("avx2")
               ? internal::count_by_eights_avx2(a, b, i, j)
               : internal::count_by_eights<internal::CommonCounter>(a, b, i, j);
#endif
  while (i < a.size() && j < b.size()) {
    const std::uint32_t x = a[i];
    const std::uint32_t y = b[j];
    common += x == y;
    i += x <= y;
    j += y <= x;
  }
  // One side is at its end, and the other at most seven numbers short of that end's.
  while (i < a.size() && a[i] <= b.back()) ++i;
  while (j < b.size() && b[j] <= a.back()) ++j;
  return {common, i, j};
}

}  // namespace agentecho
