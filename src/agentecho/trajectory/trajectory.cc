#include "agentecho/trajectory/trajectory.h"

#include <algorithm>
#include <cstring>

namespace agentecho {

namespace {
constexpr std::size_t kSmallestBlock = 16 * 1024;
}

char* TextArena::reserve(std::size_t size) {
  if (blocks_.empty() || blocks_.back().size - used_ < size) {
    const std::size_t grown = blocks_.empty() ? kSmallestBlock : blocks_.back().size * 2;
    const std::size_t block_size = std::max(size, std::min<std::size_t>(grown, 1 << 20));
    // new char[n] without (): the bytes are written before they are read.
    blocks_.push_back({std::unique_ptr<char[]>(new char[block_size]), block_size});
    used_ = 0;
  }
  return blocks_.back().bytes.get() + used_;
}

std::string_view TextArena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* place = reserve(text.size());
  std::memcpy(place, text.data(), text.size());
  commit(text.size());
  return {place, text.size()};
}

void TextArena::clear() {
  used_ = 0;
  if (blocks_.size() <= 1) return;
  auto largest = std::max_element(blocks_.begin(), blocks_.end(),
                                  [](const Block& a, const Block& b) { return a.size < b.size; });
  std::swap(blocks_.front(), *largest);
  blocks_.resize(1);
}

void Trajectory::clear() {
  model.clear();
  benchmark.clear();
  domain.clear();
  task_id.clear();
  trial.reset();
  reward.reset();
  termination_reason.clear();
  messages.clear();
  calls.clear();
  leaves.clear();
  file_uses.clear();
  arena.clear();
}

bool is_successful(const Trajectory& trajectory) {
  return trajectory.reward.has_value() && *trajectory.reward >= 1.0 - 1e-9;
}

}  // namespace agentecho
