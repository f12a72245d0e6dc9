#include "agentecho/stats/stratified_permutation.h"

#include <algorithm>
#include <cmath>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/ranking.h"

namespace agentecho {

namespace {

constexpr std::size_t kChunk = 500;  // replicates that one thread works out at a time
constexpr double kTie = 1e-6;        // of a standard deviation

double log_binomial(std::size_t n, std::size_t k) {
  const auto log_factorial = [](std::size_t m) {
    int sign = 0;  // std::lgamma() writes it to a variable that all threads share
    return lgamma_r(static_cast<double>(m) + 1, &sign);
  };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

std::size_t rows_of(const Stratum& stratum, std::size_t statistics) {
  return stratum.table.size() / statistics;
}

// replicates x statistics: means over the strata, one random split in each.
std::vector<double> relabelled_means(std::span<const Stratum> strata, std::size_t statistics,
                                     const StratifiedOptions& options) {
  std::vector<double> means(options.replicates * statistics, 0.0);
  const std::size_t chunks = (options.replicates + kChunk - 1) / kChunk;
  parallel_for(chunks, options.threads, "permutations", [&](std::size_t chunk) {
    const std::size_t begin = chunk * kChunk;
    const std::size_t end = std::min(begin + kChunk, options.replicates);
    for (std::size_t s = 0; s < strata.size(); ++s) {
      Rng rng(options.seed, s * chunks + chunk);
      const std::size_t rows = rows_of(strata[s], statistics);
      const double weight = strata[s].weight;
      for (std::size_t r = begin; r < end; ++r) {
        const float* row = strata[s].table.data() + rng.below(rows) * statistics;
        double* mean = means.data() + r * statistics;
        for (std::size_t c = 0; c < statistics; ++c) {
          mean[c] += weight * static_cast<double>(row[c]);
        }
      }
    }
  });
  return means;
}

// Step-down max-T: the statistics from the largest to the smallest, each against the largest of
// itself and those after it.
void adjust(std::vector<StratifiedP>& results, const std::vector<double>& means,
            std::size_t replicates) {
  const std::size_t n = results.size();
  const auto in_sd = [&](std::size_t c, double value) {
    return results[c].null_sd > 0 ? (value - results[c].null_mean) / results[c].null_sd : 0;
  };
  const std::vector<std::size_t> order = places_in_order(n, [&](std::size_t a, std::size_t b) {
    return in_sd(a, results[a].observed) > in_sd(b, results[b].observed);
  });
  std::vector<double> largest(replicates, -HUGE_VAL);
  std::vector<double> p(n);
  for (std::size_t k = n; k-- > 0;) {
    const std::size_t c = order[k];
    const double observed = in_sd(c, results[c].observed) - kTie;
    std::size_t as_large = 0;
    for (std::size_t r = 0; r < replicates; ++r) {
      largest[r] = std::max(largest[r], in_sd(c, means[r * n + c]));
      if (largest[r] >= observed) ++as_large;
    }
    p[k] = (1 + static_cast<double>(as_large)) / (1 + static_cast<double>(replicates));
  }
  double so_far = 0;
  for (std::size_t k = 0; k < n; ++k) {
    so_far = std::max(so_far, p[k]);
    results[order[k]].p_adjusted = results[order[k]].null_sd > 0 ? so_far : 1;
  }
}

}  // namespace

Splits make_splits(std::size_t first, std::size_t second, std::size_t limit, std::uint64_t seed,
                   std::uint64_t stream) {
  const std::size_t n = first + second;
  Split split(n, 0);
  std::fill_n(split.begin(), first, std::uint8_t{1});
  Splits all;
  all.splits.push_back(split);
  all.complete = log_binomial(n, first) <= std::log(static_cast<double>(limit) + 0.5);
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

std::vector<StratifiedP> stratified_max_t(std::span<const Stratum> strata, std::size_t statistics,
                                          const StratifiedOptions& options) {
  std::vector<StratifiedP> results(statistics);
  if (strata.empty()) return results;
  for (const Stratum& stratum : strata) {
    for (std::size_t c = 0; c < statistics; ++c) {
      results[c].observed += stratum.weight * static_cast<double>(stratum.table[c]);
    }
  }
  const std::vector<double> means = relabelled_means(strata, statistics, options);
  const double n = static_cast<double>(options.replicates);
  for (std::size_t c = 0; c < statistics; ++c) {
    StratifiedP& result = results[c];
    double sum = 0;
    for (std::size_t r = 0; r < options.replicates; ++r) sum += means[r * statistics + c];
    result.null_mean = sum / n;
    double squares = 0;
    for (std::size_t r = 0; r < options.replicates; ++r) {
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
    for (std::size_t r = 0; r < options.replicates; ++r) {
      const double value = means[r * statistics + c];
      if (value >= result.observed - tie) ++as_large;
      if (value <= result.observed + tie) ++as_small;
    }
    result.p = (1 + static_cast<double>(as_large)) / (1 + n);
    result.p_less = (1 + static_cast<double>(as_small)) / (1 + n);
  }
  adjust(results, means, options.replicates);
  return results;
}

void LeastP::add(std::size_t first, std::size_t second) {
  log_p_ -= log_binomial(first + second, first) - (first == second ? std::log(2.0) : 0.0);
}

double LeastP::value(std::size_t replicates) const {
  return std::max(std::exp(log_p_), 1 / (1 + static_cast<double>(replicates)));
}

}  // namespace agentecho
