#include "agentecho/llm/pool.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "agentecho/llm/cached.h"
#include "agentecho/llm/count_outcome.h"
#include "agentecho/llm/http_model.h"
#include "agentecho/llm/timers.h"

namespace agentecho::llm {

namespace {

constexpr Duration kLongestWait = std::chrono::milliseconds(100);
// For replies that may be paid for, once a run is interrupted. Whoever interrupts does not wait for
// a server that says nothing.
constexpr Duration kPatience = std::chrono::seconds(5);
constexpr Duration kProgressEvery = std::chrono::milliseconds(100);
// Failures in a row, after all repetitions, that end a run: before the first reply, be it one of an
// earlier run, and later.
constexpr std::size_t kFailuresBeforeReply = 3;
constexpr std::size_t kFailuresInARow = 20;

OutcomeKind outcome_kind(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::kReply:
      return OutcomeKind::kScored;
    case AnswerKind::kInvalid:
    case AnswerKind::kUnreadable:
      return OutcomeKind::kUnparseable;
    case AnswerKind::kRefused:
      return OutcomeKind::kRefused;
    case AnswerKind::kTransient:
    case AnswerKind::kRejected:
      return OutcomeKind::kFailed;
    case AnswerKind::kFatal:
    case AnswerKind::kStopped:
      return OutcomeKind::kSkipped;
  }
  return OutcomeKind::kFailed;
}

// One run: the chain of wrappers, and what they report.
class Session {
 public:
  Session(const Endpoint& endpoint, const PoolOptions& options, HttpTransport& transport,
          Clock& clock, ReplyCache* cache, const RunEvents& events)
      : options_(options),
        transport_(transport),
        clock_(clock),
        events_(events),
        timers_(clock),
        http_(endpoint, transport, clock, options.time_limit),
        budgeted_(http_, options.budget, options.prices, options.expected_output, control_),
        limited_(budgeted_, rate_options(options), clock, timers_, control_),
        retried_(limited_, options.retry, timers_, control_),
        structured_(retried_, options.structure, [this](const std::string& text) { warn(text); }),
        cached_(structured_, cache, endpoint.url, clock, control_) {}

  Run run(const Plan& plan, const RequestSource& source) {
    start_ = clock_.now();
    run_.outcomes.resize(plan.keys.size());
    progress_.total = plan.keys.size();
    unsettled_ = plan.unique.size();
    std::size_t next = 0;
    for (;;) {
      watch();
      while (!control_.stopped() && next < plan.unique.size() &&
             outstanding_ < most_outstanding()) {
        ask(plan, plan.unique[next++], source);
        watch();
        tell_progress();
      }
      if (outstanding_ == 0 && (control_.stopped() || next == plan.unique.size())) break;
      if (control_.stopped()) timers_.run_all();
      if (interrupted_ && clock_.now() - *interrupted_ >= kPatience) transport_.give_up();
      timers_.run_due();
      if (outstanding_ > 0)
        transport_.run(std::min(timers_.next().value_or(kLongestWait), kLongestWait));
      cached_.store();
      tell_progress();
    }
    for (; next < plan.unique.size(); ++next) {
      settle(plan, plan.unique[next], stopped_answer());
    }
    copy_to_repetitions(plan);
    run_.stopped = control_.reason();
    run_.summary = current_progress();
    if (events_.progress) events_.progress(run_.summary);
    return std::move(run_);
  }

  void warn(const std::string& text) {
    if (std::find(run_.warnings.begin(), run_.warnings.end(), text) != run_.warnings.end()) return;
    run_.warnings.push_back(text);
    if (events_.warning) events_.warning(text);
  }

 private:
  static RateOptions rate_options(const PoolOptions& options) {
    RateOptions rate;
    rate.max_in_flight = options.max_in_flight;
    rate.time_limit = options.time_limit;
    rate.longest_pause = options.retry.longest_retry_after;
    return rate;
  }

