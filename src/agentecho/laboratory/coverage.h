// What the 95 % intervals of scores are worth: how often they hold the score on all tasks that
// there are, of which the agents have run a sample.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentecho/laboratory/laboratory.h"
#include "agentecho/laboratory/share.h"

namespace agentecho {

struct CoverageSummary {
  std::string slug;  // of the metric
  std::string title;
  std::size_t tasks = 0;  // in a sample
  Share held;
  std::optional<double> width;  // mean
};

// The study "coverage": four agents, two of them of one family and two of another, all of whose
// runs on twenty times LaboratoryOptions::tasks tasks are known. Each run of the study draws a
// fifth, a half or all of LaboratoryOptions::tasks of them, and takes one pair. By metric, then
// size of the sample.
std::vector<CoverageSummary> run_coverage(const LaboratoryOptions& options);

}  // namespace agentecho
