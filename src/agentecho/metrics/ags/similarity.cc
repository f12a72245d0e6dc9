#include "agentecho/metrics/ags/similarity.h"

#include <algorithm>
#include <cmath>

namespace agentecho {

namespace {

using OptionalFeatures = std::array<std::optional<double>, 3>;

std::optional<double> feature_similarity(const OptionalFeatures& a, const OptionalFeatures& b) {
  double sum = 0;
  int n = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i] && !b[i]) continue;
    ++n;
    if (a[i] && b[i]) sum += 1 - std::abs(*a[i] - *b[i]);
  }
  if (n == 0) return std::nullopt;
  return sum / n;
}

}  // namespace

double cosine_similarity(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  double product = 0;
  double square_a = 0;
  double square_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += a[i] * b[i];
    square_a += a[i] * a[i];
    square_b += b[i] * b[i];
  }
  if (square_a == 0 && square_b == 0) return 1;
  if (square_a == 0 || square_b == 0) return 0;
  if (a == b) return 1;  // not 1 - 1e-16
  return std::min(1.0, product / (std::sqrt(square_a) * std::sqrt(square_b)));
}

double sequence_similarity(const ActionCounts& a, const ActionCounts& b) {
  return cosine_similarity(sequence_vector(a), sequence_vector(b));
}

double dependency_similarity(const ActionCounts& a, const ActionCounts& b) {
  return cosine_similarity(dependency_vector(a), dependency_vector(b));
}

std::optional<double> calibrated_sequence_similarity(const ActionCounts& a, const ActionCounts& b) {
  return feature_similarity(calibrated_sequence_features(a), calibrated_sequence_features(b));
}

std::optional<double> calibrated_dependency_similarity(const ActionCounts& a,
                                                       const ActionCounts& b) {
  return feature_similarity(calibrated_dependency_features(a), calibrated_dependency_features(b));
}

std::optional<double> cohen_kappa(double observed_agreement, double rate_a, double rate_b) {
  const double expected = rate_a * rate_b + (1 - rate_a) * (1 - rate_b);
  if (expected >= 1) return std::nullopt;
  return (observed_agreement - expected) / (1 - expected);
}

}  // namespace agentecho
