// Asks again after trouble that may pass: exponential backoff with full jitter (M. Brooker,
// "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), that is a delay uniform in
// [0, min(longest, first * 2^n)) before the n-th repetition, n from 0. A Retry-After is kept to,
// with the jitter of the first delay on top; one that is longer than the run should wait ends the
// run.
#pragma once

#include <cstddef>
#include <cstdint>

#include "agentecho/base/random.h"
#include "agentecho/llm/model.h"
#include "agentecho/llm/timers.h"

namespace agentecho::llm {

struct RetryOptions {
  int max_retries = 5;  // 0: ask once
  Duration first = std::chrono::milliseconds(500);
  Duration longest = std::chrono::seconds(60);
  Duration longest_retry_after = std::chrono::seconds(600);
  std::uint64_t seed = 1;
};

class Retried final : public ChatModel {
 public:
  Retried(ChatModel& below, const RetryOptions& options, Timers& timers, RunControl& control);
  void ask(ChatCall call, Done done) override;

  std::size_t waiting() const { return waiting_; }  // calls that pause before a repetition

 private:
  void attempt(ChatCall call, Done done, int retries);
  Duration delay_before(int retry, const Answer& answer);

  ChatModel& below_;
  RetryOptions options_;
  Timers& timers_;
  RunControl& control_;
  Rng rng_;
  std::size_t waiting_ = 0;
};

}  // namespace agentecho::llm
