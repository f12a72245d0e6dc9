// Results and streams of agent frameworks: LangChain, LangGraph, DSPy, Dify, OpenAI's Agents SDK,
// OpenAI's Assistants, the Vercel AI SDK, browser-use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/role.h"
#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Messages of a run, one a line: "role: text (reasoning) name{arguments}".
std::string said_in(const Trajectory& t) {
  std::string said;
  for (const Message& message : t.messages) {
    said += std::string(name_of(message.role)) + ": " + std::string(message.text);
    if (!message.reasoning.empty()) said += " (" + std::string(message.reasoning) + ")";
    for (const ToolCall& call : t.calls_of(message)) {
      said += " " + std::string(call.name) + std::string(call.arguments);
    }
    said += "\n";
  }
  return said;
}

std::vector<std::string> findings(const LoadedTrajectories& loaded) {
  std::vector<std::string> said;
  for (const Diagnostic& finding : loaded.report.diagnostics.kept()) {
    said.push_back(to_string(finding));
  }
  return said;
}

std::vector<std::string> losses(const LoadedTrajectories& loaded) {
  std::vector<std::string> said;
  for (const Diagnostic& finding : loaded.report.diagnostics.kept()) {
    if (is_loss(finding.kind)) said.push_back(to_string(finding));
  }
  return said;
}

// What the one run of a file says; nothing may be lost.
std::string run_in(std::string_view name, std::string_view content) {
  const auto loaded = testing::load_text(name, content);
  EXPECT_THAT(losses(loaded), IsEmpty());
  EXPECT_EQ(loaded.trajectories.size(), 1u);
  return loaded.trajectories.empty() ? "" : said_in(loaded.trajectories[0]);
}

// "model/task/trial/reward" of each run.
std::vector<std::string> names_in(std::string_view name, std::string_view content) {
  const auto loaded = testing::load_text(name, content);
  EXPECT_THAT(losses(loaded), IsEmpty());
  std::vector<std::string> names;
  for (const Trajectory& t : loaded.trajectories) {
    names.push_back(t.model + "/" + t.task_id + "/" + std::to_string(t.trial.value_or(-1)) + "/" +
                    (t.reward ? std::to_string(static_cast<int>(*t.reward)) : "-"));
  }
  return names;
}

// ---- LangChain's AgentExecutor

std::string executor(const std::string& steps, const std::string& more = "") {
  return "{" + more +
         R"("input":"Find the loan of m1","output":"It is ln-5.","intermediate_steps":)" + steps +
         "}\n";
}

const std::string kReactLog = R"(Thought: I should look.\nAction: find\nAction Input: m1)";
const std::string kReactRun =
    "user: Find the loan of m1\nassistant:  (I should look.) find\"m1\"\ntool: ln-5\n"
    "assistant: It is ln-5.\n";

TEST(LangChain, ReactStepsInEveryNotation) {
  const std::string members =
      R"({"tool":"find","tool_input":"m1","log":")" + kReactLog + R"(","type":"AgentAction"})";
  EXPECT_EQ(run_in("a.json", executor("[[" + members + R"(,"ln-5"]])")), kReactRun);
  EXPECT_EQ(run_in("a.json",
                   executor(R"([[{"lc":1,"type":"constructor","id":["langchain","schema","agent",)"
                            R"("AgentAction"],"kwargs":)" +
                            members + R"(},"ln-5"]])")),
            kReactRun);
  EXPECT_EQ(
      run_in("a.json", executor(R"([["tool='find' tool_input='m1' log='Thought: I should look.)"
                                R"(\\nAction: find\\nAction Input: m1'","ln-5"]])")),
      kReactRun);
  EXPECT_EQ(run_in("a.json",
                   executor(R"("[(AgentAction(tool='find', tool_input='m1', log='Thought: )"
                            R"(I should look.\\nAction: find\\nAction Input: m1'), 'ln-5')]")")),
            kReactRun);
}

TEST(LangChain, CallsOfOneReplyAreOneMessage) {
  const auto action = [](const std::string& id, const std::string& member) {
    return R"([{"tool":"find","tool_input":{"member":")" + member +
           R"("},"log":"\nInvoking: `find` with `{}`\nresponded: Look.\n\n","message_log":)"
           R"([{"content":"Look.","type":"ai","id":"lc_run--1"}],"tool_call_id":")" +
           id + R"("},"loan of )" + member + R"("])";
  };
  const std::string both =
      "user: Find the loan of m1\n"
      "assistant: Look. find{\"member\":\"m1\"} find{\"member\":\"m2\"}\n"
      "tool: loan of m1\ntool: loan of m2\nassistant: It is ln-5.\n";
  EXPECT_EQ(run_in("a.json", executor("[" + action("c1", "m1") + "," + action("c2", "m2") + "]")),
            both);
  // The same call again is another reply, whose message a scripted model may repeat.
  EXPECT_THAT(run_in("a.json", executor("[" + action("c1", "m1") + "," + action("c1", "m1") + "]")),
              HasSubstr("tool: loan of m1\nassistant: Look. find{\"member\":\"m1\"}\n"));
}

