// Maps of records, data frames and lists of messages: containers that are opened like formats and
// hold chat records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/trajectory.h"
#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

const std::string kMessages =
    R"([{"role":"user","content":"find mb-4471"},{"role":"assistant","content":null,"tool_calls":)"
    R"([{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":\"mb-4471\"}"}}]},)"
    R"({"role":"tool","tool_call_id":"c1","content":"ln-90313"},{"role":"assistant","content":"Done."}])";

std::string run(const std::string& members) {
  return "{" + members + R"("messages":)" + kMessages + "}";
}

// "model/task/reward" of each run; calls and results are checked on the way.
std::vector<std::string> runs_of(std::string_view content, std::string_view name = "log.json") {
  const auto loaded = testing::load_text(name, content);
  std::vector<std::string> runs;
  for (const Trajectory& t : loaded.trajectories) {
    EXPECT_EQ(t.calls.size(), 1u);
    EXPECT_EQ(testing::results(t), std::vector<std::string>{"ln-90313"});
    EXPECT_EQ(t.benchmark, "chat");
    runs.push_back(t.model + "/" + t.task_id + "/" +
                   (t.reward ? std::to_string(static_cast<int>(*t.reward)) : "-"));
  }
  return runs;
}

// The losses of a file of which nothing is read.
std::vector<std::string> refusals_of(std::string_view content, std::string_view name = "log.json") {
  const auto loaded = testing::load_text(name, content);
  EXPECT_THAT(loaded.trajectories, IsEmpty());
  std::vector<std::string> said;
  for (const Diagnostic& finding : loaded.report.diagnostics.kept()) {
    if (is_loss(finding.kind)) said.push_back(to_string(finding));
  }
  return said;
}

TEST(RecordMap, NamesAreTasksWhereTheRecordsNameNone) {
  const std::string map = R"({"task_1":)" + run(R"("model":"alder","success":true,)") +
                          R"(,"task_2":)" + run(R"("model":"alder","success":false,)") + "}";
  EXPECT_THAT(runs_of(map), ElementsAre("alder/task_1/1", "alder/task_2/0"));
  EXPECT_THAT(runs_of(R"({"t\"1":)" + kMessages + R"(,"t2":)" + kMessages + "}", "alder.json"),
              ElementsAre("alder/t\"1/-", "alder/t2/-"));
}

TEST(RecordMap, WhatTheRecordSaysComesFirst) {
  const std::string own = run(R"("model":"alder","task_id":"7",)");
  EXPECT_THAT(
      runs_of(R"({"a":)" + own + R"(,"b":)" + run(R"("model":"alder","task_id":"8",)") + "}"),
      ElementsAre("alder/7/-", "alder/8/-"));
  EXPECT_THAT(runs_of(R"({"alder":)" + run(R"("task_id":"7",)") + R"(,"birch":)" +
                      run(R"("task_id":"7",)") + "}"),
              ElementsAre("alder/7/-", "birch/7/-"));
}

TEST(RecordMap, KnownModelsAreModels) {
  EXPECT_THAT(runs_of(R"({"gpt-4o":{"t1":)" + kMessages + R"(,"t2":)" + run(R"("success":1,)") +
                      R"(},"claude-3-opus":{"t1":)" + kMessages + "}}"),
              ElementsAre("gpt-4o/t1/-", "gpt-4o/t2/1", "claude-3-opus/t1/-"));
  EXPECT_THAT(
      runs_of(R"({"t1":{"gpt-4o":)" + kMessages + R"(,"claude-3-opus":)" + kMessages + "}}"),
      ElementsAre("gpt-4o/t1/-", "claude-3-opus/t1/-"));
  EXPECT_THAT(refusals_of(R"({"x1":{"y1":)" + kMessages + R"(},"x2":{"y1":)" + kMessages + "}}"),
              ElementsAre(HasSubstr("nothing says which"), HasSubstr("nothing says which")));
}

TEST(RecordMap, WhatStandsAroundIsTrueOfAll) {
  EXPECT_THAT(
      runs_of(
          R"({"model":"alder","task":"all of them","score":0.5,"config":{"t":0},"runs":{"t1":)" +
          run(R"("success":true,)") + R"(,"t2":)" + kMessages + "}}"),
      ElementsAre("alder/t1/1", "alder/t2/-"));
}

