#include "agentecho/stats/bounded_mean.h"

#include <cassert>
#include <cmath>

#include "agentecho/base/random.h"

namespace agentecho {

std::optional<Interval> bounded_mean_interval(std::span<double> means, std::size_t clusters,
                                              std::span<const double> weights, double level,
                                              const Interval& bounds) {
  assert(means.size() == weights.size());
  const auto n = static_cast<double>(clusters);
  std::vector<double> raised(means.size());
  for (std::size_t r = 0; r < means.size(); ++r) {
    raised[r] = (n * means[r] + bounds.high * weights[r]) / (n + weights[r]);
    means[r] = (n * means[r] + bounds.low * weights[r]) / (n + weights[r]);
  }
  const auto lower = percentile_interval(means, level);
  const auto upper = percentile_interval(raised, level);
  if (!lower || !upper) return std::nullopt;
  return Interval{lower->low, upper->high};
}

double bounded_mean_reach(double clusters, double deviation, double room, double z) {
  // The weight of the further cluster has mean and variance 1/2.
  const double share = room / clusters;
  return share / 2 + z * std::sqrt(deviation * deviation / clusters + share * share / 2);
}

std::vector<double> bound_weights(std::size_t replicates, std::uint64_t seed) {
  constexpr std::uint64_t kStream = 0x426f756e64;  // apart from the draws of clusters
  Rng rng(seed, kStream);
  std::vector<double> weights(replicates);
  for (double& weight : weights) {
    const double z = rng.normal();
    weight = z * z / 2;
  }
  return weights;
}

}  // namespace agentecho
