// Random numbers that are the same on every platform: PCG64 (M. O'Neill, "PCG: A Family of Simple
// Fast Space-Efficient Statistically Good Algorithms", 2014) from Debian's libpcg-cpp-dev, with our
// own few distributions, since those of the C++ standard library differ between implementations.
//
// Seeds are passed in. Work that is split over threads takes one stream per replicate, task or
// agent, so that results never depend on how the work was split.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <pcg_random.hpp>
#include <utility>

namespace agentecho {

class Rng {
 public:
  // Streams of one seed are independent sequences.
  explicit Rng(std::uint64_t seed, std::uint64_t stream = 0) : engine_(seed, stream) {}

  std::uint64_t bits() { return engine_(); }

  // Uniform in [0, bound); bound >= 1. Unbiased (rejection).
  std::uint64_t below(std::uint64_t bound) { return engine_(bound); }

  // Uniform in [0, 1) with 53 random bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

  bool chance(double probability) { return uniform() < probability; }

  // Standard normal (Box-Muller; the second value is not kept, so that the number of draws is
  // fixed).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

  // Fisher-Yates.
  template <class Range>
  void shuffle(Range& range) {
    for (std::size_t i = range.size(); i > 1; --i) std::swap(range[i - 1], range[below(i)]);
  }

 private:
  pcg64 engine_;
};

}  // namespace agentecho
