// Graph edit distances of pairs of graphs on standard input, with times, for ged_vs_networkx.py.
//
// One graph a line, two lines a pair: number of nodes, number of edges, the labels, the edges as
// node pairs. One line out for each pair: lower bound, upper bound, states, seconds (mean of as
// many runs as fit in a fiftieth of a second, at least one).
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <iostream>

#include "agentecho/metrics/baselines/ged.h"

namespace {

using agentecho::GedResult;
using agentecho::LabelledGraph;
using agentecho::Result;

bool read_graph(std::istream& in, LabelledGraph& graph) {
  std::size_t nodes = 0, edges = 0;
  if (!(in >> nodes >> edges)) return false;
  graph.node_labels.resize(nodes);
  graph.edges.resize(edges);
  for (std::uint32_t& label : graph.node_labels) in >> label;
  for (auto& [from, to] : graph.edges) in >> from >> to;
  return static_cast<bool>(in);
}

}  // namespace

int main() {
  LabelledGraph first, second;
  while (read_graph(std::cin, first) && read_graph(std::cin, second)) {
    Result<GedResult> result;
    int runs = 0;
    const auto start = std::chrono::steady_clock::now();
    std::chrono::duration<double> spent{};
    do {
      result = agentecho::graph_edit_distance(first, second);
      ++runs;
      spent = std::chrono::steady_clock::now() - start;
    } while (spent.count() < 0.02);
    if (!result) {
      fmt::print(stderr, "{}\n", result.error().message);
      return 3;
    }
    fmt::print("{} {} {} {:.9f}\n", result->lower, result->upper, result->states,
               spent.count() / runs);
  }
}
