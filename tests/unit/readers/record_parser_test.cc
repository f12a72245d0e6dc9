#include "agentecho/readers/record_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::leaves;
using testing::parse;
using testing::parse_messages;
using testing::Parsed;
using testing::results;

constexpr std::string_view kHello = R"({"role":"assistant","content":"hi"})";

std::vector<std::string> texts(const Trajectory& t) {
  std::vector<std::string> all;
  for (const Message& message : t.messages) all.emplace_back(message.text);
  return all;
}

std::string reasoning_of(std::string_view message) {
  const Parsed parsed = parse_messages(message);
  EXPECT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
  return std::string(parsed.t.messages.at(0).reasoning);
}

TEST(RecordParser, ReadsATauBenchRecord) {
  const Parsed parsed = parse(R"({"task_id":7,"reward":1.0,"trial":2,"info":{"x":[1]},"traj":[
    {"role":"system","content":"rules"},{"role":"user","content":"hello"},
    {"role":"assistant","content":null,"tool_calls":[
      {"id":"c1","type":"function","function":{"name":"get_a","arguments":"{\"id\": \"x1\"}"}}]},
    {"role":"tool","tool_call_id":"c1","name":"get_a","content":"found"},
    {"role":"assistant","content":"done"}]})");
  ASSERT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
  const Trajectory& t = parsed.t;
  EXPECT_EQ(t.task_id, "7");
  EXPECT_EQ(t.reward, 1);
  EXPECT_EQ(t.trial, 2);
  EXPECT_THAT(texts(t), ElementsAre("rules", "hello", "", "found", "done"));
  ASSERT_EQ(t.calls.size(), 1u);
  EXPECT_EQ(t.calls[0].name, "get_a");
  EXPECT_THAT(leaves(t), ElementsAre("x1"));
  EXPECT_THAT(results(t), ElementsAre("found"));
  EXPECT_EQ(t.messages[3].answers, 0);
}

TEST(RecordParser, ReadsATau2BenchSimulation) {
  const Parsed parsed = parse(R"({"id":"s","task_id":"t1","trial":0,"reward_info":{"reward":0.5},
    "termination_reason":"user_stop","policy":"the policy","messages":[
    {"role":"assistant","content":"","tool_calls":[
      {"id":"c1","name":"get_a","arguments":{"n":5,"s":["x"]},"requestor":"assistant"}]},
    {"role":"tool","id":"c1","content":"nope","error":true,"requestor":"assistant"},
    {"role":"user","content":null,"tool_calls":[
      {"id":"u1","name":"check","arguments":{},"requestor":"user"}]},
    {"role":"tool","id":"u1","content":"seen","error":false,"requestor":"user"}]})");
  ASSERT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
  const Trajectory& t = parsed.t;
  EXPECT_EQ(t.reward, 0.5);
  EXPECT_EQ(t.termination_reason, "user_stop");
  EXPECT_EQ(t.messages[0].role, Role::kSystem);
  EXPECT_EQ(t.messages[0].text, "the policy");
  EXPECT_THAT(results(t), ElementsAre("nope", "seen"));
  EXPECT_EQ(t.messages[2].error_flag, ErrorFlag::kError);
  EXPECT_EQ(t.messages[4].error_flag, ErrorFlag::kNoError);
  EXPECT_EQ(t.calls[0].requestor, Requestor::kAgent);
  EXPECT_EQ(t.calls[0].message, 1);  // behind the policy
  EXPECT_EQ(t.calls[1].requestor, Requestor::kUser);
  EXPECT_EQ(t.messages[4].requestor, Requestor::kUser);
  EXPECT_THAT(leaves(t), ElementsAre("5", "x"));
}

TEST(RecordParser, ReadsAChatRecord) {
  const Parsed parsed = parse(
      R"({"model":"m","domain":"d","task_id":"t","trial":3,"success":true,"benchmark":"b",
          "messages":[{"role":"developer","content":"rules"},
            {"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},
            {"role":"assistant","content":["three",{"type":"image"}]}]})");
  ASSERT_EQ(parsed.record.outcome, RecordOutcome::kParsed);
  EXPECT_EQ(parsed.t.model + parsed.t.domain + parsed.t.task_id + parsed.t.benchmark, "mdtb");
  EXPECT_EQ(parsed.t.trial, 3);
  EXPECT_EQ(parsed.t.reward, 1);
  EXPECT_THAT(texts(parsed.t), ElementsAre("rules", "one\ntwo", "three"));
  EXPECT_EQ(parsed.t.messages[0].role, Role::kSystem);
}

TEST(RecordParser, TakesWhatTheRecordDoesNotSayFromTheDefaults) {
  const RecordDefaults defaults{"model", "benchmark", "domain", "policy", {}};
  const std::string messages = "\"messages\":[" + std::string(kHello) + "]}";
  const Parsed silent = parse("{" + messages, defaults);
  EXPECT_EQ(silent.t.model, "model");
  EXPECT_EQ(silent.t.benchmark, "benchmark");
  EXPECT_EQ(silent.t.domain, "domain");
  EXPECT_EQ(silent.t.messages[0].text, "policy");
  const Parsed own = parse(R"({"model":"m","domain":"d","policy":"own",)" + messages, defaults);
  EXPECT_EQ(own.t.model, "m");
  EXPECT_EQ(own.t.domain, "d");
  EXPECT_EQ(own.t.messages[0].text, "own");
  // A system message of the log is not doubled.
  const Parsed system = parse(
      R"({"messages":[{"role":"system","content":"s"},)" + std::string(kHello) + "]}", defaults);
  EXPECT_THAT(texts(system.t), ElementsAre("s", "hi"));
}

TEST(RecordParser, ReadsTheDomainOfAStoredTask) {
  const Parsed parsed =
      parse(R"({"task":{"user_scenario":{"instructions":{"domain":"retail"}}},"messages":[)" +
            std::string(kHello) + "]}");
  EXPECT_EQ(parsed.t.domain, "retail");
}

TEST(Reasoning, IsFoundInAllItsPlaces) {
  EXPECT_EQ(reasoning_of(R"({"role":"assistant","content":"x","reasoning_content":"R"})"), "R");
  EXPECT_EQ(reasoning_of(R"({"role":"assistant","content":"x","reasoning":"R"})"), "R");
  EXPECT_EQ(
      reasoning_of(R"({"role":"assistant","raw_data":{"message":{"reasoning_content":"R"}}})"),
      "R");
  EXPECT_EQ(reasoning_of(R"({"role":"assistant","raw_data":{"thinking_blocks":
      [{"type":"thinking","thinking":"R"},{"thinking":"S"},{"data":"x"}]}})"),
            "R\nS");
  EXPECT_EQ(reasoning_of(R"({"role":"assistant","content":[{"type":"thinking","thinking":"R"},
      {"type":"text","text":"x"}]})"),
            "R");
  EXPECT_EQ(reasoning_of(kHello), "");
}

