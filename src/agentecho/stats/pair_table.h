// One optional number for each unordered pair of different items (models): the scores of a study.
#pragma once

#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace agentecho {

constexpr std::size_t pair_count(std::size_t items) {
  return items < 2 ? 0 : items * (items - 1) / 2;
}

// Place of {i, j}, i != j, in the order (0,1), (0,2), ..., (1,2), ...: SciPy's condensed form.
constexpr std::size_t pair_index(std::size_t i, std::size_t j, std::size_t items) {
  if (i > j) std::swap(i, j);
  return i * (2 * items - i - 1) / 2 + (j - i - 1);
}

class PairTable {
 public:
  explicit PairTable(std::size_t items)
      : items_(items), values_(pair_count(items), std::numeric_limits<double>::quiet_NaN()) {}

  std::size_t items() const { return items_; }

  // A NaN counts as no value.
  void set(std::size_t i, std::size_t j, std::optional<double> value) {
    values_[checked_index(i, j)] = value.value_or(std::numeric_limits<double>::quiet_NaN());
  }
  std::optional<double> at(std::size_t i, std::size_t j) const {
    const double value = values_[checked_index(i, j)];
    return std::isnan(value) ? std::nullopt : std::optional<double>(value);
  }

  // All pairs in the order of pair_index, NaN where there is no value.
  std::span<const double> condensed() const { return values_; }

 private:
  std::size_t checked_index(std::size_t i, std::size_t j) const {
    assert(i != j && i < items_ && j < items_);
    return pair_index(i, j, items_);
  }

  std::size_t items_;
  std::vector<double> values_;
};

}  // namespace agentecho
