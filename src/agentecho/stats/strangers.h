// How strong the strongest pair among strangers is: the null of a search over all pairs.
//
// Worlds without kinship are drawn that match the corpus at hand: as many models, each with its own
// typicality (stats/affinity.h), the same pairs with a score, each with the sampling error that its
// tasks leave, and a spread between pairs that is estimated robustly, so that a few relatives do
// not widen it:
//
//   score*_ij = mu + a_i + a_j + tau u_ij + s_ij v_ij,      v standard normal,
//   tau^2 = max(0, (1.4826 median |e_ij|)^2 n / (n - models) - mean s_ij^2),
//
// u Student's t with 3 degrees of freedom, scaled to the same median size: strangers' affinities
// have heavy tails, since two strangers may share a few habits by chance. (With normal u, the
// strongest of 14 simulated strangers by words had p < .05 in 73 % of 60 worlds; `study
// strangers`.) With e the residuals of the additive fit over n pairs and s_ij the standard error
// over tasks. Every world is normalised by cohorts as the data are (stats/cohort_norm.h). Over
// several benchmarks u_ij is the same in all of them, since likeness without kinship does not go
// away with more benchmarks, and v_ij is drawn anew; z is the mean over the benchmarks.
//
// One-sided: the share of worlds whose largest z reaches that of the pair, which holds the error
// rate of the whole search (single-step max; P. Westfall, S. Young, "Resampling-Based Multiple
// Testing", 1993), as (1 + count) / (1 + worlds). What is drawn has to be right far out only: near
// the middle strangers' scores are skewed, and u is not. So worlds say nothing of one pair that was
// named beforehand (it was called close in 8.4 % of worlds at 5 %); for that see
// stats/named_pair.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/stats/cohort_norm.h"
#include "agentecho/stats/pair_table.h"

namespace agentecho {

struct BenchmarkScores {
  PairTable scores;
  PairTable errors;  // standard error of each score over tasks; no value counts as 0
};

struct StrangersOptions {
  std::size_t worlds = 2000;
  std::uint64_t seed = 1;
  unsigned threads = 0;  // never changes a figure
};

struct StrangersTest {
  std::vector<std::optional<double>> strongest;  // by pair_index; nothing where there is no z
  std::optional<double> usual_maximum;           // median over worlds of the largest z
};

// `z`: by pair_index, the mean over the benchmarks of the normalised scores, NaN where there is
// none. No usual maximum where most worlds have no z, since a cohort does not vary. Nothing where
// no benchmark's additive fit exists. O(worlds x benchmarks x models^2).
std::optional<StrangersTest> test_strangers(std::span<const BenchmarkScores> benchmarks,
                                            const CohortNorm& norm, std::span<const double> z,
                                            const StrangersOptions& options);

}  // namespace agentecho