TEST(Reasoning, TheEarlierPlaceWins) {
  const std::string raw = R"("raw_data":{"message":{"reasoning_content":"raw"},
      "thinking_blocks":[{"thinking":"block"}]})";
  EXPECT_EQ(
      reasoning_of(R"({"role":"assistant","reasoning":"B","reasoning_content":"A",)" + raw + "}"),
      "A");
  EXPECT_EQ(
      reasoning_of(R"({"role":"assistant","reasoning_content":"A","reasoning":"B",)" + raw + "}"),
      "A");
  EXPECT_EQ(reasoning_of(R"({"role":"assistant","reasoning_content":null,)" + raw + "}"), "raw");
  EXPECT_EQ(reasoning_of(R"({"role":"assistant","reasoning_content":"","raw_data":{"message":null,
      "thinking_blocks":[{"thinking":"block"}]}})"),
            "block");
  EXPECT_EQ(reasoning_of(R"({"role":"assistant","reasoning_content":{"x":1},"raw_data":null})"),
            "");
}

TEST(Reasoning, OfOthersThanTheAssistantIsNotTaken) {
  const Parsed parsed = parse_messages(R"({"role":"user","content":"<think>x</think>y",
      "reasoning_content":"R"},)" + std::string(kHello));
  EXPECT_EQ(parsed.t.messages[0].reasoning, "");
  EXPECT_EQ(parsed.t.messages[0].text, "<think>x</think>y");
}

TEST(Reasoning, ThinkTagsAreMovedOutOfTheText) {
  const auto split = [](const std::string& content, const std::string& more = "") {
    const Parsed parsed =
        parse_messages(R"({"role":"assistant","content":")" + content + "\"" + more + "}");
    const Message& message = parsed.t.messages.at(0);
    return std::pair(std::string(message.reasoning), std::string(message.text));
  };
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(split("<think> R </think> T "), Pair("R", "T"));
  EXPECT_EQ(split("a <think>R</think> b <think>S</think> c"), Pair("R\nS", "a  b  c"));
  EXPECT_EQ(split("R</think>T"), Pair("R", "T"));  // the prompt opened it
  EXPECT_EQ(split("T <think>R"), Pair("R", "T"));  // never closed
  EXPECT_EQ(split("<think></think>T"), Pair("", "T"));
  EXPECT_EQ(split("plain"), Pair("", "plain"));
  EXPECT_EQ(split("<think>S</think>T", R"(,"reasoning_content":"R")"), Pair("R\nS", "T"));
}

std::string call(const std::string& id, const std::string& name = "get_a",
                 const std::string& arguments = R"("{}")") {
  return R"({"id":)" + id + R"(,"function":{"name":")" + name + R"(","arguments":)" + arguments +
         "}}";
}
std::string calls(const std::string& list) {
  return R"({"role":"assistant","content":"","tool_calls":[)" + list + "]}";
}
std::string result(const std::string& id, const std::string& text) {
  return R"({"role":"tool","tool_call_id":)" + id + R"(,"content":")" + text + "\"}";
}

TEST(ToolResults, AnswerTheirCallById) {
  const Parsed parsed = parse_messages(calls(call("\"1\"") + "," + call("\"2\"")) + "," +
                                       result("\"2\"", "two") + "," + result("\"1\"", "one"));
  EXPECT_THAT(results(parsed.t), ElementsAre("one", "two"));
  EXPECT_EQ(parsed.record.notes.results_without_call, 0u);
}

TEST(ToolResults, OfReusedIdsAnswerTheLatestCallBefore) {
  const Parsed parsed = parse_messages(calls(call("\"1\"")) + "," + result("\"1\"", "first") + "," +
                                       calls(call("\"1\"")) + "," + result("\"1\"", "second"));
  EXPECT_THAT(results(parsed.t), ElementsAre("first", "second"));
  // Two calls with one id in one message: in order.
  const Parsed twins = parse_messages(calls(call("\"1\"") + "," + call("\"1\"")) + "," +
                                      result("\"1\"", "first") + "," + result("\"1\"", "second"));
  EXPECT_THAT(results(twins.t), ElementsAre("first", "second"));
}

TEST(ToolResults, WithoutIdsAnswerTheFirstOpenCall) {
  const Parsed parsed = parse_messages(
      R"({"role":"assistant","function_call":{"name":"a","arguments":"{}"}},
         {"role":"function","name":"a","content":"one"},
         {"role":"assistant","function_call":{"name":"b","arguments":"{}"}},
         {"role":"function","name":"b","content":"two"})");
  EXPECT_THAT(results(parsed.t), ElementsAre("one", "two"));
}

TEST(ToolResults, WithoutACallAreContextAndCounted) {
  const Parsed parsed = parse_messages(result("\"1\"", "early") + "," + calls(call("\"1\"")) + "," +
                                       result("\"other\"", "stray") + "," +
                                       result("\"1\"", "right") + "," + result("\"1\"", "again"));
  EXPECT_THAT(results(parsed.t), ElementsAre("right"));
  EXPECT_EQ(parsed.record.notes.results_without_call, 3u);
  EXPECT_EQ(parsed.t.messages.size(), 5u);
}

TEST(ToolResults, AnswerNoCallOfTheirOwnMessage) {
  const Parsed parsed = parse_messages(
      calls(call("\"1\"")) +
      R"(,{"role":"tool","content":"one","tool_calls":[{"id":"2","function":{"name":"b","arguments":"{}"}}]})" +
      "," + result("\"2\"", "two"));
  EXPECT_THAT(results(parsed.t), ElementsAre("one", "two"));
  const Parsed alone = parse_messages(
      R"({"role":"assistant","content":"x"},
         {"role":"tool","content":"one","tool_calls":[{"id":"2","function":{"name":"b","arguments":"{}"}}]})");
  EXPECT_EQ(alone.record.notes.results_without_call, 1u);
  EXPECT_EQ(alone.t.calls.at(0).result_message, kNone);
}

TEST(ToolResults, ThatAreMissingAreEmpty) {
  const Parsed parsed =
      parse_messages(calls(call("\"1\"") + "," + call("\"2\"")) + "," + result("\"2\"", "two"));
  EXPECT_THAT(results(parsed.t), ElementsAre("", "two"));
  EXPECT_EQ(parsed.t.calls[0].result_message, kNone);
}

