#include "agentecho/metrics/baselines/ged.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <functional>
#include <tuple>
#include <unordered_map>

#include "agentecho/base/multiset.h"
#include "agentecho/metrics/baselines/ged_exact.h"
#include "agentecho/metrics/baselines/ged_local_search.h"
#include "agentecho/metrics/baselines/ged_pair.h"
#include "agentecho/metrics/baselines/ged_starts.h"

namespace agentecho {

namespace {

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

constexpr std::size_t kMostExactNodes = 64;  // a row of bits is one word

Edges sorted_edges(const LabelledGraph& graph) {
  Edges edges = graph.edges;
  std::sort(edges.begin(), edges.end());
  return edges;
}

Result<void> check_graph(const LabelledGraph& graph, const char* which) {
  const std::size_t n = graph.node_labels.size();
  for (const auto& [from, to] : graph.edges) {
    if (from >= n || to >= n) {
      return fail(ErrorKind::kInput,
                  fmt::format("{} graph: edge {} -> {} needs a node that is not there ({} nodes)",
                              which, from, to, n));
    }
  }
  const Edges edges = sorted_edges(graph);
  const auto twice = std::adjacent_find(edges.begin(), edges.end());
  if (twice != edges.end()) {
    return fail(ErrorKind::kInput, fmt::format("{} graph: edge {} -> {} occurs twice", which,
                                               twice->first, twice->second));
  }
  return {};
}

Result<void> check_options(const GedOptions& options) {
  if (options.max_exact_nodes > kMostExactNodes) {
    return fail(ErrorKind::kUsage,
                fmt::format("exact graph edit distance is offered up to {} nodes, not {}",
                            kMostExactNodes, options.max_exact_nodes));
  }
  if (!(options.max_seconds >= 0.0)) {
    return fail(ErrorKind::kUsage, "the time limit of graph edit distance must not be negative");
  }
  return {};
}

// A total order that depends on the graphs alone: the same pair is searched whichever graph comes
// first.
bool comes_first(const LabelledGraph& a, const LabelledGraph& b) {
  const auto sizes = [](const LabelledGraph& g) {
    return std::tuple(g.node_labels.size(), g.edges.size());
  };
  if (sizes(a) != sizes(b)) return sizes(a) < sizes(b);
  if (a.node_labels != b.node_labels) return a.node_labels < b.node_labels;
  return sorted_edges(a) < sorted_edges(b);
}

// Bounds by assignments and exchanges alone.
GedBounds quick_bounds(const GedPair& pair, const std::function<bool()>& out_of_time) {
  GedBounds best = bounds_by_branches(pair);
  improve_by_exchanges(pair, best, out_of_time);
  for (const auto& start : {permutation_by_stars, permutation_by_order}) {
    if (best.lower == best.upper || out_of_time()) break;
    GedBounds other{best.lower, 0, start(pair)};
    other.upper = permutation_cost(pair, other.permutation);
    improve_by_exchanges(pair, other, out_of_time);
    if (other.upper < best.upper) best = std::move(other);
  }
  return best;
}

// A table of all pairs of nodes is kept up to this many nodes; it takes 40 MB there, and solving it
// some seconds.
constexpr std::size_t kMostAssignedNodes = 2000;

using Mapping = std::vector<std::int32_t>;

// The n-th node on the n-th.
Mapping mapping_by_place(const LabelledGraph& first, const LabelledGraph& second) {
  Mapping mapping(first.node_labels.size(), -1);
  const std::size_t both = std::min(mapping.size(), second.node_labels.size());
  for (std::size_t i = 0; i < both; ++i) mapping[i] = static_cast<std::int32_t>(i);
  return mapping;
}

// The n-th node of each label on the n-th of that label.
Mapping mapping_by_label(const LabelledGraph& first, const LabelledGraph& second) {
  std::unordered_map<std::uint32_t, std::vector<std::int32_t>> left;  // the last ones first
  for (std::size_t j = second.node_labels.size(); j-- > 0;) {
    left[second.node_labels[j]].push_back(static_cast<std::int32_t>(j));
  }
  Mapping mapping(first.node_labels.size(), -1);
  for (std::size_t i = 0; i < mapping.size(); ++i) {
    std::vector<std::int32_t>& of_label = left[first.node_labels[i]];
    if (of_label.empty()) continue;
    mapping[i] = of_label.back();
    of_label.pop_back();
  }
  return mapping;
}

// Bounds of graphs of any size: below, the labels that one has more of and the difference of the
// numbers of edges; above, the better of two plain mappings. O((nodes + edges) log).
GedResult bounds_of_large_graphs(const LabelledGraph& first, const LabelledGraph& second) {
  std::vector<std::uint32_t> labels = first.node_labels;
  std::vector<std::uint32_t> others = second.node_labels;
  std::sort(labels.begin(), labels.end());
  std::sort(others.begin(), others.end());
  const std::size_t relabelled =
      std::max(labels.size(), others.size()) - common_elements(labels, others);
  const std::size_t more = std::max(first.edges.size(), second.edges.size());
  const std::size_t fewer = std::min(first.edges.size(), second.edges.size());
  GedResult result;
  result.lower = static_cast<double>(relabelled + more - fewer);
  result.mapping = mapping_by_place(first, second);
  result.upper = edit_path_cost(first, second, result.mapping);
  Mapping by_label = mapping_by_label(first, second);
  if (const double cost = edit_path_cost(first, second, by_label); cost < result.upper) {
    result.upper = cost;
    result.mapping = std::move(by_label);
  }
  result.exact = result.lower == result.upper;
  return result;
}

std::size_t size_of(const LabelledGraph& first, const LabelledGraph& second) {
  return first.node_labels.size() + second.node_labels.size() + first.edges.size() +
         second.edges.size();
}

std::optional<double> similarity_at(double distance, std::size_t size) {
  if (size == 0) return std::nullopt;
  return 1.0 - distance / static_cast<double>(size);
}

}  // namespace

std::optional<double> GedResult::similarity() const { return similarity_at(upper, size); }

std::optional<double> GedResult::similarity_at_most() const { return similarity_at(lower, size); }

Result<GedResult> graph_edit_distance(const LabelledGraph& first, const LabelledGraph& second,
                                      const GedOptions& options) {
  if (auto ok = check_options(options); !ok) return Unexpected(ok.error());
  if (auto ok = check_graph(first, "first"); !ok) return Unexpected(ok.error());
  if (auto ok = check_graph(second, "second"); !ok) return Unexpected(ok.error());

  if (std::max(first.node_labels.size(), second.node_labels.size()) > kMostAssignedNodes) {
    GedResult result = bounds_of_large_graphs(first, second);
    result.size = size_of(first, second);
    return result;
  }
  GedResult result;
  const auto start = std::chrono::steady_clock::now();
  const std::function<bool()> out_of_time = [&] {
    if (options.max_seconds > 0.0 && !result.timed_out) {
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
      result.timed_out = spent.count() > options.max_seconds;
    }
    return result.timed_out;
  };

  const bool swapped = comes_first(second, first);
  const GedPair pair = swapped ? make_ged_pair(second, first) : make_ged_pair(first, second);
  GedBounds bounds = quick_bounds(pair, out_of_time);
  if (pair.n <= options.max_exact_nodes) {
    result.states = narrow_by_branch_and_bound(pair, bounds, options.max_states, out_of_time);
  }
  improve_by_perturbation(pair, bounds, options.perturbations, out_of_time);

  result.lower = static_cast<double>(bounds.lower);
  result.upper = static_cast<double>(bounds.upper);
  result.exact = bounds.lower == bounds.upper;
  result.size = size_of(first, second);
  result.mapping.assign(first.node_labels.size(), -1);
  for (std::size_t row = 0; row < pair.n_real; ++row) {
    const std::int32_t column = bounds.permutation[row];
    if (swapped) {
      result.mapping[static_cast<std::size_t>(column)] = static_cast<std::int32_t>(row);
    } else {
      result.mapping[row] = column;
    }
  }
  return result;
}

double edit_path_cost(const LabelledGraph& first, const LabelledGraph& second,
                      const std::vector<std::int32_t>& mapping) {
  assert(mapping.size() == first.node_labels.size());
  std::size_t kept = 0;
  std::size_t relabelled = 0;
  std::vector<bool> taken(second.node_labels.size());
  for (std::size_t i = 0; i < mapping.size(); ++i) {
    if (mapping[i] < 0) continue;
    const auto image = static_cast<std::size_t>(mapping[i]);
    assert(image < taken.size() && !taken[image]);
    taken[image] = true;
    ++kept;
    relabelled += first.node_labels[i] != second.node_labels[image];
  }
  const Edges targets = sorted_edges(second);
  std::size_t shared = 0;
  for (const auto& [from, to] : first.edges) {
    if (mapping[from] < 0 || mapping[to] < 0) continue;
    shared += std::binary_search(targets.begin(), targets.end(),
                                 std::pair{static_cast<std::uint32_t>(mapping[from]),
                                           static_cast<std::uint32_t>(mapping[to])});
  }
  return static_cast<double>(first.node_labels.size() + second.node_labels.size() - 2 * kept +
                             relabelled + first.edges.size() + second.edges.size() - 2 * shared);
}

}  // namespace agentecho
