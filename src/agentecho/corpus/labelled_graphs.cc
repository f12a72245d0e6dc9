#include "agentecho/corpus/labelled_graphs.h"

namespace agentecho {

LabelledGraph action_labelled_graph(const CorpusTrajectory& trajectory) {
  LabelledGraph graph{trajectory.calls, trajectory.dependencies};
  std::vector<bool> depends(graph.node_labels.size(), false);
  for (const auto& [source, destination] : trajectory.dependencies) depends[destination] = true;
  for (std::uint32_t v = 1; v < graph.node_labels.size(); ++v) {
    if (!depends[v]) graph.edges.emplace_back(v - 1, v);
  }
  return graph;
}

}  // namespace agentecho