TEST(ToolResults, NumbersAreIdsToo) {
  const Parsed parsed = parse_messages(calls(call("7")) + "," + result("\"7\"", "x"));
  EXPECT_THAT(results(parsed.t), ElementsAre("x"));
}

TEST(ToolResults, OfAMultiToolMessageStandOnTheirOwn) {
  const Parsed parsed = parse_messages(
      calls(call("\"1\"") + "," + call("\"2\"")) +
      R"(,{"role":"tool","tool_messages":[{"role":"tool","id":"1","content":"one","error":true},
          {"role":"tool","id":"2","content":"two"}]})");
  EXPECT_THAT(results(parsed.t), ElementsAre("one", "two"));
  EXPECT_EQ(parsed.t.messages.size(), 3u);
  EXPECT_EQ(parsed.t.messages[1].error_flag, ErrorFlag::kError);
}

TEST(ToolResults, InsideToolMessagesThereAreNoCallsAndNoMoreLists) {
  for (const std::string& message :
       {R"({"role":"tool","tool_calls":[)" + call("\"1\"") + R"(],"tool_messages":[]})",
        R"({"role":"tool","tool_messages":[)" + calls(call("\"1\"")) + "]}",
        std::string(R"({"role":"tool","tool_messages":[{"role":"tool","tool_messages":[]}]})")}) {
    const Parsed parsed = parse_messages(std::string(kHello) + "," + message);
    EXPECT_EQ(parsed.record.outcome, RecordOutcome::kMalformed) << message;
    EXPECT_THAT(parsed.record.problem, HasSubstr("tool messages"));
  }
}

TEST(ToolResults, AreErrorsWhenTheyAreErrorObjects) {
  const auto error_member = [](const std::string& text) {
    const Parsed parsed = parse_messages(calls(call("\"1\"")) + "," + result("\"1\"", text));
    return parsed.t.messages.at(1).error_member;
  };
  for (const auto text : {R"({\"error\": \"x\"})", R"({\"code\": 1, \"error\": {}})",
                          R"( {\"error\": 0} )", R"({\"error\": true})", R"({\"error\": []})",
                          R"({\"content\": [], \"isError\": true})", R"({\"error\": \" \"})"}) {
    EXPECT_EQ(error_member(text), ErrorMember::kSet) << text;
  }
  for (const auto text :
       {R"({\"error\": null})", R"({\"error\": false, \"a\": 1})", R"({\"error\": \"\"})",
        R"({\"a\": 1, \"error\": null})", R"({\"failed\": 0, \"passed\": 3})",
        R"({\"Error\": null})", R"({\"invalid\": []})", R"({\"failure\": {}})"}) {
    EXPECT_EQ(error_member(text), ErrorMember::kEmpty) << text;
  }
  for (const auto text :
       {R"({\"errors\": 1})", R"({\"a\": {\"error\": 1}})", R"([{\"error\": 1}])",
        R"({\"error\": 1)", "error", "", R"({\"a\": \"error\"})", R"({\"error\": nope})",
        R"({\"error\": 1} {\"a\": 2})", R"({\"error\": 1, })", R"({\"a\": tru, \"error\": 1})",
        R"({\"failed\": 2})", R"({\"passed\": 3, \"failed\": 0})"}) {
    EXPECT_EQ(error_member(text), ErrorMember::kNone) << text;
  }
}

