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

class Heard final : public ProgressSink {
 public:
  void update(std::string_view phase, std::uint64_t done, std::uint64_t total) override {
    EXPECT_EQ(phase, "counting");
    EXPECT_EQ(total, 500u);
    last = done;
    ++times;
  }
  std::uint64_t last = 0;
  std::size_t times = 0;
};

TEST(ParallelFor, TellsTheSinkOfTheScopeHowFarANamedPhaseIs) {
  for (const unsigned threads : {1u, 4u}) {
    Heard heard;
    std::atomic<int> calls{0};
    {
      const ProgressScope scope(heard);
      parallel_for(500, threads, "counting", [&](std::size_t) { ++calls; });
      EXPECT_EQ(heard.last, 500u) << "the end is always told";
      EXPECT_GE(heard.times, 1u);
    }
    const std::size_t before = heard.times;
    parallel_for(500, threads, "counting", [&](std::size_t) { ++calls; });
    EXPECT_EQ(heard.times, before) << "nobody listens any more";
    EXPECT_EQ(calls, 1000);
  }
}

}  // namespace
}  // namespace agentecho
