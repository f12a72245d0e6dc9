#include "agentecho/stats/affinity.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/distributions.h"

namespace agentecho {
namespace {

// Leverages this close to 1 are 1: the inverse carries about ten correct digits.
constexpr double kDetermined = 1e-9;

// Breadth-first two-colouring: a pair inside one colour closes an odd cycle.
std::optional<Undefined> missing_rank(std::size_t columns, std::span<const ItemPair> pairs) {
  std::vector<std::vector<std::size_t>> neighbours(columns);
  for (const ItemPair& pair : pairs) {
    neighbours[pair.first].push_back(pair.second);
    neighbours[pair.second].push_back(pair.first);
  }
  std::vector<int> colour(columns, -1);
  std::vector<std::size_t> queue{0};
  colour[0] = 0;
  bool odd_cycle = false;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const std::size_t neighbour : neighbours[queue[next]]) {
      if (colour[neighbour] < 0) {
        colour[neighbour] = 1 - colour[queue[next]];
        queue.push_back(neighbour);
      } else if (colour[neighbour] == colour[queue[next]]) {
        odd_cycle = true;
      }
    }
  }
  if (queue.size() < columns) return Undefined::kDisconnected;
  if (!odd_cycle) return Undefined::kNoOddCycle;
  return std::nullopt;
}

std::vector<double> inverse_of_normal_matrix(std::size_t size, std::span<const ItemPair> columns) {
  const auto n = static_cast<Eigen::Index>(size);
  Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(n, n);
  for (const ItemPair& pair : columns) {
    const auto i = static_cast<Eigen::Index>(pair.first);
    const auto j = static_cast<Eigen::Index>(pair.second);
    normal(i, i) += 1;
    normal(j, j) += 1;
    normal(i, j) += 1;
    normal(j, i) += 1;
  }
  const Eigen::MatrixXd inverse = normal.llt().solve(Eigen::MatrixXd::Identity(n, n));
  return {inverse.data(), inverse.data() + inverse.size()};
}

}  // namespace

Statistic<AffinityDesign> AffinityDesign::make(std::size_t items, std::vector<ItemPair> pairs) {
  AffinityDesign design;
  design.column_of_item_.resize(items);
  for (const ItemPair& pair : pairs) {
    assert(pair.first != pair.second && pair.first < items && pair.second < items);
    for (const std::size_t item : {pair.first, pair.second}) {
      if (!design.column_of_item_[item]) design.column_of_item_[item] = design.size_++;
    }
  }
  for (const ItemPair& pair : pairs) {
    design.columns_.push_back(
        {*design.column_of_item_[pair.first], *design.column_of_item_[pair.second]});
  }
  if (pairs.size() <= design.size_) return undefined(Undefined::kTooFew);
  if (const auto reason = missing_rank(design.size_, design.columns_)) return undefined(*reason);

  design.inverse_ = inverse_of_normal_matrix(design.size_, design.columns_);
  const auto inverse = [&](std::size_t i, std::size_t j) {
    return design.inverse_[i * design.size_ + j];
  };
  for (const auto& [i, j] : design.columns_) {
    design.leverages_.push_back(inverse(i, i) + inverse(j, j) + 2 * inverse(i, j));
  }
  design.pairs_ = std::move(pairs);
  return design;
}

// effects = (X'X)^-1 X' scores; `sums` is scratch of the same size.
void AffinityDesign::solve(std::span<const double> scores, std::span<double> sums,
                           std::span<double> effects) const {
  std::fill(sums.begin(), sums.end(), 0.0);
  for (std::size_t p = 0; p < columns_.size(); ++p) {
    sums[columns_[p].first] += scores[p];
    sums[columns_[p].second] += scores[p];
  }
  std::fill(effects.begin(), effects.end(), 0.0);
  for (std::size_t j = 0; j < size_; ++j) {
    const double* column = inverse_.data() + j * size_;
    for (std::size_t i = 0; i < size_; ++i) effects[i] += column[i] * sums[j];
  }
}

void AffinityDesign::residuals(std::span<const double> scores, std::span<double> residuals) const {
  const std::size_t pairs = pairs_.size();
  assert(scores.size() == residuals.size() && scores.size() % pairs == 0);
  std::vector<double> sums(size_);
  std::vector<double> effects(size_);
  for (std::size_t first = 0; first < scores.size(); first += pairs) {
    solve(scores.subspan(first, pairs), sums, effects);
    for (std::size_t p = 0; p < pairs; ++p) {
      residuals[first + p] =
          scores[first + p] - (effects[columns_[p].first] + effects[columns_[p].second]);
    }
  }
}

AffinityFit AffinityDesign::fit(std::span<const double> scores) const {
  assert(scores.size() == pairs_.size());
  std::vector<double> sums(size_);
  std::vector<double> effects(size_);
  solve(scores, sums, effects);
  AffinityFit fit;
  const double half_mean =
      std::accumulate(effects.begin(), effects.end(), 0.0) / static_cast<double>(size_);
  fit.mean = 2 * half_mean;
  for (const std::optional<std::size_t>& column : column_of_item_) {
    fit.typicality.push_back(column ? std::optional<double>(effects[*column] - half_mean)
                                    : std::nullopt);
  }

  std::vector<double> residuals(pairs_.size());
  this->residuals(scores, residuals);
  double squares = 0;
  double largest = 0;
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    squares += residuals[p] * residuals[p];
    largest = std::max(largest, std::fabs(scores[p]));
  }
  const double freedom = static_cast<double>(pairs_.size() - size_);
  std::size_t n = 0;
  double known_squares = 0;
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    PairAffinity& affinity = fit.pairs.emplace_back();
    affinity.pair = pairs_[p];
    affinity.leverage = std::min(leverages_[p], 1.0);
    const double freed = 1 - affinity.leverage;
    if (freed < kDetermined) continue;
    affinity.residual = residuals[p];
    known_squares += residuals[p] * residuals[p];
    ++n;
    affinity.standard_error = std::sqrt(squares / freedom * freed);
    const double other_squares = squares - residuals[p] * residuals[p] / freed;
    if (freedom < 2 || is_cancelled(other_squares, squares)) continue;
    const double other_variance = other_squares / (freedom - 1);
    if (is_rounding(std::sqrt(other_variance), largest)) continue;
    const double studentised = residuals[p] / std::sqrt(other_variance * freed);
    affinity.studentised = studentised;
    affinity.p_value = t_two_sided_p(studentised, freedom - 1);
  }
  if (n == 0) return fit;
  const double spread = std::sqrt(known_squares / static_cast<double>(n));
  if (!is_rounding(spread, largest)) fit.spread = spread;
  return fit;
}

Statistic<AffinityFit> fit_affinity(const PairTable& table) {
  std::vector<ItemPair> pairs;
  std::vector<double> scores;
  for (std::size_t i = 0; i < table.items(); ++i) {
    for (std::size_t j = i + 1; j < table.items(); ++j) {
      if (const std::optional<double> score = table.at(i, j)) {
        pairs.push_back({i, j});
        scores.push_back(*score);
      }
    }
  }
  const Statistic<AffinityDesign> design = AffinityDesign::make(table.items(), std::move(pairs));
  if (!design) return undefined(design.error());
  return design->fit(scores);
}

}  // namespace agentecho