TEST(Arguments, ComeAsAStringOrAsJson) {
  for (const std::string arguments : {R"("{\"a\": [\"x\", 2]}")", R"({"a":["x",2]})"}) {
    const Parsed parsed = parse_messages(calls(call("\"1\"", "f", arguments)));
    EXPECT_THAT(leaves(parsed.t), ElementsAre("x", "2")) << arguments;
    EXPECT_FALSE(parsed.t.calls[0].malformed_arguments);
  }
  for (const std::string arguments : {"null", R"("")", R"("  ")", "{}", R"("{}")", "[]"}) {
    const Parsed parsed = parse_messages(calls(call("\"1\"", "f", arguments)));
    EXPECT_THAT(leaves(parsed.t), IsEmpty()) << arguments;
    EXPECT_EQ(parsed.record.notes.malformed_arguments, 0u) << arguments;
  }
}

TEST(Arguments, ThatAreNoJsonKeepTheirTextAsOneValue) {
  const Parsed parsed = parse_messages(calls(call("\"1\"", "f", R"("{\"a\": x1}")") + "," +
                                             call("\"2\"", "f", R"("{\"b\": \"y\"}")")));
  EXPECT_THAT(leaves(parsed.t), ElementsAre("{\"a\": x1}", "y"));
  EXPECT_TRUE(parsed.t.calls[0].malformed_arguments);
  EXPECT_EQ(parsed.t.calls[0].arguments, "{\"a\": x1}");
  EXPECT_EQ(parsed.record.notes.malformed_arguments, 1u);
}

TEST(Arguments, EncodedTwiceAreTheObjectInIt) {
  const Parsed parsed =
      parse_messages(calls(call("\"1\"", "f", R"("\"{\\\"a\\\": \\\"x\\\"}\"")")));
  EXPECT_THAT(leaves(parsed.t), ElementsAre("x"));
  EXPECT_EQ(parsed.t.calls[0].arguments, R"({"a": "x"})");
  EXPECT_EQ(parsed.record.notes.malformed_arguments, 0u);
}

TEST(Calls, MayStandOutsideAFunctionMemberAndHaveKwargs) {
  const Parsed parsed = parse_messages(calls(R"({"id":"1","name":"f","kwargs":{"a":"x"}})"));
  EXPECT_EQ(parsed.t.calls[0].name, "f");
  EXPECT_THAT(leaves(parsed.t), ElementsAre("x"));
}

TEST(Calls, WithAnEmptyNameAreKeptAndCounted) {
  const Parsed parsed = parse_messages(calls(call("\"1\"", "")));
  EXPECT_EQ(parsed.t.calls.size(), 1u);
  EXPECT_EQ(parsed.record.notes.unnamed_calls, 1u);
}

TEST(Calls, WithoutANameMakeARecordMalformed) {
  for (const auto list : {R"({"id":"1"})", R"({"id":"1","function":{"name":5}})",
                          R"({"function":{}})", "5", "null", R"({"name":null})"}) {
    const Parsed parsed = parse_messages(calls(list));
    EXPECT_EQ(parsed.record.outcome, RecordOutcome::kMalformed) << list;
    EXPECT_THAT(parsed.record.problem, HasSubstr("tool call has no name"));
    EXPECT_GT(parsed.record.byte, 0u);
  }
}

TEST(Malformed, RecordsSayWhatAndWhere) {
  for (const std::string json :
       {R"({"messages":[{"role":"assistant","content":"x")",
        R"({"messages":[{"role" "assistant"}]})", R"({"messages":[5]})", R"({"messages":["x"]})",
        R"({"messages":[5]})", R"({"messages":[[]]})",
        R"({"messages":[{"role":"assistant","content":"\q"}]})", "{", R"({"messages)",
        R"([{"messages":[]}])", "5"}) {
    const Parsed parsed = parse(json);
    EXPECT_EQ(parsed.record.outcome, RecordOutcome::kMalformed) << json;
    EXPECT_FALSE(parsed.record.problem.empty()) << json;
    EXPECT_LE(parsed.record.byte, json.size()) << json;
  }
}

TEST(Malformed, IsARecordWithoutMessages) {
  EXPECT_EQ(parse(R"({"task_id":1,"chats":[]})").record.problem,
            "the record has no messages; its members are `task_id` and `chats`");
  EXPECT_EQ(parse("{}").record.outcome, RecordOutcome::kMalformed);
  const Parsed voice = parse(R"({"ticks":[{}],"messages":[]})");
  EXPECT_EQ(voice.record.outcome, RecordOutcome::kMalformed);
  EXPECT_THAT(voice.record.problem, HasSubstr("voice"));
}

TEST(DeadRuns, HaveNoAssistantMessage) {
  for (const auto json :
       {R"({"messages":[]})", R"({"traj":[{"role":"user","content":"x"}]})", R"({"messages":null})",
        R"({"messages":[{"role":"robot","content":"x"}]})"}) {
    EXPECT_EQ(parse(json).record.outcome, RecordOutcome::kNoAssistantMessage) << json;
  }
}

TEST(Roles, ThatAreUnknownAreContextAndCounted) {
  const Parsed parsed =
      parse_messages(R"({"role":"robot","content":"x"},{"content":"y"},)" + std::string(kHello));
  EXPECT_EQ(parsed.record.notes.unknown_roles, 2u);
  EXPECT_THAT(texts(parsed.t), ElementsAre("x", "y", "hi"));
  EXPECT_EQ(parsed.t.messages[0].role, Role::kUser);
}

TEST(Rewards, ThatAreNoFiniteNumbersAreMissing) {
  const auto with_reward = [](const std::string& reward) {
    return parse(R"({"reward":)" + reward + R"(,"messages":[)" + std::string(kHello) + "]}");
  };
  for (const auto reward : {"NaN", "Infinity", "-Infinity", "\"often\"", "[1,0]"}) {
    const Parsed parsed = with_reward(reward);
    EXPECT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << reward << parsed.record.problem;
    EXPECT_EQ(parsed.t.reward, std::nullopt) << reward;
    EXPECT_EQ(parsed.record.notes.odd_outcomes.size(), 1u) << reward;
    EXPECT_THAT(texts(parsed.t), ElementsAre("hi")) << reward;
  }
  EXPECT_EQ(with_reward("null").t.reward, std::nullopt);
  EXPECT_TRUE(with_reward("null").record.notes.odd_outcomes.empty());
  EXPECT_EQ(with_reward("0.25").t.reward, 0.25);
}

TEST(Rewards, OfTheRecordComeBeforeThoseOfItsRewardInfo) {
  const std::string messages = R"("messages":[)" + std::string(kHello) + "]}";
  EXPECT_EQ(parse(R"({"reward_info":{"reward":0},"reward":1,)" + messages).t.reward, 1);
  EXPECT_EQ(parse(R"({"reward_info":{"reward":0.5},"reward":null,)" + messages).t.reward, 0.5);
  EXPECT_EQ(parse(R"({"reward_info":null,"success":false,)" + messages).t.reward, 0);
  EXPECT_EQ(parse(R"({"reward_info":[],)" + messages).t.reward, std::nullopt);
}

TEST(Rewards, ThatSayHowMuchComeBehindWhatSaysWhether) {
  const std::string messages = R"("messages":[)" + std::string(kHello) + "]}";
  EXPECT_EQ(parse(R"({"reward":0.35,"is_success":true,)" + messages).t.reward, 1);
  EXPECT_EQ(parse(R"({"success":false,"reward":7.5,)" + messages).t.reward, 0);
  EXPECT_EQ(parse(R"({"reward":-0.35,)" + messages).t.reward, -0.35);
  EXPECT_EQ(parse(R"({"status":"success","eval_result":{"resolved":false},)" + messages).t.reward,
            0);
  EXPECT_EQ(parse(R"({"status":"success","info":{"steps":3},)" + messages).t.reward, 1);
}

TEST(Rewards, ThatContradictEachOtherAreNamed) {
  const std::string messages = R"("messages":[)" + std::string(kHello) + "]}";
  for (const std::string outcome :
       {R"("reward":0,"correct":true)", R"("correct":true,"reward":0)"}) {
    const Parsed parsed = parse("{" + outcome + "," + messages);
    EXPECT_EQ(parsed.t.reward, 0);
    ASSERT_EQ(parsed.record.notes.unread.size(), 1u) << outcome;
    EXPECT_EQ(parsed.record.notes.unread[0].what,
              "record member `correct`, which says otherwise than `reward`,");
  }
  EXPECT_TRUE(
      parse(R"({"reward":1,"correct":true,"score":0.4,)" + messages).record.notes.unread.empty());
}

TEST(Models, OfMessagesAreNoLongerThanNames) {
  const auto model_of = [](std::size_t size) {
    return parse(R"({"messages":[{"role":"assistant","content":"hi","model":")" +
                 std::string(size, 'm') + R"("}]})")
        .record.identity.model.size();
  };
  EXPECT_EQ(model_of(300), 300u);
  EXPECT_EQ(model_of(301), 0u);
}

// Else two models whose names are odd would be one, called like their file.
TEST(Identity, OddNamesUnderItsOwnKeysAreNames) {
  const std::string odd = "org/a\\n" + std::string(400, 'x');
  const auto parsed =
      parse(R"({"model":")" + odd + R"(","task_id":")" + odd + R"(","task":"go\non",)" +
            R"("messages":[)" + std::string(kHello) + "]}");
  EXPECT_EQ(parsed.record.identity.model, "org/a\n" + std::string(400, 'x'));
  EXPECT_EQ(parsed.record.identity.task, "org/a\n" + std::string(400, 'x'));
}

TEST(Models, OfWhoEvaluatesAreNotTheAgents) {
  const auto read = [](const std::string& member) {
    return parse("{" + member + R"(,"messages":[)" + std::string(kHello) + "]}").record;
  };
  for (const std::string member :
       {R"("eval":{"model":"gpt-4o","score":1})", R"("eval":{"model":{"name":"gpt-4o"},"ok":1})",
        R"("eval":{"passed":true,"config":{"model":"gpt-4o"}})",
        R"("eval":{"task":"t","model":"gpt-4o","rationale":"wrong date"})",
        R"("metadata":{"eval":{"model":"gpt-4o","verdict":"FAIL","passed":false}})",
        R"("evaluation":{"judge_model":"gpt-4o","success":true})",
        R"("grading":{"model":"gpt-4o","score":1})", R"("verdict":{"model":"gpt-4o","pass":true})",
        R"("eval":[{"model":"gpt-4o","score":1}])",
        R"("reward_info":{"model":"gpt-4o","reward":1})"}) {
    EXPECT_EQ(read(member).identity.model, "") << member;
    EXPECT_EQ(read(member).identity.system, "") << member;
  }
  // Whose it is the key says, or the head of an evaluation (Inspect).
  EXPECT_EQ(read(R"("eval":{"agent_model":"a","model":"j","score":1})").identity.model, "a");
  EXPECT_EQ(read(R"("eval":{"agent":{"model":"a"},"score":1})").identity.model, "a");
  EXPECT_EQ(read(R"("eval":{"task":"t","model":"a"})").identity.model, "a");
  EXPECT_EQ(read(R"("metadata":{"model":"a","success":true})").identity.model, "a");
}

TEST(Models, ThatMayBeTheAgentsAreNamed) {
  const auto read = [](const std::string& member) {
    return parse("{" + member + R"(,"messages":[)" + std::string(kHello) + "]}").record;
  };
  EXPECT_EQ(read(R"("settings":{"model_under_test":"m"})").identity.model, "m");
  EXPECT_EQ(read(R"("models":{"user_simulator":"u","agent_under_test":"m"})").identity.model, "m");
  const struct {
    const char* member;
    const char* key;
  } cases[] = {
      {R"("setup":{"agent":{"name":"react","backend":"openai/gpt-4o"}})", "setup.agent.backend"},
      {R"("models":{"user_simulator":"gpt-4o","main":"m"})", "models.main"},
      {R"("config":{"my_model":"m"})", "config.my_model"},
      {R"("eval":{"model":"m"})", "eval.model"}};
  for (const auto& [member, key] : cases) {
    const ParsedRecord record = read(member);
    EXPECT_EQ(record.identity.model, "") << member;
    ASSERT_EQ(record.notes.unread.size(), 1u) << member;
    EXPECT_EQ(record.notes.unread[0].what,
              "record member `" + std::string(key) + "`, which may name the model,");
  }
}

TEST(Models, OfAnEvaluationsNameStandBeforeItsLimit) {
  const auto read = [](const std::string& members) {
    return parse("{" + members + R"(,"messages":[)" + std::string(kHello) + "]}").record.identity;
  };
  const std::string run = R"("run_id":"gpt-4o-2024-08-06_maxiter_30_N_v2.1-no-hint-run_1")";
  EXPECT_EQ(read(run).model, "gpt-4o-2024-08-06");
  EXPECT_EQ(read(run).model_key, "run_id");
  EXPECT_FALSE(read(run).model_is_weak);
  EXPECT_EQ(read(run + R"(,"agent":"CodeActAgent")").model, "gpt-4o-2024-08-06");
  EXPECT_EQ(read(run + R"(,"model":"m")").model, "m");
  EXPECT_EQ(read(R"("run_id":"gpt-4o-run_1")").model, "");
}

TEST(Domains, AreNamedByTheEnvironmentToo) {
  const auto domain_of = [](const std::string& member) {
    return std::string(
        parse("{" + member + R"(,"messages":[)" + std::string(kHello) + "]}").t.domain);
  };
  EXPECT_EQ(domain_of(R"("env":"airline")"), "airline");
  EXPECT_EQ(domain_of(R"("env_name":"web-shop")"), "web-shop");
  EXPECT_EQ(domain_of(R"("env":"airline","domain":"retail")"), "retail");
  for (const std::string member :
       {R"("env":"production")", R"("env":"PATH=/bin")", R"("env":"/opt/env")",
        R"("env":"python3.11")", R"("env":{"name":"airline"})", R"("env":["airline"])",
        R"("env":null)", R"("environment":"two words")"}) {
    EXPECT_EQ(domain_of(member), "") << member;
  }
}

TEST(WhatStandsBeside, OtherRunsAreCounted) {
  const std::string run = R"([{"messages":[)" + std::string(kHello) + R"(],"success":false}])";
  const auto unread = [&](const std::string& key) {
    const Parsed parsed =
        parse("{\"" + key + "\":" + run + R"(,"messages":[)" + std::string(kHello) + "]}");
    EXPECT_THAT(texts(parsed.t), ElementsAre("hi"));
    return parsed.record.notes.unread;
  };
  ASSERT_EQ(unread("previous_attempts").size(), 1u);
  EXPECT_EQ(unread("previous_attempts")[0].what, "runs in the record member `previous_attempts`");
  EXPECT_THAT(unread("llm_calls"), IsEmpty());
  EXPECT_THAT(unread("gold_runs"), IsEmpty());
}

TEST(WrongTypes, AreSurvivedEverywhere) {
  const std::string_view values[] = {"null",
                                     "true",
                                     "5",
                                     "-1.5e3",
                                     "\"x\"",
                                     "[]",
                                     "{}",
                                     "[[1]]",
                                     R"({"a":{"b":1}})",
                                     "[null,{}]",
                                     R"({"reward":"x"})"};
  for (const auto key :
       {"task_id", "trial", "reward", "reward_info", "success", "model", "domain", "benchmark",
        "policy", "task", "termination_reason", "ticks", "info", "traj", "messages", "schema"}) {
    for (const auto value : values) {
      const Parsed parsed = parse("{\"" + std::string(key) + "\":" + std::string(value) +
                                  ",\"messages\":[" + std::string(kHello) + "]}");
      const bool malformed = parsed.record.outcome == RecordOutcome::kMalformed;
      EXPECT_EQ(malformed, !parsed.record.problem.empty());
    }
  }
  for (const auto key :
       {"role", "content", "tool_calls", "function_call", "tool_call_id", "id", "requestor",
        "error", "reasoning_content", "reasoning", "raw_data", "tool_messages", "name"}) {
    for (const auto value : values) {
      for (const auto role : {"assistant", "tool", "user"}) {
        const Parsed parsed = parse_messages(std::string(kHello) + R"(,{"role":")" + role +
                                             "\",\"" + key + "\":" + std::string(value) + "}");
        const bool malformed = parsed.record.outcome == RecordOutcome::kMalformed;
        EXPECT_EQ(malformed, !parsed.record.problem.empty()) << key << value;
      }
    }
  }
  for (const auto key : {"id", "name", "arguments", "function", "requestor", "type"}) {
    for (const auto value : values) {
      const Parsed parsed = parse_messages(
          calls("{\"name\":\"f\",\"" + std::string(key) + "\":" + std::string(value) + "}"));
      EXPECT_EQ(parsed.record.outcome == RecordOutcome::kMalformed,
                parsed.record.problem.starts_with("tool call has no name"))
          << key << value << parsed.record.problem;
    }
  }
}

TEST(DuplicateKeys, AreSurvived) {
  const Parsed parsed = parse(R"({"reward":0,"reward":1,"messages":[)" + std::string(kHello) +
                              R"(],"messages":[],"traj":[{"role":"user","content":"x"}]})");
  ASSERT_EQ(parsed.record.outcome, RecordOutcome::kParsed);
  EXPECT_EQ(parsed.t.reward, 0);  // the second is counted
  EXPECT_THAT(texts(parsed.t), ElementsAre("hi"));
}

TEST(Texts, WithLoneSurrogatesAndInvalidUtf8AreRepaired) {
  const Parsed surrogate =
      parse_messages(R"({"role":"assistant","content":"a\ud800b \udc00 \ud83d\ude00"})");
  EXPECT_EQ(surrogate.t.messages.at(0).text,
            "a\xEF\xBF\xBD"
            "b \xEF\xBF\xBD \xF0\x9F\x98\x80");
  const Parsed invalid = parse_messages("{\"role\":\"assistant\",\"content\":\"a\xFF\xC3z\"}");
  ASSERT_EQ(invalid.record.outcome, RecordOutcome::kParsed);
  EXPECT_EQ(invalid.t.messages[0].text, "a\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_TRUE(invalid.record.notes.repaired_utf8);
}

TEST(Texts, KeepTheirEscapes) {
  const Parsed parsed =
      parse_messages(R"({"role":"assistant","content":"\"\\\/\b\f\n\r\t\u0000x"})");
  EXPECT_EQ(parsed.t.messages.at(0).text, std::string_view("\"\\/\b\f\n\r\t\0x", 10));
}

TEST(Nesting, OfTenThousandLevelsIsSurvivedEverywhere) {
  const std::string deep = std::string(10000, '[') + std::string(10000, ']');
  std::string objects;
  for (int i = 0; i < 10000; ++i) objects += "{\"a\":";
  objects += "1" + std::string(10000, '}');
  for (const std::string& value : {deep, objects}) {
    for (const auto key : {"info", "task", "policy", "reward_info", "task_id", "messages"}) {
      const Parsed parsed = parse("{\"" + std::string(key) + "\":" + value + ",\"messages\":[" +
                                  std::string(kHello) + "]}");
      EXPECT_EQ(parsed.record.outcome == RecordOutcome::kMalformed, !parsed.record.problem.empty());
    }
    for (const auto key : {"content", "raw_data", "tool_messages", "error", "id"}) {
      const Parsed parsed = parse_messages(std::string(kHello) + ",{\"role\":\"tool\",\"" + key +
                                           "\":" + value + "}");
      EXPECT_EQ(parsed.record.outcome == RecordOutcome::kMalformed, !parsed.record.problem.empty());
    }
    const Parsed arguments = parse_messages(calls(call("\"1\"", "f", value)));
    if (arguments.record.outcome == RecordOutcome::kParsed) {
      EXPECT_EQ(arguments.record.notes.malformed_arguments, 1u);
      EXPECT_THAT(leaves(arguments.t), ElementsAre(value));
    }
  }
  std::string nested;
  for (int i = 0; i < 10000; ++i) nested += R"({"role":"tool","tool_messages":[)";
  for (int i = 0; i < 10000; ++i) nested += "]}";
  EXPECT_EQ(parse_messages(nested).record.outcome, RecordOutcome::kMalformed);
}

TEST(Cuts, AtEveryByteMakeARecordMalformedAndNothingWorse) {
  const std::string whole =
      R"({"task_id":7,"reward":1.0,"messages":[{"role":"assistant","content":)"
      R"([{"text":"\u00e9<think>x</think>"}],"raw_data":{"message":null},)"
      R"("tool_calls":[{"id":"1","name":"f","arguments":{"a":[1,"b"]}}]},)"
      R"({"role":"tool","id":"1","content":"{\"error\": 1}","error":null}]})";
  ASSERT_EQ(parse(whole).record.outcome, RecordOutcome::kParsed);
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    EXPECT_EQ(parse(whole.substr(0, cut)).record.outcome, RecordOutcome::kMalformed) << cut;
  }
}

