#include "agentecho/stats/resampling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/stats/resampling_kernel.h"

namespace agentecho {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> random_values(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> values(count);
  for (double& value : values) value = rng.normal() * std::exp(3 * rng.normal());
  return values;
}

std::vector<double> sums_of(const Resampler& resampler, const std::vector<double>& values,
                            std::size_t columns) {
  std::vector<double> sums(resampler.replicates() * columns, -1);
  resampler.weighted_sums(values, columns, sums);
  return sums;
}

TEST(Resampler, DrawsAsManyClustersAsThereAre) {
  const Resampler resampler(37, 21, 5);
  for (std::size_t replicate = 0; replicate < 21; ++replicate) {
    unsigned total = 0;
    for (std::size_t cluster = 0; cluster < 37; ++cluster) {
      total += resampler.count(replicate, cluster);
    }
    EXPECT_EQ(total, 37u);
  }
}

TEST(Resampler, DrawsEachClusterEquallyOften) {
  const std::size_t clusters = 10;
  const std::size_t replicates = 20000;
  const Resampler resampler(clusters, replicates, 1);
  for (std::size_t cluster = 0; cluster < clusters; ++cluster) {
    double total = 0;
    double squares = 0;
    for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
      const double count = resampler.count(replicate, cluster);
      total += count;
      squares += count * count;
    }
    // Binomial(10, 0.1): mean 1, mean square 1.9; tolerances of five standard errors and more.
    EXPECT_NEAR(total / static_cast<double>(replicates), 1, 0.04);
    EXPECT_NEAR(squares / static_cast<double>(replicates), 1.9, 0.13);
  }
}

TEST(Resampler, GivesTheSumsOfTheDrawnClusters) {
  const std::size_t clusters = 29;
  const std::size_t columns = 19;
  const Resampler resampler(clusters, 11, 3);
  const std::vector<double> values = random_values(clusters * columns, 8);
  const std::vector<double> sums = sums_of(resampler, values, columns);
  for (std::size_t replicate = 0; replicate < 11; ++replicate) {
    for (std::size_t column = 0; column < columns; ++column) {
      double expected = 0;
      double largest = 0;
      for (std::size_t cluster = 0; cluster < clusters; ++cluster) {
        const double value = values[cluster * columns + column];
        expected += resampler.count(replicate, cluster) * value;
        largest = std::max(largest, std::fabs(value));
      }
      const double bound = 0x1.0p-50 * static_cast<double>(clusters * clusters) * largest;
      EXPECT_NEAR(sums[replicate * columns + column], expected, bound);
    }
  }
}

TEST(Resampler, RoundsToAGridOnWhichTheOrderDoesNotMatter) {
  const std::size_t clusters = 300;
  const Resampler resampler(clusters, 40, 6);
  Rng rng(17);
  std::vector<double> values(clusters);
  for (double& value : values) value = rng.normal();
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::fabs(value));
  int exponent = 0;
  std::frexp(largest * static_cast<double>(clusters), &exponent);
  const double grid = std::ldexp(1.0, exponent - 50);
  const std::vector<double> sums = sums_of(resampler, values, 1);
  for (std::size_t replicate = 0; replicate < 40; ++replicate) {
    double backwards = 0;
    for (std::size_t k = clusters; k > 0; --k) {
      backwards += resampler.count(replicate, k - 1) * std::nearbyint(values[k - 1] / grid) * grid;
    }
    EXPECT_EQ(sums[replicate], backwards);
  }
}

TEST(Resampler, SmallIntegersAndShortFractionsAreSummedExactly) {
  const Resampler resampler(500, 16, 3);
  std::vector<double> values(500);
  for (std::size_t i = 0; i < 500; ++i) values[i] = static_cast<double>(i % 9) / 8;
  const std::vector<double> sums = sums_of(resampler, values, 1);
  for (std::size_t replicate = 0; replicate < 16; ++replicate) {
    unsigned eighths = 0;
    for (std::size_t i = 0; i < 500; ++i) {
      eighths += resampler.count(replicate, i) * static_cast<unsigned>(i % 9);
    }
    EXPECT_EQ(sums[replicate], eighths / 8.0);
  }
}