TEST(LangChain, RecordsNameModelTaskTrialAndSuccess) {
  const std::string step = R"([[{"tool":"find","tool_input":"m1","log":"Action: find"},"ln-5"]])";
  EXPECT_THAT(
      names_in("log.jsonl",
               executor(step, R"("model":"alder","task_id":"t1","trial":0,"success":true,)") +
                   executor("[]", R"("model":"alder","task_id":"t2","trial":1,"success":false,)")),
      ElementsAre("alder/t1/0/1", "alder/t2/1/0"));
  EXPECT_THAT(names_in("log.json", R"({"model":"alder","task_id":"t1","success":true,"result":)" +
                                       executor(step) + "}"),
              ElementsAre("alder/t1/-1/1"));
}

TEST(LangChain, WhatTheParserRefusedIsNoCall) {
  EXPECT_EQ(run_in("a.json", executor(R"([[{"tool":"_Exception","tool_input":"Invalid Format",)"
                                      R"("log":"no idea"},"Invalid Format"]])")),
            "user: Find the loan of m1\nassistant: no idea\nuser: Invalid Format\n"
            "assistant: It is ln-5.\n");
}

TEST(LangChain, AStepThatIsNotReadIsALoss) {
  const auto loaded = testing::load_text(
      "a.json", executor(R"([[{"tool":"find","tool_input":"m1","log":"Action: find"},"ln-5"],)"
                         R"(["tool='find' tool_input=<object at 0x1> log=''","?"]])"));
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_THAT(losses(loaded), ElementsAre(HasSubstr("whose action is not read")));
}

TEST(LangChain, AProgramThatStopsTheAgentIsNoAgent) {
  const auto loaded = testing::load_text(
      "a.json",
      R"({"input":"q","output":"Agent stopped due to iteration limit or time limit.",)"
      R"("intermediate_steps":[[{"tool":"find","tool_input":"m1","log":"Action: find"},"x"]]})");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(loaded.trajectories[0].messages.back().role, Role::kTool);
  EXPECT_THAT(loaded.trajectories[0].termination_reason, HasSubstr("Agent stopped"));
}

TEST(LangChain, RecordsWithMessagesAreNotItsOwn) {
  const auto loaded = testing::load_text(
      "a.jsonl",
      R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],)"
      R"("output":"a","intermediate_steps":[]})");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(loaded.trajectories[0].benchmark, "chat");
}

// ---- LangGraph's streams

const std::string kHuman = R"({"content":"Find the loan","type":"human","id":"h1"})";
const std::string kLook =
    R"({"content":"Look.","type":"ai","id":"a1","tool_calls":[{"name":"find","args":{"id":"m1"},"id":"c1"}]})";
const std::string kFound = R"({"content":"ln-5","type":"tool","id":"t1","tool_call_id":"c1"})";
const std::string kSaid = R"({"content":"It is ln-5.","type":"ai","id":"a2"})";
const std::string kAgentSaid =
    "assistant: Look. find{\"id\":\"m1\"}\ntool: ln-5\nassistant: It is ln-5.\n";
const std::string kGraphRun = "user: Find the loan\n" + kAgentSaid;

std::string update(const std::string& node, const std::string& messages) {
  return "{\"" + node + R"(":{"messages":[)" + messages + "]}}";
}
const std::vector<std::string> kUpdates = {update("agent", kLook), update("tools", kFound),
                                           update("agent", kSaid)};

std::string list_of(const std::vector<std::string>& chunks, const std::string& before = "",
                    const std::string& behind = "") {
  std::string list;
  for (const std::string& chunk : chunks) {
    list += (list.empty() ? "" : ",") + before + chunk + behind;
  }
  return "[" + list + "]";
}

std::string recorded(const std::string& key, const std::string& chunks,
                     const std::string& names = R"("task_id":"t1",)") {
  return "{" + names + R"("input":"Find the loan",")" + key + "\":" + chunks + "}\n";
}

TEST(Dspy, AStepIsAReplyWithOneCall) {
  const auto loaded =
      testing::load_text("alder.json", R"({"task_id":"1","success":true,"question":"Find it",
    "trajectory":{"thought_2":"I look.","tool_name_2":"find","tool_args_2":{"id":"m1"},"observation_2":["ln-5"],
    "thought_3":"More.","tool_name_3":"find","tool_args_3":{},"observation_3":"Execution error in find: no id",
    "thought_4":"I know.","tool_name_4":"finish","tool_args_4":{},"observation_4":"Completed."},
    "reasoning":"It was found.","process_result":"ln-5"})");
  EXPECT_THAT(findings(loaded), IsEmpty());
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  const Trajectory& t = loaded.trajectories[0];
  EXPECT_EQ(said_in(t),
            "user: Find it\n"
            "assistant:  (I look.) find{\"id\":\"m1\"}\n"
            "tool: [\"ln-5\"]\n"
            "assistant:  (More.) find{}\n"
            "tool: Execution error in find: no id\n"
            "assistant: ln-5 (I know.\nIt was found.)\n");
  EXPECT_EQ(t.messages[4].error_flag, ErrorFlag::kError);
  EXPECT_EQ(t.reward, 1.0);
}

