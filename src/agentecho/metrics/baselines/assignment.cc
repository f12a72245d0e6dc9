#include "agentecho/metrics/baselines/assignment.h"

#include <algorithm>
#include <numeric>

namespace agentecho {

Assignment::Assignment(std::size_t n)
    : column_of_row(n, -1), row_of_column(n, -1), row_price(n, 0), column_price(n, 0) {}

void Assignment::release(std::size_t row) {
  std::int32_t& column = column_of_row[row];
  if (column < 0) return;
  row_of_column[static_cast<std::size_t>(column)] = -1;
  column = -1;
}

std::int64_t Assignment::price_sum() const {
  const auto sum = [](const std::vector<std::int32_t>& prices) {
    return std::accumulate(prices.begin(), prices.end(), std::int64_t{0});
  };
  return sum(row_price) + sum(column_price);
}

AssignmentSolver::AssignmentSolver(std::size_t n) : n_(n), distance_(n), previous_(n) {
  scanned_.reserve(n);
  open_.reserve(n);
}

std::int64_t AssignmentSolver::complete(std::span<const std::int32_t> costs, Assignment& a,
                                        std::int64_t limit) {
  std::int64_t sum = a.price_sum();
  for (std::size_t start = 0; start < n_ && sum <= limit; ++start) {
    if (a.column_of_row[start] >= 0) continue;
    std::fill(distance_.begin(), distance_.end(), std::numeric_limits<std::int32_t>::max());
    scanned_.clear();
    open_.resize(n_);
    std::iota(open_.begin(), open_.end(), 0);

    // Dijkstra over columns, along slacks, to the nearest column that is free.
    std::size_t row = start;
    std::int32_t reached = 0;  // distance of the row being scanned
    std::int32_t sink = -1;
    while (sink < 0) {
      const std::int32_t* row_costs = costs.data() + row * n_;
      const std::int32_t base = reached - a.row_price[row];
      std::size_t nearest = 0;
      std::int32_t nearest_distance = std::numeric_limits<std::int32_t>::max();
      for (std::size_t k = 0; k < open_.size(); ++k) {
        const auto column = static_cast<std::size_t>(open_[k]);
        const std::int32_t through = base + row_costs[column] - a.column_price[column];
        if (through < distance_[column]) {
          distance_[column] = through;
          previous_[column] = static_cast<std::int32_t>(row);
        }
        // Among the nearest, a free column ends the search at once.
        if (distance_[column] < nearest_distance ||
            (distance_[column] == nearest_distance && a.row_of_column[column] < 0 &&
             a.row_of_column[static_cast<std::size_t>(open_[nearest])] >= 0)) {
          nearest_distance = distance_[column];
          nearest = k;
        }
      }
      reached = nearest_distance;
      if (sum + reached > limit) return sum + reached;
      const std::int32_t column = open_[nearest];
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(nearest));
      const std::int32_t owner = a.row_of_column[static_cast<std::size_t>(column)];
      if (owner < 0) {
        sink = column;
      } else {
        scanned_.push_back(column);
        row = static_cast<std::size_t>(owner);
      }
    }

    a.row_price[start] += reached;
    for (const std::int32_t column : scanned_) {
      const auto j = static_cast<std::size_t>(column);
      const std::int32_t raise = reached - distance_[j];
      a.column_price[j] -= raise;
      a.row_price[static_cast<std::size_t>(a.row_of_column[j])] += raise;
    }
    for (std::int32_t column = sink; column >= 0;) {
      const std::int32_t owner = previous_[static_cast<std::size_t>(column)];
      a.row_of_column[static_cast<std::size_t>(column)] = owner;
      std::swap(a.column_of_row[static_cast<std::size_t>(owner)], column);
    }
    sum += reached;
  }
  return sum;
}

}  // namespace agentecho
