// The inner loop of Resampler: one tile of a small dense product whose partial sums are all exact
// (see resampling.h), so that any instruction set gives the same bits.
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

}  // namespace agentecho::internal
