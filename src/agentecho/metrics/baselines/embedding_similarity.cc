#include "agentecho/metrics/baselines/embedding_similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace agentecho {

namespace {

// In eight sums side by side, which the compiler may keep in registers; their order is fixed.
double dot(std::span<const float> x, std::span<const float> y) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> sums{};
  std::size_t at = 0;
  for (; at + kLanes <= x.size(); at += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += double{x[at + lane]} * double{y[at + lane]};
    }
  }
  for (; at < x.size(); ++at) sums[at % kLanes] += double{x[at]} * double{y[at]};
  double sum = 0;
  for (const double lane : sums) sum += lane;
  return sum;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

Result<std::uint32_t> SentenceVectors::add(std::span<const float> vector) {
  if (vector.empty()) return fail(ErrorKind::kInput, "a sentence vector has no numbers");
  if (size() > 0 && vector.size() != dimension_) {
    return fail(ErrorKind::kInput, "sentence vectors differ in dimension");
  }
  if (!std::all_of(vector.begin(), vector.end(), [](float x) { return std::isfinite(x); })) {
    return fail(ErrorKind::kInput, "a sentence vector holds a number that is not finite");
  }
  dimension_ = vector.size();
  numbers_.insert(numbers_.end(), vector.begin(), vector.end());
  norms_.push_back(std::sqrt(dot(vector, vector)));
  return static_cast<std::uint32_t>(size() - 1);
}

double SentenceVectors::cosine(std::uint32_t i, std::uint32_t j) const {
  const double norms = norms_[i] * norms_[j];
  return norms == 0 ? 0.0 : std::clamp(dot(row(i), row(j)) / norms, -1.0, 1.0);
}

std::optional<EmbeddingSimilarity> embedding_similarity(const SentenceVectors& vectors,
                                                        std::span<const std::uint32_t> a,
                                                        std::span<const std::uint32_t> b) {
  if (a.empty() || b.empty()) return std::nullopt;
  std::vector<double> best_of_a(a.size(), -1.0);
  std::vector<double> best_of_b(b.size(), -1.0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      const double cosine = vectors.cosine(a[i], b[j]);
      best_of_a[i] = std::max(best_of_a[i], cosine);
      best_of_b[j] = std::max(best_of_b[j], cosine);
    }
  }
  EmbeddingSimilarity similarity{mean(best_of_a), mean(best_of_b), 0.0};
  if (similarity.precision > 0 && similarity.recall > 0) {
    similarity.f1 =
        2 * similarity.precision * similarity.recall / (similarity.precision + similarity.recall);
  }
  return similarity;
}

}  // namespace agentecho
