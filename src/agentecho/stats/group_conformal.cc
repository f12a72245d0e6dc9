#include "agentecho/stats/group_conformal.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agentecho/base/random.h"

namespace agentecho {

namespace {

constexpr double kSameSum = 1e-7;  // relative to the magnitude: sums in another order are ties

double mean_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  return sum / static_cast<double>(values.size());
}

// The mean of at most `most` values, drawn without replacement.
double mean_of_some(std::vector<float>& values, std::size_t most, Rng& rng) {
  if (values.size() <= most) return mean_of(values);
  double sum = 0;
  for (std::size_t i = 0; i < most; ++i) {
    std::swap(values[i], values[i + rng.below(values.size() - i)]);
    sum += static_cast<double>(values[i]);
  }
  return sum / static_cast<double>(most);
}

// A mean that is hardly above counts as equal.
double bound_of(double observed) { return observed + kSameSum * std::max(1.0, std::abs(observed)); }

}  // namespace

double mean_of_clusters(const Clusters& clusters) {
  double sum = 0;
  for (const std::vector<float>& cluster : clusters) sum += mean_of(cluster);
  return sum / static_cast<double>(clusters.size());
}

double group_conformal_p(const Clusters& reference, const Clusters& group,
                         const ConformalOptions& options) {
  if (reference.empty()) return 1;
  if (group.size() == 1) {
    return SingleClusters(reference, group.front().size(), options).p(mean_of_clusters(group));
  }
  Rng rng(options.seed, options.stream);
  const double bound = bound_of(mean_of_clusters(group));
  std::size_t at_most = 0;
  Clusters pooled = reference;
  pooled.insert(pooled.end(), group.begin(), group.end());
  std::vector<std::uint32_t> order(pooled.size());
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t r = 0; r < options.replicates; ++r) {
    double sum = 0;
    for (std::size_t j = 0; j < group.size(); ++j) {
      std::swap(order[j], order[j + rng.below(order.size() - j)]);
      sum += mean_of_some(pooled[order[j]], group[j].size(), rng);
    }
    at_most += sum / static_cast<double>(group.size()) <= bound ? 1 : 0;
  }
  // Groups are drawn, so that p scatters about what all of them would give, which is no less.
  return std::max(static_cast<double>(1 + at_most) / static_cast<double>(1 + options.replicates),
                  least_conformal_p(reference.size(), group.size(), options.replicates));
}

SingleClusters::SingleClusters(const Clusters& reference, std::size_t size,
                               const ConformalOptions& options) {
  Rng rng(options.seed, options.stream);
  means_.reserve(reference.size());
  for (std::vector<float> cluster : reference) means_.push_back(mean_of_some(cluster, size, rng));
  std::sort(means_.begin(), means_.end());
}

double SingleClusters::p(double mean) const {
  const auto at_most = std::upper_bound(means_.begin(), means_.end(), bound_of(mean));
  return static_cast<double>(1 + (at_most - means_.begin())) /
         static_cast<double>(1 + means_.size());
}

double least_conformal_p(std::size_t reference, std::size_t group, std::size_t replicates) {
  double log_ways = 0;
  for (std::size_t j = 1; j <= group; ++j) {
    log_ways += std::log(static_cast<double>(reference + j)) - std::log(static_cast<double>(j));
  }
  if (group == 1) return 1 / static_cast<double>(1 + reference);
  return std::max(std::exp(-log_ways), 1 / static_cast<double>(1 + replicates));
}

}  // namespace agentecho
