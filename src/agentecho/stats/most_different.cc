#include "agentecho/stats/most_different.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace agentecho {

namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
// Rounding must not decide between sets that are alike.
constexpr double kBetter = 1e-12;

// Infinite where the pair has no likeness.
double of_pair(const PairTable& likeness, std::size_t i, std::size_t j) {
  return likeness.at(i, j).value_or(kUnbounded);
}

double sum_within(const PairTable& likeness, const std::vector<std::size_t>& items) {
  double sum = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t j = i + 1; j < items.size(); ++j) {
      sum += of_pair(likeness, items[i], items[j]);
    }
  }
  return sum;
}

// Is n choose k above `most`?
bool more_sets_than(std::size_t n, std::size_t k, std::size_t most) {
  double sets = 1;
  for (std::size_t i = 0; i < k; ++i) {
    sets *= static_cast<double>(n - i) / static_cast<double>(i + 1);
  }
  return sets > static_cast<double>(most);
}

class AllSets {
 public:
  AllSets(const PairTable& likeness, std::size_t k) : likeness_(likeness), k_(k) { extend(0, 0); }

  const std::vector<std::size_t>& best() const { return best_; }

 private:
  void extend(std::size_t from, double sum) {
    if (chosen_.size() == k_) {
      if (sum < best_sum_ - kBetter) {
        best_sum_ = sum;
        best_ = chosen_;
      }
      return;
    }
    const std::size_t missing = k_ - chosen_.size();
    for (std::size_t item = from; item + missing <= likeness_.items(); ++item) {
      double with = sum;
      for (const std::size_t other : chosen_) with += of_pair(likeness_, other, item);
      if (with == kUnbounded) continue;
      chosen_.push_back(item);
      extend(item + 1, with);
      chosen_.pop_back();
    }
  }

  const PairTable& likeness_;
  std::size_t k_;
  std::vector<std::size_t> chosen_;
  std::vector<std::size_t> best_;
  double best_sum_ = kUnbounded;
};

// The pair that is least alike, then one after the other the item that adds least.
std::vector<std::size_t> greedy(const PairTable& likeness, std::size_t k) {
  std::vector<std::size_t> items = AllSets(likeness, 2).best();
  while (!items.empty() && items.size() < k) {
    double least = kUnbounded;
    std::size_t next = 0;
    for (std::size_t item = 0; item < likeness.items(); ++item) {
      if (std::find(items.begin(), items.end(), item) != items.end()) continue;
      double added = 0;
      for (const std::size_t other : items) added += of_pair(likeness, other, item);
      if (added < least) {
        least = added;
        next = item;
      }
    }
    if (least == kUnbounded) return {};
    items.push_back(next);
  }
  return items;
}

bool exchange_one(const PairTable& likeness, std::vector<std::size_t>& items) {
  const double before = sum_within(likeness, items);
  for (std::size_t place = 0; place < items.size(); ++place) {
    for (std::size_t item = 0; item < likeness.items(); ++item) {
      if (std::find(items.begin(), items.end(), item) != items.end()) continue;
      std::vector<std::size_t> other = items;
      other[place] = item;
      if (sum_within(likeness, other) < before - kBetter) {
        items = std::move(other);
        return true;
      }
    }
  }
  return false;
}

}  // namespace

std::optional<DifferentItems> most_different(const PairTable& likeness, std::size_t k,
                                             std::size_t most_sets) {
  if (k < 2 || k > likeness.items()) return std::nullopt;
  DifferentItems result;
  result.exact = !more_sets_than(likeness.items(), k, most_sets);
  if (result.exact) {
    result.items = AllSets(likeness, k).best();
  } else {
    result.items = greedy(likeness, k);
    while (!result.items.empty() && exchange_one(likeness, result.items)) {
    }
    std::sort(result.items.begin(), result.items.end());
  }
  if (result.items.empty()) return std::nullopt;
  result.mean = sum_within(likeness, result.items) / static_cast<double>(pair_count(k));
  return result;
}

}  // namespace agentecho
