// Krippendorff's alpha from ratings, to hold the library's sums over units against.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/stats/agreement.h"

namespace agentecho::testing {

// ratings: units x raters, row-major. Units with fewer than two ratings do not count.
inline Statistic<double> krippendorff_alpha(std::span<const std::optional<double>> ratings,
                                            std::size_t raters, MeasurementLevel level) {
  std::vector<std::vector<double>> units;
  std::vector<double> values;
  for (std::size_t first = 0; first < ratings.size(); first += raters) {
    std::vector<double> unit;
    for (const std::optional<double>& rating : ratings.subspan(first, raters)) {
      if (rating) unit.push_back(*rating);
    }
    if (unit.size() < 2) continue;
    values.insert(values.end(), unit.begin(), unit.end());
    units.push_back(unit);
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  const auto place = [&](double value) {
    return static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), value) -
                                    values.begin());
  };
  std::vector<double> coincidences(values.size() * values.size(), 0);
  std::vector<double> counts(values.size(), 0);
  for (const std::vector<double>& unit : units) {
    for (std::size_t i = 0; i < unit.size(); ++i) {
      ++counts[place(unit[i])];
      for (std::size_t j = 0; j < unit.size(); ++j) {
        if (i == j) continue;
        coincidences[place(unit[i]) * values.size() + place(unit[j])] +=
            1 / static_cast<double>(unit.size() - 1);
      }
    }
  }
  return krippendorff_alpha_of_sums(values, counts, coincidences, level);
}

}  // namespace agentecho::testing