TEST(RecordMap, TheOnlyMemberThatHoldsTheMapIsNoName) {
  EXPECT_THAT(
      runs_of(R"({"runs":{"t1":)" + kMessages + R"(,"t2":)" + run(R"("success":true,)") + "}}",
              "alder.json"),
      ElementsAre("alder/t1/-", "alder/t2/1"));
  // LlamaIndex's SimpleChatStore.
  EXPECT_THAT(runs_of(R"({"store":{"chat1":)" + kMessages + R"(},"class_name":"SimpleChatStore"})",
                      "alder.json"),
              ElementsAre("alder/chat1/-"));
}

TEST(RecordMap, ListsOfRunsByName) {
  const std::string t1 = run(R"("task_id":"t1",)");
  const std::string t2 = run(R"("task_id":"t2",)");
  EXPECT_THAT(runs_of(R"({"alder":[)" + t1 + "," + t2 + R"(],"birch":[)" + t1 + "]}"),
              ElementsAre("alder/t1/-", "alder/t2/-", "birch/t1/-"));
  EXPECT_THAT(runs_of(R"({"t1":[)" + run(R"("model":"alder",)") + R"(],"t2":[)" +
                      run(R"("model":"alder",)") + "]}"),
              ElementsAre("alder/t1/-", "alder/t2/-"));
  EXPECT_THAT(refusals_of(R"({"x":[)" + run("") + R"(],"y":[)" + run("") + "]}"),
              ElementsAre(HasSubstr("whether that is their model or their task"),
                          HasSubstr("whether that is their model or their task")));
}

TEST(RecordMap, ALineForEachTask) {
  std::string lines;
  for (const std::string task : {"t1", "t2"}) {
    lines += R"({"task":")" + task + R"(","model":"alder","score":0.5,"trials":[)" +
             run(R"("reward":1,)") + "," + run(R"("reward":0,)") + "]}\n";
  }
  EXPECT_THAT(runs_of(lines, "log.jsonl"),
              ElementsAre("alder/t1/1", "alder/t1/0", "alder/t2/1", "alder/t2/0"));
}

TEST(RecordMap, ListsSideBySide) {
  std::string lines;
  for (const std::string task : {"t1", "t2"}) {
    lines += R"({"task_id":")" + task + R"(","model":"alder","trajectories":[)" + kMessages + "," +
             kMessages + R"(],"rewards":[1,0],"trials":[1,0]})" + "\n";
  }
  EXPECT_THAT(runs_of(lines, "log.jsonl"),
              ElementsAre("alder/t1/1", "alder/t1/0", "alder/t2/1", "alder/t2/0"));
  // A list of another length says nothing of single runs.
  EXPECT_THAT(runs_of(R"({"task_id":"t","model":"alder","trajectories":[)" + kMessages + "," +
                      kMessages + R"(],"rewards":[1]})"),
              ElementsAre("alder/t/-", "alder/t/-"));
}

TEST(RecordMap, InAnyNesting) {
  const std::string trials =
      R"([)" + run(R"("trial":0,"reward":1,)") + "," + run(R"("trial":1,"reward":0,)") + "]";
  EXPECT_THAT(runs_of(R"({"model":"alder","tasks":[{"task_id":"t1","trials":)" + trials +
                      R"(},{"task_id":"t2","trials":)" + trials + "}]}"),
              ElementsAre("alder/t1/1", "alder/t1/0", "alder/t2/1", "alder/t2/0"));
  EXPECT_THAT(runs_of(R"({"models":[{"model":"alder","tasks":[)" + run(R"("task_id":"t1",)") +
                      R"(]},{"model":"birch","tasks":[)" + run(R"("task_id":"t1",)") + "]}]}"),
              ElementsAre("alder/t1/-", "birch/t1/-"));
  EXPECT_THAT(runs_of(R"({"results":{"gpt-4o":{"t1":{"trial_0":)" + run("") + R"(,"trial_1":)" +
                      run("") + R"(}},"claude-3-opus":{"t1":{"trial_0":)" + run("") + "}}}}"),
              ElementsAre("gpt-4o/t1/-", "gpt-4o/t1/-", "claude-3-opus/t1/-"));
  EXPECT_THAT(
      refusals_of(R"({"results":{"a":{"b":{"c":)" + run("") + R"(,"d":)" + run("") + "}}}}"),
      ElementsAre(HasSubstr("3 names stand above a run"), HasSubstr("3 names")));
}

