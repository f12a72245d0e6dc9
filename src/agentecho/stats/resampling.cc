#include "agentecho/stats/resampling.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>

#include "agentecho/base/random.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/stats/resampling_kernel.h"

namespace agentecho {
namespace {

using internal::CountsRow;
using internal::kTileColumns;
using internal::kTileRows;
using internal::ValuesRow;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Uniform in [0, bound) but for a share of bound / 2^64: the high half of a 128-bit product, much
// cheaper than a division.
std::size_t draw(Rng& rng, std::size_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(rng.bits()) * bound) >> 64);
}

// Adding and subtracting this number rounds a value to the grid of its column. With 2^e above the
// largest possible sum, the grid is 2^(e - 50): sums then have at most 51 bits, and the number
// itself lies far above every value.
double rounding_constant(double largest, std::size_t clusters) {
  int exponent = 0;
  std::frexp(largest * static_cast<double>(clusters), &exponent);
  return std::ldexp(1.5, exponent + 2);
}

// Copies columns [first, first + width), rounded; the columns of `packed` beyond are left as they
// are.
void pack(std::span<const double> values, std::size_t columns, std::size_t first, std::size_t width,
          std::span<ValuesRow> packed) {
  const std::size_t clusters = packed.size();
  double largest[kTileColumns] = {};
  for (std::size_t k = 0; k < clusters; ++k) {
    for (std::size_t c = 0; c < width; ++c) {
      const double magnitude = std::fabs(values[k * columns + first + c]);
      largest[c] = std::isfinite(magnitude) ? std::max(largest[c], magnitude) : kInfinity;
    }
  }
  double constants[kTileColumns] = {};
  for (std::size_t c = 0; c < width; ++c) {
    constants[c] = std::isinf(largest[c]) ? kNaN : rounding_constant(largest[c], clusters);
  }
  for (std::size_t k = 0; k < clusters; ++k) {
    for (std::size_t c = 0; c < width; ++c) {
      const double shifted = values[k * columns + first + c] + constants[c];
      packed[k].of[c] = shifted - constants[c];
    }
  }
}

// No NaN, no infinity: their exponents are all ones, so that one more runs over into the sign.
bool all_finite(std::span<const double> values) {
  constexpr std::uint64_t kExponent = 0x7FF0'0000'0000'0000;
  constexpr std::uint64_t kOne = 0x0010'0000'0000'0000;
  std::uint64_t seen = 0;
  for (const double value : values) {
    seen |= (std::bit_cast<std::uint64_t>(value) & kExponent) + kOne;
  }
  return seen >> 63 == 0;
}

// Numbers that are written before they are read.
struct Room {
  explicit Room(std::size_t size) : values(std::make_unique_for_overwrite<double[]>(size)) {}
  std::unique_ptr<double[]> values;
  std::size_t used = 0;

  std::span<double> kept() { return {values.get(), used}; }
};

// Values at one end of `values` that are sure to hold the `wanted` outermost ones, or nothing: a
// sample says where to cut. Replicates come in no order, so that every so-manieth is a sample.
constexpr std::size_t kSample = 256;
constexpr std::size_t kWorthSampling = 4 * kSample;

template <class Before>
Room outermost(std::span<const double> values, std::size_t wanted, bool upper, Before before) {
  std::array<double, kSample> sample;
  for (std::size_t i = 0; i < kSample; ++i) sample[i] = values[i * (values.size() / kSample)];
  const double expected =
      static_cast<double>(wanted) / static_cast<double>(values.size()) * double{kSample};
  const auto cut = static_cast<std::size_t>(expected + 4 * std::sqrt(expected) + 2);
  if (cut >= kSample / 2) return Room(0);
  std::nth_element(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(cut), sample.end(),
                   before);
  Room room(values.size() + internal::kKeptPadding);
  static const internal::KeepOutside keep = internal::keep_outside();
  const std::size_t n = keep(values.data(), values.size(), sample[cut], upper, room.values.get());
  room.used = n < wanted ? 0 : n;
  return room;
}

// quantile() of many values at a probability near 0, or with the order turned round near 1.
template <class Before>
double tail_quantile(std::span<double> values, double probability, bool upper, Before before) {
  const double position = probability * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (values.size() < kWorthSampling || below + 1 == values.size()) {
    return select_quantile(values, probability);
  }
  // The two order statistics that it lies between: `first` is further out.
  const std::size_t inner = upper ? values.size() - 1 - below : below + 1;
  Room room = outermost(values, inner + 1, upper, before);
  const std::span<double> tail = room.kept();
  if (tail.empty()) return select_quantile(values, probability);
  const auto at = tail.begin() + static_cast<std::ptrdiff_t>(inner);
  std::nth_element(tail.begin(), at, tail.end(), before);
  const double first = *std::max_element(tail.begin(), at, before);
  const double low = upper ? *at : first;
  const double high = upper ? first : *at;
  return low + (high - low) * (position - static_cast<double>(below));
}

}  // namespace

