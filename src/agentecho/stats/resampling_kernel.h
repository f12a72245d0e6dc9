// The inner loop of Resampler: one tile of a small dense product whose partial sums are all exact
// (see resampling.h), so that any instruction set gives the same bits.
#pragma once

#include <cstddef>

namespace agentecho::internal {

inline constexpr std::size_t kTileRows = 8;      // replicates
inline constexpr std::size_t kTileColumns = 16;  // value columns

// sums[r][c] = sum over k of counts[k][r] * values[k][c], with counts depth x kTileRows, values
// depth x kTileColumns and sums kTileRows x kTileColumns, all row-major. None needs alignment.
using TileProduct = void (*)(const double* counts, const double* values, std::size_t depth,
                             double* sums);

// The fastest variant that this processor runs.
TileProduct tile_product();

// Every variant that this processor runs, the portable one first; for tests.
std::size_t tile_products(TileProduct (&variants)[3]);

}  // namespace agentecho::internal