TEST(Resampler, GivesTheSameBitsHoweverTheColumnsAreSplitOverThreads) {
  const std::size_t clusters = 53;
  const std::size_t columns = 45;
  const std::size_t replicates = 100;
  const Resampler resampler(clusters, replicates, 3);
  const std::vector<double> values = random_values(clusters * columns, 4);
  const std::vector<double> whole = sums_of(resampler, values, columns);
  for (const std::size_t width : {1, 7, 16, 40}) {
    for (const unsigned threads : {1u, 2u, 5u}) {
      std::vector<double> joined(whole.size());
      parallel_for((columns + width - 1) / width, threads, [&](std::size_t tile) {
        const std::size_t first = tile * width;
        const std::size_t count = std::min(width, columns - first);
        std::vector<double> part(clusters * count);
        for (std::size_t k = 0; k < clusters; ++k) {
          for (std::size_t c = 0; c < count; ++c) {
            part[k * count + c] = values[k * columns + first + c];
          }
        }
        const std::vector<double> sums = sums_of(resampler, part, count);
        for (std::size_t r = 0; r < replicates; ++r) {
          for (std::size_t c = 0; c < count; ++c) {
            joined[r * columns + first + c] = sums[r * count + c];
          }
        }
      });
      EXPECT_EQ(joined, whole) << "width " << width << ", threads " << threads;
    }
  }
}

TEST(Resampler, IsAPureFunctionOfTheSeed) {
  const std::vector<double> values = random_values(40, 1);
  EXPECT_EQ(sums_of(Resampler(40, 50, 7), values, 1), sums_of(Resampler(40, 50, 7), values, 1));
  EXPECT_NE(sums_of(Resampler(40, 50, 7), values, 1), sums_of(Resampler(40, 50, 8), values, 1));
}

TEST(Resampler, ALongerRunBeginsWithAShorterOne) {
  const std::vector<double> values = random_values(40, 1);
  const std::vector<double> few = sums_of(Resampler(40, 13, 7), values, 1);
  std::vector<double> many = sums_of(Resampler(40, 50, 7), values, 1);
  many.resize(13);
  EXPECT_EQ(many, few);
}

// The draws are part of every published interval: they change only with a note in the changelog.
TEST(Resampler, DrawsTheSameOnEveryPlatform) {
  const Resampler resampler(8, 3, 2026);
  std::vector<std::vector<unsigned>> drawn;
  for (std::size_t replicate = 0; replicate < 3; ++replicate) {
    std::vector<unsigned>& row = drawn.emplace_back();
    for (std::size_t cluster = 0; cluster < 8; ++cluster) {
      row.push_back(resampler.count(replicate, cluster));
    }
  }
  EXPECT_EQ(drawn,
            (std::vector<std::vector<unsigned>>{
                {1, 4, 1, 0, 1, 0, 0, 1}, {2, 1, 3, 1, 0, 1, 0, 0}, {0, 0, 1, 2, 2, 2, 0, 1}}));
}

TEST(Resampler, EmptyInputIsDefined) {
  const std::vector<double> none = sums_of(Resampler(0, 3, 1), {}, 2);
  EXPECT_THAT(none, ::testing::Each(0.0));
  EXPECT_EQ(none.size(), 6u);
  EXPECT_TRUE(sums_of(Resampler(4, 0, 1), {1, 2, 3, 4}, 1).empty());
  EXPECT_TRUE(sums_of(Resampler(4, 3, 1), {}, 0).empty());
  EXPECT_EQ(sums_of(Resampler(1, 2, 1), {0.75}, 1), (std::vector<double>{0.75, 0.75}));
}