TEST(Sizes, HugeStringsAndManyCallsTakeLinearSpace) {
  const std::string text(20 << 20, 'x');
  const Parsed huge = parse_messages(R"({"role":"assistant","content":")" + text + "\"}");
  EXPECT_EQ(huge.t.messages.at(0).text.size(), text.size());

  std::string messages(kHello);
  for (int i = 0; i < 20000; ++i) {
    messages += "," + calls(call("\"" + std::to_string(i) + "\"", "f", R"("{\"a\": \"value\"}")"));
    messages += "," + result("\"" + std::to_string(i) + "\"", "ok");
  }
  const Parsed many = parse_messages(messages);
  ASSERT_EQ(many.t.calls.size(), 20000u);
  EXPECT_EQ(many.t.result_of(many.t.calls.back()), "ok");
}

TEST(WhatStandsBeside, TheQuestionOfAnAgentThatSpeaksFirst) {
  const std::string ran =
      R"("messages":[{"role":"system","content":"rules"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"id\":\"x1\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"r1"},{"role":"assistant","content":"done"}])";
  const Parsed asked = parse(R"({"query":"find \"x1\"",)" + ran + "}");
  EXPECT_THAT(texts(asked.t), ElementsAre("rules", "find \"x1\"", "", "r1", "done"));
  EXPECT_EQ(asked.t.messages.at(1).role, Role::kUser);
  EXPECT_THAT(results(asked.t), ElementsAre("r1"));
  EXPECT_EQ(asked.t.calls.at(0).message, 2);
  // Where a user speaks, it is what the messages say already, or something else.
  const Parsed greeted = parse(
      R"({"query":"find","messages":[{"role":"assistant","content":"hi"},{"role":"user","content":"find it"},{"role":"assistant","content":"done"}]})");
  EXPECT_THAT(texts(greeted.t), ElementsAre("hi", "find it", "done"));
}

