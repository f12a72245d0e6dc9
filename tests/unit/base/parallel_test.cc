#include "agentecho/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace agentecho {
namespace {

TEST(ParallelFor, CallsEachItemExactlyOnce) {
  for (const unsigned threads : {0u, 1u, 2u, 7u, 64u}) {
    std::vector<std::atomic<int>> calls(101);
    parallel_for(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (const auto& n : calls) EXPECT_EQ(n, 1);
  }
}

TEST(ParallelFor, DoesNothingForNoItems) {
  parallel_for(0, 4, [](std::size_t) { FAIL(); });
}

TEST(ParallelFor, RethrowsWhatABodyThrows) {
  for (const unsigned threads : {1u, 3u}) {
    EXPECT_THROW(parallel_for(20, threads,
                              [](std::size_t i) {
                                if (i == 7) throw std::runtime_error("seven");
                              }),
                 std::runtime_error);
  }
}

TEST(ThreadCount, IsWhatIsAskedForOrAtLeastOne) {
  EXPECT_EQ(thread_count(3), 3u);
  EXPECT_GE(thread_count(0), 1u);
}

}  // namespace
}  // namespace agentecho