TEST(RecordMap, WhatIsNotReadIsALoss) {
  const auto said = [](const std::string& content, std::string_view name) {
    const auto loaded = testing::load_text(name, content);
    EXPECT_FALSE(loaded.trajectories.empty());
    return to_string(loaded.report.diagnostics.kept().at(0));
  };
  const std::string two = "[" + run("") + "," + run("") + "]";
  const std::string twice =
      R"({"task_id":"t","model":"alder","attempts":)" + two + R"(,"trials":)" + two + "}\n";
  const std::string shorter =
      R"({"task_id":"t","model":"alder","trials":)" + two + R"(,"rewards":[1,0,1]})" + "\n";
  EXPECT_THAT(said(twice + twice, "log.jsonl"),
              HasSubstr("the runs in \"trials\" beside those in \"attempts\" are not read"));
  EXPECT_THAT(said(shorter + shorter, "log.jsonl"),
              HasSubstr("\"rewards\" has 3 elements for 2 runs"));
  // Of a file that is one object the list is opened and read run by run.
  EXPECT_THAT(said(twice, "log.json"), HasSubstr("beside"));
  EXPECT_THAT(said(shorter, "log.json"), HasSubstr("list `rewards` beside the runs not read"));
}

TEST(RecordMap, WhatMetadataAroundSayIsTrueOfAll) {
  EXPECT_THAT(runs_of(R"({"metadata":{"task_id":"t1","model":"alder"},"trials":[)" +
                          run(R"("metadata":{"seed":1},"reward":1,)") + "," +
                          run(R"("reward":0,)") + "]}\n",
                      "log.jsonl"),
              ElementsAre("alder/t1/1", "alder/t1/0"));
}

TEST(RecordMap, TheSystemTextAroundIsThatOfAll) {
  const std::string policy(10'000, 'p');
  const auto loaded = testing::load_text(
      "log.jsonl", R"({"task_id":"t1","model":"alder","policy":")" + policy + R"(","trials":[)" +
                       run("") + "," + run(R"("reward":1,)") + "]}\n");
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.trajectories[1].messages.at(0).role, Role::kSystem);
  EXPECT_EQ(loaded.trajectories[1].messages.at(0).text, policy);
}

TEST(RecordMap, ReferencesAreNoRuns) {
  EXPECT_THAT(runs_of(R"({"task_id":"t1","model":"alder","gold_trajectory":)" + kMessages +
                          R"(,"trials":[)" + run(R"("reward":1,)") + "]}\n",
                      "log.jsonl"),
              ElementsAre("alder/t1/1"));
}

TEST(RecordMap, WhereTheModelIsSaidBothNamesAreTheTask) {
  EXPECT_THAT(runs_of(R"({"model":"alder","runs":{"airline":{"7":)" + kMessages +
                      R"(},"retail":{"7":)" + kMessages + "}}}"),
              ElementsAre("alder/airline/7/-", "alder/retail/7/-"));
}

TEST(RecordMap, NamesOfObjectsInAList) {
  const std::string t1 = run(R"("task_id":"t1",)");
  EXPECT_THAT(runs_of(R"({"models":[{"name":"alder","runs":[)" + t1 +
                      R"(]},{"name":"birch","runs":[)" + t1 + "]}]}"),
              ElementsAre("alder/t1/-", "birch/t1/-"));
  EXPECT_THAT(runs_of(R"({"model":"alder","tasks":[{"name":"t1","runs":[)" + run("") + "," +
                      run(R"("reward":1,)") + R"(]},{"id":"t2","runs":[)" + run("") + "]}]}"),
              ElementsAre("alder/t1/-", "alder/t1/1", "alder/t2/-"));
  const auto unknown = testing::load_text(
      "log.json", R"({"model":"alder","attempts":[{"name":"x","runs":[)" + t1 + "]}]}");
  EXPECT_THAT(to_string(unknown.report.diagnostics.kept().at(0)),
              HasSubstr("what \"x\" says of the runs in it"));
}

