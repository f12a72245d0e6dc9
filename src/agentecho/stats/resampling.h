// Cluster bootstrap: percentile intervals of anything that is a function of sums over clusters.
//
// A replicate draws as many clusters (tasks) as there are, with replacement. All that a statistic
// needs of a replicate is how often each cluster was drawn, so a mean, a ratio of sums or a kappa
// is recomputed from weighted column sums: sums = counts (replicates x clusters) * values (clusters
// x columns). One dense product serves every pair of models and every part of a score, all on the
// same draws, so differences between pairs are paired as they should be.
//
// Every sum is exact, which is why it has the same bits on every machine and for every split of the
// columns: the values of a column are first rounded to multiples of a power of two so coarse that
// no partial sum needs more than 53 bits. The rounding is at most 2^-50 * clusters times the
// largest magnitude of the column (5e-13 of it for 500 clusters). Order, vector width and fused
// multiply-add then make no difference. (So when all replicates are equal, the interval may miss a
// statistic that was computed from the values themselves by that much.)
//
// Cost: replicates x clusters x columns multiply-adds, 8 (AVX2) or 16 (AVX-512) of them a cycle
// at best; draws and intervals are small beside them. Memory: a byte for each replicate and
// cluster.
//
// B. Efron, "Bootstrap methods: another look at the jackknife", Ann. Statist. 7 (1979);
// A. C. Davison, D. V. Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8 for
// clusters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace agentecho {

class Resampler {
 public:
  // Replicate r draws from stream r of `seed`, so the first replicates of a longer run are those of
  // a shorter one.
  Resampler(std::size_t clusters, std::size_t replicates, std::uint64_t seed);

  std::size_t clusters() const { return clusters_; }
  std::size_t replicates() const { return replicates_; }

  // How often `replicate` drew `cluster`. The counts of a replicate add up to clusters().
  unsigned count(std::size_t replicate, std::size_t cluster) const;

  // values: clusters() x columns, row-major, magnitudes below 1e300; a cluster without a value
  // takes part as 0 (with a 0 in the column that counts). sums: replicates() x columns, row-major,
  // overwritten. A column that holds a NaN or an infinity becomes NaN throughout.
  // Single-threaded and safe to call from several threads at once: to use more threads, split the
  // columns. Calls of 64 columns or more run at full speed; scratch memory is one copy of the
  // values.
  void weighted_sums(std::span<const double> values, std::size_t columns,
                     std::span<double> sums) const;

  // The same sums as columns x replicates(), so that those of one column lie together.
  void weighted_sums_by_column(std::span<const double> values, std::size_t columns,
                               std::span<double> sums) const;

 private:
  template <class Store>
  void multiply(std::span<const double> values, std::size_t columns, const Store& store) const;

  std::size_t clusters_;
  std::size_t replicates_;
  std::vector<std::uint8_t> counts_;  // [block of replicates][cluster][replicate in the block]
};

struct Interval {
  double low = 0;
  double high = 0;
};

// The central percentile interval that holds the share `level` (in (0, 1)) of the values, with
// linear interpolation between order statistics (numpy.percentile's default). A NaN or an infinity
// is a replicate in which the statistic is undefined: those are dropped, and when more than half of
// the values are, or there are no values, there is no interval. Reorders the values; O(n).
std::optional<Interval> percentile_interval(std::span<double> values, double level = 0.95);

}  // namespace agentecho
