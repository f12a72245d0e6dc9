// A loop over independent items on several threads. Items write only to places of their own, so
// the result is the same for any number of threads.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "agentecho/base/progress.h"

namespace agentecho {

// Number of threads to use for a request of `requested` (0: one per available core).
unsigned thread_count(unsigned requested);

// Calls body(i) for every i in [0, count), each exactly once, on up to `threads` threads (see
// thread_count). Returns when all calls have. The first exception thrown by a body is rethrown
// here. Where the system gives fewer threads, those that there are do the work.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& body);

// The same, and the sink of the ProgressScope that lives, if any, is told how many items are done.
void parallel_for(std::size_t count, unsigned threads, std::string_view phase,
                  const std::function<void(std::size_t)>& body);

// While one lives, its sink hears of the phases of all work in this process. One at a time.
class ProgressScope {
 public:
  explicit ProgressScope(ProgressSink& sink);
  ~ProgressScope();
  ProgressScope(const ProgressScope&) = delete;
  ProgressScope& operator=(const ProgressScope&) = delete;
};

}  // namespace agentecho