TEST(WhatStandsBeside, InstructionsOfARequestAreSystemText) {
  const Parsed request = parse(
      R"({"instructions":"rules","input":[{"role":"user","content":"find"}],"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"done"}]}]})");
  EXPECT_THAT(texts(request.t), ElementsAre("rules", "find", "done"));
  EXPECT_EQ(request.t.messages.at(0).role, Role::kSystem);
  const Parsed chat = parse(
      R"({"instructions":"what the user plays","messages":[{"role":"user","content":"find"},{"role":"assistant","content":"done"}]})");
  EXPECT_THAT(texts(chat.t), ElementsAre("find", "done"));
}

TEST(WhatStandsBeside, AnswersOfStepsThatEndWithAResult) {
  const std::string steps =
      R"("question":"q","steps":[{"thought":"t","tool":"f","tool_input":{"id":"x1"},"observation":"r1"}])";
  const Parsed final_answer = parse("{" + steps + R"(,"final_answer":"it is r1"})");
  EXPECT_EQ(final_answer.t.messages.back().text, "it is r1");
  EXPECT_EQ(final_answer.t.messages.back().role, Role::kAssistant);
  // Beside a prediction it is the right one, as `answer` may be.
  const Parsed predicted = parse("{" + steps + R"(,"prediction":"x","final_answer":"it is r1"})");
  EXPECT_EQ(predicted.t.messages.back().role, Role::kTool);
  const Parsed unsure = parse("{" + steps + R"(,"answer":"r1"})");
  EXPECT_EQ(unsure.t.messages.back().role, Role::kTool);
  ASSERT_EQ(unsure.record.notes.unread.size(), 1u);
  EXPECT_THAT(unsure.record.notes.unread[0].what, HasSubstr("`answer`"));
}

