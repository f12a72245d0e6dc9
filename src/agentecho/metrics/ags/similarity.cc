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

}  // namespace agentecho