// Keys that were sorted: 10 before 2, and each kind of part together.
TEST(Dspy, StepsHaveTheOrderOfTheirNumbers) {
  const auto loaded = testing::load_text("alder.json", R"({"task_id":"1","trajectory":{
    "observation_10":"b","observation_2":"a","thought_10":"","thought_2":"",
    "tool_args_10":{},"tool_args_2":{},"tool_name_10":"second","tool_name_2":"first"},"answer":"ok"})");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(said_in(loaded.trajectories[0]),
            "assistant:  first{}\ntool: a\nassistant:  second{}\ntool: b\nassistant: ok\n");
}

// One message of Dify's list, with these thoughts.
std::string dify_message(const std::string& members, const std::string& thoughts) {
  return R"({"id":"m","conversation_id":"c","inputs":{},"feedback":null,)" + members +
         R"(,"agent_thoughts":[)" + thoughts + "]}";
}

TEST(Dify, AThoughtIsAReplyWithTheCallsOfItsTools) {
  const std::string first = dify_message(
      R"("query":"Where is my order?","answer":"I look.\nIt is on its way.","created_at":1)",
      R"({"position":1,"thought":"I look.","tool":"get_order;get_route",
          "tool_input":"{\"get_order\": {\"id\": \"W1\"}, \"get_route\": {\"id\": \"W1\"}}",
          "observation":"{\"get_order\": \"sent\", \"get_route\": \"tool invoke error: down\"}"},
         {"position":2,"thought":"It is on its way.","tool":"","tool_input":"","observation":""})");
  const std::string second =
      dify_message(R"("query":"Thanks","answer":"You are welcome.","created_at":2)", "");
  const auto loaded = testing::load_text(
      "m/t.json", R"({"limit":20,"has_more":false,"data":[)" + second + "," + first + "]}");
  EXPECT_THAT(losses(loaded), IsEmpty());
  ASSERT_EQ(loaded.trajectories.size(), 1u);  // one conversation, in the order of its times
  const Trajectory& t = loaded.trajectories[0];
  EXPECT_EQ(said_in(t),
            "user: Where is my order?\n"
            "assistant: I look. get_order{\"id\":\"W1\"} get_route{\"id\":\"W1\"}\n"
            "tool: sent\n"
            "tool: tool invoke error: down\n"
            "assistant: It is on its way.\n"
            "user: Thanks\n"
            "assistant: You are welcome.\n");
  EXPECT_EQ(t.messages[2].error_flag, ErrorFlag::kNotSaid);
  EXPECT_EQ(t.messages[3].error_flag, ErrorFlag::kError);
}

TEST(Dify, TheFinalAnswerOfReactIsNoCall) {
  const std::string message = dify_message(
      R"("query":"Where?","answer":"Here.")",
      R"({"position":1,"thought":"It is here.","tool":"where","tool_input":{"where":{}},
          "observation":{"where":"here"}},
         {"position":2,"thought":"Here.","tool":"Final Answer",
          "tool_input":"{\"Final Answer\": \"Here.\"}","observation":""})");
  EXPECT_EQ(run_in("m/t.jsonl", message),
            "user: Where?\nassistant: It is here. where{}\ntool: here\nassistant: Here.\n");
}

TEST(Dify, ResultsGoToTheCallsOfTheirTools) {
  const auto said = [](const std::string& thought) {
    const auto loaded = testing::load_text(
        "m/t.jsonl",
        dify_message(R"("query":"q","answer":"a")", "{\"position\":1," + thought + "}"));
    std::string all = loaded.trajectories.empty() ? "" : said_in(loaded.trajectories[0]);
    for (const std::string& finding : findings(loaded)) {
      if (finding.find("Dify has not kept") != std::string::npos) all += "not kept\n";
      if (finding.find("in one piece") != std::string::npos) all += "one piece\n";
      if (finding.find("without a call") != std::string::npos) all += "orphan\n";
    }
    return all;
  };
  // Of two calls of one tool the last is kept.
  EXPECT_EQ(
      said(R"("thought":"","tool":"get;put;get","tool_input":"{\"get\":{\"id\":2},\"put\":{}}",
                    "observation":"{\"get\":\"two\",\"put\":\"stored\"}")"),
      "user: q\nassistant:  put{} get{\"id\":2}\ntool: stored\ntool: two\nassistant: a\n"
      "not kept\n");
  EXPECT_EQ(said(R"("thought":"","tool":"a;b","tool_input":{"a":{"x":1},"b":null},
                    "observation":{"b":"of b"})"),
            "user: q\nassistant:  a{\"x\":1} b{}\ntool: of b\nassistant: a\n");
  EXPECT_EQ(said(R"("thought":"","tool":"a;b","tool_input":"","observation":"done")"),
            "user: q\nassistant:  a{} b{}\nassistant: a\none piece\n");
  EXPECT_EQ(said(R"("thought":"","tool":"a","tool_input":{"x":1},"observation":"done")"),
            "user: q\nassistant:  a{\"x\":1}\ntool: done\nassistant: a\n");
}

TEST(Dify, EachConversationIsARun) {
  const std::string one = dify_message(R"("query":"a","answer":"b")", "");
  std::string other = one;
  other.replace(other.find("\"c\""), 3, "\"d\"");
  const auto loaded = testing::load_text("m/t.jsonl", one + "\n" + other + "\n" + one);
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.trajectories[0].task_id, "c");
  EXPECT_EQ(loaded.trajectories[0].messages.size(), 4u);
}

