// Exports of LangSmith and Langfuse: runs from calls of models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "model/task/reward" of each run; the call, its result and the reasoning are checked on the way.
std::vector<std::string> runs_of(std::string_view name, std::string_view content) {
  const auto loaded = testing::load_text(name, content);
  for (const Diagnostic& finding : loaded.report.diagnostics.kept()) {
    EXPECT_FALSE(is_loss(finding.kind)) << to_string(finding);
  }
  std::vector<std::string> runs;
  for (const Trajectory& t : loaded.trajectories) {
    EXPECT_EQ(t.calls.size(), 1u);
    if (t.calls.size() == 1) {
      EXPECT_EQ(t.calls[0].name, "find");
      EXPECT_THAT(testing::leaves(t), ElementsAre("mb-4"));
    }
    EXPECT_THAT(testing::results(t), ElementsAre("ln-5"));
    EXPECT_EQ(t.messages.back().text, "Done.");
    runs.push_back(t.model + "/" + t.task_id + "/" +
                   (t.reward ? std::to_string(static_cast<int>(*t.reward)) : "-"));
  }
  return runs;
}

const std::string kUser =
    R"({"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":"find"}})";
const std::string kCall =
    R"({"lc":1,"type":"constructor","id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"","tool_calls":[{"name":"find","args":{"id":"mb-4"},"id":"c1","type":"tool_call"}]}})";
const std::string kTool =
    R"({"lc":1,"type":"constructor","id":["langchain","schema","messages","ToolMessage"],"kwargs":{"content":"ln-5","tool_call_id":"c1"}})";
const std::string kEnd =
    R"({"lc":1,"type":"constructor","id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"Done."}})";

std::string langsmith_llm(const std::string& trace, int second, const std::string& given,
                          const std::string& said) {
  return R"({"id":"l)" + std::to_string(second) + R"(","trace_id":")" + trace +
         R"(","parent_run_id":")" + trace +
         R"(","run_type":"llm","start_time":"2026-01-01T00:00:0)" + std::to_string(second) +
         R"(","inputs":{"messages":[[)" + given +
         R"(]]},"outputs":{"generations":[[{"text":"","message":)" + said +
         R"(}]]},"extra":{"invocation_params":{"model":"alder"}}})" + "\n";
}

std::string langsmith_trace(const std::string& trace, const std::string& example, int correct) {
  return R"({"id":")" + trace + R"(","trace_id":")" + trace +
         R"(","run_type":"chain","start_time":"2026","inputs":{"q":"x"},"outputs":{},"reference_example_id":")" +
         example + R"(","feedback_stats":{"correctness":{"n":1,"avg":)" + std::to_string(correct) +
         "}}}\n" + langsmith_llm(trace, 2, kUser + "," + kCall + "," + kTool, kEnd) +
         langsmith_llm(trace, 1, kUser, kCall);
}

TEST(LangSmith, RunsAreNamedByTheExampleAndJudgedByFeedback) {
  EXPECT_THAT(
      runs_of("export.jsonl", langsmith_trace("t1", "ex-1", 1) + langsmith_trace("t2", "ex-2", 0)),
      ElementsAre("alder/ex-1/1", "alder/ex-2/0"));
}

TEST(LangSmith, CallsOfOpenAisClientInsideTheirParent) {
  EXPECT_THAT(runs_of("runs.json",
                      R"([{"id":"r1","run_type":"chain","start_time":"1","inputs":{},"outputs":{},
    "extra":{"metadata":{"task_id":"q1","success":true}},"child_runs":[
    {"id":"r2","trace_id":"r1","parent_run_id":"r1","run_type":"llm","start_time":"2","inputs":{"model":"alder","messages":[
      {"role":"user","content":"find"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":\"mb-4\"}"}}]},
      {"role":"tool","tool_call_id":"c1","content":"ln-5"}]},
     "outputs":{"choices":[{"message":{"role":"assistant","content":"Done."}}]}}]}])"),
              ElementsAre("alder/q1/1"));
}

const std::string kGenerations =
    R"({"id":"o2","traceId":"t1","type":"GENERATION","startTime":"2026-2","model":"alder","input":{"messages":[
      {"role":"user","content":"find"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":\"mb-4\"}"}}]},
      {"role":"tool","tool_call_id":"c1","content":"ln-5"}],"tools":[]},"output":{"role":"assistant","content":"Done."}},
    {"id":"o1","traceId":"t1","type":"GENERATION","startTime":"2026-1","model":"alder","input":[{"role":"user","content":"find"}],
     "output":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":\"mb-4\"}"}}]}})";

TEST(Langfuse, TracesWithTheirScores) {
  EXPECT_THAT(runs_of("traces.json", R"([{"id":"t1","timestamp":"2026","metadata":{"task_id":"q1"},
    "scores":[{"name":"success","value":0}],"observations":[)" +
                                         kGenerations + "]}]"),
              ElementsAre("alder/q1/0"));
}

// What the trace was given and answered must not be taken for the run.
TEST(Langfuse, ATraceWithoutATimestamp) {
  EXPECT_THAT(
      runs_of("trace.json", R"({"id":"t1","input":{"messages":[{"role":"user","content":"find"}]},
    "output":"Done.","metadata":{"task_id":"q1","success":true},"observations":[)" +
                                kGenerations + "]}"),
      ElementsAre("alder/q1/1"));
}

TEST(Langfuse, ObservationsWithTextsOfJson) {
  EXPECT_THAT(
      runs_of(
          "alder.jsonl",
          R"({"id":"o","trace_id":"t1","type":"GENERATION","start_time":"1","provided_model_name":"alder","input":"[{\"role\":\"user\",\"content\":\"find\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"find\",\"arguments\":\"{\\\"id\\\":\\\"mb-4\\\"}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"ln-5\"}]","output":"Done."})"
          "\n"),
      Each(HasSubstr("alder/")));
}

// The outputs of the outermost run may be an AgentExecutor's result, which has a format of its own.
TEST(LangSmith, ATraceOfAnAgentExecutorStaysOne) {
  std::string trace = langsmith_trace("t1", "ex-1", 1);
  const std::string none = R"("outputs":{})";
  trace.replace(trace.find(none), none.size(),
                R"("outputs":{"output":"Done.","intermediate_steps":[]})");
  EXPECT_THAT(runs_of("export.jsonl", trace), ElementsAre("alder/ex-1/1"));
}

TEST(LangSmith, WithoutCallsOfModelsIsALoss) {
  const auto loaded = testing::load_text(
      "runs.json",
      R"([{"id":"r","trace_id":"r","run_type":"tool","inputs":{"x":1},"outputs":{"y":2}}])");
  ASSERT_EQ(loaded.report.diagnostics.kept().size(), 1u);
  EXPECT_THAT(to_string(loaded.report.diagnostics.kept()[0]),
              HasSubstr("none of LangSmith's runs is a call of a model"));
}

TEST(Langfuse, ATruncatedFileIsALoss) {
  const auto loaded =
      testing::load_text("t.json", R"([{"id":"t","timestamp":"1","observations":[{"id)");
  EXPECT_TRUE(loaded.trajectories.empty());
  EXPECT_FALSE(loaded.report.diagnostics.kept().empty());
}

}  // namespace
}  // namespace agentecho
