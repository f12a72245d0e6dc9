#include "agentecho/llm/numbered_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace agentecho::llm {
namespace {

using ::testing::HasSubstr;

ChatRequest asking(std::size_t first, std::size_t count) {
  ChatRequest request;
  request.numbered = {"labels", "item", first, count};
  return request;
}

std::string problem(const ChatRequest& request, std::string_view json) {
  const auto checked = check_numbers(request, json);
  return checked ? std::string() : checked.error().message;
}

TEST(NumberedList, EachNumberOnceInAnyOrderIsComplete) {
  EXPECT_EQ(problem(asking(3, 2), R"({"labels":[{"item":4},{"item":3}]})"), "");
  EXPECT_EQ(problem(asking(3, 0), R"({"labels":[]})"), "");
}

TEST(NumberedList, NumbersThatWereNotAskedForAreLetPass) {
  EXPECT_EQ(problem(asking(3, 1), R"({"labels":[{"item":3},{"item":2},{"item":-1},{"item":9}]})"),
            "");
}

TEST(NumberedList, MissingNumbersAreNamed) {
  EXPECT_THAT(problem(asking(3, 3), R"({"labels":[{"item":4}]})"),
              HasSubstr("no entry for item 3, 5"));
  EXPECT_THAT(problem(asking(0, 40), R"({"labels":[]})"), HasSubstr("8, 9, ..."));
}

TEST(NumberedList, RepeatedNumbersAreNamed) {
  EXPECT_THAT(problem(asking(0, 2), R"({"labels":[{"item":0},{"item":1},{"item":1}]})"),
              HasSubstr("several entries for item 1"));
}

TEST(NumberedList, WhatIsNoListIsAProblem) {
  EXPECT_NE(problem(asking(0, 1), R"({"labels":3})"), "");
  EXPECT_NE(problem(asking(0, 1), R"({})"), "");
  EXPECT_NE(problem(asking(0, 1), "not JSON"), "");
}

TEST(NumberedList, RequestsWithoutNumbersNeedNone) { EXPECT_EQ(problem(ChatRequest{}, "{}"), ""); }

}  // namespace
}  // namespace agentecho::llm
