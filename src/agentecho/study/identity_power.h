// What numbers of runs would show: how many foreign runs among them would be noticed, and how many
// runs would tell two models apart (METHOD 11). Found from reference runs, taken as independent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "agentecho/stats/group_conformal.h"

namespace agentecho {

struct PowerOptions {
  double level = 0.95;  // 1 - alpha
  double power = 0.8;
  std::uint64_t seed = 1;
  std::uint64_t stream = 0;
};

// Runs of a model m, and runs of another one, by their standing under m. The least number of runs
// of the other among `runs` at which, in a share `power` of mixtures drawn from both, the mean
// falls below the alpha quantile of groups of m's own runs; nothing when even all of them would
// not.
std::optional<std::size_t> foreign_runs_noticed(const Clusters& own, const Clusters& foreign,
                                                std::size_t runs, const PowerOptions& options);

// Standing under a model k: of its own runs, and of runs of another model. The number of the
// other's runs at which k is excluded with that power: ((z_alpha s_own + z_power s_other) /
// (mean_own - mean_other))^2 for normal means, and at least what the number of own runs needs for a
// p below alpha. Nothing where the other's runs stand as well under k as its own.
std::optional<std::size_t> runs_needed(const Clusters& own, const Clusters& other,
                                       const PowerOptions& options);

}  // namespace agentecho