// The API's lists, the newest first.
const std::string kThread = R"({"task_id":"t1","success":true,
  "run":{"object":"thread.run","model":"alder","status":"completed","instructions":"Be brief."},
  "messages":{"object":"list","data":[
    {"id":"m2","object":"thread.message","created_at":30,"role":"assistant","run_id":"r1",
     "content":[{"type":"text","text":{"value":"It is ln-5.","annotations":[]}}]},
    {"id":"m1","object":"thread.message","created_at":10,"role":"user",
     "content":[{"type":"text","text":{"value":"Find it","annotations":[]}}]}]},
  "run_steps":[
    {"id":"s3","object":"thread.run.step","created_at":30,"type":"message_creation",
     "step_details":{"type":"message_creation","message_creation":{"message_id":"m2"}}},
    {"id":"s2","object":"thread.run.step","created_at":11,"type":"tool_calls","step_details":
     {"type":"tool_calls","tool_calls":[{"id":"c2","type":"code_interpreter","code_interpreter":
      {"input":"1+1","outputs":[{"type":"logs","logs":"2"}]}}]}},
    {"id":"s1","object":"thread.run.step","created_at":10,"type":"tool_calls","step_details":
     {"type":"tool_calls","tool_calls":[{"id":"c1","type":"function","function":
      {"name":"find","arguments":"{\"id\":\"m1\"}","output":"ln-5"}}]}}]})";

constexpr std::string_view kThreadRun =
    "system: Be brief.\n"
    "user: Find it\n"
    "assistant:  find{\"id\":\"m1\"}\n"
    "tool: ln-5\n"
    "assistant:  code_interpreter{\"input\":\"1+1\"}\n"
    "tool: 2\n"
    "assistant: It is ln-5.\n";

TEST(OpenAiAssistants, CallsStandInTheRunSteps) {
  const auto loaded = testing::load_text("a.json", kThread);
  EXPECT_THAT(findings(loaded), IsEmpty());
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  const Trajectory& t = loaded.trajectories[0];
  EXPECT_EQ(said_in(t), kThreadRun);
  EXPECT_EQ(t.model, "alder");
  EXPECT_EQ(t.task_id, "t1");
  EXPECT_EQ(t.reward, 1.0);
  EXPECT_EQ(t.benchmark, "openai-assistants");
}

TEST(OpenAiAssistants, StepsWithoutTimesComeBeforeTheReplyOfTheirRun) {
  std::string thread =
      R"({"task_id":"t1","messages":[)"
      R"({"object":"thread.message","role":"user","content":[{"type":"text","text":{"value":"a"}}]},)"
      R"({"object":"thread.message","role":"assistant","run_id":"r1","content":[{"type":"text","text":{"value":"b"}}]},)"
      R"({"object":"thread.message","role":"user","content":[{"type":"text","text":{"value":"c"}}]},)"
      R"({"object":"thread.message","role":"assistant","run_id":"r2","content":[{"type":"text","text":{"value":"d"}}]}],)"
      R"("run_steps":[{"object":"thread.run.step","run_id":"r2","step_details":{"tool_calls":[)"
      R"({"id":"c","type":"function","function":{"name":"find","arguments":"{}","output":null}}]}}]})";
  const auto loaded = testing::load_text("alder.json", thread);
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(said_in(loaded.trajectories[0]),
            "user: a\nassistant: b\nuser: c\nassistant:  find{}\nassistant: d\n");
}

TEST(OpenAiAssistants, MessagesAloneAreOrderedAndTheirCallsMissed) {
  const auto list = [](std::string_view thread) {
    const std::size_t begin = thread.find('[');
    return std::string(thread.substr(begin, thread.find("]}]}") + 3 - begin));
  };
  const std::string messages = list(kThread);
  for (const std::string& file : {messages, R"({"object":"list","data":)" + messages + "}"}) {
    const auto loaded = testing::load_text("a.json", file);
    ASSERT_EQ(loaded.trajectories.size(), 1u);
    EXPECT_EQ(said_in(loaded.trajectories[0]), "user: Find it\nassistant: It is ln-5.\n");
    EXPECT_THAT(findings(loaded), ElementsAre(HasSubstr("which stand in its run steps")));
  }
}

TEST(LangGraph, UpdatesUnderAnyKeyOfARecord) {
  for (const std::string key : {"events", "stream", "chunks", "updates", "steps", "logs", "x"}) {
    EXPECT_EQ(run_in("a.json", recorded(key, list_of(kUpdates))), kGraphRun) << key;
  }
}

