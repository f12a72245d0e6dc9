// The inner loops of the bootstrap, in variants that any instruction set gives the same bits for:
// one tile of Resampler's small dense product, whose partial sums are all exact (see resampling.h),
// and the choice of the values at one end, which rounds nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace agentecho::internal {

inline constexpr std::size_t kTileReplicates = 16;
inline constexpr std::size_t kTileColumns = 8;  // of values

// One number for each replicate of a tile. Whole cache lines: a vector load that crosses one costs
// twice as much.
struct alignas(64) ReplicatesRow {
  double of[kTileReplicates] = {};
};
struct alignas(64) ValuesRow {
  double of[kTileColumns] = {};
};

// sums[c].of[r] = sum over k < depth of values[k].of[c] * counts[clusters[k]].of[r], for
// c < kTileColumns.
using TileProduct = void (*)(const ReplicatesRow* counts, const ValuesRow* values,
                             const std::uint32_t* clusters, std::size_t depth, ReplicatesRow* sums);

// The fastest variant that this processor runs.
TileProduct tile_product();

// Every variant that this processor runs, the portable one first; for tests.
std::size_t tile_products(TileProduct (&variants)[3]);

// The values up to `cut`, or from it on where `upper`, in their order. Returns how many there are;
// `kept` has room for count + kKeptPadding values and may be `values`. No value is NaN.
using KeepOutside = std::size_t (*)(const double* values, std::size_t count, double cut, bool upper,
                                    double* kept);
inline constexpr std::size_t kKeptPadding = 8;

KeepOutside keep_outside();  // the fastest variant that this processor runs
// Every variant that this processor runs, the portable one first; for tests.
std::size_t keep_outside_variants(KeepOutside (&variants)[2]);

}  // namespace agentecho::internal