TEST(RecordMap, ANameOfATrialIsNeitherModelNorTask) {
  const auto loaded =
      testing::load_text("log.json", R"({"task_id":"t","model":"alder","runs":{"run_1":)" +
                                         run("") + R"(,"run_2":)" + run(R"("reward":1,)") + "}}");
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.trajectories[0].trial, 1);
  EXPECT_EQ(loaded.trajectories[1].trial, 2);
  EXPECT_EQ(loaded.trajectories[1].model, "alder");
  EXPECT_EQ(loaded.trajectories[1].task_id, "t");
}

TEST(RecordMap, LinesWithoutATaskHoldTrialsOfOne) {
  const std::string line =
      R"({"model":"alder","rollouts":[)" + kMessages + "," + kMessages + R"(],"rewards":[1,0]})";
  const auto loaded = testing::load_text("log.jsonl", line + "\n" + line + "\n");
  ASSERT_EQ(loaded.trajectories.size(), 4u);
  EXPECT_EQ(loaded.trajectories[0].task_id, loaded.trajectories[1].task_id);
  EXPECT_NE(loaded.trajectories[1].task_id, loaded.trajectories[2].task_id);
  // In a file that is one record they are runs of which nothing says what they have in common.
  const auto alone = testing::load_text("log.json", line);
  ASSERT_EQ(alone.trajectories.size(), 2u);
  EXPECT_NE(alone.trajectories[0].task_id, alone.trajectories[1].task_id);
}

TEST(RecordMap, AnOrdinaryRecordIsNone) {
  // Lists of two sides, requests, wrappers.
  EXPECT_THAT(runs_of(R"({"request":)" + run("") + R"(,"model":"m","task_id":"t"})"),
              ElementsAre("m/t/-"));
  EXPECT_THAT(runs_of(run(R"("model":"m","task_id":"t","extra":{"messages":[]},)")),
              ElementsAre("m/t/-"));
}

TEST(DataFrame, RowsAreRecords) {
  const std::string cells =
      R"(["alder","t1",true,)" + kMessages + R"(],["birch","t1",false,)" + kMessages + "]";
  EXPECT_THAT(
      runs_of(R"({"columns":["model","task_id","success","messages"],"index":[0,1],"data":[)" +
              cells + "]}"),
      ElementsAre("alder/t1/1", "birch/t1/0"));
  EXPECT_THAT(
      runs_of(
          R"({"model":{"0":"alder","1":"birch"},"task_id":{"1":"t2","0":"t1"},"messages":{"0":)" +
          kMessages + R"(,"1":)" + kMessages + "}}"),
      ElementsAre("alder/t1/-", "birch/t2/-"));
  EXPECT_THAT(runs_of(R"({"model":["alder","birch"],"task_id":[1,2],"messages":[)" + kMessages +
                      "," + kMessages + "]}"),
              ElementsAre("alder/1/-", "birch/2/-"));
  EXPECT_THAT(runs_of(R"({"0":)" + run(R"("model":"alder","task_id":"t1",)") + R"(,"1":)" +
                      run(R"("model":"birch","task_id":"t1",)") + "}"),
              ElementsAre("alder/t1/-", "birch/t1/-"));
}

TEST(DataFrame, ARowOfAnotherLengthIsALoss) {
  const auto loaded = testing::load_text(
      "log.json", R"({"columns":["model","task_id","messages"],"data":[["alder","t1",)" +
                      kMessages + R"(],["birch","t1"]]})");
  EXPECT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(loaded.report.diagnostics.losses(), 1u);
}

TEST(DataFrame, AColumnWhoseNameIsTooLongIsSaidAndLeftOut) {
  const auto loaded = testing::load_text(
      "log.json", R"({"columns":["model","task_id","messages",")" + std::string(1000, 'x') +
                      R"("],"data":[["alder","t1",)" + kMessages + R"(,1]]})");
  EXPECT_EQ(loaded.trajectories.size(), 1u);
  ASSERT_FALSE(loaded.report.diagnostics.kept().empty());
  EXPECT_THAT(to_string(loaded.report.diagnostics.kept()[0]), HasSubstr("more than 128 bytes"));
}

