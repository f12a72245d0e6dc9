#include "agentecho/study/graph_edit_scores.h"

#include <algorithm>

#include "agentecho/base/parallel.h"

namespace agentecho {

LabelledGraph to_labelled_graph(const CorpusTrajectory& trajectory) {
  LabelledGraph graph;
  graph.node_labels.assign(trajectory.calls.begin(), trajectory.calls.end());
  std::vector<bool> depends(trajectory.calls.size(), false);
  for (const auto& [source, target] : trajectory.dependencies) depends[target] = true;
  graph.edges = trajectory.dependencies;
  for (std::uint32_t i = 1; i < trajectory.calls.size(); ++i) {
    if (!depends[i]) graph.edges.emplace_back(i - 1, i);
  }
  std::sort(graph.edges.begin(), graph.edges.end());
  return graph;
}

std::vector<std::optional<double>> score_graph_edits(const Corpus& corpus, ModelIndex a,
                                                     ModelIndex b, std::span<const TaskIndex> tasks,
                                                     unsigned threads) {
  std::vector<std::optional<double>> scores(tasks.size());
  parallel_for(tasks.size(), threads, [&](std::size_t i) {
    double sum = 0;
    int n = 0;
    for (const CorpusTrajectory& x : corpus.trials(a, tasks[i])) {
      const LabelledGraph first = to_labelled_graph(x);
      for (const CorpusTrajectory& y : corpus.trials(b, tasks[i])) {
        const auto result = graph_edit_distance(first, to_labelled_graph(y));
        const auto similarity = result ? result->similarity() : std::nullopt;
        if (!similarity) continue;
        sum += *similarity;
        ++n;
      }
    }
    if (n > 0) scores[i] = sum / n;
  });
  return scores;
}

}  // namespace agentecho
