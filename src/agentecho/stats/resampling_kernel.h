// The inner loops of the bootstrap, in variants that any instruction set gives the same bits for:
// one tile of Resampler's small dense product, whose partial sums are all exact (see resampling.h),
// and the choice of the values at one end, which rounds nothing.
#pragma once

#include <cstddef>

namespace agentecho::internal {

inline constexpr std::size_t kTileRows = 8;      // replicates
inline constexpr std::size_t kTileColumns = 16;  // value columns

// Whole cache lines: a vector load that crosses one costs twice as much.
struct alignas(64) CountsRow {
  double of[kTileRows] = {};
};
struct alignas(64) ValuesRow {
  double of[kTileColumns] = {};
};

// sums[r].of[c] = sum over k < depth of counts[k].of[r] * values[k].of[c], for r < kTileRows.
using TileProduct = void (*)(const CountsRow* counts, const ValuesRow* values, std::size_t depth,
                             ValuesRow* sums);

// The fastest variant that this processor runs.
TileProduct tile_product();

// Every variant that this processor runs, the portable one first; for tests.
std::size_t tile_products(TileProduct (&variants)[3]);

// The values up to `cut`, or from it on where `upper`, in their order. Returns how many there are;
// `kept` has room for count + kKeptPadding values. No value is NaN.
using KeepOutside = std::size_t (*)(const double* values, std::size_t count, double cut, bool upper,
                                    double* kept);
inline constexpr std::size_t kKeptPadding = 8;

KeepOutside keep_outside();  // the fastest variant that this processor runs
// Every variant that this processor runs, the portable one first; for tests.
std::size_t keep_outside_variants(KeepOutside (&variants)[2]);

}  // namespace agentecho::internal
