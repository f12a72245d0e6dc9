#include "agentecho/stats/resampling.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <memory>

#include "agentecho/base/random.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/stats/resampling_kernel.h"

namespace agentecho {
namespace {

using internal::kTileColumns;
using internal::kTileReplicates;
using internal::ReplicatesRow;
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

// Columns of values, rounded, of the clusters that have something in them.
struct Packed {
  std::vector<ValuesRow> values;
  std::vector<std::uint32_t> clusters;
};

// Appends columns [first, first + width).
void pack(std::span<const double> values, std::size_t clusters, std::size_t columns,
          std::size_t first, std::size_t width, Packed& packed) {
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
    ValuesRow row;
    bool any = false;
    for (std::size_t c = 0; c < width; ++c) {
      const double shifted = values[k * columns + first + c] + constants[c];
      row.of[c] = shifted - constants[c];
      any = any || row.of[c] != 0;
    }
    if (!any) continue;
    packed.values.push_back(row);
    packed.clusters.push_back(static_cast<std::uint32_t>(k));
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

// Finds what lies at one end of many values, the lower or the upper one. Values are divided by a
// kernel that takes no branch for each of them, which is what makes std::nth_element slow.
class EndFinder {
 public:
  static constexpr std::size_t kSample = 256;
  static constexpr std::size_t kWorthIt = 4 * kSample;  // values

  // `most` values at a time, kSample or more.
  EndFinder(std::size_t most, bool upper)
      : upper_(upper),
        kept_(std::make_unique_for_overwrite<double[]>(most + internal::kKeptPadding)),
        other_(std::make_unique_for_overwrite<double[]>(most + internal::kKeptPadding)) {}

  // The order statistics `rank` - 1 and `rank`, counted from the end.
  struct Neighbours {
    double outer = 0;
    double inner = 0;
  };
  // Nothing where they are not near the end. A sample says where to cut: replicates come in no
  // order, so that every so-manieth is one. 0 < rank < values.size().
  std::optional<Neighbours> find(std::span<const double> values, std::size_t rank) {
    const double expected =
        static_cast<double>(rank + 1) / static_cast<double>(values.size()) * double{kSample};
    const auto cut = static_cast<std::size_t>(expected + 4 * std::sqrt(expected) + 2);
    if (cut >= kSample / 2) return std::nullopt;
    for (std::size_t i = 0; i < kSample; ++i) kept_[i] = values[i * (values.size() / kSample)];
    const double limit = select(kSample, cut).inner;
    const std::size_t n = keep_(values.data(), values.size(), limit, upper_, kept_.get());
    return n > rank ? std::optional(select(n, rank)) : std::nullopt;
  }

 private:
  // Among the first n values of kept_: the part of them that holds the rank is divided again and
  // again.
  Neighbours select(std::size_t n, std::size_t rank) {
    constexpr std::size_t kFew = 32;
    const auto before = [this](double x, double y) { return upper_ ? x > y : x < y; };
    while (n > kFew) {
      const double pivot = middle(kept_[n / 4], kept_[n / 2], kept_[n - n / 4]);
      const std::size_t outer = keep_(kept_.get(), n, pivot, upper_, other_.get());
      if (outer == n) break;  // many are equal
      if (outer > rank) {
        kept_.swap(other_);
        n = outer;
        continue;
      }
      const double beyond = std::nextafter(pivot, upper_ ? -kInfinity : kInfinity);
      n = keep_(kept_.get(), n, beyond, !upper_, kept_.get());
      if (outer == rank) {
        return {*std::max_element(other_.get(), other_.get() + outer, before),
                *std::min_element(kept_.get(), kept_.get() + n, before)};
      }
      rank -= outer;
    }
    double* const at = kept_.get() + rank;
    std::nth_element(kept_.get(), at, kept_.get() + n, before);
    return {*std::max_element(kept_.get(), at, before), *at};
  }

  static double middle(double a, double b, double c) {
    return std::max(std::min(a, b), std::min(std::max(a, b), c));
  }

  const bool upper_;
  const internal::KeepOutside keep_ = internal::keep_outside();
  std::unique_ptr<double[]> kept_;
  std::unique_ptr<double[]> other_;
};

// quantile() of many values at a probability near 0, or with the order turned round near 1.
double tail_quantile(std::span<double> values, double probability, bool upper) {
  const double position = probability * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (values.size() < EndFinder::kWorthIt || below + 1 == values.size()) {
    return select_quantile(values, probability);
  }
  const auto found =
      EndFinder(values.size(), upper).find(values, upper ? values.size() - 1 - below : below + 1);
  if (!found) return select_quantile(values, probability);
  const double low = upper ? found->inner : found->outer;
  const double high = upper ? found->outer : found->inner;
  return low + (high - low) * (position - static_cast<double>(below));
}

}  // namespace

Resampler::Resampler(std::size_t clusters, std::size_t replicates, std::uint64_t seed)
    : clusters_(clusters), replicates_(replicates) {
  const std::size_t blocks = (replicates + kTileReplicates - 1) / kTileReplicates;
  counts_.assign(blocks * clusters * kTileReplicates, 0);
  for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
    Rng rng(seed, replicate);
    std::uint8_t* block = counts_.data() + replicate / kTileReplicates * clusters * kTileReplicates;
    // A count is close to Poisson(1); one above 255 has a probability below 1e-500.
    for (std::size_t i = 0; i < clusters; ++i) {
      ++block[draw(rng, clusters) * kTileReplicates + replicate % kTileReplicates];
    }
  }
}

unsigned Resampler::count(std::size_t replicate, std::size_t cluster) const {
  assert(replicate < replicates_ && cluster < clusters_);
  return counts_[(replicate / kTileReplicates * clusters_ + cluster) * kTileReplicates +
                 replicate % kTileReplicates];
}

// Sums of a few neighbouring replicates and columns.
struct Tile {
  std::size_t first_replicate;
  std::size_t replicates;
  std::size_t first_column;
  std::size_t columns;
  const ReplicatesRow* sums;  // a row a column
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
  Packed packed;
  packed.values.reserve(tiles * clusters_);
  std::vector<std::size_t> begins = {0};  // of each tile in `packed`, and the end
  for (std::size_t tile = 0; tile < tiles; ++tile) {
    pack(values, clusters_, columns, tile * kTileColumns, width(tile), packed);
    begins.push_back(packed.values.size());
  }

