// Chat records whose messages are a map by position or a struct of lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/role.h"
#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kRun =
    "user: Find the loan\nassistant:  find{\"id\":\"m1\"}\ntool: ln-5\nassistant: It is ln-5.\n";

// "role: text name{arguments}", a message a line, of the one run of a file.
std::string run_in(std::string_view content, std::string_view name = "log.json") {
  const auto loaded = testing::load_text(name, content);
  for (const Diagnostic& finding : loaded.report.diagnostics.kept()) {
    EXPECT_FALSE(is_loss(finding.kind)) << to_string(finding);
  }
  EXPECT_EQ(loaded.trajectories.size(), 1u);
  std::string said;
  for (const Trajectory& t : loaded.trajectories) {
    EXPECT_EQ(t.benchmark, "chat");
    EXPECT_EQ(testing::results(t), std::vector<std::string>{"ln-5"});
    for (const Message& message : t.messages) {
      said += std::string(name_of(message.role)) + ": " + std::string(message.text);
      for (const ToolCall& call : t.calls_of(message)) {
        said += " " + std::string(call.name) + std::string(call.arguments);
      }
      said += "\n";
    }
  }
  return said;
}

const std::string kUser = R"({"role":"user","content":"Find the loan"})";
const std::string kCalls =
    R"([{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":\"m1\"}"}}])";
const std::string kCall = R"({"role":"assistant","content":null,"tool_calls":)" + kCalls + "}";
const std::string kResult = R"({"role":"tool","content":"ln-5","tool_call_id":"c1"})";
const std::string kLast = R"({"role":"assistant","content":"It is ln-5."})";

std::string columns(const std::string& calls) {
  return R"({"role":["user","assistant","tool","assistant"],)"
         R"("content":["Find the loan",null,"ln-5","It is ln-5."],"name":null,)"
         R"("tool_call_id":[null,null,"c1",null],"tool_calls":)" +
         calls + "}";
}

TEST(MessageColumns, AMapByPosition) {
  const std::string in_order = R"("0":)" + kUser + R"(,"1":)" + kCall + R"(,"2":)" + kResult;
  EXPECT_EQ(run_in(R"({"messages":{)" + in_order + R"(,"3":)" + kLast + "}}"), kRun);
  // In any order, behind a gap, and filled up with nulls.
  EXPECT_EQ(run_in(R"({"messages":{"10":)" + kLast + "," + in_order + R"(,"11":null}})"), kRun);
}

TEST(MessageColumns, AStructOfLists) {
  EXPECT_EQ(run_in(R"({"messages":)" + columns("[null," + kCalls + ",null,null]") + "}"), kRun);
}

TEST(MessageColumns, CallsInAMessageAreStructsOfListsAsWell) {
  const std::string calls =
      R"([{"id":[],"function":[]},{"id":["c1"],"function":[{"name":"find","arguments":"{\"id\":\"m1\"}"}]},)"
      R"({"id":[],"function":[]},{"id":[],"function":[]}])";
  EXPECT_EQ(run_in(R"({"messages":)" + columns(calls) + "}"), kRun);
}

TEST(MessageColumns, OfShareGpt) {
  EXPECT_EQ(
      run_in(R"({"conversations":{"from":["human","gpt","tool","gpt"],"value":["Find the loan",)"
             R"("<tool_call>{\"name\":\"find\",\"arguments\":{\"id\":\"m1\"}}</tool_call>",)"
             R"("ln-5","It is ln-5."]}})"),
      kRun);
}

TEST(MessageColumns, EverythingElseInTheRecordStays) {
  const std::string line =
      R"({"model":"alder","task_id":"t1","trial":2,"reward":NaN,"success":true,)"
      R"("benchmark":null,"messages":)" +
      columns("[null," + kCalls + ",null,null]") + "}\n";
  const auto loaded = testing::load_text("log.jsonl", line +
                                                          R"({"model":"birch","task_id":"t1",)"
                                                          R"("messages":[)" +
                                                          kUser + "," + kLast + "]}\n");
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.trajectories[0].model, "alder");
  EXPECT_EQ(loaded.trajectories[0].task_id, "t1");
  EXPECT_EQ(loaded.trajectories[0].trial, 2);
  EXPECT_EQ(loaded.trajectories[0].reward, 1.0);
  EXPECT_EQ(loaded.trajectories[1].model, "birch");
  EXPECT_EQ(loaded.trajectories[1].messages.size(), 2u);
}

TEST(MessageColumns, ListsOfDifferentLengthsAreALoss) {
  const auto loaded = testing::load_text(
      "log.jsonl", R"({"task_id":"t1","messages":{"role":["user","assistant"],"content":["q"]}})"
                   "\n");
  EXPECT_THAT(loaded.trajectories, IsEmpty());
  std::vector<std::string> said;
  for (const Diagnostic& finding : loaded.report.diagnostics.kept()) {
    if (is_loss(finding.kind)) said.push_back(to_string(finding));
  }
  EXPECT_THAT(said, ElementsAre(HasSubstr("the lists in `messages` are of different lengths")));
}

// A data frame's columns, and a record with one message, are none of these.
TEST(MessageColumns, OtherObjectsAreNotItsOwn) {
  const auto frame =
      testing::load_text("log.json", R"({"task_id":{"0":"t1","1":"t2"},"messages":{"0":[)" + kUser +
                                         "," + kLast + R"(],"1":[)" + kUser + "," + kLast + "]}}");
  EXPECT_EQ(frame.trajectories.size(), 2u);
  // One name of a kilobyte in a thousand rows would be a megabyte.
  std::string roles = R"("assistant")";
  for (int i = 0; i < 1000; ++i) roles += R"(,"assistant")";
  const auto large = testing::load_text(
      "log.json", R"({"messages":{"role":[)" + roles + R"(],"content":[)" + roles + R"(],")" +
                      std::string(1000, 'x') + R"(":[)" + roles + "]}}");
  EXPECT_THAT(large.trajectories, IsEmpty());
}

}  // namespace
}  // namespace agentecho
