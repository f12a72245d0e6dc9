#include "agentecho/stats/agreement.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/kappa_of_rates.h"

namespace agentecho {

void ConfusionMatrix::add(std::size_t first, std::size_t second) {
  assert(first < categories_ && second < categories_);
  ++counts_[first * categories_ + second];
}

std::size_t ConfusionMatrix::count(std::size_t first, std::size_t second) const {
  assert(first < categories_ && second < categories_);
  return counts_[first * categories_ + second];
}

std::size_t ConfusionMatrix::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
}

std::size_t ConfusionMatrix::first_total(std::size_t category) const {
  std::size_t sum = 0;
  for (std::size_t other = 0; other < categories_; ++other) sum += count(category, other);
  return sum;
}

std::size_t ConfusionMatrix::second_total(std::size_t category) const {
  std::size_t sum = 0;
  for (std::size_t other = 0; other < categories_; ++other) sum += count(other, category);
  return sum;
}

namespace {

// 1 - observed / expected disagreement, where disagreement(i, j) is 0 for i == j only.
template <class Disagreement>
Statistic<double> weighted_kappa(const ConfusionMatrix& matrix, Disagreement disagreement) {
  const std::size_t categories = matrix.categories();
  const double total = static_cast<double>(matrix.total());
  if (total == 0) return undefined(Undefined::kTooFew);
  std::vector<double> first(categories);
  std::vector<double> second(categories);
  for (std::size_t i = 0; i < categories; ++i) {
    first[i] = static_cast<double>(matrix.first_total(i));
    second[i] = static_cast<double>(matrix.second_total(i));
  }
  double observed = 0;
  double expected = 0;
  for (std::size_t i = 0; i < categories; ++i) {
    for (std::size_t j = 0; j < categories; ++j) {
      const double weight = disagreement(static_cast<double>(i), static_cast<double>(j));
      observed += weight * static_cast<double>(matrix.count(i, j));
      expected += weight * first[i] * second[j];
    }
  }
  if (expected == 0) return undefined(Undefined::kConstant);
  return 1 - observed * total / expected;
}

}  // namespace

std::optional<double> accuracy(const ConfusionMatrix& matrix) {
  const std::size_t total = matrix.total();
  if (total == 0) return std::nullopt;
  std::size_t same = 0;
  for (std::size_t i = 0; i < matrix.categories(); ++i) same += matrix.count(i, i);
  return static_cast<double>(same) / static_cast<double>(total);
}

Statistic<double> cohen_kappa(const ConfusionMatrix& matrix) {
  return weighted_kappa(matrix, [](double i, double j) { return i == j ? 0.0 : 1.0; });
}

std::optional<double> cohen_kappa(double observed_agreement, double rate_a, double rate_b) {
  return defined(kappa_of_rates(observed_agreement, rate_a, rate_b));
}

Statistic<double> quadratic_weighted_kappa(const ConfusionMatrix& matrix) {
  return weighted_kappa(matrix, [](double i, double j) { return (i - j) * (i - j); });
}

std::optional<double> mean_absolute_difference(std::span<const double> first,
                                               std::span<const double> second) {
  assert(first.size() == second.size());
  std::vector<double> differences;
  for (std::size_t i = 0; i < first.size(); ++i) {
    differences.push_back(std::fabs(first[i] - second[i]));
  }
  return mean(differences);
}

namespace {

// Where each distinct value (ascending) lies on a scale whose squared distances are the level's
// disagreements. On an ordinal scale that is the mean rank of its ratings.
std::vector<double> scale_positions(MeasurementLevel level, std::span<const double> values,
                                    std::span<const double> counts) {
  std::vector<double> positions(values.begin(), values.end());
  if (level != MeasurementLevel::kOrdinal) return positions;
  double before = 0;
  for (std::size_t c = 0; c < values.size(); ++c) {
    positions[c] = before + counts[c] / 2;
    before += counts[c];
  }
  return positions;
}

}  // namespace

Statistic<double> krippendorff_alpha_of_sums(std::span<const double> values,
                                             std::span<const double> counts,
                                             std::span<const double> coincidences,
                                             MeasurementLevel level) {
  const std::size_t n_values = values.size();
  assert(counts.size() == n_values && coincidences.size() == n_values * n_values);
  double ratings = 0;
  for (const double count : counts) ratings += count;
  if (ratings < 2) return undefined(Undefined::kTooFew);
  const std::vector<double> positions = scale_positions(level, values, counts);
  double observed = 0;
  double expected = 0;
  for (std::size_t c = 0; c < n_values; ++c) {
    for (std::size_t k = 0; k < n_values; ++k) {
      if (c == k) continue;
      const double offset = positions[c] - positions[k];
      observed += offset * offset * coincidences[c * n_values + k];
      expected += offset * offset * counts[c] * counts[k];
    }
  }
  if (expected == 0) return undefined(Undefined::kConstant);
  return 1 - (ratings - 1) * observed / expected;
}

std::optional<ErrorConsistency> error_consistency(std::span<const double> first,
                                                  std::span<const double> second) {
  assert(first.size() == second.size());
  if (first.empty()) return std::nullopt;
  const auto same_outcome = [](double p, double q) { return p * q + (1 - p) * (1 - q); };
  ErrorConsistency result;
  result.tasks = first.size();
  double sum = 0;
  for (std::size_t i = 0; i < first.size(); ++i) sum += same_outcome(first[i], second[i]);
  result.observed = sum / static_cast<double>(first.size());
  result.expected = same_outcome(*mean(first), *mean(second));
  if (first.size() > 1 && result.expected < 1) {
    result.kappa = (result.observed - result.expected) / (1 - result.expected);
  }
  return result;
}

}  // namespace agentecho