Resampler::Resampler(std::size_t clusters, std::size_t replicates, std::uint64_t seed)
    : clusters_(clusters), replicates_(replicates) {
  const std::size_t blocks = (replicates + kTileRows - 1) / kTileRows;
  counts_.assign(blocks * clusters * kTileRows, 0);
  for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
    Rng rng(seed, replicate);
    std::uint8_t* block = counts_.data() + replicate / kTileRows * clusters * kTileRows;
    // A count is close to Poisson(1); one above 255 has a probability below 1e-500.
    for (std::size_t i = 0; i < clusters; ++i) {
      ++block[draw(rng, clusters) * kTileRows + replicate % kTileRows];
    }
  }
}

unsigned Resampler::count(std::size_t replicate, std::size_t cluster) const {
  assert(replicate < replicates_ && cluster < clusters_);
  return counts_[(replicate / kTileRows * clusters_ + cluster) * kTileRows + replicate % kTileRows];
}

// Sums of a few neighbouring replicates and columns.
struct Tile {
  std::size_t first_replicate;
  std::size_t replicates;
  std::size_t first_column;
  std::size_t columns;
  const ValuesRow* sums;  // a row a replicate
};

// store(Tile), tile by tile.
template <class Store>
void Resampler::multiply(std::span<const double> values, std::size_t columns,
                         const Store& store) const {
  assert(values.size() == clusters_ * columns);
  if (columns == 0) return;
  const std::size_t tiles = (columns + kTileColumns - 1) / kTileColumns;
  const auto width = [&](std::size_t tile) {
    return std::min(kTileColumns, columns - tile * kTileColumns);
  };
  std::vector<ValuesRow> packed(tiles * clusters_);
  for (std::size_t tile = 0; tile < tiles; ++tile) {
    pack(values, columns, tile * kTileColumns, width(tile),
         std::span(packed).subspan(tile * clusters_, clusters_));
  }

  const internal::TileProduct product = internal::tile_product();
  std::vector<CountsRow> block(clusters_);
  ValuesRow products[kTileRows];
  for (std::size_t first = 0; first < replicates_; first += kTileRows) {
    const std::uint8_t* counts = counts_.data() + first * clusters_;
    for (std::size_t k = 0; k < clusters_; ++k) {
      std::copy_n(counts + k * kTileRows, kTileRows, block[k].of);
    }
    const std::size_t rows = std::min(kTileRows, replicates_ - first);
    for (std::size_t tile = 0; tile < tiles; ++tile) {
      product(block.data(), packed.data() + tile * clusters_, clusters_, products);
      store(Tile{first, rows, tile * kTileColumns, width(tile), products});
    }
  }
}

void Resampler::weighted_sums(std::span<const double> values, std::size_t columns,
                              std::span<double> sums) const {
  assert(sums.size() == replicates_ * columns);
  multiply(values, columns, [&](const Tile& tile) {
    for (std::size_t r = 0; r < tile.replicates; ++r) {
      const std::size_t at = (tile.first_replicate + r) * columns + tile.first_column;
      std::copy_n(tile.sums[r].of, tile.columns, sums.data() + at);
    }
  });
}

void Resampler::weighted_sums_by_column(std::span<const double> values, std::size_t columns,
                                        std::span<double> sums) const {
  assert(sums.size() == replicates_ * columns);
  multiply(values, columns, [&](const Tile& tile) {
    for (std::size_t c = 0; c < tile.columns; ++c) {
      double* of_column =
          sums.data() + (tile.first_column + c) * replicates_ + tile.first_replicate;
      for (std::size_t r = 0; r < tile.replicates; ++r) of_column[r] = tile.sums[r].of[c];
    }
  });
}

std::optional<Interval> percentile_interval(std::span<double> values, double level) {
  assert(level > 0 && level < 1);
  const auto defined_end = all_finite(values)
                               ? values.end()
                               : std::partition(values.begin(), values.end(),
                                                [](double value) { return std::isfinite(value); });
  const std::size_t defined = static_cast<std::size_t>(defined_end - values.begin());
  if (defined == 0 || 2 * defined < values.size()) return std::nullopt;
  const std::span<double> kept = values.first(defined);
  const double tail = (1 - level) / 2;
  return Interval{tail_quantile(kept, tail, false, std::less<>()),
                  tail_quantile(kept, 1 - tail, true, std::greater<>())};
}

}  // namespace agentecho
