// Two runs laid beside each other, call by call: global alignment of two sequences (S. B.
// Needleman, C. D. Wunsch, J. Mol. Biol. 48, 1970). Only calls of one tool are put on one line; the
// same call counts 3, the same tool with other arguments 2, a call that one side alone makes 0, so
// the alignment has as many common calls as possible and, of those, prefers equal ones. Of
// alignments that count the same, the one that matches earliest is taken. Long runs are divided and
// each half is aligned by itself (D. S. Hirschberg, Commun. ACM 18, 1975), with the same result.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// What two calls are compared by.
struct CallKey {
  std::string tool;
  // The leaf values of the arguments (METHOD 2), ascending, and how often true and false stand in
  // them. The order of keys, white space and nulls come from what serves a model and do not count.
  std::vector<std::string> values;
  std::uint32_t n_true = 0;
  std::uint32_t n_false = 0;

  auto operator<=>(const CallKey&) const = default;
};

CallKey key_of(const Trajectory& trajectory, const ToolCall& call);

enum class StepKind : std::uint8_t { kSame, kSameTool, kOnlyA, kOnlyB };

struct AlignedStep {
  StepKind kind = StepKind::kSame;
  std::optional<std::uint32_t> a;  // position among the calls of A
  std::optional<std::uint32_t> b;
};

// Runs whose table of all pairs of calls has no more cells (4 MB) are not divided.
inline constexpr std::size_t kMostAlignmentCells = std::size_t{1} << 20;

// All calls of both sides, in order. Time O(|a| |b|), memory O(|a| + |b| + most_cells); the result
// does not depend on `most_cells`.
std::vector<AlignedStep> align_calls(std::span<const CallKey> a, std::span<const CallKey> b,
                                     std::size_t most_cells = kMostAlignmentCells);

}  // namespace agentecho