TEST(Resampler, AColumnThatIsNotFiniteDoesNotTouchItsNeighbours) {
  const Resampler resampler(3, 4, 1);
  const std::vector<double> sums = sums_of(resampler, {1, kNaN, 2, 1, 5, INFINITY, 1, 4, 2}, 3);
  for (std::size_t replicate = 0; replicate < 4; ++replicate) {
    EXPECT_EQ(sums[replicate * 3], 3);
    EXPECT_TRUE(std::isnan(sums[replicate * 3 + 1]));
    EXPECT_TRUE(std::isnan(sums[replicate * 3 + 2]));
  }
}

TEST(ResamplerKernel, EveryInstructionSetGivesTheSameBits) {
  const std::size_t depth = 301;
  const Resampler resampler(depth, internal::kTileReplicates, 4);
  std::vector<internal::ReplicatesRow> counts(depth);
  std::vector<internal::ValuesRow> values(depth);
  std::vector<std::uint32_t> clusters(depth);
  Rng rng(12);
  for (std::size_t k = 0; k < depth; ++k) {
    for (std::size_t r = 0; r < internal::kTileReplicates; ++r) {
      counts[k].of[r] = resampler.count(r, k);
    }
    clusters[k] = static_cast<std::uint32_t>(depth - 1 - k);
    for (double& value : values[k].of) value = std::round(rng.normal() * 0x1.0p+40) * 0x1.0p-40;
  }
  internal::TileProduct variants[3];
  const std::size_t count = internal::tile_products(variants);
  internal::ReplicatesRow reference[internal::kTileColumns];
  variants[0](counts.data(), values.data(), clusters.data(), depth, reference);
  double expected = 0;  // exact in any order
  for (std::size_t k = 0; k < depth; ++k) {
    expected += counts[depth - 1 - k].of[3] * values[k].of[5];
  }
  EXPECT_EQ(reference[5].of[3], expected);
  for (std::size_t i = 1; i < count; ++i) {
    internal::ReplicatesRow sums[internal::kTileColumns];
    variants[i](counts.data(), values.data(), clusters.data(), depth, sums);
    for (std::size_t c = 0; c < internal::kTileColumns; ++c) {
      EXPECT_THAT(sums[c].of, ::testing::ElementsAreArray(reference[c].of)) << "variant " << i;
    }
  }
}

TEST(ResamplerKernel, EveryInstructionSetKeepsTheSameValues) {
  Rng rng(13);
  for (const std::size_t n : {0u, 1u, 7u, 8u, 9u, 1000u, 1003u}) {
    std::vector<double> values(n);
    for (double& value : values) value = static_cast<double>(rng.below(20));
    for (const bool upper : {false, true}) {
      const double cut = upper ? 17 : 2;
      std::vector<double> expected;
      for (const double value : values) {
        if (upper ? value >= cut : value <= cut) expected.push_back(value);
      }
      internal::KeepOutside variants[2];
      const std::size_t count = internal::keep_outside_variants(variants);
      for (std::size_t i = 0; i < count; ++i) {
        std::vector<double> kept(n + internal::kKeptPadding);
        kept.resize(variants[i](values.data(), n, cut, upper, kept.data()));
        EXPECT_EQ(kept, expected) << "variant " << i << " of " << n;
        std::vector<double> in_place = values;
        in_place.resize(n + internal::kKeptPadding);
        in_place.resize(variants[i](in_place.data(), n, cut, upper, in_place.data()));
        EXPECT_EQ(in_place, expected) << "variant " << i << " of " << n;
      }
    }
  }
}

// np.percentile(v, [2.5, 97.5])
TEST(PercentileInterval, InterpolatesAsNumpyDoes) {
  std::vector<double> values{9, 1, 7, 3, 5};
  const auto interval = percentile_interval(values);
  ASSERT_TRUE(interval);
  EXPECT_DOUBLE_EQ(interval->low, 1.2);
  EXPECT_DOUBLE_EQ(interval->high, 8.8);
  const auto half = percentile_interval(values, 0.5);
  ASSERT_TRUE(half);
  EXPECT_DOUBLE_EQ(half->low, 3);
  EXPECT_DOUBLE_EQ(half->high, 7);
}