TEST(WhatStandsBeside, ARequestAsAText) {
  const Parsed parsed = parse(
      R"({"task_id":"t","request":"{\"model\":\"alder\",\"messages\":[{\"role\":\"user\",\"content\":\"find\"}]}","response":"{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"done\"}}]}"})");
  EXPECT_EQ(parsed.t.model, "alder");
  EXPECT_THAT(texts(parsed.t), ElementsAre("find", "done"));
}

// As the Vercel AI SDK 6 shows them, and version 4 with the numbers of the steps.
TEST(WhatStandsBeside, CallsOfOneStepWithTheirResultsStandSideBySide) {
  const std::string calls =
      R"({"type":"tool-find","toolCallId":"1","state":"output-available","input":{"id":1},"output":"r1"},)"
      R"({"type":"tool-find","toolCallId":"2","state":"output-error","input":{"id":2},"errorText":"none"})";
  const std::string numbered =
      R"({"type":"tool-invocation","toolInvocation":{"state":"result","step":1,"toolCallId":"1","toolName":"find","args":{"id":1},"result":"r1"}},)"
      R"({"type":"tool-invocation","toolInvocation":{"state":"result","step":1,"toolCallId":"2","toolName":"find","args":{"id":2},"result":"none"}})";
  const std::string first =
      R"({"type":"tool-invocation","toolInvocation":{"state":"result","step":0,"toolCallId":"0","toolName":"look","args":{},"result":"r0"}})";
  const auto shape = [](const std::string& parts) {
    const Parsed parsed = parse_messages(
        R"({"role":"user","content":"u"},{"role":"assistant","content":"ignored","parts":[)" +
        parts + R"(]},{"role":"user","content":"v"})");
    EXPECT_THAT(parsed.record.notes.unread, IsEmpty());
    std::string all;
    for (const Message& message : parsed.t.messages) {
      if (!all.empty()) all += " | ";
      all += message.text;
      for (std::uint32_t c = 0; c < message.n_calls; ++c) {
        all += " +" + std::string(parsed.t.calls[message.first_call + c].id);
      }
    }
    return all;
  };
  const std::string mark = R"({"type":"step-start"},)";
  EXPECT_EQ(shape(mark + R"({"type":"text","text":"I look."},)" + first + "," + mark + calls + "," +
                  mark + R"({"type":"text","text":"Done."})"),
            "u | I look. +0 | r0 |  +1 +2 | r1 | none | Done. | v");
  EXPECT_EQ(shape(first + R"(,{"type":"text","text":"Then."},)" + numbered +
                  R"(,{"type":"text","text":"Done."})"),
            "u |  +0 | r0 | Then. +1 +2 | r1 | none | Done. | v");
  EXPECT_EQ(shape(first + "," + numbered), "u |  +0 | r0 |  +1 +2 | r1 | none | v");
  EXPECT_EQ(shape(calls), "u |  +1 | r1 |  +2 | none | v");  // no word of steps: one by one
}

TEST(WhatStandsBeside, PartsThatWereWrittenAsATextAreParts) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","parts":"[{\"type\":\"text\",\"text\":\"find\"}]","attachments":"[]"},)"
      R"({"role":"assistant","parts":"[{\"type\":\"step-start\"},{\"type\":\"tool-find\",\"toolCallId\":\"c1\",\"state\":\"output-available\",\"input\":{\"id\":\"x1\"},\"output\":\"r1\"}]"})");
  EXPECT_EQ(parsed.t.messages.at(0).text, "find");
  EXPECT_THAT(leaves(parsed.t), ElementsAre("x1"));
  EXPECT_THAT(results(parsed.t), ElementsAre("r1"));
  EXPECT_THAT(parsed.record.notes.unread, IsEmpty());
}

