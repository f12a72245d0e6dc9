// Mandatory and optional tools of every task of a corpus, over a pool of models (METHOD 3.1).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/metrics/ags/optional_tools.h"

namespace agentecho {

// With fewer models than these in the pool, chance alone decides S_node: optional are exactly the
// tools on which so few differ (METHOD 3.1, "Small pools").
inline constexpr std::size_t kFewestPoolModels = 4;

// What to say beside S_node where the pool is that small; nothing where it is not.
std::optional<std::string> small_pool_note(std::size_t pool_models);

struct ToolSplit {
  std::vector<TaskTools> tasks;  // by TaskIndex
  std::size_t pool_models = 0;

  bool small_pool() const { return pool_models < kFewestPoolModels; }

  // For rule kFile: tools by task; tasks that are not listed have none.
  static ToolSplit make(const Corpus& corpus, std::span<const ModelIndex> pool,
                        const MandatoryRule& rule,
                        const std::vector<std::vector<ToolIndex>>& listed = {});
};

// Whether a run of the pool succeeded on any of these tasks: else nothing tells which of their
// tools are optional.
bool any_success(const ToolSplit& split, std::span<const TaskIndex> tasks);

// Why S_node and AGS are undefined where none of these common tasks has optional tools.
std::string why_nothing_optional(const ToolSplit& split, std::span<const TaskIndex> tasks);

}  // namespace agentecho
