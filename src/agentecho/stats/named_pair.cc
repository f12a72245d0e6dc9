#include "agentecho/stats/named_pair.h"

#include <cmath>

namespace agentecho {

namespace {

// How probably a stranger with the noise of `named` scores as high.
double as_high(const ScoredPair& stranger, const ScoredPair& named) {
  const double lacking = named.error * named.error - stranger.error * stranger.error;
  if (lacking <= 0) return stranger.score >= named.score ? 1 : 0;
  return std::erfc((named.score - stranger.score) / std::sqrt(2 * lacking)) / 2;
}

}  // namespace

std::optional<double> named_pair_p(const ScoredPair& named, std::span<const ScoredPair> strangers) {
  if (strangers.empty()) return std::nullopt;
  double sum = 1;
  for (const ScoredPair& stranger : strangers) sum += as_high(stranger, named);
  return sum / static_cast<double>(1 + strangers.size());
}

}  // namespace agentecho