  // Only clusters with something in them are looked up: those of one domain are few.
  std::vector<std::uint32_t> used = packed.clusters;
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  const internal::TileProduct product = internal::tile_product();
  std::vector<ReplicatesRow> block(clusters_);
  ReplicatesRow products[kTileColumns];
  for (std::size_t first = 0; first < replicates_; first += kTileReplicates) {
    const std::uint8_t* counts = counts_.data() + first * clusters_;
    for (const std::size_t k : used) {
      std::copy_n(counts + k * kTileReplicates, kTileReplicates, block[k].of);
    }
    const std::size_t replicates = std::min(kTileReplicates, replicates_ - first);
    for (std::size_t tile = 0; tile < tiles; ++tile) {
      const std::size_t begin = begins[tile];
      product(block.data(), packed.values.data() + begin, packed.clusters.data() + begin,
              begins[tile + 1] - begin, products);
      store(Tile{first, replicates, tile * kTileColumns, width(tile), products});
    }
  }
}

void Resampler::weighted_sums(std::span<const double> values, std::size_t columns,
                              std::span<double> sums) const {
  assert(sums.size() == replicates_ * columns);
  multiply(values, columns, [&](const Tile& tile) {
    for (std::size_t r = 0; r < tile.replicates; ++r) {
      double* of_replicate = sums.data() + (tile.first_replicate + r) * columns + tile.first_column;
      for (std::size_t c = 0; c < tile.columns; ++c) of_replicate[c] = tile.sums[c].of[r];
    }
  });
}

void Resampler::weighted_sums_by_column(std::span<const double> values, std::size_t columns,
                                        std::span<double> sums) const {
  assert(sums.size() == replicates_ * columns);
  multiply(values, columns, [&](const Tile& tile) {
    for (std::size_t c = 0; c < tile.columns; ++c) {
      const std::size_t at = (tile.first_column + c) * replicates_ + tile.first_replicate;
      std::copy_n(tile.sums[c].of, tile.replicates, sums.data() + at);
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
  return Interval{tail_quantile(kept, tail, false), tail_quantile(kept, 1 - tail, true)};
}

}  // namespace agentecho