// Whether they are JSON, a literal of Python's or neither.
TEST(WhatStandsBeside, TextsThatAreNoPartsStayAsTheyAreWritten) {
  const struct {
    const char* json;
    const char* text;
  } cases[] = {{R"x("[{\"a\": 1, \"b\": \"tool_call\"}]")x", R"x([{"a": 1, "b": "tool_call"}])x"},
               {R"x("[{\"tool_call\"\"\"}]")x", R"x([{"tool_call"""}])x"},
               {R"x("[{\"tool_call\"]")x", R"x([{"tool_call"])x"}};
  for (const auto& [json, text] : cases) {
    const Parsed parsed = parse_messages(R"({"role":"user","content":)" + std::string(json) +
                                         R"(},{"role":"assistant","content":"done"})");
    EXPECT_EQ(parsed.t.messages.at(0).text, text);
  }
}

// A reply of `llm`, with what it was asked.
TEST(WhatStandsBeside, ThePromptOfAReply) {
  const std::string prompt =
      R"("prompt":{"messages":[{"role":"user","content":"find"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"id\":\"x1\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"r1"}]})";
  const Parsed reply =
      parse("{" + prompt + R"(,"messages":[{"role":"assistant","content":"done"}]})");
  EXPECT_THAT(texts(reply.t), ElementsAre("find", "", "r1", "done"));
  EXPECT_THAT(results(reply.t), ElementsAre("r1"));
  EXPECT_THAT(reply.record.notes.unread, IsEmpty());
  // Where the messages hold more than replies they are the conversation.
  const Parsed whole = parse(
      "{" + prompt +
      R"(,"messages":[{"role":"user","content":"find it"},{"role":"assistant","content":"done"}]})");
  EXPECT_THAT(texts(whole.t), ElementsAre("find it", "done"));
}

TEST(RecordParser, CanBeUsedAgainAfterADamagedRecord) {
  RecordParser parser;
  Trajectory t;
  const auto parse_again = [&](std::string json) {
    const std::size_t size = json.size();
    json.append(RecordBlock::kPadding, '\0');
    return parser.parse(std::string_view(json).substr(0, size), {}, t).outcome;
  };
  const std::string good = R"({"messages":[)" + std::string(kHello) + "]}";
  EXPECT_EQ(parse_again(good), RecordOutcome::kParsed);
  EXPECT_EQ(parse_again(good.substr(0, 30)), RecordOutcome::kMalformed);
  EXPECT_EQ(parse_again(good), RecordOutcome::kParsed);
  EXPECT_THAT(texts(t), ElementsAre("hi"));
}

TEST(RecordParser, TrialsThatAreListsOrObjectsAreNoNumbers) {
  const auto odd = [](std::string_view member) {
    return parse(
               R"({"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],)" +
               std::string(member) + "}")
        .record.notes.odd_trials;
  };
  EXPECT_THAT(odd(R"("trial":{"n": 0})"), ElementsAre(R"(`trial` = {"n": 0})"));
  EXPECT_THAT(odd(R"("epoch":[1])"), ElementsAre("`epoch` = [1]"));
  EXPECT_THAT(odd(R"("trial":[],"epoch":{})"), IsEmpty());
  EXPECT_THAT(odd(R"("trial":0,"attempt":{"n":1})"), IsEmpty());
}

std::vector<std::string> unread(const Parsed& parsed) {
  std::vector<std::string> all;
  for (const UnreadData& one : parsed.record.notes.unread) all.push_back(one.what);
  return all;
}

TEST(RecordParser, ASecondMemberIsCountedHoweverItIsWrittenAndWhereverItStands) {
  const std::string messages =
      R"("messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]})";
  const Parsed escaped = parse(R"({"mod\u0065l":"zz","model":"a",)" + messages);
  EXPECT_EQ(escaped.record.identity.model, "zz");
  EXPECT_THAT(unread(escaped), ElementsAre("second record member `model`"));
  std::string many = "{";
  for (int i = 0; i < 100; ++i) many += "\"c" + std::to_string(i) + "\":1,";
  const Parsed wide = parse(many + R"("model":"zz","model":"a",)" + messages);
  EXPECT_EQ(wide.record.identity.model, "zz");
  EXPECT_THAT(unread(wide), ElementsAre("second record member `model`"));
}

// Some writers escape what they need not.
TEST(RecordParser, AKeyWithEscapesIsTheSameKey) {
  const Parsed parsed = parse_messages(
      R"({"\u0072ole":"user","conten\u0074":"find \u0072"},)"
      R"({"role":"assistant","tool_c\u0061lls":[{"i\u0064":"c","functio\u006e" : {"n\u0061me":"find","argum\u0065nts":{"\u540d":"mb-4"}}}]},)"
      R"({"r\u006fle":"tool","tool_call_i\u0064":"c","conten\u0074":"ln-5"})");
  ASSERT_EQ(parsed.t.messages.size(), 3u);
  EXPECT_EQ(parsed.t.messages[0].role, Role::kUser);
  EXPECT_EQ(parsed.t.messages[0].text, "find r");
  ASSERT_EQ(parsed.t.calls.size(), 1u);
  EXPECT_EQ(parsed.t.calls[0].name, "find");
  EXPECT_THAT(leaves(parsed.t), ElementsAre("mb-4"));
  EXPECT_THAT(testing::results(parsed.t), ElementsAre("ln-5"));
  EXPECT_THAT(unread(parsed), IsEmpty());
}

TEST(RecordParser, BehindARecordWithEscapedKeysTheNextBeginsWhereItStands) {
  const std::string record =
      R"({"messages":[{"\u0072ole":"user","content":"a"},{"\u0072ole":"assistant","content":"b"}]})";
  const Parsed parsed = parse(record + " " + record);
  EXPECT_EQ(parsed.t.messages.size(), 2u);
  EXPECT_GE(parsed.record.consumed, record.size());
  EXPECT_LE(parsed.record.consumed, record.size() + 1);
}

TEST(RecordParser, ASecondMemberOfAMessageOrCallIsCounted) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"a"},)"
      R"({"role":"assistant","tool_calls":[{"id":"c","function":{"name":"x","name":"find","arguments":"{}","arguments":"{\"id\":1}"}}]},)"
      R"({"role":"tool","role":"user","tool_call_id":"d","tool_call_id":"c","error":false,"error":true,"content":"no"})");
  EXPECT_THAT(unread(parsed),
              ElementsAre("call member `name`", "call member `arguments`", "message member `role`",
                          "message member `tool_call_id`", "message member `error`"));
}

TEST(RecordParser, WhatACallAndItsFunctionBothSayIsNotDoubled) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"a"},)"
      R"({"role":"assistant","tool_calls":[{"id":"c","name":"find","arguments":"{}","function":{"name":"find","arguments":"{}"}}]},)"
      R"({"role":"tool","tool_call_id":"c","call_id":"c","name":"find","tool_name":"find","content":"no"})");
  EXPECT_THAT(unread(parsed), IsEmpty());
}

}  // namespace
}  // namespace agentecho
