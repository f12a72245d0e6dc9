// Keeps the number of calls in flight at what the endpoint bears: additive increase, multiplicative
// decrease (D.-M. Chiu, R. Jain, "Analysis of the increase and decrease algorithms for congestion
// avoidance in computer networks", 1989, DOI 10.1016/0169-7552(89)90019-6).
//
// The window starts at the maximum, halves when the endpoint is overloaded (429, 503, timeout, or a
// smoothed latency above half of the time limit, since what waits longer would be cut off and paid
// for nothing), at most once for all calls that were sent before the last halving, and grows by
// 1/16 of the maximum per window of answers. A Retry-After of an overloaded endpoint holds back all
// new calls. O(1) a call.
#pragma once

#include <cstddef>
#include <deque>

#include "agentecho/llm/model.h"
#include "agentecho/llm/timers.h"

namespace agentecho::llm {

struct RateOptions {
  std::size_t max_in_flight = 32;                      // at least 1
  Duration time_limit = std::chrono::seconds(300);     // of one exchange
  Duration longest_pause = std::chrono::seconds(600);  // for all calls, by Retry-After
};

class RateLimited final : public ChatModel {
 public:
  RateLimited(ChatModel& below, const RateOptions& options, const Clock& clock, Timers& timers,
              RunControl& control);
  void ask(ChatCall call, Done done) override;

  std::size_t in_flight() const { return in_flight_; }
  std::size_t window() const { return static_cast<std::size_t>(window_); }

 private:
  struct Waiting {
    ChatCall call;
    Done done;
  };

  void pump();
  void send(Waiting next);
  void learn(const Answer& answer, Duration sent);
  void pause(Duration length);

  ChatModel& below_;
  RateOptions options_;
  const Clock& clock_;
  Timers& timers_;
  RunControl& control_;
  double window_;
  double latency_ = 0;  // smoothed, seconds
  std::size_t in_flight_ = 0;
  Duration last_decrease_ = Duration::min();
  Duration paused_until_ = Duration::min();
  std::deque<Waiting> waiting_;
  bool pumping_ = false;
};

}  // namespace agentecho::llm
