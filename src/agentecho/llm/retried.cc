#include "agentecho/llm/retried.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace agentecho::llm {

Retried::Retried(ChatModel& below, const RetryOptions& options, Timers& timers, RunControl& control)
    : below_(below), options_(options), timers_(timers), control_(control), rng_(options.seed) {}

void Retried::ask(ChatCall call, Done done) { attempt(std::move(call), std::move(done), 0); }

void Retried::attempt(ChatCall call, Done done, int retries) {
  ChatCall copy = call;
  below_.ask(std::move(copy), [this, call = std::move(call), done = std::move(done),
                               retries](Answer answer) mutable {
    const bool passing =
        answer.kind == AnswerKind::kTransient || answer.kind == AnswerKind::kUnreadable;
    if (!passing || retries >= options_.max_retries) return done(std::move(answer));
    if (answer.retry_after.value_or(Duration{0}) > options_.longest_retry_after) {
      control_.stop({ErrorKind::kBudget,
                     fmt::format("the endpoint asks to wait {:.0f} seconds ({})",
                                 to_seconds(*answer.retry_after), answer.detail),
                     "run the same command again later"});
    }
    if (control_.stopped()) return done(stopped_answer());
    ++waiting_;
    timers_.after(delay_before(retries, answer),
                  [this, call = std::move(call), done = std::move(done), retries]() mutable {
                    --waiting_;
                    if (control_.stopped()) return done(stopped_answer());
                    attempt(std::move(call), std::move(done), retries + 1);
                  });
  });
}

Duration Retried::delay_before(int retry, const Answer& answer) {
  const double first = to_seconds(options_.first);
  if (answer.retry_after) return *answer.retry_after + from_seconds(rng_.uniform() * first);
  const double bound =
      std::min(to_seconds(options_.longest), std::ldexp(first, std::min(retry, 60)));
  return from_seconds(rng_.uniform() * bound);
}

}  // namespace agentecho::llm
