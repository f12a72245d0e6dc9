// What Action Graph Similarity keeps of a trajectory: ten counts (METHOD 3.2, 3.3; paper,
// section 3.2). Everything that the two profiles compare derives from them, without the text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "agentecho/graph/action_graph.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

struct ActionCounts {
  std::uint32_t calls = 0;        // |V|
  std::uint32_t writes = 0;       // WRITE calls
  std::uint32_t verified = 0;     // writes immediately followed by a READ call
  std::uint32_t confirmed = 0;    // writes immediately preceded by a READ call
  std::uint32_t errors = 0;       // error results
  std::uint32_t retried = 0;      // error results whose next call is to the same tool
  std::uint32_t reusing = 0;      // nodes with an incoming dependency
  std::uint32_t depth = 0;        // edges on the longest directed path of E_d
  std::uint32_t sources = 0;      // nodes with at least one outgoing dependency
  std::uint32_t fanning_out = 0;  // nodes with at least two

  bool operator==(const ActionCounts&) const = default;
};

ActionCounts count_actions(const Trajectory& trajectory, const ActionGraph& graph);

// (r_verify, r_confirm, r_retry), each in [0, 1]; 0/0 = 0.
std::array<double, 3> sequence_vector(const ActionCounts& counts);

// (r_reuse, d_max, r_fanout): a share of |V| - 1, a number of edges, a share; 0/0 = 0.
std::array<double, 3> dependency_vector(const ActionCounts& counts);

// The calibrated profile's features, absent where their denominator is 0: r_verify, r_confirm,
// r_retry; and r_reuse, d_max / (|V| - 1), r_fanout.
std::array<std::optional<double>, 3> calibrated_sequence_features(const ActionCounts& counts);
std::array<std::optional<double>, 3> calibrated_dependency_features(const ActionCounts& counts);

}  // namespace agentecho
