#include "agentecho/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace agentecho {

unsigned thread_count(unsigned requested) {
  if (requested > 0) return requested;
  return std::max(1u, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& body) {
  const std::size_t workers = std::min<std::size_t>(thread_count(threads), count);
  if (workers <= 1) {
    for (std::size_t i = 0; i < count; ++i) body(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::exception_ptr first_exception;
  std::mutex exception_mutex;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        body(i);
      } catch (...) {
        const std::lock_guard lock(exception_mutex);
        if (!first_exception) first_exception = std::current_exception();
        next = count;
      }
    }
  };
  std::vector<std::thread> pool;
  try {
    for (std::size_t i = 1; i < workers; ++i) pool.emplace_back(work);
  } catch (const std::system_error&) {
    // The system gives no more threads: those that there are do the work.
  }
  work();
  for (std::thread& thread : pool) thread.join();
  if (first_exception) std::rethrow_exception(first_exception);
}

namespace {

std::atomic<ProgressSink*> g_sink{nullptr};

}  // namespace

ProgressScope::ProgressScope(ProgressSink& sink) { g_sink = &sink; }

ProgressScope::~ProgressScope() { g_sink = nullptr; }

void parallel_for(std::size_t count, unsigned threads, std::string_view phase,
                  const std::function<void(std::size_t)>& body) {
  ProgressSink* const sink = g_sink;
  if (sink == nullptr || count == 0) return parallel_for(count, threads, body);
  std::atomic<std::size_t> done{0};
  std::mutex telling;
  std::size_t told = 0;
  parallel_for(count, threads, [&](std::size_t i) {
    body(i);
    const std::size_t n = ++done;
    // Whoever finds another telling has nothing newer to say; the last one waits.
    std::unique_lock lock(telling, std::defer_lock);
    if (n == count) {
      lock.lock();
    } else if (!lock.try_lock()) {
      return;
    }
    if (n <= told) return;
    told = n;
    sink->update(phase, n, count);
  });
}

}  // namespace agentecho
