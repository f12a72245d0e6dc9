#include "agentecho/llm/timers.h"

#include <algorithm>
#include <utility>

namespace agentecho::llm {

void Timers::after(Duration delay, std::function<void()> action) {
  actions_.emplace(clock_.now() + std::max(delay, Duration{0}), std::move(action));
}

void Timers::run_due() { run_until(clock_.now()); }

void Timers::run_all() { run_until(Duration::max()); }

std::optional<Duration> Timers::next() const {
  if (actions_.empty()) return std::nullopt;
  return std::max(actions_.begin()->first - clock_.now(), Duration{0});
}

void Timers::run_until(Duration moment) {
  std::multimap<Duration, std::function<void()>> due;
  const auto end = actions_.upper_bound(moment);
  for (auto it = actions_.begin(); it != end;) due.insert(due.end(), actions_.extract(it++));
  for (auto& [when, action] : due) action();
}

}  // namespace agentecho::llm
