// 64 bytes of text at a time: which of them equal a character, are letters or digits, and so on,
// as a 64-bit mask whose bit i speaks of byte i. SSE2 where there is (every x86-64), a plain loop
// elsewhere; and for the loops where the time goes AVX2 on machines that have it, twice as fast.
// All give the same masks.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace agentecho {

#if defined(__SSE2__)

class ByteBlock {
 public:
  static constexpr std::size_t kSize = 64;

  explicit ByteBlock(const char* bytes) {
    for (int i = 0; i < 4; ++i) {
      lanes_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes) + i);
    }
  }

  std::uint64_t equal_to(char c) const {
    const __m128i wanted = _mm_set1_epi8(c);
    return mask([&](__m128i lane) { return _mm_cmpeq_epi8(lane, wanted); });
  }

  // Bytes equal to c or to c without bit 0x20: upper and lower case of a letter, '{' and '['.
  std::uint64_t equal_ignoring_bit5(char c) const {
    const __m128i wanted = _mm_set1_epi8(c);
    const __m128i bit5 = _mm_set1_epi8(0x20);
    return mask([&](__m128i lane) { return _mm_cmpeq_epi8(_mm_or_si128(lane, bit5), wanted); });
  }

  // [A-Za-z0-9]
  std::uint64_t alphanumeric() const {
    const __m128i bit5 = _mm_set1_epi8(0x20);
    return mask([&](__m128i lane) {
      return _mm_or_si128(in_range(_mm_or_si128(lane, bit5), 'a', 25), in_range(lane, '0', 9));
    });
  }

  // Bytes >= 0x80
  std::uint64_t non_ascii() const {
    return mask([](__m128i lane) { return lane; });
  }

  // Bytes < 0x20
  std::uint64_t control() const {
    return mask([](__m128i lane) { return in_range(lane, 0, 0x1f); });
  }

 private:
  // Unsigned: first <= byte <= first + extent.
  static __m128i in_range(__m128i lane, char first, char extent) {
    const __m128i shifted = _mm_sub_epi8(lane, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(shifted, _mm_set1_epi8(extent)), shifted);
  }

  template <class Test>
  std::uint64_t mask(Test test) const {
    std::uint64_t bits = 0;
    for (int i = 0; i < 4; ++i) {
      const auto part = static_cast<std::uint32_t>(_mm_movemask_epi8(test(lanes_[i])));
      bits |= static_cast<std::uint64_t>(part) << (16 * i);
    }
    return bits;
  }

  __m128i lanes_[4];
};

#else

class ByteBlock {
 public:
  static constexpr std::size_t kSize = 64;

  explicit ByteBlock(const char* bytes) : bytes_(bytes) {}

  std::uint64_t equal_to(char c) const {
    return mask([c](char byte) { return byte == c; });
  }
  std::uint64_t equal_ignoring_bit5(char c) const {
    return mask([c](char byte) { return static_cast<char>(byte | 0x20) == c; });
  }
  std::uint64_t alphanumeric() const {
    return mask([](char byte) {
      const char lower = static_cast<char>(byte | 0x20);
      return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9');
    });
  }
  std::uint64_t non_ascii() const {
    return mask([](char byte) { return (static_cast<unsigned char>(byte) & 0x80) != 0; });
  }
  std::uint64_t control() const {
    return mask([](char byte) { return static_cast<unsigned char>(byte) < 0x20; });
  }

 private:
  template <class Test>
  std::uint64_t mask(Test test) const {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < kSize; ++i) {
      bits |= static_cast<std::uint64_t>(test(bytes_[i]) ? 1 : 0) << i;
    }
    return bits;
  }

  const char* bytes_;
};

#endif

template <class Block>
struct BlockKind {
  using Type = Block;
};

#if defined(__x86_64__)

#define AGENTECHO_AVX2 __attribute__((target("avx2")))

// Only behind with_byte_blocks(). Without lambdas: they would not be compiled for AVX2.
class WideByteBlock {
 public:
  AGENTECHO_AVX2 explicit WideByteBlock(const char* bytes)
      : low_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes))),
        high_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes) + 1)) {}

  AGENTECHO_AVX2 std::uint64_t equal_to(char c) const {
    const __m256i wanted = _mm256_set1_epi8(c);
    return mask(_mm256_cmpeq_epi8(low_, wanted), _mm256_cmpeq_epi8(high_, wanted));
  }

  AGENTECHO_AVX2 std::uint64_t equal_ignoring_bit5(char c) const {
    const __m256i wanted = _mm256_set1_epi8(c);
    const __m256i bit5 = _mm256_set1_epi8(0x20);
    return mask(_mm256_cmpeq_epi8(_mm256_or_si256(low_, bit5), wanted),
                _mm256_cmpeq_epi8(_mm256_or_si256(high_, bit5), wanted));
  }

  AGENTECHO_AVX2 std::uint64_t alphanumeric() const {
    return mask(alphanumeric_in(low_), alphanumeric_in(high_));
  }

  AGENTECHO_AVX2 std::uint64_t non_ascii() const { return mask(low_, high_); }

 private:
  AGENTECHO_AVX2 static __m256i in_range(const __m256i& lane, char first, char extent) {
    const __m256i shifted = _mm256_sub_epi8(lane, _mm256_set1_epi8(first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(shifted, _mm256_set1_epi8(extent)), shifted);
  }

  AGENTECHO_AVX2 static __m256i alphanumeric_in(const __m256i& lane) {
    const __m256i letters = in_range(_mm256_or_si256(lane, _mm256_set1_epi8(0x20)), 'a', 25);
    return _mm256_or_si256(letters, in_range(lane, '0', 9));
  }

  AGENTECHO_AVX2 static std::uint64_t mask(const __m256i& low, const __m256i& high) {
    const auto first = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
    const auto second = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
    return static_cast<std::uint64_t>(second) << 32 | first;
  }

  __m256i low_;
  __m256i high_;
};

template <class Work>
AGENTECHO_AVX2 auto with_wide_blocks(const Work& work) {
  return work(BlockKind<WideByteBlock>{});
}

#undef AGENTECHO_AVX2

#endif

// Calls work(BlockKind<B>) where B is the fastest kind of block on this machine. `work` must be a
// lambda [&](auto kind) __attribute__((always_inline)) {…}: inside a function for AVX2 it is
// compiled for AVX2.
template <class Work>
auto with_byte_blocks(const Work& work) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return with_wide_blocks(work);
#endif
  return work(BlockKind<ByteBlock>{});
}

}  // namespace agentecho
