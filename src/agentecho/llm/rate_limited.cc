#include "agentecho/llm/rate_limited.h"

#include <algorithm>
#include <utility>

namespace agentecho::llm {

RateLimited::RateLimited(ChatModel& below, const RateOptions& options, const Clock& clock,
                         Timers& timers, RunControl& control)
    : below_(below),
      options_(options),
      clock_(clock),
      timers_(timers),
      control_(control),
      window_(static_cast<double>(std::max<std::size_t>(options.max_in_flight, 1))) {}

void RateLimited::ask(ChatCall call, Done done) {
  waiting_.push_back({std::move(call), std::move(done)});
  pump();
}

void RateLimited::pump() {
  if (pumping_) return;  // an answer from within ask(): the loop below goes on with it
  pumping_ = true;
  while (!waiting_.empty()) {
    if (!control_.stopped() && (in_flight_ >= window() || clock_.now() < paused_until_)) break;
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (control_.stopped()) {
      next.done(stopped_answer());
    } else {
      send(std::move(next));
    }
  }
  pumping_ = false;
}

void RateLimited::send(Waiting next) {
  ++in_flight_;
  const Duration sent = clock_.now();
  below_.ask(std::move(next.call), [this, sent, done = std::move(next.done)](Answer answer) {
    --in_flight_;
    learn(answer, sent);
    done(std::move(answer));
    pump();
  });
}

void RateLimited::learn(const Answer& answer, Duration sent) {
  constexpr double kSmoothing = 0.1;
  constexpr double kSteps = 16;
  const Duration now = clock_.now();
  if (answer.kind == AnswerKind::kReply) {
    const double latency = to_seconds(now - sent);
    latency_ = latency_ == 0 ? latency : latency_ + kSmoothing * (latency - latency_);
  }
  const bool slow = latency_ > 0.5 * to_seconds(options_.time_limit);
  if (answer.overloaded || slow) {
    if (sent >= last_decrease_) {
      window_ = std::max(1.0, window_ / 2);
      last_decrease_ = now;
    }
  } else if (answer.kind == AnswerKind::kReply) {
    const auto most = static_cast<double>(std::max<std::size_t>(options_.max_in_flight, 1));
    window_ = std::min(most, window_ + std::max(1.0, most / kSteps) / window_);
  }
  if (answer.overloaded && answer.retry_after) pause(*answer.retry_after);
}

void RateLimited::pause(Duration length) {
  length = std::min(length, options_.longest_pause);
  if (clock_.now() + length <= paused_until_) return;
  paused_until_ = clock_.now() + length;
  timers_.after(length, [this] { pump(); });
}

}  // namespace agentecho::llm
