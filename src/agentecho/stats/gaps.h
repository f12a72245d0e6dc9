// Numbers of which some are undefined, where rows must stay dense: NaN stands for those.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace agentecho {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

inline std::optional<double> defined(double value) {
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

// The mean of those that are defined; NaN where none is.
inline double mean_of_defined(std::span<const double> values) {
  double sum = 0;
  double n = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++n;
  }
  return n > 0 ? sum / n : kNaN;
}

// The same at every place of rows that come one after another.
class MeansOfDefined {
 public:
  explicit MeansOfDefined(std::size_t places) : sums_(places, 0.0), counts_(places, 0.0) {}

  void add(std::span<const double> row) {
    for (std::size_t p = 0; p < row.size(); ++p) {
      if (std::isnan(row[p])) continue;
      sums_[p] += row[p];
      ++counts_[p];
    }
  }

  std::size_t places() const { return sums_.size(); }
  double count(std::size_t place) const { return counts_[place]; }
  double mean(std::size_t place) const {
    return counts_[place] > 0 ? sums_[place] / counts_[place] : kNaN;
  }

 private:
  std::vector<double> sums_;
  std::vector<double> counts_;
};

}  // namespace agentecho
