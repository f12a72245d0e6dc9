#include "agentecho/metrics/baselines/ged_starts.h"

#include <algorithm>
#include <bit>

#include "agentecho/base/multiset.h"
#include "agentecho/metrics/baselines/assignment.h"

namespace agentecho {

namespace {

using Labels = std::vector<std::uint32_t>;

// For each row of bits, the labels of the nodes that it names, sorted.
std::vector<Labels> neighbour_labels(const BitRows& rows, const Labels& labels, std::size_t n) {
  std::vector<Labels> result(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t w = 0; w < rows.words; ++w) {
      for (std::uint64_t rest = rows.row(i)[w]; rest != 0; rest &= rest - 1) {
        result[i].push_back(labels[w * 64 + static_cast<std::size_t>(std::countr_zero(rest))]);
      }
    }
    std::sort(result[i].begin(), result[i].end());
  }
  return result;
}

// Size of the symmetric difference of two sorted multisets.
std::int32_t multiset_difference(const Labels& a, const Labels& b) {
  return static_cast<std::int32_t>(a.size() + b.size() - 2 * common_elements(a, b));
}

}  // namespace

GedBounds bounds_by_branches(const GedPair& pair) {
  GedBounds bounds;
  Assignment assignment(pair.n);
  const std::int64_t doubled = AssignmentSolver(pair.n).complete(branch_costs(pair), assignment);
  bounds.lower = (doubled + 1) / 2;
  bounds.permutation = std::move(assignment.column_of_row);
  bounds.upper = permutation_cost(pair, bounds.permutation);
  return bounds;
}

std::vector<std::int32_t> permutation_by_stars(const GedPair& pair) {
  const auto small_out = neighbour_labels(pair.small.out, pair.small_labels, pair.n);
  const auto small_in = neighbour_labels(pair.small.in, pair.small_labels, pair.n);
  const auto large_out = neighbour_labels(pair.large.out, pair.large_labels, pair.n);
  const auto large_in = neighbour_labels(pair.large.in, pair.large_labels, pair.n);
  std::vector<std::int32_t> costs = branch_costs(pair);
  for (std::size_t i = 0; i < pair.n; ++i) {
    for (std::size_t j = 0; j < pair.n; ++j) {
      costs[i * pair.n + j] += multiset_difference(small_out[i], large_out[j]) +
                               multiset_difference(small_in[i], large_in[j]);
    }
  }
  Assignment assignment(pair.n);
  AssignmentSolver(pair.n).complete(costs, assignment);
  return std::move(assignment.column_of_row);
}

std::vector<std::int32_t> permutation_by_order(const GedPair& pair) {
  const std::size_t rows = pair.n_real, columns = pair.n, width = columns + 1;
  const auto differ = [&](std::size_t i, std::size_t j) {
    return pair.small_labels[i] != pair.large_labels[j] ? 1 : 0;
  };
  std::vector<std::int32_t> cost((rows + 1) * width);
  for (std::size_t j = 0; j <= columns; ++j) cost[j] = static_cast<std::int32_t>(j);
  for (std::size_t i = 1; i <= rows; ++i) {
    cost[i * width] = static_cast<std::int32_t>(i);
    for (std::size_t j = 1; j <= columns; ++j) {
      cost[i * width + j] = std::min({cost[(i - 1) * width + j - 1] + differ(i - 1, j - 1),
                                      cost[(i - 1) * width + j] + 1, cost[i * width + j - 1] + 1});
    }
  }
  std::vector<std::int32_t> permutation(columns, -1);
  std::vector<bool> taken(columns);
  for (std::size_t i = rows, j = columns; i > 0 && j > 0;) {
    const std::int32_t here = cost[i * width + j];
    if (here == cost[(i - 1) * width + j - 1] + differ(i - 1, j - 1)) {
      --i, --j;
      permutation[i] = static_cast<std::int32_t>(j);
      taken[j] = true;
    } else if (here == cost[(i - 1) * width + j] + 1) {
      --i;
    } else {
      --j;
    }
  }
  std::size_t free_column = 0;
  for (std::int32_t& column : permutation) {
    if (column >= 0) continue;
    while (taken[free_column]) ++free_column;
    column = static_cast<std::int32_t>(free_column++);
  }
  return permutation;
}

}  // namespace agentecho
