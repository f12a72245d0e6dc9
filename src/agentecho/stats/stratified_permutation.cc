#include "agentecho/stats/stratified_permutation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/ranking.h"

namespace agentecho {

namespace {

constexpr std::size_t kChunk = 500;       // replicates that one thread works out at a time
constexpr double kTie = 1e-6;             // of a standard deviation
constexpr std::size_t kSplitLimit = 256;  // of a task, where re-labellings are drawn

// n choose k, or anything above `most` where it is more.
std::size_t count_splits(const SideSizes& sizes, std::size_t most) {
  std::size_t splits = 1;
  const std::size_t fewer = std::min(sizes.first, sizes.second);
  for (std::size_t i = 1; i <= fewer && splits <= most; ++i) {
    splits = splits * (sizes.first + sizes.second - fewer + i) / i;
  }
  return splits;
}

std::size_t rows_of(const Stratum& stratum, std::size_t statistics) {
  return stratum.table.size() / statistics;
}

// The re-labellings that are looked at.
struct Deals {
  std::size_t n = 0;
  bool all = false;  // each there is, once; else drawn, and the observed one counts beside them

  double p(std::size_t as_extreme) const {
    const std::size_t beside = all ? 0 : 1;
    return static_cast<double>(beside + as_extreme) / static_cast<double>(beside + n);
  }
};

// deals x statistics: means over the strata, with one split of each.
std::vector<double> relabelled_means(std::span<const Stratum> strata, std::size_t statistics,
                                     const Deals& deals, const StratifiedOptions& options) {
  std::vector<double> means(deals.n * statistics, 0.0);
  const std::size_t chunks = (deals.n + kChunk - 1) / kChunk;
  parallel_for(chunks, options.threads, "permutations", [&](std::size_t chunk) {
    const std::size_t begin = chunk * kChunk;
    const std::size_t end = std::min(begin + kChunk, deals.n);
    std::size_t turns = 1;  // deals in which a stratum keeps its split, where all are listed
    for (std::size_t s = 0; s < strata.size(); ++s) {
      Rng rng(options.seed, s * chunks + chunk);
      const std::size_t rows = rows_of(strata[s], statistics);
      const double weight = strata[s].weight;
      for (std::size_t r = begin; r < end; ++r) {
        const std::size_t at = deals.all ? r / turns % rows : rng.below(rows);
        const float* row = strata[s].table.data() + at * statistics;
        double* mean = means.data() + r * statistics;
        for (std::size_t c = 0; c < statistics; ++c) {
          mean[c] += weight * static_cast<double>(row[c]);
        }
      }
      if (deals.all) turns *= rows;
    }
  });
  return means;
}

// Step-down max-T: the statistics of the family from the largest to the smallest, each against the
// largest of itself and those after it.
void adjust(std::vector<StratifiedP>& results, const std::vector<std::size_t>& family,
            const std::vector<double>& means, const Deals& deals) {
  const auto in_sd = [&](std::size_t c, double value) {
    return (value - results[c].null_mean) / results[c].null_sd;
  };
  const std::vector<std::size_t> order =
      places_in_order(family.size(), [&](std::size_t a, std::size_t b) {
        return in_sd(family[a], results[family[a]].observed) >
               in_sd(family[b], results[family[b]].observed);
      });
  std::vector<double> largest(deals.n, -HUGE_VAL);
  std::vector<double> p(order.size());
  for (std::size_t k = order.size(); k-- > 0;) {
    const std::size_t c = family[order[k]];
    const double observed = in_sd(c, results[c].observed) - kTie;
    std::size_t as_large = 0;
    for (std::size_t r = 0; r < deals.n; ++r) {
      largest[r] = std::max(largest[r], in_sd(c, means[r * results.size() + c]));
      if (largest[r] >= observed) ++as_large;
    }
    p[k] = deals.p(as_large);
  }
  double so_far = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    so_far = std::max(so_far, p[k]);
    results[family[order[k]]].p_adjusted = so_far;
  }
}

// Those of the family that some re-labelling moves.
std::vector<std::size_t> moving(std::vector<std::size_t> family,
                                const std::vector<StratifiedP>& results) {
  if (family.empty()) {
    family.resize(results.size());
    std::iota(family.begin(), family.end(), std::size_t{0});
  }
  std::erase_if(family, [&](std::size_t c) { return results[c].null_sd == 0; });
  return family;
}

}  // namespace

