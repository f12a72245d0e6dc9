// The pairs of runs that a measure looks at: a list, or all pairs of two ranges of runs, which are
// not held. So 10,000 trials of a task take no more memory than their 100,000,000 pairs are worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace agentecho {

// Two trajectories, by their places in Corpus::trajectories(); they may be of different tasks.
struct RunPair {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

// Runs whose places follow each other.
struct RunRange {
  std::uint32_t first = 0;
  std::uint32_t size = 0;
};

class RunPairs {
 public:
  RunPairs() = default;
  // A list, which outlives this.
  RunPairs(std::span<const RunPair> list) : list_(list), size_(list.size()) {}
  // Each run of `a` with each of `b`, in order.
  RunPairs(RunRange a, RunRange b) : a_(a), b_(b), size_(std::size_t{a.size} * b.size) {}
  // Each run with each later one.
  static RunPairs within(RunRange runs) {
    RunPairs pairs(runs, runs);
    pairs.within_ = true;
    pairs.size_ = runs.size < 2 ? 0 : std::size_t{runs.size} * (runs.size - 1) / 2;
    return pairs;
  }

  class Iterator {
   public:
    RunPair operator*() const { return pair_; }
    Iterator& operator++();
    bool operator!=(const Iterator& other) const { return left_ != other.left_; }

   private:
    friend class RunPairs;
    const RunPairs* pairs_ = nullptr;
    std::size_t left_ = 0;  // pairs from this one on
    RunPair pair_;
  };
  Iterator begin() const;
  Iterator end() const { return {}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  RunPair front() const { return *begin(); }

 private:
  std::span<const RunPair> list_;
  RunRange a_;
  RunRange b_;
  bool within_ = false;
  std::size_t size_ = 0;
};

inline RunPairs::Iterator RunPairs::begin() const {
  Iterator at;
  at.pairs_ = this;
  at.left_ = size_;
  if (size_ == 0) return at;
  at.pair_ = list_.empty() ? RunPair{a_.first, b_.first + (within_ ? 1 : 0)} : list_[0];
  return at;
}

inline RunPairs::Iterator& RunPairs::Iterator::operator++() {
  if (--left_ == 0) return *this;
  if (!pairs_->list_.empty()) {
    pair_ = pairs_->list_[pairs_->size_ - left_];
  } else if (++pair_.b == pairs_->b_.first + pairs_->b_.size) {
    ++pair_.a;
    pair_.b = pairs_->within_ ? pair_.a + 1 : pairs_->b_.first;
  }
  return *this;
}

}  // namespace agentecho
