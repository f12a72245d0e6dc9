#include "agentecho/readers/csv_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string lines_of(std::string_view csv, std::size_t longest_row = 1 << 20) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, csv.size() + 1}) {
    const auto source = csv_as_json_lines(memory_source(csv, piece), longest_row);
    std::string all;
    char bytes[5];
    for (;;) {
      const auto n = source->read(bytes, sizeof bytes);
      EXPECT_TRUE(n);
      if (!n || *n == 0) break;
      all.append(bytes, *n);
    }
    if (piece > csv.size()) return all;
  }
  return {};
}

TEST(Csv, RowsBecomeObjectsOfTheirCells) {
  EXPECT_EQ(lines_of("a,b\r\n1,x\r\n"), "{\"a\":1,\"b\":\"x\"}\n");
  EXPECT_EQ(lines_of("\xEF\xBB\xBF\"a\";b\n\"1\"\"2\";\"x\ny;\r\"\n"),
            "{\"a\":\"1\\\"2\",\"b\":\"x\\ny;\\u000d\"}\n");
  EXPECT_EQ(lines_of("a\tb\n\t2"), "{\"b\":2}\n");
  EXPECT_EQ(lines_of("a,b\n\n,\n"), "{}\n");
  EXPECT_EQ(lines_of(""), "");
  EXPECT_EQ(lines_of("a,b\n"), "");
}

TEST(Csv, OnlyNumbersOfJsonAreNumbers) {
  EXPECT_EQ(lines_of("a\n-0.50\n1e5\n007\n+1\n1.\n.5\n-\nNaN\n1e999\n"),
            "{\"a\":-0.50}\n{\"a\":1e5}\n{\"a\":\"007\"}\n{\"a\":\"+1\"}\n{\"a\":\"1.\"}\n"
            "{\"a\":\".5\"}\n{\"a\":\"-\"}\n{\"a\":\"NaN\"}\n{\"a\":\"1e999\"}\n");
}

TEST(Csv, DamagedRowsSaySo) {
  EXPECT_EQ(lines_of("a,b\n1\n2,3\n"),
            "{\"a row of 1 cells under 2 columns\":true}\n{\"a\":2,\"b\":3}\n");
  EXPECT_EQ(lines_of("a,b\n1,\"2\n3,4\n"), "{\"a row with a quote that is not closed\":true}\n");
  EXPECT_EQ(lines_of("a\n12345\n6\n", 3),
            "{\"a row that is larger than --max-record-mb allows\":true}\n{\"a\":6}\n");
}

TEST(Csv, TablesOfMessagesAreToldByTheirHeader) {
  EXPECT_TRUE(names_messages("id,messages\n1,x\n"));
  EXPECT_TRUE(names_messages("\"run_id\";\"role\";\"content\"\n"));
  EXPECT_FALSE(names_messages("task,score,output\n1,messages,role\n"));
  EXPECT_FALSE(names_messages(""));
}

std::vector<std::string> runs_of(std::string_view name, std::string_view csv) {
  std::vector<std::string> runs;
  for (const Trajectory& t : testing::load_text(name, csv).trajectories) {
    EXPECT_EQ(t.calls.size(), 1u);
    EXPECT_THAT(testing::results(t), ElementsAre("ln-5"));
    runs.push_back(t.model + "/" + t.task_id + "/" + std::to_string(t.reward.value_or(-1)));
  }
  return runs;
}

TEST(Csv, ARowIsARun) {
  const std::string messages =
      R"("[{""role"":""user"",""content"":""find""},{""role"":""assistant"",""content"":null,""tool_calls"":[{""id"":""c1"",""type"":""function"",""function"":{""name"":""find"",""arguments"":""{}""}}]},{""role"":""tool"",""tool_call_id"":""c1"",""content"":""ln-5""}]")";
  EXPECT_THAT(runs_of("runs.csv", "model,task_id,trial,success,messages\nalder,1,0.0,True," +
                                      messages + "\nalder,2,0.0,False," + messages + "\n"),
              ElementsAre("alder/1/1.000000", "alder/2/0.000000"));
}

TEST(Csv, ARowIsAMessageOfTheRunThatItNames) {
  const std::string csv =
      "run_id,task_id,model,role,content,tool_calls,reward\n"
      "r1,q1,alder,user,find,,1\n"
      "r1,q1,alder,assistant,,\"[{\"\"id\"\":\"\"c1\"\",\"\"function\"\":{\"\"name\"\":"
      "\"\"find\"\",\"\"arguments\"\":\"\"{}\"\"}}]\",1\n"
      "r1,q1,alder,tool,ln-5,,1\n"
      "r2,q2,alder,user,find,,0\n"
      "r2,q2,alder,assistant,,\"[{\"\"id\"\":\"\"c1\"\",\"\"function\"\":{\"\"name\"\":"
      "\"\"find\"\",\"\"arguments\"\":\"\"{}\"\"}}]\",0\n"
      "r2,q2,alder,tool,ln-5,,0\n";
  EXPECT_THAT(runs_of("messages.csv", csv), ElementsAre("alder/q1/1.000000", "alder/q2/0.000000"));
}

TEST(Csv, MessagesOfOneTaskAreRunsOfTheirModels) {
  const auto loaded = testing::load_text(
      "messages.csv",
      "model,task_id,role,content\nalder,q1,user,find\nalder,q1,assistant,found\n"
      "birch,q1,user,find\nbirch,q1,assistant,lost\n");
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.trajectories[0].model, "alder");
  EXPECT_EQ(loaded.trajectories[1].model, "birch");
  EXPECT_EQ(loaded.trajectories[1].messages.back().text, "lost");
}

TEST(Csv, ADamagedRowIsALostRecord) {
  const auto loaded = testing::load_text("alder.csv", "task_id,messages\n1,2,3\n");
  ASSERT_FALSE(loaded.report.diagnostics.kept().empty());
  EXPECT_THAT(to_string(loaded.report.diagnostics.kept()[0]),
              HasSubstr("a row of 3 cells under 2 columns"));
}

}  // namespace
}  // namespace agentecho
