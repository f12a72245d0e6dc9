#include "agentecho/graph/argument_values.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

TEST(CanonicalValue, LowersAsciiAndStripsWhatIsNoLetterOrDigit) {
  EXPECT_EQ(canonical_value("#W2378156"), "w2378156");
  EXPECT_EQ(canonical_value("  (Ann Lee)! "), "ann lee");
  EXPECT_EQ(canonical_value("a-b_c"), "a-b_c");
  EXPECT_EQ(canonical_value("_x_"), "x");
  EXPECT_EQ(canonical_value("12.50"), "12.50");
  EXPECT_EQ(canonical_value("-7.5"), "7.5");
  EXPECT_EQ(canonical_value("..."), "");
  EXPECT_EQ(canonical_value(""), "");
}

TEST(CanonicalValue, CountsNonAsciiBytesAsLetters) {
  EXPECT_EQ(canonical_value("«Été»"), "«Été»");
  EXPECT_EQ(canonical_value("(日本)"), "日本");
}

TEST(Traceable, NeedsThreeBytes) {
  EXPECT_FALSE(is_traceable(""));
  EXPECT_FALSE(is_traceable("12"));
  EXPECT_TRUE(is_traceable("123"));
  EXPECT_FALSE(is_traceable("é"));  // two bytes
  EXPECT_TRUE(is_traceable("日"));  // three
}

TEST(Traceable, IsNoEverydayWord) {
  for (const auto word :
       {"true",       "false",     "null",    "none",     "nan",       "n/a",         "na",
        "unknown",    "undefined", "yes",     "no",       "ok",        "okay",        "success",
        "successful", "failed",    "failure", "error",    "pending",   "processed",   "delivered",
        "cancelled",  "canceled",  "active",  "inactive", "available", "unavailable", "completed",
        "open",       "closed",    "paid",    "unpaid",   "overdue",   "default",     "string",
        "number",     "object",    "array"}) {
    EXPECT_FALSE(is_traceable(word)) << word;
  }
  EXPECT_TRUE(is_traceable("pending order"));
  EXPECT_TRUE(is_traceable("opened"));
}

}  // namespace
}  // namespace agentecho