TEST(PercentileInterval, DropsUndefinedReplicates) {
  std::vector<double> values{kNaN, 9, 1, INFINITY, 7, 3, 5, kNaN};
  const auto interval = percentile_interval(values);
  ASSERT_TRUE(interval);
  EXPECT_DOUBLE_EQ(interval->low, 1.2);
  EXPECT_DOUBLE_EQ(interval->high, 8.8);
}

// The same among so many that the ends are looked for apart, whichever kind of nothing it is.
TEST(PercentileInterval, DropsUndefinedReplicatesAmongMany) {
  for (const double undefined_value : {kNaN, double{INFINITY}, -double{INFINITY}}) {
    std::vector<double> values;
    for (int i = 0; i <= 2000; ++i) values.push_back(i);
    for (std::size_t i = 0; i < values.size(); i += 100) {
      values.insert(values.begin() + static_cast<std::ptrdiff_t>(i), undefined_value);
    }
    const auto interval = percentile_interval(values);
    ASSERT_TRUE(interval);
    EXPECT_NEAR(interval->low, 50, 1e-9);
    EXPECT_NEAR(interval->high, 1950, 1e-9);
  }
}

TEST(PercentileInterval, NeedsHalfOfTheReplicates) {
  std::vector<double> half{1, 2, kNaN, kNaN};
  EXPECT_TRUE(percentile_interval(half));
  std::vector<double> fewer{1, 2, kNaN, kNaN, kNaN};
  EXPECT_FALSE(percentile_interval(fewer));
  EXPECT_FALSE(percentile_interval({}));
}

// Many values take a way of their own: the same order statistics whatever the values' order.
TEST(PercentileInterval, OfManyValuesIsTheirQuantiles) {
  Rng rng(5);
  for (const std::size_t n : {1023u, 1024u, 1500u, 10000u}) {
    for (int shape = 0; shape < 5; ++shape) {
      std::vector<double> values(n);
      for (std::size_t i = 0; i < n; ++i) {
        values[i] = shape == 0   ? rng.uniform()
                    : shape == 1 ? static_cast<double>(i)
                    : shape == 2 ? -static_cast<double>(i)
                    : shape == 3 ? static_cast<double>(rng.below(3))
                                 : (i % (n / 256) == 0 ? 1000.0 : rng.uniform());
      }
      for (const double level : {0.5, 0.9, 0.95, 0.99, 0.999}) {
        std::vector<double> sorted = values;
        std::sort(sorted.begin(), sorted.end());
        const auto expected = [&](double p) {
          const double position = p * static_cast<double>(n - 1);
          const auto below = static_cast<std::size_t>(position);
          return sorted[below] +
                 (sorted[below + 1] - sorted[below]) * (position - static_cast<double>(below));
        };
        std::vector<double> copy = values;
        const auto interval = percentile_interval(copy, level);
        ASSERT_TRUE(interval);
        const double tail = (1 - level) / 2;
        EXPECT_EQ(interval->low, expected(tail)) << n << " " << shape << " " << level;
        EXPECT_EQ(interval->high, expected(1 - tail)) << n << " " << shape << " " << level;
      }
    }
  }
}

TEST(PercentileInterval, OfOneValueIsThatValue) {
  std::vector<double> one{4};
  const auto interval = percentile_interval(one);
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->low, 4);
  EXPECT_EQ(interval->high, 4);
}

TEST(PercentileInterval, CoversTheMeanOfClusters) {
  // 200 data sets of 60 normal values: about 95 % of the intervals hold the true mean.
  int covered = 0;
  for (std::uint64_t set = 0; set < 200; ++set) {
    Rng rng(99, set);
    std::vector<double> values(60);
    for (double& value : values) value = rng.normal();
    std::vector<double> sums = sums_of(Resampler(60, 500, set), values, 1);
    const auto interval = percentile_interval(sums);
    ASSERT_TRUE(interval);
    covered += interval->low <= 0 && 0 <= interval->high;
  }
  EXPECT_GT(covered, 175);
  EXPECT_LT(covered, 200);
}

}  // namespace
}  // namespace agentecho
