#include "agentecho/readers/dialects/argument_leaves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::optional<std::vector<std::string>> leaves_of(const std::string& arguments) {
  ArgumentLeaves parser;
  TextArena arena;
  std::vector<std::string_view> leaves = {"before"};
  std::string padded = arguments + std::string(64, '\0');
  const bool parsed =
      parser.append(std::string_view(padded).substr(0, arguments.size()), arena, leaves);
  EXPECT_EQ(leaves.front(), "before");
  if (!parsed) {
    EXPECT_EQ(leaves.size(), 1u);
    return std::nullopt;
  }
  return std::vector<std::string>(leaves.begin() + 1, leaves.end());
}

TEST(ArgumentLeaves, AreTheValuesThroughObjectsAndArrays) {
  EXPECT_THAT(leaves_of(R"({"a":"x","b":{"c":["y",{"d":"z"},[]]},"e":{}})").value(),
              ElementsAre("x", "y", "z"));
  EXPECT_THAT(leaves_of("{}").value(), IsEmpty());
  EXPECT_THAT(leaves_of("[]").value(), IsEmpty());
}

TEST(ArgumentLeaves, LeaveOutBooleansAndNulls) {
  EXPECT_THAT(leaves_of(R"({"a":true,"b":false,"c":null,"d":"true"})").value(),
              ElementsAre("true"));
}

TEST(ArgumentLeaves, OfABareValueAreThatValue) {
  EXPECT_THAT(leaves_of("\"abc\"").value(), ElementsAre("abc"));
  EXPECT_THAT(leaves_of(" 12 ").value(), ElementsAre("12"));
  EXPECT_THAT(leaves_of("null").value(), IsEmpty());
}

TEST(ArgumentLeaves, WriteIntegralNumbersWithoutADecimalPoint) {
  EXPECT_THAT(leaves_of("[1, -7, 100.0, 1e3, 1.5e1, -2.0, 9007199254740993, 1e21]").value(),
              ElementsAre("1", "-7", "100", "1000", "15", "-2", "9007199254740993",
                          "1000000000000000000000"));
}

TEST(ArgumentLeaves, WriteOtherNumbersInShortestRoundTripForm) {
  EXPECT_THAT(leaves_of("[0.10, 12.50, 0.30000000000000004, -1.25e-1]").value(),
              ElementsAre("0.1", "12.5", "0.30000000000000004", "-0.125"));
}

TEST(ArgumentLeaves, UnescapeStrings) {
  EXPECT_THAT(leaves_of(R"(["a\"b","\u00e9","\ud83d\ude00","\n"])").value(),
              ElementsAre("a\"b", "é", "😀", "\n"));
  // A lone surrogate stands for nothing.
  EXPECT_THAT(leaves_of(R"(["x\ud800y"])").value(), ElementsAre("x\xEF\xBF\xBDy"));
}

TEST(ArgumentLeaves, DoNotTakeWhatIsNoJson) {
  for (const auto text : {"",
                          " ",
                          "{",
                          "{\"a\":}",
                          "{\"a\":1",
                          "{'a':1}",
                          "{\"a\":1}}",
                          "{\"a\":1} x",
                          "abc",
                          "{\"a\":tru}",
                          "{\"a\":01}",
                          "[1,]",
                          "{\"a\" 1}",
                          "{\"a\":\"\\q\"}",
                          "[\"open]",
                          "NaN",
                          "{\"a\":nul}",
                          "1 2",
                          "[1 2]",
                          "\"a\" \"b\"",
                          "{a:1}",
                          "-",
                          "[\"\x01\"]"}) {
    EXPECT_EQ(leaves_of(text), std::nullopt) << text;
  }
}

TEST(ArgumentLeaves, AreReadToADepthOf512) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + "7" + std::string(depth, ']');
  };
  EXPECT_THAT(leaves_of(nested(512)).value(), ElementsAre("7"));
  EXPECT_EQ(leaves_of(nested(513)), std::nullopt);
  EXPECT_EQ(leaves_of(nested(10000)), std::nullopt);
  EXPECT_EQ(leaves_of(std::string(10000, '[')), std::nullopt);
}

TEST(ArgumentLeaves, SurviveEveryCut) {
  const std::string whole = R"({"a":["x\u00e9",1.5,true,null,{"b":"c\\\""}],"d":-10})";
  ASSERT_TRUE(leaves_of(whole));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    EXPECT_EQ(leaves_of(whole.substr(0, cut)), std::nullopt) << cut;
  }
}

}  // namespace
}  // namespace agentecho
