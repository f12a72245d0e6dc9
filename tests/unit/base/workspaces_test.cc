#include "agentecho/base/workspaces.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "agentecho/base/parallel.h"

namespace agentecho {
namespace {

TEST(Workspaces, AreLentToOneAtATimeAndUsedAgain) {
  std::atomic<int> made = 0;
  Workspaces<std::vector<int>> all([&] {
    ++made;
    return std::vector<int>{7};
  });
  all.lend([&](std::vector<int>& outer) {
    outer.push_back(1);
    all.lend([&](std::vector<int>& inner) { EXPECT_EQ(inner, std::vector<int>{7}); });
  });
  EXPECT_EQ(made, 2);

  constexpr int kThreads = 4;
  std::atomic<int> items = 0;
  parallel_for(1000, kThreads, [&](std::size_t) {
    all.lend([&](std::vector<int>& mine) {
      mine.push_back(2);
      mine.pop_back();
      ++items;
    });
  });
  EXPECT_EQ(items, 1000);
  EXPECT_LE(made, kThreads + 1);  // the calling thread may work as well
}

}  // namespace
}  // namespace agentecho
