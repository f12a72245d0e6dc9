// How many numbers two ascending arrays without doubles have in common, without a branch that
// depends on the numbers: eight of each side are set against each other at a time (after D. Lemire,
// L. Boytsov and N. Kurz, "SIMD Compression and the Intersection of Sorted Integers", Software:
// Practice and Experience 46 (2016), doi:10.1002/spe.2326).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace agentecho {

// O(|a| + |b|).
inline std::size_t count_common(std::span<const std::uint32_t> a,
                                std::span<const std::uint32_t> b) {
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t common = 0;
#if defined(__SSE2__)
  constexpr std::size_t kBlock = 8;
  const auto load = [](const std::uint32_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  // Which of four are among four others.
  const auto among = [](__m128i x, __m128i y) {
    const __m128i straight =
        _mm_or_si128(_mm_cmpeq_epi32(x, y), _mm_cmpeq_epi32(x, _mm_shuffle_epi32(y, 0x39)));
    const __m128i turned = _mm_or_si128(_mm_cmpeq_epi32(x, _mm_shuffle_epi32(y, 0x4E)),
                                        _mm_cmpeq_epi32(x, _mm_shuffle_epi32(y, 0x93)));
    return _mm_or_si128(straight, turned);
  };
  __m128i counts = _mm_setzero_si128();
  while (i + kBlock <= a.size() && j + kBlock <= b.size()) {
    const __m128i low = load(b.data() + j);
    const __m128i high = load(b.data() + j + 4);
    for (std::size_t half = 0; half < kBlock; half += 4) {
      const __m128i x = load(a.data() + i + half);
      counts = _mm_sub_epi32(counts, _mm_or_si128(among(x, low), among(x, high)));
    }
    const std::uint32_t last_a = a[i + kBlock - 1];
    const std::uint32_t last_b = b[j + kBlock - 1];
    i += last_a <= last_b ? kBlock : 0;
    j += last_b <= last_a ? kBlock : 0;
  }
  std::uint32_t lanes[4];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(lanes), counts);
  common = std::size_t{lanes[0]} + lanes[1] + lanes[2] + lanes[3];
#endif
  while (i < a.size() && j < b.size()) {
    const std::uint32_t x = a[i];
    const std::uint32_t y = b[j];
    common += x == y;
    i += x <= y;
    j += y <= x;
  }
  return common;
}

}  // namespace agentecho
