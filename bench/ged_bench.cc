// Cost of the graph edit distance of one pair, at default effort, on graphs like those of tool-use
// runs: few labels, each call joined to one or two earlier calls. `exact` is the share of pairs
// solved, `gap` the mean of upper - lower, `similarity` the mean (checks that the work was done).
#include <benchmark/benchmark.h>

#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/metrics/baselines/ged.h"

namespace {

using agentecho::LabelledGraph;
using agentecho::Rng;

LabelledGraph action_graph(std::size_t nodes, Rng& rng) {
  LabelledGraph graph;
  for (std::uint32_t v = 0; v < nodes; ++v) {
    // Half of all calls go to one tool.
    graph.node_labels.push_back(rng.chance(0.5) ? 0 : static_cast<std::uint32_t>(1 + rng.below(6)));
    if (v == 0) continue;
    const bool depends = rng.chance(0.8);
    graph.edges.emplace_back(depends ? static_cast<std::uint32_t>(rng.below(v)) : v - 1, v);
    const auto other = static_cast<std::uint32_t>(rng.below(v));
    if (rng.chance(0.25) && other != graph.edges.back().first) graph.edges.emplace_back(other, v);
  }
  return graph;
}

// Another model's run of the same task: some calls relabelled, one left out, some edges moved.
LabelledGraph variant(const LabelledGraph& graph, Rng& rng) {
  LabelledGraph result = graph;
  for (std::uint32_t& label : result.node_labels) {
    if (rng.chance(0.15)) label = static_cast<std::uint32_t>(rng.below(7));
  }
  std::erase_if(result.edges, [&](const auto&) { return rng.chance(0.15); });
  const auto last = static_cast<std::uint32_t>(result.node_labels.size() - 1);
  std::erase_if(result.edges, [&](const auto& edge) { return edge.second == last; });
  result.node_labels.pop_back();
  return result;
}

void measure(benchmark::State& state, bool related) {
  const auto nodes = static_cast<std::size_t>(state.range(0));
  Rng rng(nodes);
  std::vector<std::pair<LabelledGraph, LabelledGraph>> pairs;
  for (int i = 0; i < 64; ++i) {
    LabelledGraph first = action_graph(nodes, rng);
    LabelledGraph second = related ? variant(first, rng) : action_graph(nodes, rng);
    pairs.emplace_back(std::move(first), std::move(second));
  }
  double exact = 0, gap = 0, similarity = 0, count = 0;
  std::size_t next = 0;
  for (auto _ : state) {
    const auto& [first, second] = pairs[next++ % pairs.size()];
    const auto result = agentecho::graph_edit_distance(first, second);
    if (!result || edit_path_cost(first, second, result->mapping) != result->upper) {
      state.SkipWithError("wrong result");
      break;
    }
    exact += result->exact;
    gap += result->upper - result->lower;
    similarity += result->similarity().value_or(0);
    ++count;
  }
  state.counters["exact"] = exact / count;
  state.counters["gap"] = gap / count;
  state.counters["similarity"] = similarity / count;
}

void ged_related(benchmark::State& state) { measure(state, true); }
void ged_unrelated(benchmark::State& state) { measure(state, false); }

BENCHMARK(ged_related)->Arg(5)->Arg(8)->Arg(10)->Arg(15)->Arg(20)->Arg(25)->Arg(40)->Arg(100);
BENCHMARK(ged_unrelated)->Arg(5)->Arg(8)->Arg(10)->Arg(15)->Arg(20)->Arg(25)->Arg(40)->Arg(100);

}  // namespace
