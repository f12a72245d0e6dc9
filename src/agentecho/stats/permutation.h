// Permutation tests: how often would chance alone give a difference at least as large as the one
// observed, if the labels meant nothing?
//
// When all relabellings are few they are enumerated and the p value is exact; else it comes from
// random ones as (1 + as extreme) / (1 + drawn), which is valid for any number drawn and never 0
// (B. Phipson, G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9, 2010). Values that differ only by
// rounding count as ties.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "agentecho/stats/pair_table.h"
#include "agentecho/stats/statistic.h"

namespace agentecho {

struct PermutationOptions {
  std::size_t exact_limit = 1 << 20;  // enumerate when there are at most so many relabellings
  std::size_t replicates = 10'000;    // else draw so many
  std::uint64_t seed = 1;
};

struct PermutationP {
  double greater = 1;    // at least as large as observed
  double two_sided = 1;  // at least as far from 0 as observed
  bool exact = false;
  std::size_t relabellings = 0;  // enumerated or drawn, the observed one not counted as drawn
};

// Mean over the pairs within a group (family) less the mean over the pairs across groups.
struct GroupDifference {
  double difference = 0;
  double within_mean = 0;
  double cross_mean = 0;
  std::size_t within_pairs = 0;
  std::size_t cross_pairs = 0;
  PermutationP p;
};

// groups[i] is the group of item i, any number; an item without a known group takes one of its own.
// The null hypothesis exchanges the labels between the items (not between the pairs, which share
// items and so are not exchangeable). Pairs without a score take no part; a relabelling that leaves
// one side without a pair is passed over. Undefined: kNoWithin, kNoCross. Cost: items^2 for each
// relabelling; their number is items! / product of (group size)!, where all items that are alone in
// their groups count as one group.
Statistic<GroupDifference> group_difference_test(const PairTable& scores,
                                                 std::span<const std::size_t> groups,
                                                 const PermutationOptions& options = {});

struct PairedMean {
  double mean = 0;
  std::size_t n = 0;
  PermutationP p;
};

// Is the mean of paired differences 0? The null hypothesis makes each difference symmetric about 0,
// so that its sign is a coin flip (R. A. Fisher 1935). Zero differences count in the mean and
// carry no sign. Undefined: no differences (kTooFew). Cost: n for each drawn sign pattern, 1 for
// each enumerated one; there are 2^(number of non-zero differences).
Statistic<PairedMean> sign_flip_test(std::span<const double> differences,
                                     const PermutationOptions& options = {});

}  // namespace agentecho
