// How often something happened, with an exact interval.
#pragma once

#include <cstddef>
#include <optional>

#include "agentecho/stats/distributions.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {

struct Share {
  std::size_t times = 0;
  std::size_t n = 0;

  void add(bool happened) {
    times += happened;
    ++n;
  }
  std::optional<double> rate() const {
    return n > 0 ? std::optional(static_cast<double>(times) / static_cast<double>(n))
                 : std::nullopt;
  }
  // Clopper and Pearson's, 95 % (binomial_interval() has the source); [0, 1] where n is 0.
  Interval interval() const { return binomial_interval(times, n, 0.95); }
};

}  // namespace agentecho