TEST(LangGraph, AFileOfChunksIsOneRun) {
  EXPECT_EQ(run_in("a.json", list_of(kUpdates)), kAgentSaid);
  EXPECT_EQ(run_in("a.jsonl", kUpdates[0] + "\n" + kUpdates[1] + "\n" + kUpdates[2] + "\n"),
            kAgentSaid);
}

TEST(LangGraph, ModesAndNamespacesBesideTheChunks) {
  for (const std::string before : {"[\"updates\",", "[[],", "[[],\"updates\","}) {
    EXPECT_EQ(run_in("a.json", list_of(kUpdates, before, "]")), kAgentSaid) << before;
    EXPECT_EQ(run_in("a.json", recorded("events", list_of(kUpdates, before, "]"))), kGraphRun);
  }
  EXPECT_EQ(run_in("a.json", list_of(kUpdates, R"({"type":"updates","ns":[],"data":)", "}")),
            kAgentSaid);
}

TEST(LangGraph, ChunksMayBeListsOnLinesOfTheirOwn) {
  std::string lines;
  for (const std::string& chunk : kUpdates) lines += R"(["updates",)" + chunk + "]\n";
  EXPECT_EQ(run_in("a.jsonl", lines), kAgentSaid);
  EXPECT_EQ(run_in("a.json", lines), kAgentSaid);
}

TEST(LangGraph, OfTheValuesTheLastOneIsTheRun) {
  std::vector<std::string> values;
  std::string so_far;
  for (const std::string& message : {kHuman, kLook, kFound, kSaid}) {
    so_far += (so_far.empty() ? "" : ",") + message;
    values.push_back(R"({"messages":[)" + so_far + "]}");
  }
  const std::string names = R"("model":"alder","task_id":"t1","success":true,)";
  EXPECT_EQ(run_in("a.json", recorded("events", list_of(values), names)), kGraphRun);
  EXPECT_EQ(run_in("a.json", recorded("events", list_of(values, "[\"values\",", "]"))), kGraphRun);
  EXPECT_THAT(
      names_in("a.jsonl", recorded("events", list_of(values), names) +
                              recorded("events", list_of(values),
                                       R"("model":"alder","task_id":"t2","success":false,)")),
      ElementsAre("alder/t1/-1/1", "alder/t2/-1/0"));
}

TEST(LangGraph, RecordsNameModelTaskTrialAndSuccess) {
  const std::string lines = recorded("events", list_of(kUpdates),
                                     R"("model":"alder","task_id":"t1","trial":2,"reward":0,)") +
                            recorded("events", list_of(kUpdates),
                                     R"("model":"birch","task_id":"t1","trial":0,"reward":1,)");
  EXPECT_THAT(names_in("a.jsonl", lines), UnorderedElementsAre("alder/t1/2/0", "birch/t1/0/1"));
}

TEST(LangGraph, MessagesAsConstructorsAndAsPythonPrintsThem) {
  const auto constructor = [](const std::string& name, const std::string& members) {
    return R"({"lc":1,"type":"constructor","id":["langchain","schema","messages",")" + name +
           R"("],"kwargs":)" + members + "}";
  };
  EXPECT_EQ(run_in("a.json", list_of({update("agent", constructor("AIMessage", kLook)),
                                      update("tools", constructor("ToolMessage", kFound)),
                                      update("agent", constructor("AIMessage", kSaid))})),
            kAgentSaid);
  EXPECT_EQ(
      run_in("a.json",
             list_of({update("agent",
                             R"("content='Look.' additional_kwargs={} id='lc_run--1' )"
                             R"(tool_calls=[{'name': 'find', 'args': {'id': 'm1'}, 'id': 'c1'}]")"),
                      update("tools", R"("content='ln-5' name='find' tool_call_id='c1'")"),
                      update("agent", R"("content='It is ln-5.' id='lc_run--2'")")})),
      kAgentSaid);
}

TEST(LangGraph, AMessageUnderAKnownIdTakesItsPlace) {
  const std::string draft = R"({"content":"Draft.","type":"ai","id":"a2"})";
  const std::string removed = R"({"content":"","type":"remove","id":"h1"})";
  EXPECT_EQ(
      run_in("a.json", list_of({kUpdates[0], update("hook", kHuman), kUpdates[1],
                                update("agent", draft), update("check", kSaid + "," + removed)})),
      kAgentSaid);
}

TEST(LangGraph, WhatIsNoPartOfTheRunIsSaid) {
  const auto loaded = testing::load_text(
      "a.json", "[[[]," + kUpdates[0] + R"(],[["sub:1"],)" + update("agent", kSaid) + "],[[]," +
                    kUpdates[1] + R"(],[[],{"plan":{"steps":["x"]}}],[[],)" + kUpdates[2] + "]]");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(said_in(loaded.trajectories[0]), kAgentSaid);
  EXPECT_THAT(losses(loaded), IsEmpty());
  EXPECT_THAT(findings(loaded), ::testing::IsSupersetOf({HasSubstr("chunks of subgraphs"),
                                                         HasSubstr("updates without messages")}));
}

TEST(LangGraph, AMessageThatIsNotReadIsALoss) {
  const auto loaded = testing::load_text(
      "a.json", list_of({kUpdates[0], update("tools", R"("content=<object at 0x1>")")}));
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_THAT(losses(loaded), ElementsAre(HasSubstr("messages of a stream that are not read")));
}

