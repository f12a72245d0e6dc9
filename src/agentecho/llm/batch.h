// Batch files: the same requests without a connection. Writing exports what the cache lacks in the
// OpenAI batch format (read by hosted batch services and by vLLM's run-batch); reading fills the
// cache from the answers. There is no other path: the run afterwards finds its replies in the
// cache.
//
// custom_id is the cache key, so answers may come in any order, from several files, more than once.
// vLLM takes one model a file. Older vLLM put the completion directly into "response", without
// "status_code" and "body"; both shapes are read.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/llm/chat.h"
#include "agentecho/llm/clock.h"
#include "agentecho/llm/endpoint.h"
#include "agentecho/llm/plan.h"
#include "agentecho/llm/reply_cache.h"

namespace agentecho::llm {

struct BatchWritten {
  std::size_t requests = 0;
  std::size_t repeated = 0;  // equal to an earlier one, written once
  std::size_t cached = 0;
  std::size_t written = 0;
};

// A line that filled nothing.
struct BatchProblem {
  std::size_t line = 0;                     // from 1
  std::string custom_id;                    // empty where it cannot be read
  OutcomeKind kind = OutcomeKind::kFailed;  // unparseable, refused or failed
  std::string reason;
};

struct BatchRead {
  std::size_t lines = 0;    // that are not empty
  std::size_t filled = 0;   // replies new to the cache
  std::size_t present = 0;  // valid, but the cache had one
  std::size_t unknown = 0;  // of no request here
  std::size_t missing = 0;  // requests that have no reply in the cache afterwards
  std::vector<BatchProblem> problems;
};

// Writes a line for every request that the cache (may be nullptr) lacks, on the given rung. Errors:
// kUsage for a request that cannot be sent, kFailed when the cache or the stream fails.
Result<BatchWritten> write_batch(std::ostream& out, const Endpoint& endpoint, std::size_t count,
                                 const RequestSource& source, ReplyCache* cache,
                                 Rung rung = Rung::kJsonSchema);

// Reads answers to requests; only valid ones enter the cache. Lines that are wrong are reported and
// do not end the reading; lines over 64 MiB are such. Errors: kUsage for a request that cannot be
// sent, kFailed when the cache fails.
Result<BatchRead> read_batch(std::istream& in, const Endpoint& endpoint, std::size_t count,
                             const RequestSource& source, ReplyCache& cache, const Clock& clock,
                             Rung rung = Rung::kJsonSchema);

}  // namespace agentecho::llm
