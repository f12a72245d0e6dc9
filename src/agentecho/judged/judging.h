// What an LLM was asked in the making of some figures. Nothing in it depends on what was in the
// cache before, so that a run that went on where another stopped has the same results.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agentecho/base/outcome_counts.h"

namespace agentecho {

struct Judging {
  std::string endpoint;
  std::string model;
  std::string prompt;  // version of the pair judge's prompt; without it, of the others asked
  struct Purpose : OutcomeCounts {
    std::string name;  // "stages", "pairs", ...
    std::uint64_t questions = 0;
    // Of the scored: answered without a field that the endpoint refuses, by its name.
    std::map<std::string, std::uint64_t> refused_fields;
  };
  std::vector<Purpose> purposes;
  std::uint64_t flagged = 0;               // trajectories with text that addresses a judge
  std::vector<std::string> flagged_first;  // "model, task 7, trial 0: what it says", a few
};

}  // namespace agentecho
