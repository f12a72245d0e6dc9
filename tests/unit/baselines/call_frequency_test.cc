#include "agentecho/metrics/baselines/call_frequency.h"

#include <gtest/gtest.h>

#include <vector>

namespace agentecho {
namespace {

using Calls = std::vector<std::uint32_t>;

TEST(CallFrequency, counts_how_often_and_not_only_whether) {
  const Calls thrice{2, 7, 7, 7};
  const Calls once{2, 7};
  EXPECT_DOUBLE_EQ(call_frequency_similarity(thrice, once).value(), 2.0 * 2 / 6);
  EXPECT_DOUBLE_EQ(call_frequency_similarity(thrice, thrice).value(), 1);
}

TEST(CallFrequency, does_not_depend_on_order_or_side) {
  const Calls a = call_multiset(Calls{1, 2, 2, 3});
  const Calls b = call_multiset(Calls{3, 2, 9});
  const Calls a_reversed = call_multiset(Calls{3, 2, 2, 1});
  EXPECT_EQ(call_frequency_similarity(a, b), call_frequency_similarity(b, a));
  EXPECT_EQ(call_frequency_similarity(a, b), call_frequency_similarity(a_reversed, b));
  EXPECT_DOUBLE_EQ(call_frequency_similarity(a, b).value(), 2.0 * 2 / 7);
}

TEST(CallFrequency, nothing_against_nothing_is_no_evidence) {
  EXPECT_EQ(call_frequency_similarity(Calls{}, Calls{}), std::nullopt);
  EXPECT_EQ(call_frequency_similarity(Calls{}, Calls{1}).value(), 0);
}

}  // namespace
}  // namespace agentecho
