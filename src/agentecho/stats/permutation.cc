#include "agentecho/stats/permutation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/stats/descriptive.h"

namespace agentecho {
namespace {

// Counts the relabellings whose statistic is as extreme as the observed one.
class ExtremeCounter {
 public:
  // `scale`: the magnitude of the numbers that the statistic is computed from.
  ExtremeCounter(double observed, double scale) : observed_(observed), slack_(1e-12 * scale) {}

  void add(double statistic) {
    ++total_;
    greater_ += statistic >= observed_ - slack_;
    two_sided_ += std::fabs(statistic) >= std::fabs(observed_) - slack_;
  }

  PermutationP enumerated() const { return p_value(0, true); }
  PermutationP drawn() const { return p_value(1, false); }

 private:
  PermutationP p_value(std::size_t added, bool exact) const {
    const double total = static_cast<double>(total_ + added);
    return {static_cast<double>(greater_ + added) / total,
            static_cast<double>(two_sided_ + added) / total, exact, total_};
  }

  double observed_;
  double slack_;
  std::size_t total_ = 0;
  std::size_t greater_ = 0;
  std::size_t two_sided_ = 0;
};

struct PairSums {
  double within_sum = 0;
  double cross_sum = 0;
  std::size_t within_pairs = 0;
  std::size_t cross_pairs = 0;

  bool has_both() const { return within_pairs > 0 && cross_pairs > 0; }
  double within_mean() const { return within_sum / static_cast<double>(within_pairs); }
  double cross_mean() const { return cross_sum / static_cast<double>(cross_pairs); }
  double difference() const { return within_mean() - cross_mean(); }
};

// The label of every item that shares its group with no other. Such items are interchangeable,
// which leaves fewer arrangements to enumerate.
constexpr std::size_t kAlone = 0;

PairSums split_pairs(const PairTable& scores, std::span<const std::size_t> labels) {
  PairSums split;
  const std::span<const double> values = scores.condensed();
  std::size_t pair = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = i + 1; j < labels.size(); ++j, ++pair) {
      if (std::isnan(values[pair])) continue;
      if (labels[i] == labels[j] && labels[i] != kAlone) {
        split.within_sum += values[pair];
        ++split.within_pairs;
      } else {
        split.cross_sum += values[pair];
        ++split.cross_pairs;
      }
    }
  }
  return split;
}

// Groups numbered from 1, loners marked.
std::vector<std::size_t> labels_of(std::span<const std::size_t> groups) {
  std::map<std::size_t, std::size_t> sizes;
  for (const std::size_t group : groups) ++sizes[group];
  std::map<std::size_t, std::size_t> numbers;
  std::size_t last = kAlone;
  for (const auto& [group, size] : sizes) {
    numbers[group] = size > 1 ? ++last : kAlone;
  }
  std::vector<std::size_t> labels;
  for (const std::size_t group : groups) labels.push_back(numbers.at(group));
  return labels;
}

// Whether the distinct arrangements of sorted labels, n! / product of (group size)!, are at most
// `limit`.
bool can_enumerate(std::span<const std::size_t> sorted, std::size_t limit) {
  double arrangements = 1;
  std::size_t run = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
    arrangements *= static_cast<double>(i + 1) / static_cast<double>(run);
  }
  return arrangements < static_cast<double>(limit) + 0.5;
}

// The sum under every choice of signs; 2^n values.
std::vector<double> signed_sums(std::span<const double> values) {
  std::vector<double> sums{0};
  for (const double value : values) {
    const std::size_t count = sums.size();
    for (std::size_t i = 0; i < count; ++i) {
      sums.push_back(sums[i] - value);
      sums[i] += value;
    }
  }
  return sums;
}

}  // namespace

Statistic<GroupDifference> group_difference_test(const PairTable& scores,
                                                 std::span<const std::size_t> groups,
                                                 const PermutationOptions& options) {
  assert(groups.size() == scores.items());
  std::vector<std::size_t> labels = labels_of(groups);
  const PairSums observed = split_pairs(scores, labels);
  if (observed.within_pairs == 0) return undefined(Undefined::kNoWithin);
  if (observed.cross_pairs == 0) return undefined(Undefined::kNoCross);
  GroupDifference result{observed.difference(), observed.within_mean(), observed.cross_mean(),
                         observed.within_pairs, observed.cross_pairs,   {}};

  ExtremeCounter counter(result.difference, largest_magnitude(scores.condensed()));
  const auto add_relabelled = [&] {
    const PairSums split = split_pairs(scores, labels);
    if (split.has_both()) counter.add(split.difference());
  };
  std::sort(labels.begin(), labels.end());
  if (can_enumerate(labels, options.exact_limit)) {
    do {
      add_relabelled();
    } while (std::next_permutation(labels.begin(), labels.end()));
    result.p = counter.enumerated();
  } else {
    Rng rng(options.seed);
    for (std::size_t replicate = 0; replicate < options.replicates; ++replicate) {
      rng.shuffle(labels);
      add_relabelled();
    }
    result.p = counter.drawn();
  }
  return result;
}

Statistic<PairedMean> sign_flip_test(std::span<const double> differences,
                                     const PermutationOptions& options) {
  if (differences.empty()) return undefined(Undefined::kTooFew);
  std::vector<double> signed_values;
  double sum = 0;
  double magnitude = 0;
  for (const double difference : differences) {
    if (difference != 0) signed_values.push_back(difference);
    sum += difference;
    magnitude += std::fabs(difference);
  }
  ExtremeCounter counter(sum, magnitude);
  PairedMean result{*mean(differences), differences.size(), {}};
  const std::size_t count = signed_values.size();
  if (count < 64 && (std::uint64_t{1} << count) <= options.exact_limit) {
    // Two halves, so that only their sums need memory.
    const std::span<const double> all(signed_values);
    const std::vector<double> first = signed_sums(all.first(count / 2));
    const std::vector<double> second = signed_sums(all.subspan(count / 2));
    for (const double a : first) {
      for (const double b : second) counter.add(a + b);
    }
    result.p = counter.enumerated();
  } else {
    Rng rng(options.seed);
    for (std::size_t replicate = 0; replicate < options.replicates; ++replicate) {
      double flipped = 0;
      std::uint64_t coins = 0;
      for (std::size_t i = 0; i < count; ++i) {
        coins = i % 64 == 0 ? rng.bits() : coins >> 1;
        flipped += (coins & 1) != 0 ? signed_values[i] : -signed_values[i];
      }
      counter.add(flipped);
    }
    result.p = counter.drawn();
  }
  return result;
}

}  // namespace agentecho
