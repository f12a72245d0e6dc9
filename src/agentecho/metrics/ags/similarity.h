// Similarity of two trajectories' action features (METHOD 3.2, 3.3 and profile "calibrated").
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "agentecho/metrics/ags/action_features.h"

namespace agentecho {

// Cosine of two vectors without negative entries, in [0, 1]; both zero: 1; exactly one zero: 0
// (paper, section 3.2, and METHOD 3.2).
double cosine_similarity(const std::array<double, 3>& a, const std::array<double, 3>& b);

// A vector with its length: what stays the same when one trajectory meets many others.
struct MeasuredVector {
  std::array<double, 3> values{};
  double length = 0;

  MeasuredVector() = default;
  explicit MeasuredVector(const std::array<double, 3>& of) : values(of) {
    double square = 0;
    for (const double value : values) square += value * value;
    length = std::sqrt(square);
  }
};

// The same, to the bit.
inline double cosine_similarity(const MeasuredVector& a, const MeasuredVector& b) {
  if (a.length == 0 && b.length == 0) return 1;
  if (a.length == 0 || b.length == 0) return 0;
  if (a.values == b.values) return 1;  // not 1 - 1e-16
  double product = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) product += a.values[i] * b.values[i];
  return std::min(1.0, product / (a.length * b.length));
}

// Profile "paper": S_seq of one pair of trajectories (METHOD 3.2; paper, section 3.2).
//
//   S_seq(a, b) = cos(x_a, x_b),  x = (r_verify, r_confirm, r_retry)
//
//   r_verify  = writes immediately followed by a READ call / writes
//   r_confirm = writes immediately preceded by a READ call / writes
//   r_retry   = error results whose next call is to the same tool / error results
//
// with 0/0 = 0. In [0, 1]. Both vectors zero: 1; exactly one zero: 0. O(1) from the counts.
double sequence_similarity(const ActionCounts& a, const ActionCounts& b);

// Profile "paper": S_dep (METHOD 3.3; paper, section 3.2), on the graph (V, E_d) of dependencies.
//
//   S_dep(a, b) = cos(x_a, x_b),  x = (r_reuse, d_max, r_fanout)
//
//   r_reuse  = calls with an incoming edge / (|V| - 1)
//   d_max    = edges on the longest directed path, a count and no rate
//   r_fanout = calls with at least two outgoing edges / calls with at least one
//
// with 0/0 = 0. In [0, 1]. Both vectors zero: 1; exactly one zero: 0. Since d_max has no upper
// bound, two trajectories with a chain are near 1 whatever their rates; "calibrated" mends this.
double dependency_similarity(const ActionCounts& a, const ActionCounts& b);

// Profile "calibrated": mean over the features defined on at least one side of 1 - |x - y| (0 where
// only one side has it); nothing when no feature is defined on either side.
std::optional<double> calibrated_sequence_similarity(const ActionCounts& a, const ActionCounts& b);
std::optional<double> calibrated_dependency_similarity(const ActionCounts& a,
                                                       const ActionCounts& b);

// Either from the features that the counts give (action_features.h).
using CalibratedFeatures = std::array<std::optional<double>, 3>;
inline std::optional<double> calibrated_similarity(const CalibratedFeatures& a,
                                                   const CalibratedFeatures& b) {
  double sum = 0;
  int n = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i] && !b[i]) continue;
    ++n;
    if (a[i] && b[i]) sum += 1 - std::abs(*a[i] - *b[i]);
  }
  if (n == 0) return std::nullopt;
  return sum / n;
}

}  // namespace agentecho
