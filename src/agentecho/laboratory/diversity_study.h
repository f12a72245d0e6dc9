// What the effective number of models is worth where the correlation is known (study/diversity.h).
//
// Models whose outcomes and whose calls of four tools are drawn task by task: with probability
// sqrt(rho) what is common to all models of the task, else anew with the same rates. So every two
// models correlate by rho in their outcomes, and the place of the frequency of their calls between
// chance and ceiling is rho on average. S_node depends on the pool: what that does to its number.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/laboratory/laboratory.h"

namespace agentecho {

struct DiversitySummary {
  std::string likeness;       // "errors", "frequency", "S_node cal."
  bool pool_decides = false;  // of S_node: it looks only at tools on which the pool disagrees
  std::size_t models = 0;
  double rho = 0;    // planted
  double truth = 0;  // effective number
  std::size_t n = 0;
  std::optional<double> mean;  // of the effective numbers found
  std::optional<double> sd;
  std::optional<double> covered;  // share of 95 % intervals that hold the truth
};

std::vector<DiversitySummary> run_diversity_study(const LaboratoryOptions& options);

}  // namespace agentecho
