#include "agentecho/stats/mantel.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/stats/descriptive.h"

namespace agentecho {

namespace {

constexpr std::size_t kFewestItems = 4;
constexpr std::size_t kFewestPairs = 3;

struct Sums {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  void add(double a, double b) {
    ++n;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  std::optional<double> correlation() const {
    if (n < static_cast<double>(kFewestPairs)) return std::nullopt;
    const double vx = xx - x * x / n;
    const double vy = yy - y * y / n;
    if (is_cancelled(vx, xx) || is_cancelled(vy, yy)) return std::nullopt;
    return (xy - x * y / n) / std::sqrt(vx * vy);
  }
};

// items[order[k]] of the second table takes the place of items[k].
Sums sums_of(const PairTable& first, const PairTable& second, std::span<const std::size_t> items,
             std::span<const std::size_t> order) {
  Sums sums;
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t j = i + 1; j < items.size(); ++j) {
      const auto a = first.at(items[i], items[j]);
      const auto b = second.at(items[order[i]], items[order[j]]);
      if (a && b) sums.add(*a, *b);
    }
  }
  return sums;
}

std::size_t orders_of(std::size_t items, std::size_t limit) {
  std::size_t orders = 1;
  for (std::size_t k = 2; k <= items; ++k) {
    if (orders > limit / k) return limit + 1;
    orders *= k;
  }
  return orders;
}

}  // namespace

Statistic<MantelTest> mantel_test(const PairTable& first, const PairTable& second,
                                  const PermutationOptions& options) {
  std::vector<std::size_t> items;
  for (std::size_t i = 0; i < first.items(); ++i) {
    for (std::size_t j = 0; j < first.items(); ++j) {
      if (i == j || !first.at(i, j) || !second.at(i, j)) continue;
      items.push_back(i);
      break;
    }
  }
  if (items.size() < kFewestItems) return undefined(Undefined::kTooFew);
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const Sums observed = sums_of(first, second, items, order);
  if (observed.n < static_cast<double>(kFewestPairs)) return undefined(Undefined::kTooFew);
  const auto correlation = observed.correlation();
  if (!correlation) return undefined(Undefined::kConstant);

  MantelTest test;
  test.correlation = *correlation;
  test.pairs = static_cast<std::size_t>(observed.n);
  test.items = items.size();
  const double tie = 1e-9;
  std::size_t greater = 0;
  std::size_t far = 0;
  const auto count = [&] {
    const auto value = sums_of(first, second, items, order).correlation();
    greater += !value || *value >= *correlation - tie;
    far += !value || std::abs(*value) >= std::abs(*correlation) - tie;
  };
  const std::size_t orders = orders_of(items.size(), options.exact_limit);
  test.p.exact = orders <= options.exact_limit;
  if (test.p.exact) {
    do {
      count();
    } while (std::next_permutation(order.begin(), order.end()));
    test.p.relabellings = orders;
  } else {
    greater = far = 1;
    for (std::size_t r = 0; r < options.replicates; ++r) {
      Rng rng(options.seed, r);
      std::iota(order.begin(), order.end(), std::size_t{0});
      rng.shuffle(order);
      count();
    }
    test.p.relabellings = options.replicates;
  }
  const auto all = static_cast<double>(test.p.relabellings + (test.p.exact ? 0 : 1));
  test.p.greater = static_cast<double>(greater) / all;
  test.p.two_sided = static_cast<double>(far) / all;
  return test;
}

}  // namespace agentecho
