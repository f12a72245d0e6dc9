#include "agentecho/readers/dialects/json_peek.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace agentecho::dialects {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> peeked(std::string_view json) {
  std::vector<std::string> all;
  for (const PeekedMember& member : peek_members(json, 100)) {
    all.push_back(std::string(member.name) + "=" + std::string(peek_value(member.value)));
  }
  return all;
}

TEST(PeekMembers, PassesOverValuesOfEveryKind) {
  EXPECT_THAT(
      peeked(R"( {"a":1 , "b" : {"x":[1,{"y":"]}"}]},"c":[],"d":"\\\"}","e":null, "f":-1.5e3})"),
      ElementsAre("a=1", R"(b={"x":[1,{"y":"]}"}]})", "c=[]", R"(d="\\\"}")", "e=null",
                  "f=-1.5e3"));
}

// Brackets in strings, and containers longer than what is looked at in one piece.
TEST(PeekMembers, FindTheEndOfLongContainers) {
  const std::string text(200, '[');
  const std::string list = R"([")" + text + R"(\"", {"k": ")" + text + R"(\\"}])";
  EXPECT_THAT(peeked(R"({"a":)" + list + R"(,"b":2})"), ElementsAre("a=" + list, "b=2"));
}

TEST(PeekMembers, EndWithTheText) {
  EXPECT_THAT(peeked(R"({"a":1,"b":[1,{"c":)"), ElementsAre("a=1", R"(b=[1,{"c":)"));
  EXPECT_THAT(peeked(R"({"a":1,"b":"x)"), ElementsAre("a=1", R"(b="x)"));
  EXPECT_THAT(peeked(R"({"a":)"), ElementsAre("a="));
  EXPECT_THAT(peeked("[1]"), ElementsAre());
}

TEST(PeekElements, AreThoseOfTheListAlone) {
  EXPECT_THAT(peek_elements(R"([[1,2],{"a":"],"},"x"])", 10).size(), 3u);
  EXPECT_THAT(peek_elements("[]", 10).size(), 0u);
  EXPECT_EQ(peek_value(peek_elements(R"([[1,2],{"a":"],"},"x"])", 10)[1]), R"({"a":"],"})");
}

}  // namespace
}  // namespace agentecho::dialects
