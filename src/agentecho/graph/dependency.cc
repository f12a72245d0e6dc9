#include "agentecho/graph/dependency.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "agentecho/graph/argument_values.h"

namespace agentecho {

namespace {

using ValueId = ValueFinder::ValueId;

// The traceable values of each agent call's arguments, without repetition, as numbers of `finder`.
struct TracedValues {
  std::vector<std::uint32_t> calls;  // as agent_calls()
  std::vector<ValueId> ids;
  std::vector<std::size_t> begin;  // of call i's values in ids; one more entry at the end

  TracedValues(const Trajectory& trajectory, ValueFinder& finder) : calls(agent_calls(trajectory)) {
    finder.clear();
    begin.reserve(calls.size() + 1);
    std::vector<std::size_t> last_node;  // per value: 1 + the last node that has it
    for (std::size_t node = 0; node < calls.size(); ++node) {
      begin.push_back(ids.size());
      for (const std::string_view leaf : trajectory.leaves_of(trajectory.calls[calls[node]])) {
        const std::string canonical = canonical_value(leaf);
        if (!is_traceable(canonical)) continue;
        const ValueId id = finder.add(canonical);
        last_node.resize(finder.size(), 0);
        if (std::exchange(last_node[id], node + 1) != node + 1) ids.push_back(id);
      }
    }
    begin.push_back(ids.size());
  }

  std::span<const ValueId> of(std::size_t node) const {
    return std::span(ids).subspan(begin[node], begin[node + 1] - begin[node]);
  }
};

// Number of the node whose call it is, per call of the trajectory; kNone for calls of the user.
std::vector<std::int32_t> node_of_call(const Trajectory& trajectory,
                                       const std::vector<std::uint32_t>& calls) {
  std::vector<std::int32_t> nodes(trajectory.calls.size(), kNone);
  for (std::size_t i = 0; i < calls.size(); ++i) nodes[calls[i]] = static_cast<std::int32_t>(i);
  return nodes;
}

}  // namespace

std::vector<std::uint32_t> agent_calls(const Trajectory& trajectory) {
  std::vector<std::uint32_t> calls;
  calls.reserve(trajectory.calls.size());
  for (std::size_t i = 0; i < trajectory.calls.size(); ++i) {
    if (trajectory.calls[i].requestor == Requestor::kAgent) {
      calls.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return calls;
}

std::vector<Dependency> CandidateFinder::find(const Trajectory& trajectory) {
  const TracedValues values(trajectory, finder_);
  std::vector<Dependency> candidates;
  if (finder_.size() == 0) return candidates;

  // For each value the nodes in whose result it occurs, in log order.
  std::vector<std::vector<std::uint32_t>> sources(finder_.size());
  for (std::size_t u = 0; u < values.calls.size(); ++u) {
    finder_.scan(trajectory.result_of(trajectory.calls[values.calls[u]]), [&](ValueId id) {
      if (sources[id].empty() || sources[id].back() != u) {
        sources[id].push_back(static_cast<std::uint32_t>(u));
      }
    });
  }
  for (std::size_t v = 0; v < values.calls.size(); ++v) {
    const std::size_t first = candidates.size();
    const ToolCall& destination = trajectory.calls[values.calls[v]];
    for (const ValueId id : values.of(v)) {
      for (const std::uint32_t u : sources[id]) {
        if (trajectory.calls[values.calls[u]].result_message >= destination.message) continue;
        candidates.push_back({u, static_cast<std::uint32_t>(v), finder_.value(id)});
      }
    }
    std::stable_sort(candidates.begin() + static_cast<std::ptrdiff_t>(first), candidates.end(),
                     [](const Dependency& a, const Dependency& b) { return a.source < b.source; });
  }
  return candidates;
}

Result<std::vector<Dependency>> ProvenanceVerifier::dependencies(const Trajectory& trajectory) {
  return find(trajectory, /*every_value=*/false);
}

Result<std::vector<Dependency>> ProvenanceVerifier::verified_values(const Trajectory& trajectory) {
  return find(trajectory, /*every_value=*/true);
}

std::vector<Dependency> ProvenanceVerifier::find(const Trajectory& trajectory, bool every_value) {
  const TracedValues values(trajectory, finder_);
  std::vector<Dependency> dependencies;
  if (finder_.size() == 0) return dependencies;

  // The node whose result is the first item that contains the value; kNone: another item is.
  std::vector<std::int32_t> source(finder_.size(), kNone);
  const auto scan_item = [&](std::string_view text, std::int32_t node) {
    finder_.scan(text, [&](ValueId id) {
      source[id] = node;
      finder_.retire(id);
    });
  };
  const std::vector<std::int32_t> nodes = node_of_call(trajectory, values.calls);
  for (const Message& message : trajectory.messages) {
    if (finder_.n_active() == 0) break;
    const bool answers_agent = message.role == Role::kTool && message.answers != kNone;
    scan_item(message.reasoning, kNone);
    scan_item(message.text,
              answers_agent ? nodes[static_cast<std::size_t>(message.answers)] : kNone);
    for (const ToolCall& call : trajectory.calls_of(message)) {
      for (const std::string_view leaf : trajectory.leaves_of(call)) scan_item(leaf, kNone);
    }
  }

  // The first item with a value of v comes no later than v's own arguments, so every source
  // precedes v.
  std::vector<std::size_t> last_destination(values.calls.size(), 0);  // per source: 1 + v
  for (std::size_t v = 0; v < values.calls.size(); ++v) {
    const std::size_t first = dependencies.size();
    for (const ValueId id : values.of(v)) {
      if (source[id] == kNone) continue;
      const auto u = static_cast<std::uint32_t>(source[id]);
      if (std::exchange(last_destination[u], v + 1) == v + 1 && !every_value) continue;
      dependencies.push_back({u, static_cast<std::uint32_t>(v), finder_.value(id)});
    }
    std::stable_sort(dependencies.begin() + static_cast<std::ptrdiff_t>(first), dependencies.end(),
                     [](const Dependency& a, const Dependency& b) { return a.source < b.source; });
  }
  return dependencies;
}

Result<std::vector<Dependency>> AcceptAllVerifier::verified_values(const Trajectory& trajectory) {
  return candidates_.find(trajectory);
}

Result<std::vector<Dependency>> AcceptAllVerifier::dependencies(const Trajectory& trajectory) {
  std::vector<Dependency> candidates = candidates_.find(trajectory);
  const auto same_edge = [](const Dependency& a, const Dependency& b) {
    return a.source == b.source && a.destination == b.destination;
  };
  candidates.erase(std::unique(candidates.begin(), candidates.end(), same_edge), candidates.end());
  return candidates;
}

Result<std::unique_ptr<DependencyVerifier>> make_dependency_verifier(std::string_view name) {
  if (name == "provenance") return std::make_unique<ProvenanceVerifier>();
  if (name == "none") return std::make_unique<AcceptAllVerifier>();
  return fail(ErrorKind::kUsage, fmt::format("unknown dependency verifier \"{}\"", name),
              "verifiers: provenance, none");
}

}  // namespace agentecho
