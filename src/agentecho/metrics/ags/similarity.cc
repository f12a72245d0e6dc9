#include "agentecho/metrics/ags/similarity.h"

namespace agentecho {

double cosine_similarity(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return cosine_similarity(MeasuredVector(a), MeasuredVector(b));
}

double sequence_similarity(const ActionCounts& a, const ActionCounts& b) {
  return cosine_similarity(sequence_vector(a), sequence_vector(b));
}

double dependency_similarity(const ActionCounts& a, const ActionCounts& b) {
  return cosine_similarity(dependency_vector(a), dependency_vector(b));
}

std::optional<double> calibrated_sequence_similarity(const ActionCounts& a, const ActionCounts& b) {
  return calibrated_similarity(calibrated_sequence_features(a), calibrated_sequence_features(b));
}

std::optional<double> calibrated_dependency_similarity(const ActionCounts& a,
                                                       const ActionCounts& b) {
  return calibrated_similarity(calibrated_dependency_features(a),
                               calibrated_dependency_features(b));
}

std::optional<double> cohen_kappa(double observed_agreement, double rate_a, double rate_b) {
  const double expected = rate_a * rate_b + (1 - rate_a) * (1 - rate_b);
  if (expected >= 1) return std::nullopt;
  return (observed_agreement - expected) / (1 - expected);
}

}  // namespace agentecho