TEST(MessageRows, AreARunForEachSession) {
  std::string rows;
  for (const std::string session : {"s1", "s2"}) {
    rows += R"({"session_id":")" + session +
            R"(","model":"alder","task_id":"t","role":"user","content":"x"})"
            "\n";
    rows += R"({"session_id":")" + session +
            R"(","model":"alder","task_id":"t","role":"assistant","content":"y )" + session +
            R"(","success":true})"
            "\n";
  }
  const auto loaded = testing::load_text("rows.jsonl", rows);
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  for (const Trajectory& t : loaded.trajectories) {
    EXPECT_EQ(t.model, "alder");
    EXPECT_EQ(t.task_id, "t");
    EXPECT_EQ(t.reward, 1.0);
    EXPECT_EQ(t.messages.size(), 2u);
  }
  // Without a session in every row it is one conversation, as before.
  EXPECT_EQ(testing::load_text("m.jsonl", R"({"role":"user","content":"x","session_id":"s1"})"
                                          "\n"
                                          R"({"role":"assistant","content":"y"})"
                                          "\n")
                .trajectories.size(),
            1u);
}

TEST(MessageRows, MayBeEvents) {
  std::string lines;
  for (const std::string task : {"t1", "t2"}) {
    const auto event = [&](const std::string& members) {
      lines += R"({"ts":1,"run_id":"r)" + task + R"(","model":"alder","task_id":")" + task + "\"," +
               members + "}\n";
    };
    event(R"("event":"user_message","content":"find mb-4471")");
    event(R"("event":"tool_call","tool":"find","args":{"id":"mb-4471"},"call_id":"c1")");
    event(R"("event":"tool_result","tool":"find","call_id":"c1","result":"ln-90313")");
    event(R"("event":"assistant_message","content":"Done.")");
  }
  EXPECT_THAT(runs_of(lines, "events.jsonl"), ElementsAre("alder/t1/-", "alder/t2/-"));
}

TEST(MessageLists, EachIsARun) {
  const std::string list = "[" + kMessages + ", " + kMessages + "]";
  const std::string lines = kMessages + "\n\n" + kMessages + "\n";
  const auto each = ElementsAre(EndsWith("alder.json#0/-"), EndsWith("alder.json#1/-"));
  EXPECT_THAT(runs_of(list, "alder.json"), each);
  EXPECT_THAT(runs_of(lines, "alder.json"), each);
  EXPECT_THAT(runs_of(lines, "alder.jsonl"),
              ElementsAre(EndsWith("alder.jsonl#0/-"), EndsWith("alder.jsonl#1/-")));
  // One list is one conversation.
  EXPECT_THAT(runs_of(kMessages + "\n", "alder.jsonl"), ElementsAre("alder/alder/-"));
}

TEST(MessageLists, ADamagedOneCostsOnlyItself) {
  const auto loaded =
      testing::load_text("alder.jsonl", kMessages + "\n[{\"role\":\n" + kMessages + "\n7\n");
  EXPECT_EQ(loaded.trajectories.size(), 2u);
  const auto kept = loaded.report.diagnostics.kept();
  EXPECT_EQ(std::count_if(kept.begin(), kept.end(),
                          [](const Diagnostic& finding) { return is_loss(finding.kind); }),
            2);
}

TEST(MessageLists, ListsOfAnythingElseAreNone) {
  EXPECT_THAT(refusals_of(R"([["a",[1]],["b",[2]]])"),
              ElementsAre(HasSubstr("expected a record"), HasSubstr("expected a record")));
  EXPECT_THAT(refusals_of("[1,2]\n[3,4]\n", "log.jsonl"), Not(IsEmpty()));
}

TEST(ListsOfRecords, MayStandOneAfterTheOther) {
  const auto list = [](const std::string& task) {
    return "[" + run(R"("model":"alder","task_id":")" + task + R"(",)") + "]\n";
  };
  EXPECT_THAT(runs_of(list("t1") + list("t2"), "log.json"),
              ElementsAre("alder/t1/-", "alder/t2/-"));
}

TEST(DottedColumns, EachPointIsAnObject) {
  EXPECT_THAT(runs_of(R"({"metadata.task_id":"t1","request.model":"alder","request.messages":)" +
                          kMessages + R"(,"result.success":true})" + "\n",
                      "log.jsonl"),
              ElementsAre("alder/t1/1"));
  EXPECT_THAT(runs_of(R"({"info.model":"alder","info.deep.er":1,"task_id":"t1","messages":)" +
                          kMessages + "}\n",
                      "log.jsonl"),
              ElementsAre("alder/t1/-"));
  // A column of the name alone comes before those with points.
  EXPECT_THAT(runs_of(R"({"metadata":{"model":"birch"},"metadata.model":"alder","task_id":"t1",)" +
                          std::string(R"("run.messages":)") + kMessages + "}\n",
                      "log.jsonl"),
              ElementsAre("birch/t1/-"));
}

