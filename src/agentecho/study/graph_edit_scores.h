// The GED baseline over a corpus (METHOD 5): action graphs with E = E_s and E_d joined, tools as
// labels.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "agentecho/metrics/baselines/ged.h"
#include "agentecho/study/corpus.h"

namespace agentecho {

// A node for each call, labelled by its tool; an edge from a call to the next one unless that one
// has a dependency (METHOD 2, sequential edges), and one for each dependency.
LabelledGraph to_labelled_graph(const CorpusTrajectory& trajectory);

// For each of `tasks` the mean similarity over all pairs of trials of a != b; nothing where no pair
// has one (both without calls, or no trials).
std::vector<std::optional<double>> score_graph_edits(const Corpus& corpus, ModelIndex a,
                                                     ModelIndex b, std::span<const TaskIndex> tasks,
                                                     unsigned threads);

}  // namespace agentecho