// Records that hold a whole conversation one level down stay records.
TEST(LangGraph, OtherRecordsAreNotItsOwn) {
  const std::string chat =
      R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]})";
  const std::string graph = R"({"messages":[)" + kHuman + "," + kSaid + "]}";
  for (const std::string& record : {R"({"task_1":)" + graph + "}", R"({"output":)" + graph + "}",
                                    R"({"task_1":)" + chat + "}"}) {
    const auto loaded = testing::load_text("a.jsonl", record + "\n" + record + "\n");
    ASSERT_FALSE(loaded.trajectories.empty()) << record;
    EXPECT_EQ(loaded.trajectories[0].benchmark, "chat") << record;
    EXPECT_EQ(loaded.trajectories[0].messages.size(), 2u) << record;
  }
  EXPECT_THAT(testing::load_text("a.json",
                                 R"({"calls":[{"request":)" + chat + R"(,"response":{"id":"x"}}]})")
                  .trajectories,
              IsEmpty());
}

// ---- OpenAI's Agents SDK

const std::vector<std::string> kRawItems = {
    R"({"id":"r1","summary":[{"text":"First look.","type":"summary_text"}],"type":"reasoning"})",
    R"({"arguments":"{\"id\":\"m1\"}","call_id":"c1","name":"find","type":"function_call","id":"f1"})",
    R"({"call_id":"c1","output":"ln-5","type":"function_call_output"})",
    R"({"id":"s1","content":[{"text":"It is ln-5.","type":"output_text"}],"role":"assistant","type":"message"})"};
const std::string kSdkRun =
    "user: Find the loan\nassistant:  (First look.) find{\"id\":\"m1\"}\ntool: ln-5\n"
    "assistant: It is ln-5.\n";

std::string run_items(const std::vector<std::string>& raw) {
  const std::vector<std::string> types = {"reasoning_item", "tool_call_item",
                                          "tool_call_output_item", "message_output_item"};
  std::string list;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    list += (i > 0 ? "," : "") + (R"({"type":")" + types[i] + R"(","raw_item":)" + raw[i] + "}");
  }
  return "[" + list + "]";
}

std::string sdk_result(const std::string& more = "",
                       const std::string& input = R"("Find the loan")") {
  return "{" + more + R"("input":)" + input + R"(,"new_items":)" + run_items(kRawItems) +
         R"(,"final_output":"It is ln-5."})" + "\n";
}

TEST(OpenAiAgents, ItemsAreTheRun) {
  EXPECT_EQ(run_in("a.json", sdk_result()), kSdkRun);
  EXPECT_EQ(run_in("a.json", sdk_result("", R"([{"role":"user","content":"Find the loan"}])")),
            kSdkRun);
}

TEST(OpenAiAgents, ItemsThatPythonPrinted) {
  const std::string thought =
      R"x("ResponseReasoningItem(id='r1', summary=[Summary(text='First look.')], type='reasoning')")x";
  const std::string call =
      R"x("Call(arguments='{\"id\":\"m1\"}', call_id='c1', name='find', type='function_call')")x";
  EXPECT_EQ(run_in("a.json", R"({"input":"Find the loan","new_items":)" +
                                 run_items({thought, call, kRawItems[2], kRawItems[3]}) + "}"),
            kSdkRun);
}

// The responses of the model beside the items were taken for records of their own.
TEST(OpenAiAgents, TheStateOfARunIsOneRun) {
  const std::string responses = R"([{"output":[)" + kRawItems[0] + "," + kRawItems[1] +
                                R"(]},{"output":[)" + kRawItems[3] + "]}]";
  EXPECT_EQ(
      run_in("a.json",
             R"({"$schemaVersion":"1.21","original_input":"Find the loan","model_responses":)" +
                 responses + R"(,"generated_items":)" + run_items(kRawItems) + "}"),
      kSdkRun);
  EXPECT_EQ(run_in("a.json", sdk_result(R"("raw_responses":)" + responses + ",")), kSdkRun);
}

TEST(OpenAiAgents, RecordsNameModelTaskTrialAndSuccess) {
  EXPECT_THAT(
      names_in("a.jsonl",
               sdk_result(R"("model":"alder","task_id":"t1","trial":1,"success":true,)") +
                   sdk_result(R"("model":"birch","task_id":"t1","trial":0,"success":false,)")),
      UnorderedElementsAre("alder/t1/1/1", "birch/t1/0/0"));
}

TEST(OpenAiAgents, AnItemWithoutItsRawItemIsALoss) {
  const auto loaded = testing::load_text(
      "a.json", R"({"input":"q","new_items":[{"type":"message_output_item","raw_item":)" +
                    kRawItems[3] + R"x(},"ToolCallItem(agent=<x>, raw_item=Call(id='c1'))"]})x");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_THAT(losses(loaded), ElementsAre(HasSubstr("items of a run without a raw_item")));
}

// ---- the Vercel AI SDK

