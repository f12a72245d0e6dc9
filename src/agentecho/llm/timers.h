// What is to happen later, on one thread: actions in the order of their moments, those of one
// moment in the order they were added. O(log n) each.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "agentecho/llm/clock.h"

namespace agentecho::llm {

class Timers {
 public:
  explicit Timers(const Clock& clock) : clock_(clock) {}

  void after(Duration delay, std::function<void()> action);

  // Runs the actions whose moment has come; those that they add wait for the next call.
  void run_due();

  // Runs everything that waits, at once: for a run that stops.
  void run_all();

  // Time until the next action (not negative); empty when none waits.
  std::optional<Duration> next() const;

 private:
  void run_until(Duration moment);

  const Clock& clock_;
  std::multimap<Duration, std::function<void()>> actions_;
};

}  // namespace agentecho::llm
