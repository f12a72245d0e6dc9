#include "agentecho/metrics/baselines/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

using Costs = std::vector<std::int32_t>;

std::int64_t exhaustive_cost(const Costs& costs, std::size_t n) {
  std::vector<std::size_t> columns(n);
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  do {
    std::int64_t cost = 0;
    for (std::size_t i = 0; i < n; ++i) cost += costs[i * n + columns[i]];
    best = std::min(best, cost);
  } while (std::next_permutation(columns.begin(), columns.end()));
  return best;
}

// The assignment is one-to-one, costs what it says, and its prices prove that nothing is cheaper.
void expect_optimal(const Costs& costs, std::size_t n, const Assignment& a, std::int64_t cost) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto column = static_cast<std::size_t>(a.column_of_row[i]);
    ASSERT_LT(column, n);
    ASSERT_EQ(a.row_of_column[column], static_cast<std::int32_t>(i));
    sum += costs[i * n + column];
    for (std::size_t j = 0; j < n; ++j) {
      ASSERT_LE(a.row_price[i] + a.column_price[j], costs[i * n + j]);
    }
  }
  ASSERT_EQ(sum, cost);
  ASSERT_EQ(a.price_sum(), cost);
}

TEST(Assignment, SolvesByHand) {
  const Costs costs{4, 1, 3,  //
                    2, 0, 5,  //
                    3, 2, 2};
  Assignment a(3);
  EXPECT_EQ(AssignmentSolver(3).complete(costs, a), 5);
  EXPECT_EQ(a.column_of_row, (std::vector<std::int32_t>{1, 0, 2}));
}

TEST(Assignment, OfNothingCostsNothing) {
  Assignment a(0);
  EXPECT_EQ(AssignmentSolver(0).complete({}, a), 0);
}

TEST(Assignment, AgreesWithExhaustiveSearch) {
  Rng rng(1);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t n = 1 + rng.below(6);
    Costs costs(n * n);
    for (std::int32_t& cost : costs) cost = static_cast<std::int32_t>(rng.below(8));
    Assignment a(n);
    const std::int64_t cost = AssignmentSolver(n).complete(costs, a);
    ASSERT_EQ(cost, exhaustive_cost(costs, n));
    expect_optimal(costs, n, a, cost);
  }
}

TEST(Assignment, GoesOnAfterCostsHaveRisen) {
  Rng rng(2);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t n = 2 + rng.below(5);
    Costs costs(n * n);
    for (std::int32_t& cost : costs) cost = static_cast<std::int32_t>(rng.below(8));
    AssignmentSolver solver(n);
    Assignment a(n);
    solver.complete(costs, a);
    const std::size_t row = rng.below(n);
    for (std::size_t j = 0; j < n; ++j) {
      costs[row * n + j] += static_cast<std::int32_t>(rng.below(9));
    }
    a.release(row);
    const std::int64_t cost = solver.complete(costs, a);
    ASSERT_EQ(cost, exhaustive_cost(costs, n));
    expect_optimal(costs, n, a, cost);
  }
}

TEST(Assignment, StopsAtTheLimitWithALowerBound) {
  Rng rng(3);
  for (int trial = 0; trial < 100; ++trial) {
    const std::size_t n = 5;
    Costs costs(n * n);
    for (std::int32_t& cost : costs) cost = static_cast<std::int32_t>(1 + rng.below(20));
    const std::int64_t optimum = exhaustive_cost(costs, n);
    const auto limit = static_cast<std::int64_t>(rng.below(60));
    Assignment a(n);
    const std::int64_t bound = AssignmentSolver(n).complete(costs, a, limit);
    ASSERT_LE(bound, optimum);
    ASSERT_EQ(bound > limit, optimum > limit);
    if (optimum <= limit) {
      ASSERT_EQ(bound, optimum);
    }
  }
}

}  // namespace
}  // namespace agentecho
