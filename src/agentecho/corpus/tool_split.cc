#include "agentecho/corpus/tool_split.h"

namespace agentecho {

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

}  // namespace agentecho