const std::string kVercelCall =
    R"({"type":"tool-call","toolCallId":"c1","toolName":"find","input":{"id":"m1"}})";
const std::string kVercelRun =
    "user: Find the loan\nassistant:  (I look.) find{\"id\":\"m1\"}\ntool: ln-5\n"
    "assistant: It is ln-5.\n";

// `more`: what the last step's response has beside its model.
std::string vercel_steps(const std::string& more) {
  const std::string model = R"("response":{"modelId":"alder")";
  return R"({"steps":[{"stepNumber":0,"content":[{"type":"reasoning","text":"I look."},)" +
         kVercelCall +
         R"(,{"type":"tool-result","toolCallId":"c1","toolName":"find","input":{"id":"m1"},"output":"ln-5"}],)"
         R"("finishReason":"tool-calls",)" +
         model + R"(}},{"content":[{"type":"text","text":"It is ln-5."}],"finishReason":"stop",)" +
         model + more + R"(}}],"totalUsage":{"totalTokens":9}})";
}

TEST(VercelSteps, TheMessagesOfTheLastStepAreThoseOfAll) {
  const std::string messages =
      R"(,"messages":[{"role":"assistant","content":[{"type":"reasoning","text":"I look."},)" +
      kVercelCall +
      R"(]},{"role":"tool","content":[{"type":"tool-result","toolCallId":"c1","toolName":"find",)"
      R"("output":{"type":"error-text","value":"no such loan"}}]},)"
      R"({"role":"assistant","content":[{"type":"text","text":"None."}]}])";
  const auto loaded = testing::load_text(
      "alder.jsonl", R"({"task_id":"t1","success":true,"prompt":"Find the loan","result":)" +
                         vercel_steps(messages) + "}\n");
  EXPECT_THAT(findings(loaded), IsEmpty());
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  const Trajectory& t = loaded.trajectories[0];
  EXPECT_EQ(said_in(t),
            "user: Find the loan\nassistant:  (I look.) find{\"id\":\"m1\"}\n"
            "tool: no such loan\nassistant: None.\n");
  EXPECT_EQ(t.messages[2].error_flag, ErrorFlag::kError);
  EXPECT_EQ(t.model, "alder");
  EXPECT_EQ(t.task_id, "t1");
  EXPECT_EQ(t.reward, 1.0);
}

TEST(VercelSteps, StepsAreReadWhereTheResponseHoldsNoMessages) {
  const std::string steps = vercel_steps("");
  EXPECT_EQ(run_in("a.json", R"({"prompt":"Find the loan",)" + steps.substr(1)), kVercelRun);
  EXPECT_EQ(run_in("a.json",
                   R"({"messages":[{"role":"user","content":"Find the loan"}],)" + steps.substr(1)),
            kVercelRun);
}

TEST(VercelSteps, AFailedToolIsAnErrorEvenWithoutWords) {
  const auto loaded = testing::load_text(
      "a.json",
      R"({"steps":[{"content":[)" + kVercelCall +
          R"(,{"type":"tool-error","toolCallId":"c1","toolName":"find","input":{},"error":{}}],"finishReason":"stop"}]})");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(said_in(loaded.trajectories[0]), "assistant:  find{\"id\":\"m1\"}\ntool: \n");
  EXPECT_EQ(loaded.trajectories[0].messages[1].error_flag, ErrorFlag::kError);
}

TEST(VercelSteps, OfVersionFour) {
  EXPECT_EQ(
      run_in(
          "a.json",
          R"({"prompt":"Find the loan","text":"It is ln-5.","steps":[{"stepType":"initial","text":"","reasoning":"I look.",)"
          R"("toolCalls":[{"type":"tool-call","toolCallId":"c1","toolName":"find","args":{"id":"m1"}}],)"
          R"("toolResults":[{"type":"tool-result","toolCallId":"c1","toolName":"find","args":{"id":"m1"},"result":"ln-5"}],)"
          R"("finishReason":"tool-calls"},{"stepType":"tool-result","text":"It is ln-5.","toolCalls":[],"toolResults":[],"finishReason":"stop"}]})"),
      kVercelRun);
}

// Messages that end with the agent are the run; others are what was asked, with earlier turns.
TEST(VercelSteps, MessagesBesideTheStepsAreTheRunOrWhatWasAsked) {
  const std::string asked =
      R"({"role":"user","content":"Hello"},{"role":"assistant","content":"Yes?"},)"
      R"({"role":"user","content":"Find the loan"})";
  const auto run = [](const std::string& messages) {
    return R"({"messages":[)" + messages + "]," + vercel_steps("").substr(1);
  };
  EXPECT_EQ(run_in("a.json", run(asked)), "user: Hello\nassistant: Yes?\n" + kVercelRun);
  EXPECT_EQ(run_in("a.json",
                   run(R"({"role":"user","content":"Find"},{"role":"assistant","content":"No."})")),
            "user: Find\nassistant: No.\n");
  EXPECT_EQ(
      run_in("a.json", R"({"messages":[],"prompt":"Find the loan",)" + vercel_steps("").substr(1)),
      kVercelRun);
}

