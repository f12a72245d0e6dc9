#include "agentecho/metrics/baselines/ged_exact.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>

#include "agentecho/metrics/baselines/assignment.h"

namespace agentecho {

namespace {

using Mask = std::uint64_t;

constexpr Mask bit(std::size_t i) { return Mask{1} << i; }

Mask first_bits(std::size_t count) { return count >= 64 ? ~Mask{0} : bit(count) - 1; }

// Calls body(index) for each bit that is set, lowest first.
template <class Body>
void for_each_bit(Mask mask, Body&& body) {
  for (; mask != 0; mask &= mask - 1) body(static_cast<std::size_t>(std::countr_zero(mask)));
}

// Exchangeable nodes get the same number: that of the first of them.
std::vector<std::int32_t> exchange_classes(const Adjacency& graph,
                                           const std::vector<std::uint32_t>& labels,
                                           const std::vector<std::uint8_t>& loops) {
  std::vector<std::int32_t> classes(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::size_t first = 0;
    while (labels[first] != labels[i] || loops[first] != loops[i] ||
           graph.out.row(first)[0] != graph.out.row(i)[0] ||
           graph.in.row(first)[0] != graph.in.row(i)[0]) {
      ++first;
    }
    classes[i] = static_cast<std::int32_t>(first);
  }
  return classes;
}

// Costs and bounds are doubled throughout, so that half edges are whole numbers.
struct State {
  Mask open_rows = 0;     // not placed; spare rows stay open
  Mask open_columns = 0;  // not taken
  std::vector<std::int32_t> costs;
  Assignment assignment;
  // Degrees towards open rows and columns.
  std::vector<std::int32_t> small_out, small_in, large_out, large_in;
  std::int64_t bound = 0;
};

class Search {
 public:
  Search(const GedPair& pair, std::uint64_t max_states, const std::function<bool()>& out_of_time)
      : pair_(pair),
        n_(pair.n),
        max_states_(max_states),
        out_of_time_(out_of_time),
        real_rows_(first_bits(pair.n_real)),
        small_class_(exchange_classes(pair.small, pair.small_labels, pair.small_loops)),
        large_class_(exchange_classes(pair.large, pair.large_labels, pair.large_loops)),
        solver_(pair.n),
        states_(pair.n_real + 1),
        image_(pair.n_real, -1) {
    State& root = states_[0];
    root.open_rows = root.open_columns = first_bits(n_);
    root.costs = branch_costs(pair);
    root.assignment = Assignment(n_);
    root.small_out = pair.small.out_degree;
    root.small_in = pair.small.in_degree;
    root.large_out = pair.large.out_degree;
    root.large_in = pair.large.in_degree;
    root.bound = solver_.complete(root.costs, root.assignment);
  }

  // Whether some permutation costs at most `target`; if so, permutation() is one.
  bool reaches(std::int64_t target) {
    limit_ = 2 * target;
    return states_[0].bound <= limit_ && descend(0);
  }

  bool stopped() const { return stopped_; }
  std::uint64_t states_visited() const { return visited_; }
  const std::vector<std::int32_t>& permutation() const { return permutation_; }

 private:
  struct Candidate {
    std::int32_t slack;
    std::int32_t column;
  };

  static std::int32_t slack(const State& s, std::size_t row, std::size_t column, std::size_t n) {
    return s.costs[row * n + column] - s.assignment.row_price[row] -
           s.assignment.column_price[column];
  }

  bool descend(std::size_t depth) {
    const State& state = states_[depth];
    if ((state.open_rows & real_rows_) == 0) {
      permutation_ = state.assignment.column_of_row;
      return true;
    }
    std::vector<Candidate> candidates;
    const std::size_t row = most_constrained_row(state, candidates);
    for (const Candidate& candidate : candidates) {
      if (visited_ == max_states_ || (visited_ % 256 == 255 && out_of_time_())) stopped_ = true;
      if (stopped_) return false;
      ++visited_;
      const auto column = static_cast<std::size_t>(candidate.column);
      place(state, row, column, states_[depth + 1]);
      if (states_[depth + 1].bound > limit_) continue;
      image_[row] = candidate.column;
      if (descend(depth + 1)) return true;
      image_[row] = -1;
    }
    return false;
  }

  // The open row with the fewest columns left (more edges first among equals), and those columns,
  // most promising first.
  std::size_t most_constrained_row(const State& state, std::vector<Candidate>& best) const {
    const Mask columns = one_column_of_each_class(state.open_columns);
    std::size_t best_row = n_;
    std::int32_t best_degree = 0;
    std::vector<Candidate> candidates;
    for_each_bit(state.open_rows & real_rows_, [&](std::size_t row) {
      const std::int32_t degree = pair_.small.out_degree[row] + pair_.small.in_degree[row];
      const Range classes = classes_left(row);
      candidates.clear();
      for_each_bit(columns, [&](std::size_t column) {
        const std::int32_t column_class = large_class_[column];
        const std::int32_t extra = slack(state, row, column, n_);
        if (state.bound + extra <= limit_ && classes.first <= column_class &&
            column_class <= classes.last) {
          candidates.push_back({extra, static_cast<std::int32_t>(column)});
        }
      });
      if (best_row == n_ || candidates.size() < best.size() ||
          (candidates.size() == best.size() && degree > best_degree)) {
        best_row = row;
        best_degree = degree;
        std::swap(best, candidates);
      }
    });
    std::stable_sort(best.begin(), best.end(),
                     [](const Candidate& a, const Candidate& b) { return a.slack < b.slack; });
    return best_row;
  }

