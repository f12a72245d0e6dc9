// The judges' own reading, without the schema before it: a reply is read exactly or not at all.
#include "agentecho/judges/replies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scripted_asker.h"

namespace agentecho::judges {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;
using testing::pair_reply;

std::string with(std::string reply, const std::string& from, const std::string& to) {
  const std::size_t at = reply.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return reply.replace(at, from.size(), to);
}

TEST(Replies, of_the_pair_judge) {
  const std::string good = pair_reply(1, 2, 4, 5);
  const auto score = read_pair(good);
  ASSERT_TRUE(score);
  EXPECT_EQ(score->style, 1);
  EXPECT_EQ(score->structure, 2);
  EXPECT_EQ(score->alignment, 4);
  EXPECT_EQ(score->overall, 5);
  const auto whole = read_pair(with(good, "\"overall\":5", "\"overall\":5.0"));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->overall, 5);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"overall\":5", "\"overall\":6"},
           {"\"overall\":5", "\"overall\":0"},
           {"\"overall\":5", "\"overall\":-1"},
           {"\"overall\":5", "\"overall\":4.5"},
           {"\"overall\":5", "\"overall\":18446744073709551615"},
           {"\"overall\":5", "\"overall\":1e400"},
           {"\"overall\":5", "\"overall\":\"5\""},
           {"\"overall\":5", "\"overall\":true"},
           {"\"overall\":5", "\"overall\":[5]"},
           {"\"overall\":5", "\"overall\":5,\"more\":5"},
           {"\"overall\":5", "\"overall\":5,\"overall\":5"},
           {",\"overall\":5", ""},
           {"\"similarity\":", "\"scores\":"},
           {"\"why\":\"because\"", "\"why\":null"},
           {",\"why\":\"because\"", ""},
           {"\"linear\"", "\"circular\""},
           {"\"consistent\"", "1"},
           {"\"free_form\"", "\"FREE_FORM\""},
           {"\"side_2\"", "\"side_3\""},
           {"}", "} trailing"},
       }) {
    EXPECT_FALSE(read_pair(with(good, from, to))) << from << " -> " << to;
  }
  EXPECT_FALSE(read_pair(good + good));
  EXPECT_FALSE(read_pair("[" + good + "]"));
  EXPECT_FALSE(read_pair(""));
  EXPECT_EQ(read_pair("").error().kind, ErrorKind::kFailed);
}

TEST(Replies, of_the_response_judge) {
  const std::string good =
      R"({"similarity":{"style":1,"logic":2,"detail":3,"overall":4},"why":"x"})";
  const auto score = read_rse(good);
  ASSERT_TRUE(score);
  EXPECT_EQ(score->style, 1);
  EXPECT_EQ(score->logic, 2);
  EXPECT_EQ(score->detail, 3);
  EXPECT_EQ(score->overall, 4);
  EXPECT_FALSE(read_rse(with(good, ":4", ":7")));
  EXPECT_FALSE(read_rse(with(good, "\"logic\"", "\"structure\"")));
  EXPECT_FALSE(read_rse(with(good, "\"x\"", "{}")));
  EXPECT_FALSE(read_rse(pair_reply(1, 1, 1, 1)));
}

TEST(Replies, of_the_annotator) {
  const auto read = [](const std::string& entries) {
    return read_stages(R"({"labels":[)" + entries + "]}", rps::default_taxonomy(), 10, 3);
  };
  const auto reply = read(R"({"item":12,"stage":"Notification"},{"item":10,"stage":"execution"},)"
                          R"({"item":9,"stage":"Execution"},{"item":13,"stage":"Execution"},)"
                          R"({"item":-5,"stage":"Execution"})");
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->values,
              ElementsAre(Optional(rps::StageId{2}), std::nullopt, Optional(rps::StageId{4})));
  EXPECT_EQ(reply->missing, 1u);
  EXPECT_EQ(reply->unknown, 3u);
  // A number that occurs twice has no answer, even where both agree, and neither has a third one.
  const auto repeated =
      read(R"({"item":10,"stage":"Execution"},{"item":10,"stage":"Execution"},)"
           R"({"item":10,"stage":"Notification"},{"item":11,"stage":"Execution"})");
  ASSERT_TRUE(repeated);
  EXPECT_THAT(repeated->values, ElementsAre(std::nullopt, Optional(rps::StageId{2}), std::nullopt));
  EXPECT_EQ(repeated->repeated, 1u);
  EXPECT_EQ(repeated->missing, 1u);
  EXPECT_FALSE(read(R"({"item":10,"stage":"None"})"));
  EXPECT_FALSE(read(R"({"item":"10","stage":"Execution"})"));
  EXPECT_FALSE(read(R"({"item":10.5,"stage":"Execution"})"));
  EXPECT_FALSE(read(R"({"item":10,"stage":"Execution","why":""})"));
  EXPECT_FALSE(read_stages(R"({"labels":{}})", rps::default_taxonomy(), 10, 3));
  EXPECT_FALSE(read_stages(R"([])", rps::default_taxonomy(), 10, 3));
}

TEST(Replies, of_the_dependency_judge) {
  const auto reply =
      read_dependencies(R"({"verdicts":[{"candidate":1,"dependency":false},)"
                        R"({"candidate":2,"dependency":true},{"candidate":0,"dependency":true}]})",
                        2);
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->values, ElementsAre(Optional(false), Optional(true)));
  EXPECT_EQ(reply->unknown, 1u);
  EXPECT_FALSE(read_dependencies(R"({"verdicts":[{"candidate":1,"dependency":1}]})", 2));
  EXPECT_FALSE(read_dependencies(R"({"verdicts":[{"candidate":1}]})", 2));
  EXPECT_FALSE(read_dependencies(R"({"verdicts":[1]})", 2));
}

}  // namespace
}  // namespace agentecho::judges
