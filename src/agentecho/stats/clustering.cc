#include "agentecho/stats/clustering.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>

#include "agentecho/base/text.h"

namespace agentecho {
namespace {

// The clusters during a run. A cluster has the number of its smallest leaf.
class Agglomeration {
 public:
  Agglomeration(std::size_t leaves, std::span<const double> dissimilarities)
      : leaves_(leaves),
        distances_(dissimilarities.begin(), dissimilarities.end()),
        sizes_(leaves, 1),
        nodes_(leaves),
        closest_(leaves, leaves) {
    for (std::size_t i = 0; i < leaves; ++i) {
      nodes_[i] = i;
      active_.push_back(i);
    }
    for (std::size_t i = 0; i < leaves; ++i) find_closest(i);
  }

  // Joins the closest two clusters; `node` is the number of the new node.
  Dendrogram::Merge join_next(std::size_t node) {
    const std::size_t i =
        *std::min_element(active_.begin(), active_.end() - 1, [&](std::size_t a, std::size_t b) {
          return distance_to_closest(a) < distance_to_closest(b);
        });
    const std::size_t j = closest_[i];
    const Dendrogram::Merge merge{nodes_[i], nodes_[j], distance(i, j)};
    active_.erase(std::lower_bound(active_.begin(), active_.end(), j));
    for (const std::size_t k : active_) {
      if (k != i) distance(i, k) = mean_distance(i, j, k);
    }
    sizes_[i] += sizes_[j];
    nodes_[i] = node;
    // A mean is not below the smaller of its terms, so no other cluster has a closer one now.
    for (const std::size_t k : active_) {
      if (k == i || closest_[k] == i || closest_[k] == j) find_closest(k);
    }
    return merge;
  }

 private:
  double& distance(std::size_t i, std::size_t j) { return distances_[pair_index(i, j, leaves_)]; }
  double distance_to_closest(std::size_t i) { return distance(i, closest_[i]); }

  // Written so that it is never below the smaller term, not even by rounding: heights never fall,
  // and ties stay ties.
  double mean_distance(std::size_t i, std::size_t j, std::size_t k) {
    const double share =
        static_cast<double>(sizes_[j]) / static_cast<double>(sizes_[i] + sizes_[j]);
    return distance(i, k) + (distance(j, k) - distance(i, k)) * share;
  }

  // Among the clusters after i; the last has none and is never asked for it.
  void find_closest(std::size_t i) {
    closest_[i] = leaves_;
    for (auto k = std::upper_bound(active_.begin(), active_.end(), i); k != active_.end(); ++k) {
      if (closest_[i] == leaves_ || distance(i, *k) < distance_to_closest(i)) closest_[i] = *k;
    }
  }

  std::size_t leaves_;
  std::vector<double> distances_;
  std::vector<std::size_t> active_;  // ascending
  std::vector<std::size_t> sizes_;
  std::vector<std::size_t> nodes_;
  std::vector<std::size_t> closest_;
};

// A set of leaves, one bit each.
using LeafSet = std::vector<std::uint64_t>;

std::vector<LeafSet> clade_sets(const Dendrogram& dendrogram) {
  const std::size_t words = (dendrogram.leaves + 63) / 64;
  std::vector<LeafSet> sets(dendrogram.leaves, LeafSet(words, 0));
  for (std::size_t i = 0; i < dendrogram.leaves; ++i) sets[i][i / 64] = std::uint64_t{1} << i % 64;
  for (const Dendrogram::Merge& merge : dendrogram.merges) {
    LeafSet joined = sets[merge.left];
    for (std::size_t w = 0; w < words; ++w) joined[w] |= sets[merge.right][w];
    sets.push_back(std::move(joined));
  }
  sets.erase(sets.begin(), sets.begin() + static_cast<std::ptrdiff_t>(dendrogram.leaves));
  return sets;
}

std::string newick_name(const std::string& name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || c == '.' || c == '-';
  });
  if (plain) return name;
  std::string quoted = "'";
  for (const char c : name) {
    quoted += c;
    if (c == '\'') quoted += c;
  }
  return quoted + "'";
}

}  // namespace

Dendrogram average_linkage(std::size_t leaves, std::span<const double> dissimilarities) {
  assert(dissimilarities.size() == pair_count(leaves));
  Dendrogram dendrogram{leaves, {}};
  Agglomeration agglomeration(leaves, dissimilarities);
  for (std::size_t node = leaves; node + 1 < 2 * leaves; ++node) {
    dendrogram.merges.push_back(agglomeration.join_next(node));
  }
  return dendrogram;
}

Statistic<Dendrogram> average_linkage(const PairTable& dissimilarities) {
  const std::span<const double> values = dissimilarities.condensed();
  if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); })) {
    return undefined(Undefined::kMissing);
  }
  return average_linkage(dissimilarities.items(), values);
}

std::vector<std::size_t> leaf_order(const Dendrogram& dendrogram) {
  std::vector<std::size_t> order;
  if (dendrogram.leaves == 0) return order;
  std::vector<std::size_t> stack{dendrogram.leaves + dendrogram.merges.size() - 1};
  while (!stack.empty()) {
    const std::size_t node = stack.back();
    stack.pop_back();
    if (node < dendrogram.leaves) {
      order.push_back(node);
    } else {
      const Dendrogram::Merge& merge = dendrogram.merges[node - dendrogram.leaves];
      stack.push_back(merge.right);
      stack.push_back(merge.left);
    }
  }
  return order;
}

std::vector<double> clade_support(const Dendrogram& dendrogram,
                                  std::span<const Dendrogram> replicates) {
  if (replicates.empty()) return {};
  std::map<LeafSet, std::size_t> counts;
  const std::vector<LeafSet> wanted = clade_sets(dendrogram);
  for (const LeafSet& set : wanted) counts[set] = 0;
  for (const Dendrogram& replicate : replicates) {
    assert(replicate.leaves == dendrogram.leaves);
    for (const LeafSet& set : clade_sets(replicate)) {
      const auto found = counts.find(set);
      if (found != counts.end()) ++found->second;
    }
  }
  std::vector<double> support;
  for (const LeafSet& set : wanted) {
    support.push_back(static_cast<double>(counts[set]) / static_cast<double>(replicates.size()));
  }
  return support;
}

std::string newick(const Dendrogram& dendrogram, std::span<const std::string> names,
                   std::span<const double> support) {
  assert(names.size() == dendrogram.leaves);
  assert(support.empty() || support.size() == dendrogram.merges.size());
  if (dendrogram.leaves == 0) return ";";
  std::vector<std::string> texts;
  std::vector<double> heights(dendrogram.leaves, 0);
  for (const std::string& name : names) texts.push_back(newick_name(name));
  for (std::size_t m = 0; m < dendrogram.merges.size(); ++m) {
    const Dendrogram::Merge& merge = dendrogram.merges[m];
    const auto branch = [&](std::size_t child) {
      return fmt::format("{}:{:.6g}", texts[child], (merge.height - heights[child]) / 2);
    };
    const bool is_root = m + 1 == dendrogram.merges.size();
    texts.push_back(fmt::format("({},{})", branch(merge.left), branch(merge.right)));
    if (!support.empty() && !is_root) texts.back() += fmt::format("{:.0f}", 100 * support[m]);
    heights.push_back(merge.height);
  }
  return texts.back() + ";";
}

}  // namespace agentecho
