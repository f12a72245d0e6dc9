// Compiled with -ffp-contract=fast where the compiler knows it (src/CMakeLists.txt): the only file
// in which fused multiply-add is allowed, because no operation here rounds.
#include "agentecho/stats/resampling_kernel.h"

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace agentecho::internal {
namespace {

// Vectors of the compiler (GCC and Clang), as members since attributes on template arguments are
// ignored.
struct Vector128 {
  using Type = double __attribute__((vector_size(16)));
};
struct Vector256 {
  using Type = double __attribute__((vector_size(32)));
};
struct Vector512 {
  using Type = double __attribute__((vector_size(64)));
};

// The tile in blocks of kColumns x (kVectors vectors of replicates). Their sums stay in registers,
// which takes that every index below is a constant: hence the unrolled loops.
template <class Vector, std::size_t kColumns, std::size_t kVectors>
[[gnu::always_inline]] inline void multiply_tile(const ReplicatesRow* counts,
                                                 const ValuesRow* values,
                                                 const std::uint32_t* clusters, std::size_t depth,
                                                 ReplicatesRow* sums) {
  using V = typename Vector::Type;
  constexpr std::size_t kLanes = sizeof(V) / sizeof(double);
  for (std::size_t first = 0; first < kTileReplicates; first += kVectors * kLanes) {
    for (std::size_t column = 0; column < kTileColumns; column += kColumns) {
      V accumulators[kColumns][kVectors] = {};
      for (std::size_t k = 0; k < depth; ++k) {
        const double* const of_cluster = counts[clusters[k]].of + first;
        V loaded[kVectors];
#pragma GCC unroll 8
        for (std::size_t v = 0; v < kVectors; ++v) {
          std::memcpy(&loaded[v], of_cluster + v * kLanes, sizeof(V));
        }
#pragma GCC unroll 8
        for (std::size_t c = 0; c < kColumns; ++c) {
          const double value = values[k].of[column + c];
#pragma GCC unroll 8
          for (std::size_t v = 0; v < kVectors; ++v) accumulators[c][v] += value * loaded[v];
        }
      }
#pragma GCC unroll 8
      for (std::size_t c = 0; c < kColumns; ++c) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < kVectors; ++v) {
          std::memcpy(sums[column + c].of + first + v * kLanes, &accumulators[c][v], sizeof(V));
        }
      }
    }
  }
}

void product_portable(const ReplicatesRow* counts, const ValuesRow* values,
                      const std::uint32_t* clusters, std::size_t depth, ReplicatesRow* sums) {
  multiply_tile<Vector128, 4, 2>(counts, values, clusters, depth, sums);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void product_avx2(const ReplicatesRow* counts,
                                                      const ValuesRow* values,
                                                      const std::uint32_t* clusters,
                                                      std::size_t depth, ReplicatesRow* sums) {
  multiply_tile<Vector256, 4, 2>(counts, values, clusters, depth, sums);
}

__attribute__((target("avx512f"))) void product_avx512(const ReplicatesRow* counts,
                                                       const ValuesRow* values,
                                                       const std::uint32_t* clusters,
                                                       std::size_t depth, ReplicatesRow* sums) {
  multiply_tile<Vector512, 8, 2>(counts, values, clusters, depth, sums);
}
#endif

// Without a branch: every value is stored, and the next one over it where it is not wanted.
template <bool kUpper>
std::size_t keep_one_by_one(const double* values, std::size_t count, double cut, double* kept) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < count; ++i) {
    kept[n] = values[i];
    n += (kUpper ? values[i] >= cut : values[i] <= cut) ? 1 : 0;
  }
  return n;
}

std::size_t keep_portable(const double* values, std::size_t count, double cut, bool upper,
                          double* kept) {
  return upper ? keep_one_by_one<true>(values, count, cut, kept)
               : keep_one_by_one<false>(values, count, cut, kept);
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) std::size_t keep_avx512(const double* values, std::size_t count,
                                                           double cut, bool upper, double* kept) {
  constexpr std::size_t kLanes = 8;
  const __m512d at = _mm512_set1_pd(cut);
  std::size_t n = 0;
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const __m512d loaded = _mm512_loadu_pd(values + i);
    const __mmask8 wanted = upper ? _mm512_cmp_pd_mask(loaded, at, _CMP_GE_OQ)
                                  : _mm512_cmp_pd_mask(loaded, at, _CMP_LE_OQ);
    _mm512_storeu_pd(kept + n, _mm512_maskz_compress_pd(wanted, loaded));
    n += static_cast<std::size_t>(std::popcount(static_cast<unsigned>(wanted)));
  }
  return n + keep_portable(values + i, count - i, cut, upper, kept + n);
}
#endif

// The fastest that this machine can run.
template <class Variant, std::size_t kMost>
Variant last_of(std::size_t (&list)(Variant (&)[kMost])) {
  Variant variants[kMost];
  return variants[list(variants) - 1];
}

}  // namespace

std::size_t keep_outside_variants(KeepOutside (&variants)[2]) {
  std::size_t count = 0;
  variants[count++] = keep_portable;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) variants[count++] = keep_avx512;
#endif
  return count;
}

KeepOutside keep_outside() { return last_of(keep_outside_variants); }

std::size_t tile_products(TileProduct (&variants)[3]) {
  std::size_t count = 0;
  variants[count++] = product_portable;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    variants[count++] = product_avx2;
  }
  if (__builtin_cpu_supports("avx512f")) variants[count++] = product_avx512;
#endif
  return count;
}

TileProduct tile_product() { return last_of(tile_products); }

}  // namespace agentecho::internal
