// Compiled with -ffp-contract=fast where the compiler knows it (src/CMakeLists.txt): the only file
// in which fused multiply-add is allowed, because no operation here rounds.
#include "agentecho/stats/resampling_kernel.h"

#include <cstring>

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

// The tile in blocks of kRows x (kVectors vectors). Their sums stay in registers, which takes that
// every index below is a constant: hence the unrolled loops.
template <class Vector, std::size_t kRows, std::size_t kVectors>
[[gnu::always_inline]] inline void multiply_tile(const CountsRow* counts, const ValuesRow* values,
                                                 std::size_t depth, ValuesRow* sums) {
  using V = typename Vector::Type;
  constexpr std::size_t kLanes = sizeof(V) / sizeof(double);
  for (std::size_t column = 0; column < kTileColumns; column += kVectors * kLanes) {
    for (std::size_t row = 0; row < kTileRows; row += kRows) {
      V accumulators[kRows][kVectors] = {};
      for (std::size_t k = 0; k < depth; ++k) {
        V loaded[kVectors];
#pragma GCC unroll 8
        for (std::size_t v = 0; v < kVectors; ++v) {
          std::memcpy(&loaded[v], values[k].of + column + v * kLanes, sizeof(V));
        }
#pragma GCC unroll 8
        for (std::size_t r = 0; r < kRows; ++r) {
          const double weight = counts[k].of[row + r];
#pragma GCC unroll 8
          for (std::size_t v = 0; v < kVectors; ++v) accumulators[r][v] += weight * loaded[v];
        }
      }
#pragma GCC unroll 8
      for (std::size_t r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < kVectors; ++v) {
          std::memcpy(sums[row + r].of + column + v * kLanes, &accumulators[r][v], sizeof(V));
        }
      }
    }
  }
}

void product_portable(const CountsRow* counts, const ValuesRow* values, std::size_t depth,
                      ValuesRow* sums) {
  multiply_tile<Vector128, 4, 2>(counts, values, depth, sums);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void product_avx2(const CountsRow* counts,
                                                      const ValuesRow* values, std::size_t depth,
                                                      ValuesRow* sums) {
  multiply_tile<Vector256, 4, 2>(counts, values, depth, sums);
}

__attribute__((target("avx512f"))) void product_avx512(const CountsRow* counts,
                                                       const ValuesRow* values, std::size_t depth,
                                                       ValuesRow* sums) {
  multiply_tile<Vector512, 8, 2>(counts, values, depth, sums);
}
#endif

}  // namespace

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

TileProduct tile_product() {
  TileProduct variants[3];
  const std::size_t count = tile_products(variants);
  return variants[count - 1];
}

}  // namespace agentecho::internal
