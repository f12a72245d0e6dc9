#include "agentecho/stats/cohort_norm.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/gaps.h"

namespace agentecho {

namespace {

// Sums over a cohort, of scores less the mean of the row, so that squares keep their digits.
struct Moments {
  double n = 0;
  double sum = 0;
  double squares = 0;

  void add(double value, double sign = 1) {
    n += sign;
    sum += sign * value;
    squares += sign * value * value;
  }
};

// `value` and the cohort, of a row of scores, are less `centre`, the row's mean; `whole` is the
// row's sum of squares, of which the cohort's is what others leave.
double standardised(const Moments& cohort, double value, double centre, double whole) {
  if (cohort.n < static_cast<double>(kFewestInCohort)) return kNaN;
  const double mean = cohort.sum / cohort.n;
  const double squares = cohort.squares - cohort.n * mean * mean;
  if (is_cancelled(squares, whole)) return kNaN;
  const double deviation = std::sqrt(squares / (cohort.n - 1));
  return is_rounding(deviation, std::abs(centre)) ? kNaN : (value - mean) / deviation;
}

}  // namespace

CohortNorm::CohortNorm(std::size_t items, std::vector<std::size_t> modes)
    : items_(items), modes_(std::move(modes)) {
  if (modes_.empty()) modes_.assign(items, 0);
  for (const std::size_t mode : modes_) kinds_ = std::max(kinds_, mode + 1);
}

void CohortNorm::normalise(std::span<const double> scores, std::span<double> z) const {
  const auto at = [&](std::size_t i, std::size_t j) { return scores[pair_index(i, j, items_)]; };
  std::vector<double> centre(items_, 0.0);
  std::vector<double> whole(items_, 0.0);
  std::vector<Moments> moments(items_ * kinds_);
  for (std::size_t i = 0; i < items_; ++i) {
    double n = 0;
    for (std::size_t k = 0; k < items_; ++k) {
      if (k == i || std::isnan(at(i, k))) continue;
      centre[i] += at(i, k);
      ++n;
    }
    if (n > 0) centre[i] /= n;
    for (std::size_t k = 0; k < items_; ++k) {
      if (k == i || std::isnan(at(i, k))) continue;
      const double value = at(i, k) - centre[i];
      moments[i * kinds_ + modes_[k]].add(value);
      whole[i] += value * value;
    }
  }
  // Of i's score with j among i's scores with its cohort against j.
  const auto one_side = [&](std::size_t i, std::size_t j) {
    const double value = at(i, j) - centre[i];
    Moments matched = moments[i * kinds_ + modes_[j]];
    matched.add(value, -1);
    if (kinds_ == 1 || matched.n >= static_cast<double>(kFewestInMatchedCohort)) {
      return standardised(matched, value, centre[i], whole[i]);
    }
    for (std::size_t kind = 0; kind < kinds_; ++kind) {
      if (kind == modes_[j]) continue;
      const Moments& others = moments[i * kinds_ + kind];
      matched.n += others.n;
      matched.sum += others.sum;
      matched.squares += others.squares;
    }
    return standardised(matched, value, centre[i], whole[i]);
  };
  std::vector<double> result(pair_count(items_), kNaN);
  for (std::size_t i = 0; i < items_; ++i) {
    for (std::size_t j = i + 1; j < items_; ++j) {
      if (std::isnan(at(i, j))) continue;
      result[pair_index(i, j, items_)] = (one_side(i, j) + one_side(j, i)) / 2;
    }
  }
  std::copy(result.begin(), result.end(), z.begin());
}

PairTable CohortNorm::operator()(const PairTable& scores) const {
  std::vector<double> z(pair_count(items_));
  normalise(scores.condensed(), z);
  PairTable table(items_);
  for (std::size_t i = 0; i < items_; ++i) {
    for (std::size_t j = i + 1; j < items_; ++j) table.set(i, j, z[pair_index(i, j, items_)]);
  }
  return table;
}

Undefined CohortNorm::why_no_z(const PairTable& scores, std::size_t i, std::size_t j) const {
  if (!scores.at(i, j)) return Undefined::kTooFew;
  for (const std::size_t one : {i, j}) {
    std::size_t cohort = 0;  // matched or not, a cohort is small only where all others are few
    for (std::size_t k = 0; k < items_; ++k) {
      if (k != i && k != j && scores.at(one, k)) ++cohort;
    }
    if (cohort < kFewestInCohort) return Undefined::kTooFew;
  }
  return Undefined::kConstant;
}

}  // namespace agentecho
