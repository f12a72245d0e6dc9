// Trajectories as the graphs that a graph edit distance compares (METHOD 5).
#pragma once

#include "agentecho/corpus/corpus.h"
#include "agentecho/metrics/baselines/labelled_graph.h"

namespace agentecho {

// Nodes are calls labelled with their tools; edges are E_s and E_d together. E_s has adjacent
// calls, unless the second depends on another (graph/action_graph.h), so no edge is there twice.
LabelledGraph action_labelled_graph(const CorpusTrajectory& trajectory);

}  // namespace agentecho
