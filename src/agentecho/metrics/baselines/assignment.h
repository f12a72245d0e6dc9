// Linear sum assignment: the cheapest one-to-one assignment of n rows to n columns, for integer
// costs.
//
// Shortest augmenting paths with prices (dual variables), after R. Jonker and A. Volgenant, "A
// shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing 38
// (1987) 325-340, doi:10.1007/BF02278710. Prices are feasible when row_price[i] + column_price[j]
// <= cost[i][j] everywhere; then their sum is a lower bound of every assignment's cost, and an
// assignment along equalities is optimal. Each augmentation assigns one more row and raises the
// sum.
//
// Written here rather than taken from a library because branch and bound needs it resumable: where
// some costs have risen, the old prices stay feasible and only the rows that lost their equality
// are assigned again. O(n^2) for each of these rows, O(n^3) from nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace agentecho {

// A pair that must not be assigned. Ordinary costs are far smaller (below 2^20 each).
constexpr std::int32_t kForbidden = 1 << 28;

struct Assignment {
  std::vector<std::int32_t> column_of_row;  // -1 where not assigned
  std::vector<std::int32_t> row_of_column;
  std::vector<std::int32_t> row_price;
  std::vector<std::int32_t> column_price;

  // Nothing assigned, all prices zero: feasible for costs that are not negative.
  explicit Assignment(std::size_t n = 0);

  void release(std::size_t row);
  std::int64_t price_sum() const;
};

class AssignmentSolver {
 public:
  explicit AssignmentSolver(std::size_t n);

  // Assigns every row that has no column. `costs` is n x n, row by row; the prices of `assignment`
  // must be feasible and tight along what is assigned already. Returns the sum of prices: the cost
  // of the optimal assignment, or, as soon as the sum exceeds `limit`, that sum (a lower bound),
  // with the assignment left incomplete.
  std::int64_t complete(std::span<const std::int32_t> costs, Assignment& assignment,
                        std::int64_t limit = std::numeric_limits<std::int64_t>::max());

 private:
  std::size_t n_;
  std::vector<std::int32_t> distance_;  // of the shortest alternating path to each column
  std::vector<std::int32_t> previous_;  // the row before that column on the path
  std::vector<std::int32_t> scanned_;   // columns in the tree, in order of distance
  std::vector<std::int32_t> open_;      // columns not yet in the tree
};

}  // namespace agentecho
