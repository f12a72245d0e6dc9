#include "agentecho/llm/clock.h"

#include <algorithm>

namespace agentecho::llm {

Duration from_seconds(double seconds) {
  constexpr double kLongest = 9.0e9;
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(std::clamp(seconds, -kLongest, kLongest)));
}

Duration SystemClock::now() const {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

std::int64_t SystemClock::unix_seconds() const {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace agentecho::llm
