#include "agentecho/study/identity_power.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/distributions.h"
#include "agentecho/stats/significance.h"

namespace agentecho {

namespace {

constexpr std::size_t kGroups = 500;
constexpr std::size_t kMixtures = 200;
constexpr std::size_t kMostRunsOfModel = 100'000;  // more is no answer

std::vector<double> values_of(const Clusters& clusters) {
  std::vector<double> values;
  for (const auto& cluster : clusters) values.insert(values.end(), cluster.begin(), cluster.end());
  return values;
}

double drawn_sum(const std::vector<double>& values, std::size_t n, Rng& rng) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += values[rng.below(values.size())];
  return sum;
}

}  // namespace

std::optional<std::size_t> foreign_runs_noticed(const Clusters& own, const Clusters& foreign,
                                                std::size_t runs, const PowerOptions& options) {
  const std::vector<double> ours = values_of(own);
  const std::vector<double> theirs = values_of(foreign);
  if (ours.empty() || theirs.empty()) return std::nullopt;
  Rng rng(options.seed, options.stream);
  std::vector<double> groups;
  for (std::size_t g = 0; g < kGroups; ++g) groups.push_back(drawn_sum(ours, runs, rng));
  const double critical = select_quantile(groups, 1 - options.level);
  const auto noticed = [&](std::size_t n_foreign) {
    std::size_t below = 0;
    for (std::size_t g = 0; g < kMixtures; ++g) {
      const double sum = drawn_sum(ours, runs - n_foreign, rng) + drawn_sum(theirs, n_foreign, rng);
      below += sum < critical ? 1 : 0;
    }
    return static_cast<double>(below) >= options.power * static_cast<double>(kMixtures);
  };
  if (!noticed(runs)) return std::nullopt;
  std::size_t low = 0;  // not noticed
  std::size_t high = runs;
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (noticed(middle) ? high : low) = middle;
  }
  return high;
}

std::optional<std::size_t> runs_needed(const Clusters& own, const Clusters& other,
                                       const PowerOptions& options) {
  const std::vector<double> ours = values_of(own);
  const std::vector<double> theirs = values_of(other);
  const auto own_sd = standard_deviation(ours);
  const auto other_sd = standard_deviation(theirs);
  if (!own_sd || !other_sd) return std::nullopt;
  const double lead = *mean(ours) - *mean(theirs);
  if (!(lead > 0)) return std::nullopt;
  const double z =
      normal_quantile(options.level) * *own_sd + normal_quantile(options.power) * *other_sd;
  const double needed = std::max(1.0, std::ceil(z * z / (lead * lead)));
  if (needed > static_cast<double>(kMostRunsOfModel)) return std::nullopt;
  auto runs = static_cast<std::size_t>(needed);
  while (!is_below_alpha(least_conformal_p(own.size(), runs, kMostRunsOfModel), options.level) &&
         runs < kMostRunsOfModel) {
    ++runs;
  }
  return runs;
}

}  // namespace agentecho