  Mask one_column_of_each_class(Mask columns) const {
    Mask seen = 0;
    Mask chosen = 0;
    for_each_bit(columns, [&](std::size_t column) {
      const Mask class_bit = bit(static_cast<std::size_t>(large_class_[column]));
      if ((seen & class_bit) == 0) chosen |= bit(column);
      seen |= class_bit;
    });
    return chosen;
  }

  struct Range {
    std::int32_t first, last;
  };

  // Column classes open to a row, given where rows exchangeable with it have been placed.
  Range classes_left(std::size_t row) const {
    Range range{0, static_cast<std::int32_t>(n_)};
    for (std::size_t other = 0; other < pair_.n_real; ++other) {
      if (image_[other] < 0 || small_class_[other] != small_class_[row]) continue;
      const std::int32_t taken = large_class_[static_cast<std::size_t>(image_[other])];
      if (other < row) range.first = std::max(range.first, taken);
      if (other > row) range.last = std::min(range.last, taken);
    }
    return range;
  }

  // `child` = `parent` with `row` on `column`, and its bound.
  void place(const State& parent, std::size_t row, std::size_t column, State& child) {
    child = parent;
    child.open_rows &= ~bit(row);
    child.open_columns &= ~bit(column);
    const Adjacency& small = pair_.small;
    const Adjacency& large = pair_.large;
    const Mask from_row = small.out.row(row)[0], to_row = small.in.row(row)[0];
    const Mask from_column = large.out.row(column)[0], to_column = large.in.row(column)[0];
    for_each_bit(child.open_rows & from_row, [&](std::size_t i) { --child.small_in[i]; });
    for_each_bit(child.open_rows & to_row, [&](std::size_t i) { --child.small_out[i]; });
    for_each_bit(child.open_columns & from_column, [&](std::size_t j) { --child.large_in[j]; });
    for_each_bit(child.open_columns & to_column, [&](std::size_t j) { --child.large_out[j]; });

    const auto branch_difference = [](const State& s, std::size_t i, std::size_t j) {
      return std::abs(s.small_out[i] - s.large_out[j]) + std::abs(s.small_in[i] - s.large_in[j]);
    };
    const Mask touched_rows = from_row | to_row;
    const Mask touched_columns = child.open_columns & (from_column | to_column);
    for_each_bit(child.open_rows, [&](std::size_t i) {
      const bool row_touched = (touched_rows & bit(i)) != 0;
      for_each_bit(row_touched ? child.open_columns : touched_columns, [&](std::size_t j) {
        const int differing = static_cast<int>(((from_row >> i) ^ (from_column >> j)) & 1) +
                              static_cast<int>(((to_row >> i) ^ (to_column >> j)) & 1);
        child.costs[i * n_ + j] +=
            branch_difference(child, i, j) - branch_difference(parent, i, j) + 2 * differing;
      });
    });

    // The row placed keeps its column alone; its remaining edges are counted by the open rows now.
    for_each_bit(child.open_columns,
                 [&](std::size_t j) { child.costs[row * n_ + j] = kForbidden; });
    for_each_bit(child.open_rows,
                 [&](std::size_t i) { child.costs[i * n_ + column] = kForbidden; });
    child.costs[row * n_ + column] -= branch_difference(parent, row, column);

    Assignment& a = child.assignment;
    a.row_price[row] = child.costs[row * n_ + column] - a.column_price[column];
    if (a.column_of_row[row] != static_cast<std::int32_t>(column)) {
      a.release(static_cast<std::size_t>(a.row_of_column[column]));
      a.release(row);
      a.column_of_row[row] = static_cast<std::int32_t>(column);
      a.row_of_column[column] = static_cast<std::int32_t>(row);
    }
    for_each_bit(child.open_rows, [&](std::size_t i) {
      if (a.column_of_row[i] < 0) return;
      if (slack(child, i, static_cast<std::size_t>(a.column_of_row[i]), n_) > 0) a.release(i);
    });
    child.bound = solver_.complete(child.costs, a, limit_);
  }

  const GedPair& pair_;
  std::size_t n_;
  std::uint64_t max_states_;
  const std::function<bool()>& out_of_time_;
  Mask real_rows_;
  std::vector<std::int32_t> small_class_, large_class_;
  AssignmentSolver solver_;
  std::vector<State> states_;        // one a depth
  std::vector<std::int32_t> image_;  // column of each real row placed, else -1
  std::vector<std::int32_t> permutation_;
  std::int64_t limit_ = 0;
  std::uint64_t visited_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::uint64_t narrow_by_branch_and_bound(const GedPair& pair, GedBounds& bounds,
                                         std::uint64_t max_states,
                                         const std::function<bool()>& out_of_time) {
  assert(pair.n <= 64);
  if (bounds.lower >= bounds.upper) return 0;
  Search search(pair, max_states, out_of_time);
  while (bounds.lower < bounds.upper) {
    if (search.reaches(bounds.lower)) {
      bounds.upper = bounds.lower;
      bounds.permutation = search.permutation();
    } else if (search.stopped()) {
      break;
    } else {
      ++bounds.lower;
    }
  }
  return search.states_visited();
}

}  // namespace agentecho