  std::size_t most_outstanding() const {
    return 2 * std::max<std::size_t>(options_.max_in_flight, 1);
  }

  void ask(const Plan& plan, std::size_t index, const RequestSource& source) {
    ++outstanding_;
    auto request = std::make_shared<const ChatRequest>(source(index));
    cached_.ask({.request = request, .key = plan.keys[index]},
                [this, &plan, index, request](Answer answer) {
                  --outstanding_;
                  notice(*request, answer);
                  settle(plan, index, std::move(answer));
                });
  }

  // What an answer says about the run as a whole.
  void notice(const ChatRequest& request, const Answer& answer) {
    if (answer.kind == AnswerKind::kFatal) control_.stop({answer.stop, answer.detail, answer.hint});
    const bool replied = answer.kind == AnswerKind::kReply || answer.kind == AnswerKind::kInvalid ||
                         answer.kind == AnswerKind::kRefused;
    if (replied && !answer.from_cache) {
      any_reply_ = true;
      failures_in_a_row_ = 0;
    }
    const bool rejected = answer.kind == AnswerKind::kRejected && !answer.too_long;
    const bool dead =
        rejected || answer.kind == AnswerKind::kTransient || answer.kind == AnswerKind::kUnreadable;
    if (!dead) return;
    // One request may be at fault for its rejection, so that a few prove nothing.
    ++failures_in_a_row_;
    if (failures_in_a_row_ < kFailuresBeforeReply) return;
    if (!rejected && !any_reply_) any_reply_ = cached_.has_reply_like(request);
    const bool few_prove = !any_reply_ && !rejected;
    if (!few_prove && failures_in_a_row_ < kFailuresInARow) return;
    control_.stop(
        {ErrorKind::kFailed,
         fmt::format("the endpoint {}: {} requests failed in a row, the last one with: {}",
                     rejected ? "takes no request" : "does not answer", failures_in_a_row_,
                     answer.detail),
         "what is done is kept; check the endpoint and run the same command again"});
  }

  void settle(const Plan& plan, std::size_t index, Answer answer) {
    Outcome& outcome = run_.outcomes[index];
    outcome.kind = outcome_kind(answer.kind);
    outcome.key = plan.keys[index];
    outcome.from_cache = answer.from_cache;
    outcome.detail = std::move(answer.detail);
    if (outcome.kind == OutcomeKind::kScored) outcome.reply = std::move(answer.reply);
    count(outcome);
    --unsettled_;
    if (!outcome.from_cache && answer.kind != AnswerKind::kStopped) ++answered_;
  }

  void count(const Outcome& outcome) {
    ++progress_.done;
    if (outcome.from_cache && outcome.kind == OutcomeKind::kScored) ++progress_.cached;
    count_outcome(outcome.kind, progress_);
  }

  void copy_to_repetitions(const Plan& plan) {
    for (std::size_t i = 0; i < plan.keys.size(); ++i) {
      if (plan.first_of[i] == i) continue;
      run_.outcomes[i] = run_.outcomes[plan.first_of[i]];
      count(run_.outcomes[i]);
    }
  }

  // The ends that no answer brings.
  void watch() {
    if (unsettled_ == 0) return;
    if (events_.interrupted != nullptr && events_.interrupted->load()) {
      if (!interrupted_) interrupted_ = clock_.now();
      control_.stop({ErrorKind::kInterrupted, "interrupted",
                     "what is done is kept; run the same command again to go on"});
    }
    const auto& limit = options_.budget.max_time;
    if (limit && options_.budget.time_before + (clock_.now() - start_) >= *limit) {
      control_.stop({ErrorKind::kBudget,
                     fmt::format("the time limit of {:.0f} seconds is reached", to_seconds(*limit)),
                     "what is done is kept; run the same command again to go on"});
    }
  }