const std::string kSession =
    R"({"type":"system","subtype":"init","session_id":"s","model":"alder-2"}|)"
    R"({"type":"user","session_id":"s","message":{"role":"user","content":"find mb-4471"}}|)"
    R"({"type":"assistant","session_id":"s","message":{"id":"m1","role":"assistant","model":"alder-2","content":[{"type":"tool_use","id":"c1","name":"find","input":{"id":"mb-4471"}}]}}|)"
    R"({"type":"user","session_id":"s","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"ln-90313"}]}}|)"
    R"({"type":"assistant","session_id":"s","message":{"id":"m2","role":"assistant","model":"alder-2","content":[{"type":"text","text":"Done."}]}})";

// Its lines, joined by `mark`.
std::string session(std::string_view mark) {
  std::string joined;
  for (const char c : kSession) joined += c == '|' ? std::string(mark) : std::string(1, c);
  return joined;
}

TEST(SessionRecord, AListOfLinesOrAText) {
  std::string quoted;
  for (const char c : session("\n")) {
    if (c == '"') quoted += '\\';
    quoted += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  for (const std::string& held : {"[" + session(",") + "]", "\"" + quoted + "\""}) {
    const auto loaded = testing::load_text(
        "log.jsonl", R"({"instance_id":"t1","resolved":true,"stdout":)" + held + "}\n" +
                         R"({"instance_id":"t2","model":"birch","resolved":false,"stdout":)" +
                         held + "}\n");
    ASSERT_EQ(loaded.trajectories.size(), 2u) << held;
    const Trajectory& t = loaded.trajectories[0];
    EXPECT_EQ(t.model, "alder-2");
    EXPECT_EQ(t.task_id, "t1");
    EXPECT_EQ(t.reward, 1.0);
    EXPECT_THAT(testing::results(t), ElementsAre("ln-90313"));
    EXPECT_EQ(t.messages.back().text, "Done.");
    EXPECT_EQ(loaded.trajectories[1].model, "birch");  // what stands around comes first
    EXPECT_EQ(loaded.trajectories[1].reward, 0.0);
  }
}

TEST(SessionRecord, OfSeveralNoneIsTaken) {
  const std::string held = "[" + session(",") + "]";
  const auto map = testing::load_text("log.json", R"({"i0":)" + held + R"(,"i1":)" + held + "}");
  EXPECT_THAT(map.trajectories, IsEmpty());
  EXPECT_THAT(to_string(map.report.diagnostics.kept().at(0)), HasSubstr("holds 2 sessions"));
  const auto beside = testing::load_text(
      "log.jsonl", R"({"task_id":"t1","expert":)" + held + R"(,"stdout":)" + held + "}\n");
  ASSERT_EQ(beside.trajectories.size(), 1u);  // a reference is none
  EXPECT_EQ(beside.trajectories[0].task_id, "t1");
}

TEST(SessionRecord, OneWithoutASessionIsALoss) {
  const auto loaded =
      testing::load_text("log.jsonl", R"({"task_id":"t1","stdout":[)" + session(",") + "]}\n" +
                                          R"({"task_id":"t2","stdout":[]})" + "\n");
  EXPECT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_THAT(to_string(loaded.report.diagnostics.kept().at(0)), HasSubstr("holds no session"));
}

TEST(PreferencePairs, AreNamed) {
  const std::string pair = R"({"prompt":"find","chosen":)" + kMessages +
                           R"(,"rejected":[{"role":"assistant","content":"no"}]})"
                           "\n";
  EXPECT_THAT(refusals_of(pair, "dpo.jsonl"), ElementsAre(HasSubstr("(DPO)")));
  EXPECT_THAT(refusals_of(R"({"prompt":"p","chosen":"a","rejected":"b"})"
                          "\n",
                          "dpo.jsonl"),
              ElementsAre(HasSubstr("(DPO)")));
}

}  // namespace
}  // namespace agentecho
