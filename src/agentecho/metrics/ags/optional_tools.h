// Mandatory and optional tools of a task (METHOD 3.1 and "Mandatory rules"; paper, section 3.2).
//
// What is mandatory is a definition, not a fact of the benchmark: it depends on the rule and on the
// pool of models whose successful trajectories are looked at, so both are recorded with every
// result.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

using ToolIndex = std::uint32_t;

struct MandatoryRule {
  enum class Kind : std::uint8_t {
    kIntersection,  // used by every successful trajectory (the paper's)
    kFrequency,     // used by at least a share `frequency` of them
    kFile,          // listed for the task by the user
    kNothing,       // nothing is mandatory; written "none"
  };
  Kind kind = Kind::kIntersection;
  double frequency = 1;           // kFrequency: in (0, 1]
  std::uint32_t min_support = 1;  // optional tools must appear in this many successful trajectories
};

// "intersection", "frequency 0.9", "file", "none"
std::string to_string(const MandatoryRule& rule);
// "intersection", "none", or "frequency=Q". A file is named by its path elsewhere.
Result<MandatoryRule> parse_mandatory_rule(std::string_view text);

struct TaskTools {
  std::vector<ToolIndex> mandatory;  // ascending
  std::vector<ToolIndex> optional;   // F_opt, ascending
  std::uint32_t n_successful = 0;
};

// From the tool sets (ascending, without repetition) of the task's successful trajectories over the
// pool. `listed` is used by rule kFile only. Without any successful trajectory both lists are empty
// (kFile: mandatory is what is listed).
TaskTools split_tools(std::span<const std::vector<ToolIndex>> successful_tool_sets,
                      const MandatoryRule& rule, std::span<const ToolIndex> listed = {});

}  // namespace agentecho
