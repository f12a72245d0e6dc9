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
