#include "agentecho/corpus/tool_split.h"

#include <fmt/format.h>

#include <algorithm>

namespace agentecho {

std::optional<std::string> small_pool_note(std::size_t pool_models) {
  if (pool_models >= kFewestPoolModels) return std::nullopt;
  return fmt::format(
      "S_node and AGS are a matter of the pool here: with {} model{} in it, optional are hardly "
      "more than the tools on which these differ, so S_node is low whoever they are. Profile "
      "calibrated leaves both undefined; load at least {} models.",
      pool_models, pool_models == 1 ? "" : "s", kFewestPoolModels);
}

ToolSplit ToolSplit::make(const Corpus& corpus, std::span<const ModelIndex> pool,
                          const MandatoryRule& rule,
                          const std::vector<std::vector<ToolIndex>>& listed) {
  ToolSplit split;
  split.pool_models = pool.size();
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    std::vector<std::vector<ToolIndex>> successful;
    for (const ModelIndex model : pool) {
      for (const CorpusTrajectory& trajectory : corpus.trials(model, task)) {
        if (trajectory.success) successful.push_back(trajectory.tools);
      }
    }
    const std::span<const ToolIndex> mandatory = task < listed.size()
                                                     ? std::span<const ToolIndex>(listed[task])
                                                     : std::span<const ToolIndex>{};
    split.tasks.push_back(split_tools(successful, rule, mandatory));
  }
  return split;
}

bool any_success(const ToolSplit& split, std::span<const TaskIndex> tasks) {
  return std::any_of(tasks.begin(), tasks.end(),
                     [&](TaskIndex task) { return split.tasks[task].n_successful > 0; });
}

std::string why_nothing_optional(const ToolSplit& split, std::span<const TaskIndex> tasks) {
  return any_success(split, tasks)
             ? "on the common tasks no tool was optional"
             : "no run of the pool succeeded on the common tasks, so which of their tools are "
               "mandatory and which optional is not known";
}

}  // namespace agentecho