  Progress current_progress() const {
    Progress now = progress_;
    now.in_flight = limited_.in_flight();
    now.retrying = retried_.waiting();
    now.spend = budgeted_.spend();
    now.elapsed = clock_.now() - start_;
    if (answered_ > 0) {
      const double pace = to_seconds(now.elapsed) / static_cast<double>(answered_);
      now.left = from_seconds(pace * static_cast<double>(now.total - now.done));
    }
    return now;
  }

  void tell_progress() {
    if (!events_.progress || clock_.now() - last_told_ < kProgressEvery) return;
    last_told_ = clock_.now();
    events_.progress(current_progress());
  }

  const PoolOptions& options_;
  HttpTransport& transport_;
  Clock& clock_;
  const RunEvents& events_;
  RunControl control_;
  Timers timers_;
  HttpModel http_;
  Budgeted budgeted_;
  RateLimited limited_;
  Retried retried_;
  Structured structured_;
  Cached cached_;

  Run run_;
  Progress progress_;
  std::size_t outstanding_ = 0;  // asked and not answered
  std::size_t unsettled_ = 0;    // of the unique requests, without an outcome
  std::size_t answered_ = 0;
  bool any_reply_ = false;
  std::size_t failures_in_a_row_ = 0;
  Duration start_{0};
  Duration last_told_{0};
  std::optional<Duration> interrupted_;  // since when
};

Usage sum(const Usage& a, const Usage& b) {
  return {a.input_tokens + b.input_tokens, a.output_tokens + b.output_tokens};
}

}  // namespace

Pool::Pool(Endpoint endpoint, PoolOptions options, HttpTransport& transport, Clock& clock,
           ReplyCache* cache)
    : endpoint_(std::move(endpoint)),
      options_(std::move(options)),
      transport_(transport),
      clock_(clock),
      cache_(cache) {}

Result<Run> Pool::complete_all(const std::vector<ChatRequest>& requests, const RunEvents& events) {
  return complete(
      requests.size(), [&](std::size_t i) { return requests[i]; }, events);
}

Result<Run> Pool::complete(std::size_t count, const RequestSource& source,
                           const RunEvents& events) {
  if (options_.budget.max_cost) {
    auto before = estimate(count, source);
    if (!before) return tl::unexpected(before.error());
    if (!before->most_cost) {
      return fail(ErrorKind::kUsage, "a limit on the cost needs a price for every model asked",
                  "add the model to the price file");
    }
  }
  const auto plan = make_plan(endpoint_, count, source);
  if (!plan) return tl::unexpected(plan.error());
  Session session(endpoint_, options_, transport_, clock_, cache_, events);
  if (exposes_key(endpoint_)) {
    session.warn("the key is sent unencrypted: the address of the endpoint begins with http://");
  }
  return session.run(*plan, source);
}

Result<Estimate> Pool::estimate(std::size_t count, const RequestSource& source) {
  const auto plan = make_plan(endpoint_, count, source);
  if (!plan) return tl::unexpected(plan.error());
  Estimate estimate;
  estimate.requests = count;
  estimate.repeated = count - plan->unique.size();
  estimate.expected_cost = 0.0;
  estimate.most_cost = 0.0;
  for (const std::size_t index : plan->unique) {
    if (cache_ != nullptr) {
      const auto found = cache_->get(plan->keys[index]);
      if (!found) return tl::unexpected(found.error());
      if (*found) {
        ++estimate.cached;
        continue;
      }
    }
    ++estimate.calls;
    const ChatRequest request = source(index);
    const Usage most = estimate_usage(request, options_.expected_output);
    const Usage expected{most.input_tokens, std::min(most.output_tokens, options_.expected_output)};
    estimate.most = sum(estimate.most, most);
    estimate.expected = sum(estimate.expected, expected);
    const auto price = options_.prices.of(request.model);
    if (!price) {
      estimate.expected_cost.reset();
      estimate.most_cost.reset();
    }
    if (estimate.most_cost) {
      *estimate.most_cost += cost_of(*price, most);
      *estimate.expected_cost += cost_of(*price, expected);
    }
  }
  return estimate;
}

}  // namespace agentecho::llm