TEST(VercelSteps, TheRecordsOwnModelCounts) {
  EXPECT_THAT(names_in("a.json", R"({"model":"birch","task_id":"t1","prompt":"x",)" +
                                     vercel_steps("").substr(1)),
              ElementsAre("birch/t1/-1/-"));
}

// Steps of others, and chats that have such steps beside them.
TEST(VercelSteps, AreNotTakenForThoseOfOthers) {
  EXPECT_EQ(
      run_in(
          "a.json",
          R"x({"task_id":"1","steps":[{"thought":"I look","action":"find(x=1)","observation":"ln-5","text":"","finishReason":"stop"}]
})x"),
      "assistant:  (I look) find{\"x\":1}\ntool: ln-5\n");
  const auto chat = testing::load_text(
      "a.json",
      R"({"conversation":[{"role":"user","content":"hi"},{"role":"assistant","content":"Hello"}],)" +
          vercel_steps("").substr(1));
  ASSERT_EQ(chat.trajectories.size(), 1u);
  EXPECT_EQ(said_in(chat.trajectories[0]), "user: hi\nassistant: Hello\n");
}

// ---- browser-use

TEST(BrowserUse, AStepIsAReplyWithACallForEachAction) {
  const auto loaded = testing::load_text("alder.json", R"({"task_id":"t1","history":[
    {"model_output":{"thinking":"So.","evaluation_previous_goal":"ok","memory":"none","next_goal":"open it",
      "action":[{"navigate":{"url":"http://library"}},{"click":{"index":9}}]},
     "result":[{"is_done":false,"extracted_content":"Navigated"},{"error":"no element 9"}],
     "state":{"url":"about:blank"},"state_message":"<user_request>\nWhen is ln-5 due?\n</user_request>\n<agent_state/>"},
    {"model_output":null,"result":[{"error":"the model did not answer"}],"state":{}},
    {"model_output":{"evaluation_previous_goal":"seen","memory":"","next_goal":"","action":[{"wait":{"seconds":1}},{"go_back":{}}]},
     "result":[{"extracted_content":"Waited"}],"state":{}},
    {"model_output":{"evaluation_previous_goal":"seen","memory":"","next_goal":"","action":[{"done":{"text":"Friday","success":true}}]},
     "result":[{"is_done":true,"success":true,"extracted_content":"Friday"}],"state":{}}]})");
  EXPECT_THAT(findings(loaded), ElementsAre(HasSubstr("steps without a reply of the model")));
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  const Trajectory& t = loaded.trajectories[0];
  EXPECT_EQ(
      said_in(t),
      "user: When is ln-5 due?\n"
      "assistant: ok\nnone\nopen it (So.) navigate{\"url\":\"http://library\"} click{\"index\":9}\n"
      "tool: Navigated\ntool: no element 9\n"
      "assistant: seen wait{\"seconds\":1} go_back{}\ntool: Waited\n"
      "assistant: seen\nFriday\n");
  EXPECT_EQ(t.messages[3].error_flag, ErrorFlag::kError);
  EXPECT_EQ(t.reward, std::nullopt);  // what the agent claims is no outcome
}

TEST(BrowserUse, TheJudgesVerdictIsTheOutcome) {
  const auto run = [](const std::string& verdict) {
    return R"({"task":"When?","model":"alder","task_id":"t1","history":{"history":[{"model_output":{"current_state":)"
           R"({"memory":"m","next_goal":"n"},"action":[{"done":{"text":"Friday"}}]},"result":[{"is_done":true,"success":true,)"
           R"("judgement":{"verdict":)" +
           verdict + R"(,"reasoning":"r"}}],"state":{}}]}})";
  };
  EXPECT_THAT(names_in("a.json", run("false")), ElementsAre("alder/t1/-1/0"));
  EXPECT_THAT(names_in("a.json", run("true")), ElementsAre("alder/t1/-1/1"));
  EXPECT_EQ(run_in("a.json", run("true")), "user: When?\nassistant: m\nn\nFriday\n");
}

TEST(BrowserUse, AnOutcomeOfTheRecordComesBeforeTheVerdict) {
  const auto loaded = testing::load_text(
      "a.json",
      R"({"reward":0,"model":"alder","task_id":"t1","history":[{"model_output":{"memory":"m","action":[]},
      "result":[{"judgement":{"verdict":true}},{"is_done":true}],"state":{}}]})");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(loaded.trajectories[0].reward, 0);
  EXPECT_THAT(losses(loaded), ElementsAre(HasSubstr("`verdict`, which says otherwise")));
}

TEST(BrowserUse, HistoriesOfOthersAreNotTakenForIts) {
  EXPECT_EQ(
      run_in(
          "a.json",
          R"({"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"Hello"}],"history":[{"result":1,"state":2}]})"),
      "user: hi\nassistant: Hello\n");
  EXPECT_EQ(
      run_in(
          "a.json",
          R"x({"task_id":"1","history":[{"thought":"I look","action":"find(x=1)","observation":"ln-5"
}]
})x"),
      "assistant:  (I look) find{\"x\":1}\ntool: ln-5\n");
}

}  // namespace
}  // namespace agentecho