Splits make_splits(std::size_t first, std::size_t second, std::size_t limit, std::uint64_t seed,
                   std::uint64_t stream) {
  const std::size_t n = first + second;
  Split split(n, 0);
  std::fill_n(split.begin(), first, std::uint8_t{1});
  Splits all;
  all.splits.push_back(split);
  all.complete = count_splits({first, second}, limit) <= limit;
  if (all.complete) {
    while (std::prev_permutation(split.begin(), split.end())) all.splits.push_back(split);
    return all;
  }
  Rng rng(seed, stream);
  for (std::size_t i = 1; i < limit; ++i) {
    rng.shuffle(split);
    all.splits.push_back(split);
  }
  return all;
}

std::size_t split_limit(std::span<const SideSizes> tasks, std::size_t replicates) {
  std::size_t deals = 1;
  for (const SideSizes& sizes : tasks) {
    const std::size_t splits = count_splits(sizes, replicates);
    if (splits > replicates / deals) return kSplitLimit;
    deals *= splits;
  }
  return std::max(kSplitLimit, replicates);
}

std::optional<std::size_t> listed_deals(std::span<const Stratum> strata, std::size_t statistics,
                                        std::size_t replicates) {
  std::size_t deals = 1;
  for (const Stratum& stratum : strata) {
    const std::size_t rows = rows_of(stratum, statistics);
    if (!stratum.complete || rows > replicates / deals) return std::nullopt;
    deals *= rows;
  }
  return deals;
}

std::vector<StratifiedP> stratified_max_t(std::span<const Stratum> strata, std::size_t statistics,
                                          const StratifiedOptions& options) {
  std::vector<StratifiedP> results(statistics);
  if (strata.empty()) return results;
  for (const Stratum& stratum : strata) {
    for (std::size_t c = 0; c < statistics; ++c) {
      results[c].observed += stratum.weight * static_cast<double>(stratum.table[c]);
    }
  }
  const auto listed = listed_deals(strata, statistics, options.replicates);
  const Deals deals{listed.value_or(options.replicates), listed.has_value()};
  const std::vector<double> means = relabelled_means(strata, statistics, deals, options);
  const double n = static_cast<double>(deals.n);
  for (std::size_t c = 0; c < statistics; ++c) {
    StratifiedP& result = results[c];
    double sum = 0;
    for (std::size_t r = 0; r < deals.n; ++r) sum += means[r * statistics + c];
    result.null_mean = sum / n;
    double squares = 0;
    for (std::size_t r = 0; r < deals.n; ++r) {
      const double from_mean = means[r * statistics + c] - result.null_mean;
      squares += from_mean * from_mean;
    }
    result.null_sd = std::sqrt(squares / n);
    // Sums of equal numbers in another order differ by rounding: no spread at all.
    if (is_rounding(result.null_sd, std::abs(result.null_mean))) {
      result.null_sd = 0;
      continue;
    }
    const double tie = kTie * result.null_sd;
    std::size_t as_large = 0;
    std::size_t as_small = 0;
    for (std::size_t r = 0; r < deals.n; ++r) {
      const double value = means[r * statistics + c];
      if (value >= result.observed - tie) ++as_large;
      if (value <= result.observed + tie) ++as_small;
    }
    result.p = deals.p(as_large);
    result.p_less = deals.p(as_small);
    result.p_adjusted = result.p;
  }
  adjust(results, moving(options.family, results), means, deals);
  return results;
}

double least_stratified_p(std::span<const SideSizes> tasks, std::size_t replicates) {
  const std::size_t limit = split_limit(tasks, replicates);
  double groups = 1;  // that differ
  for (const SideSizes& sizes : tasks) {
    const std::size_t splits = count_splits(sizes, limit);
    const double alike = splits <= limit && sizes.first == sizes.second ? 2 : 1;
    groups *= static_cast<double>(std::min(splits, limit)) / alike;
  }
  return 1 / std::min(groups, 1 + static_cast<double>(replicates));
}

}  // namespace agentecho
