#include "agentecho/metrics/baselines/ged_local_search.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {

namespace {

// Rows whose exchanges may have become worthwhile.
class Agenda {
 public:
  explicit Agenda(std::size_t n) : words_((n + 63) / 64) {}

  void add(std::size_t row) { words_[row / 64] |= std::uint64_t{1} << (row % 64); }
  void add(const std::uint64_t* rows) {
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] |= rows[w];
  }
  // The lowest row, taken off; nullopt when there is none.
  std::optional<std::size_t> take() {
    for (std::size_t w = 0; w < words_.size(); ++w) {
      if (words_[w] == 0) continue;
      const auto i = static_cast<std::size_t>(std::countr_zero(words_[w]));
      words_[w] &= words_[w] - 1;
      return w * 64 + i;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::uint64_t> words_;
};

// A permutation with the larger graph's adjacency renamed to rows: bit (i, k) of out_ says whether
// the columns of rows i and k are joined.
class Placement {
 public:
  Placement(const GedPair& pair, std::vector<std::int32_t> columns)
      : pair_(&pair), columns_(std::move(columns)), out_(pair.n), in_(pair.n) {
    std::vector<std::size_t> row_of(pair.n);
    for (std::size_t i = 0; i < pair.n; ++i) row_of[column(i)] = i;
    for (std::size_t i = 0; i < pair.n; ++i) {
      for (std::size_t w = 0; w < out_.words; ++w) {
        for (std::uint64_t rest = pair.large.out.row(column(i))[w]; rest != 0; rest &= rest - 1) {
          const std::size_t k = row_of[w * 64 + static_cast<std::size_t>(std::countr_zero(rest))];
          out_.set(i, k);
          in_.set(k, i);
        }
      }
    }
    cost_ = permutation_cost(pair, columns_);
  }

  std::int64_t cost() const { return cost_; }
  const std::vector<std::int32_t>& columns() const { return columns_; }

  // Change of cost when rows a != b exchange columns.
  std::int64_t exchange_gain(std::size_t a, std::size_t b) const {
    const std::int32_t* cost_a = pair_->node_cost.data() + a * pair_->n;
    const std::int32_t* cost_b = pair_->node_cost.data() + b * pair_->n;
    std::int64_t change =
        cost_a[column(b)] + cost_b[column(a)] - cost_a[column(a)] - cost_b[column(b)];
    change += edge_change(pair_->small.out, out_, a, b);
    change += edge_change(pair_->small.in, in_, a, b);
    // The edges between a and b themselves, each of two directions once.
    const int before = (pair_->small.out.test(a, b) != out_.test(a, b)) +
                       (pair_->small.out.test(b, a) != out_.test(b, a));
    const int after = (pair_->small.out.test(a, b) != out_.test(b, a)) +
                      (pair_->small.out.test(b, a) != out_.test(a, b));
    return change + after - before;
  }

  // Adds the rows joined to `row` on either side.
  void note_neighbours(std::size_t row, Agenda& agenda) const {
    agenda.add(pair_->small.out.row(row));
    agenda.add(pair_->small.in.row(row));
    agenda.add(out_.row(row));
    agenda.add(in_.row(row));
  }

  void exchange(std::size_t a, std::size_t b, std::int64_t change) {
    std::swap(columns_[a], columns_[b]);
    exchange_rows_and_bits(out_, a, b);
    exchange_rows_and_bits(in_, a, b);
    cost_ += change;
  }

 private:
  std::size_t column(std::size_t row) const { return static_cast<std::size_t>(columns_[row]); }

  // Over all third rows k: edges (a, k) and (b, k) that stop or start to differ.
  static std::int64_t edge_change(const BitRows& mine, const BitRows& theirs, std::size_t a,
                                  std::size_t b) {
    std::int64_t change = 0;
    for (std::size_t w = 0; w < mine.words; ++w) {
      std::uint64_t others = ~std::uint64_t{0};
      if (a / 64 == w) others &= ~(std::uint64_t{1} << (a % 64));
      if (b / 64 == w) others &= ~(std::uint64_t{1} << (b % 64));
      const std::uint64_t mine_a = mine.row(a)[w], mine_b = mine.row(b)[w];
      const std::uint64_t theirs_a = theirs.row(a)[w], theirs_b = theirs.row(b)[w];
      // Only where both sides tell a from b does an exchange change anything: by two each.
      const std::uint64_t both = (mine_a ^ mine_b) & (theirs_a ^ theirs_b) & others;
      if (both == 0) continue;
      const std::uint64_t differs = both & (mine_a ^ theirs_a);
      change += 2 * (std::popcount(both & ~differs) - std::popcount(differs));
    }
    return change;
  }

  void exchange_rows_and_bits(BitRows& rows, std::size_t a, std::size_t b) const {
    std::swap_ranges(rows.row(a), rows.row(a) + rows.words, rows.row(b));
    for (std::size_t i = 0; i < pair_->n; ++i) {
      if (rows.test(i, a) == rows.test(i, b)) continue;
      rows.row(i)[a / 64] ^= std::uint64_t{1} << (a % 64);
      rows.row(i)[b / 64] ^= std::uint64_t{1} << (b % 64);
    }
  }

  const GedPair* pair_;
  std::vector<std::int32_t> columns_;
  BitRows out_, in_;
  std::int64_t cost_ = 0;
};

void exchange_and_note(Placement& placement, Agenda& agenda, std::size_t a, std::size_t b,
                       std::int64_t change) {
  placement.note_neighbours(a, agenda);
  placement.note_neighbours(b, agenda);
  placement.exchange(a, b, change);
  placement.note_neighbours(a, agenda);
  placement.note_neighbours(b, agenda);
  agenda.add(a);
  agenda.add(b);
}

// First improvement over the rows on the agenda, until it is empty.
void descend(const GedPair& pair, Placement& placement, Agenda agenda, std::int64_t target,
             const std::function<bool()>& out_of_time) {
  while (placement.cost() > target && !out_of_time()) {
    const std::optional<std::size_t> row = agenda.take();
    if (!row) return;
    const std::size_t a = *row;
    // Two spare rows need no exchange: they are alike.
    const std::size_t others = a < pair.n_real ? pair.n : pair.n_real;
    for (std::size_t b = 0; b < others; ++b) {
      if (b == a) continue;
      const std::int64_t change = placement.exchange_gain(a, b);
      if (change < 0) exchange_and_note(placement, agenda, a, b, change);
    }
  }
}

// Two to four random exchanges that share a row: a cycle of three to five columns. Returns the rows
// to look at again.
Agenda perturb(const GedPair& pair, Placement& placement, Rng& rng) {
  Agenda agenda(pair.n);
  const std::size_t hub = rng.below(pair.n_real);
  for (std::uint64_t moves = 2 + rng.below(3); moves > 0; --moves) {
    const std::size_t other = rng.below(pair.n);
    if (other == hub) continue;
    exchange_and_note(placement, agenda, hub, other, placement.exchange_gain(hub, other));
  }
  return agenda;
}

}  // namespace

void improve_by_exchanges(const GedPair& pair, GedBounds& bounds,
                          const std::function<bool()>& out_of_time) {
  if (bounds.lower >= bounds.upper) return;
  Placement placement(pair, bounds.permutation);
  Agenda all(pair.n);
  for (std::size_t row = 0; row < pair.n; ++row) all.add(row);
  descend(pair, placement, std::move(all), bounds.lower, out_of_time);
  bounds.upper = placement.cost();
  bounds.permutation = placement.columns();
}

void improve_by_perturbation(const GedPair& pair, GedBounds& bounds, std::uint32_t perturbations,
                             const std::function<bool()>& out_of_time) {
  if (bounds.lower >= bounds.upper) return;
  Placement best(pair, bounds.permutation);
  Placement trial = best;
  Rng rng(0x6765642d6c73ULL);
  for (std::uint32_t i = 0; i < perturbations; ++i) {
    if (best.cost() <= bounds.lower || out_of_time()) break;
    trial = best;
    Agenda agenda = perturb(pair, trial, rng);
    descend(pair, trial, std::move(agenda), bounds.lower, out_of_time);
    if (trial.cost() <= best.cost()) std::swap(best, trial);
  }
  bounds.upper = best.cost();
  bounds.permutation = best.columns();
}

}  // namespace agentecho
