// Time as something that is handed in, so that waiting can be tested without waiting.
#pragma once

#include <chrono>
#include <cstdint>

namespace agentecho::llm {

using Duration = std::chrono::nanoseconds;

constexpr double to_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
// Rounded towards zero; durations beyond the range of Duration (292 years) are cut to it.
Duration from_seconds(double seconds);

class Clock {
 public:
  virtual ~Clock() = default;
  // Time since some fixed moment; never goes back.
  virtual Duration now() const = 0;
  // Seconds since 1970-01-01T00:00:00Z.
  virtual std::int64_t unix_seconds() const = 0;
};

class SystemClock final : public Clock {
 public:
  Duration now() const override;
  std::int64_t unix_seconds() const override;
};

// The in-memory twin: stands still until it is told to move.
class FakeClock final : public Clock {
 public:
  Duration now() const override { return now_; }
  std::int64_t unix_seconds() const override {
    return kStart + std::chrono::duration_cast<std::chrono::seconds>(now_).count();
  }
  void advance(Duration by) { now_ += by; }

  static constexpr std::int64_t kStart = 1'700'000'000;  // 2023-11-14T22:13:20Z

 private:
  Duration now_{0};
};

}  // namespace agentecho::llm
