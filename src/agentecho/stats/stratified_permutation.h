// A permutation test within strata, for several statistics at once, with p values that are adjusted
// for their number (max-T).
//
// Each stratum (a task) holds runs of two sides. Under the hypothesis that both sides are the same
// system and its runs are independent, every way to deal the runs of a task to the two sides, in
// the numbers that they have, was equally likely. A *split* is one such way. The statistic of a
// task under all its splits is worked out once (make_splits says which), so a re-labelling of all
// tasks at once is one look-up a task: replicate r takes a split of each task at random and
// averages. Where all re-labellings are few, each is looked at once instead, and p is no estimate.
//
// Where a task has too many splits to list, `limit` of them are drawn and the observed one is put
// among them. The p value stays exact: given the runs, the observed and the drawn splits are
// exchangeable, so shifting the choice among them is a group of re-labellings of its own, from
// which random members are drawn (J. Hemerik, J. Goeman, "Exact testing with random permutations",
// TEST 27 (2018), doi:10.1007/s11749-017-0571-1).
//
// Adjusted p values: P. H. Westfall, S. S. Young, "Resampling-Based Multiple Testing" (1993),
// step-down max-T, each statistic in standard deviations of its own re-labellings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace agentecho {

// Which of the runs of a task are on the first side; as many entries as there are runs.
using Split = std::vector<std::uint8_t>;

struct Splits {
  std::vector<Split> splits;  // the observed one first: ones, then zeros
  bool complete = false;      // all there are, each once
};

// How many runs of a task, or of a part of one, are on either side.
struct SideSizes {
  std::size_t first = 0;
  std::size_t second = 0;
};

// How many splits of each task to work out: all, where the re-labellings of all tasks together are
// at most as many as the replicates; else 256 at most.
std::size_t split_limit(std::span<const SideSizes> tasks, std::size_t replicates);

// The splits of `first` + `second` runs, of which the first `first` are on the first side. All of
// them where they are at most `limit`; else the observed one and `limit` - 1 drawn from stream
// `stream` of `seed`.
Splits make_splits(std::size_t first, std::size_t second, std::size_t limit, std::uint64_t seed,
                   std::uint64_t stream);

// One task: the statistics under each of its splits, which are all there are where it is complete.
struct Stratum {
  double weight = 0;         // in the mean over strata; all weights add up to 1
  std::vector<float> table;  // splits x statistics, the observed split first
  bool complete = true;
};

struct StratifiedOptions {
  std::size_t replicates = 10'000;
  std::uint64_t seed = 1;
  unsigned threads = 0;
  // The statistics whose p values are adjusted for their number, together; empty: all of them. Each
  // of the others is a test of its own and has its p as p_adjusted. So is one that no re-labelling
  // moves: it has p 1 and costs nothing.
  std::vector<std::size_t> family = {};
};

struct StratifiedP {
  double observed = 0;    // mean over strata
  double null_mean = 0;   // of the re-labellings
  double null_sd = 0;     // of the re-labellings
  double p = 1;           // (1 + as large) / (1 + replicates); of all: as large / all
  double p_less = 1;      // ... as small
  double p_adjusted = 1;  // max-T over the family, large values
};

// How many re-labellings of all strata there are, where they are listed: all strata are complete,
// and they are at most as many as the replicates.
std::optional<std::size_t> listed_deals(std::span<const Stratum> strata, std::size_t statistics,
                                        std::size_t replicates);

// One result for each statistic; all 1 where there are no strata. The same bits for any number of
// threads. Values that differ by less than a millionth of a standard deviation are ties.
// Cost: replicates (or re-labellings, where they are listed) x strata x statistics.
std::vector<StratifiedP> stratified_max_t(std::span<const Stratum> strata, std::size_t statistics,
                                          const StratifiedOptions& options);

// The least p value that these numbers of runs can give with so many replicates: the product over
// tasks of the share of splits that give the same two groups, and at least 1 / (1 + replicates). A
// split and its mirror image are the same groups where both sides are of one size. Of a task whose
// splits are drawn it is one of those. 1 without any task.
double least_stratified_p(std::span<const SideSizes> tasks, std::size_t replicates);

}  // namespace agentecho
