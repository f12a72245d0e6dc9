#include "agentecho/base/words.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace agentecho {
namespace {

TEST(Words, NumbersHaveSeparatorsAndOneIsSingular) {
  EXPECT_EQ(counted(0, "run", "runs"), "0 runs");
  EXPECT_EQ(counted(1, "run", "runs"), "1 run");
  EXPECT_EQ(counted(1538, "run", "runs"), "1,538 runs");
  EXPECT_EQ(counted(1234567, "run", "runs"), "1,234,567 runs");
}

TEST(Words, WhatRoundsToZeroHasNoSign) {
  EXPECT_EQ(fixed(-0.004, 2), "0.00");
  EXPECT_EQ(fixed(-0.005001, 2), "-0.01");
  EXPECT_EQ(fixed(-0.4, 0), "0");
  EXPECT_EQ(fixed(-0.0, 3), "0.000");
  EXPECT_EQ(fixed(12.345, 1), "12.3");
  EXPECT_EQ(fixed_bound(0.812, 2), ".81");
  EXPECT_EQ(fixed_bound(-0.2, 2), "-.20");
  EXPECT_EQ(fixed_bound(-0.001, 2), ".00");
  EXPECT_EQ(fixed_bound(1, 2), "1.00");
  EXPECT_EQ(percent(-0.001), "0 %");
}

TEST(Words, ListsEndWithAnd) {
  EXPECT_EQ(listed({}), "");
  EXPECT_EQ(listed(std::vector<std::string>{"a"}), "a");
  EXPECT_EQ(listed(std::vector<std::string>{"a", "b"}), "a and b");
  EXPECT_EQ(listed(std::vector<std::string>{"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(listed(std::vector<std::string>{"a", "b", "c"}, " or "), "a, b or c");
}

TEST(Words, AShellTakesAQuotedWordForOne) {
  EXPECT_EQ(shell_quoted("gpt-4.1"), "gpt-4.1");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("a b"), "'a b'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_line(std::vector<std::string>{"agentecho", "explain", "m [x]", "logs"}),
            "agentecho explain 'm [x]' logs");
}

}  // namespace
}  // namespace agentecho
