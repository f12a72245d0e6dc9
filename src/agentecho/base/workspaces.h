// What the threads of a parallel_for() work with, where it is worth keeping from item to item:
// there are never more than threads.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace agentecho {

template <class T>
class Workspaces {
 public:
  explicit Workspaces(std::function<T()> make) : make_(std::move(make)) {}

  // Calls use(T&) with one that no other thread has now. From several threads.
  template <class Use>
  void lend(const Use& use) {
    std::unique_ptr<T> one = take();
    use(*one);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(one));
  }

 private:
  std::unique_ptr<T> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<T>(make_());
    std::unique_ptr<T> one = std::move(idle_.back());
    idle_.pop_back();
    return one;
  }

  std::function<T()> make_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace agentecho
