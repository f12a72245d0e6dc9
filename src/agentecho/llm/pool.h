// Many requests to one endpoint, side by side on the caller's thread.
//
// The outcomes are in the order of the requests, whatever the order of arrival. Equal requests
// (equal cache keys) are asked once. Every outcome is one of five kinds and only a scored one
// carries a verdict. The run stops early at a limit of the budget, at a quota or a key that ends
// it, when the endpoint does not answer at all, or when interrupted; then what is in flight is
// waited for (five seconds after an interruption) and kept, the rest is skipped, and the same call
// again, with the same cache, goes on where it stopped.
//
//   SystemClock clock;
//   CurlTransport transport;
//   auto cache = ReplyCache::open("replies.sqlite");
//   Pool pool({.url = "http://127.0.0.1:8000/v1"}, {}, transport, clock, &*cache);
//   Result<Run> run = pool.complete_all(requests);
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/outcome_counts.h"
#include "agentecho/llm/budgeted.h"
#include "agentecho/llm/chat.h"
#include "agentecho/llm/endpoint.h"
#include "agentecho/llm/http.h"
#include "agentecho/llm/plan.h"
#include "agentecho/llm/prices.h"
#include "agentecho/llm/rate_limited.h"
#include "agentecho/llm/reply_cache.h"
#include "agentecho/llm/retried.h"
#include "agentecho/llm/structured.h"

namespace agentecho::llm {

struct PoolOptions {
  std::size_t max_in_flight = 32;
  Duration time_limit = std::chrono::seconds(300);  // of one exchange
  RetryOptions retry;
  StructuredOptions structure;
  Budget budget;
  Prices prices;
  std::int64_t expected_output = 300;  // tokens of a reply, for estimates
};

// How the counts stand; done = scored + unparseable + refused + failed + skipped.
struct Progress : OutcomeCounts {
  std::size_t total = 0;
  std::size_t done = 0;
  std::size_t cached = 0;  // of the scored
  std::size_t in_flight = 0;
  std::size_t retrying = 0;  // pausing before a repetition
  Spend spend;
  Duration elapsed{0};
  std::optional<Duration> left;  // at the pace so far; empty before the first reply
};

// Called from within complete(), on its thread.
struct RunEvents {
  std::function<void(const Progress&)> progress;    // about ten times a second, and at the end
  std::function<void(const std::string&)> warning;  // each text once
  const std::atomic<bool>* interrupted = nullptr;   // set by a signal handler, say
};

struct Run {
  std::vector<Outcome> outcomes;  // one per request, in their order
  std::optional<Error> stopped;   // why the run ended early
  Progress summary;
  std::vector<std::string> warnings;
};

// What a run would ask, before anything is sent.
struct Estimate {
  std::size_t requests = 0;
  std::size_t repeated = 0;  // equal to an earlier one, asked once
  std::size_t cached = 0;
  std::size_t calls = 0;                // to be sent, if every answer comes and is valid at once
  Usage expected;                       // with the expected output, or max_tokens if that is less
  Usage most;                           // with max_tokens where set
  std::optional<double> expected_cost;  // empty where a model has no price
  std::optional<double> most_cost;
};

class Pool {
 public:
  // cache: may be nullptr. The references must outlive the pool.
  Pool(Endpoint endpoint, PoolOptions options, HttpTransport& transport, Clock& clock,
       ReplyCache* cache);

  // Errors, before anything is sent: kUsage for an endpoint or request that cannot be sent (with
  // its index) and for max_cost without a price, kFailed for a cache that cannot be read.
  Result<Run> complete_all(const std::vector<ChatRequest>& requests, const RunEvents& events = {});

  // The same for requests that are made when they are needed, at most 2 max_in_flight at a time.
  Result<Run> complete(std::size_t count, const RequestSource& source,
                       const RunEvents& events = {});

  Result<Estimate> estimate(std::size_t count, const RequestSource& source);

 private:
  Endpoint endpoint_;
  PoolOptions options_;
  HttpTransport& transport_;
  Clock& clock_;
  ReplyCache* cache_;
};

}  // namespace agentecho::llm
