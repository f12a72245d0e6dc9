#include "agentecho/stats/bounded_mean.h"

#include <cassert>

#include "agentecho/base/random.h"

namespace agentecho {

std::optional<Interval> bounded_mean_interval(std::span<double> means, std::size_t clusters,
                                              std::span<const double> weights, double level) {
  assert(means.size() == weights.size());
  const auto n = static_cast<double>(clusters);
  std::vector<double> raised(means.size());
  for (std::size_t r = 0; r < means.size(); ++r) {
    raised[r] = (n * means[r] + weights[r]) / (n + weights[r]);
    means[r] = n * means[r] / (n + weights[r]);
  }
  const auto lower = percentile_interval(means, level);
  const auto upper = percentile_interval(raised, level);
  if (!lower || !upper) return std::nullopt;
  return Interval{lower->low, upper->high};
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
