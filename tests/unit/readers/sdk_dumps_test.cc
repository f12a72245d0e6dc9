// What programs dump with the SDKs of their models and frameworks: one run each, with one call.
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
using ::testing::IsEmpty;
using testing::leaves;
using testing::parse;
using testing::Parsed;
using testing::results;

// "user: find | assistant: | tool: ln-5 | assistant: Done."
std::string texts(const Trajectory& t) {
  std::string all;
  for (const Message& message : t.messages) {
    constexpr std::string_view kRoles[] = {"system", "user", "assistant", "tool"};
    std::string_view role;
    switch (message.role) {
      case Role::kSystem:
        role = kRoles[0];
        break;
      case Role::kUser:
        role = kRoles[1];
        break;
      case Role::kAssistant:
        role = kRoles[2];
        break;
      case Role::kTool:
        role = kRoles[3];
        break;
    }
    all += (all.empty() ? "" : " | ") + std::string(role) + ": " + std::string(message.text);
  }
  return all;
}

void expect_the_call(const Parsed& parsed) {
  EXPECT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
  ASSERT_EQ(parsed.t.calls.size(), 1u);
  EXPECT_EQ(parsed.t.calls[0].name, "find");
  EXPECT_THAT(leaves(parsed.t), ElementsAre("mb-4"));
  EXPECT_THAT(results(parsed.t), ElementsAre("ln-5"));
  EXPECT_THAT(parsed.record.notes.unread, IsEmpty());
  EXPECT_EQ(parsed.record.notes.unknown_roles, 0u);
}

TEST(SdkDumps, LlamaIndexBlocks) {
  const Parsed spare = parse(R"({"messages":[
    {"role":"user","additional_kwargs":{},"blocks":[{"block_type":"text","text":"find"}]},
    {"role":"assistant","additional_kwargs":{"tool_calls":[{"id":"c1","type":"function","function":
      {"name":"find","arguments":"{\"id\":\"mb-4\"}"}}]},"blocks":[{"block_type":"text","text":""}]},
    {"role":"tool","additional_kwargs":{"name":"find","tool_call_id":"c1"},
      "blocks":[{"block_type":"text","text":"ln-5"}]},
    {"role":"assistant","additional_kwargs":{},"blocks":[{"block_type":"text","text":"Done."}]}]})");
  expect_the_call(spare);
  EXPECT_EQ(texts(spare.t), "user: find | assistant:  | tool: ln-5 | assistant: Done.");
  const Parsed blocks = parse(R"({"messages":[
    {"role":"user","blocks":[{"block_type":"text","text":"find"}]},
    {"role":"assistant","blocks":[{"block_type":"tool_call","tool_call_id":"c1","tool_name":"find",
      "tool_kwargs":{"id":"mb-4"}}]},
    {"role":"tool","additional_kwargs":{"tool_call_id":"c1"},
      "blocks":[{"block_type":"text","text":"ln-5"}]}]})");
  expect_the_call(blocks);
}

TEST(SdkDumps, SemanticKernelItems) {
  const Parsed parsed = parse(R"({"messages":[
    {"role":"user","items":[{"content_type":"text","text":"find"}]},
    {"role":"assistant","items":[{"content_type":"function_call","id":"c1","index":0,"name":"find",
      "function_name":"find","plugin_name":"bank","arguments":"{\"id\":\"mb-4\"}"}],
      "finish_reason":"tool_calls"},
    {"role":"tool","items":[{"content_type":"function_result","id":"c1","name":"find",
      "function_name":"find","plugin_name":"bank","result":"ln-5"}]},
    {"role":"assistant","items":[{"content_type":"text","text":"Done."}]}]})");
  expect_the_call(parsed);
  EXPECT_EQ(texts(parsed.t), "user: find | assistant:  | tool: ln-5 | assistant: Done.");
}

TEST(SdkDumps, HaystackResults) {
  const Parsed parsed = parse(R"({"messages":[
    {"role":"user","meta":{},"name":null,"content":[{"text":"find"}]},
    {"role":"assistant","meta":{},"content":[{"tool_call":{"tool_name":"find",
      "arguments":{"id":"mb-4"},"id":"c1"}}]},
    {"role":"tool","content":[{"tool_call_result":{"result":"ln-5","error":false,"origin":
      {"tool_name":"find","arguments":{"id":"mb-4"},"id":"c1"}}}]},
    {"role":"assistant","content":[{"text":"Done."}]}]})");
  expect_the_call(parsed);
}

TEST(SdkDumps, AdkEvents) {
  const Parsed parsed = parse(R"({"events":[
    {"author":"user","content":{"role":"user","parts":[{"text":"find"}]}},
    {"author":"bank","invocationId":"e1","content":{"role":"model","parts":[
      {"functionCall":{"id":"c1","name":"find","args":{"id":"mb-4"}}}]}},
    {"author":"bank","content":{"role":"user","parts":[
      {"functionResponse":{"id":"c1","name":"find","response":"ln-5"}}]}},
    {"author":"bank","content":{"role":"model","parts":[{"text":"Done."}]}}]})");
  expect_the_call(parsed);
  EXPECT_EQ(texts(parsed.t), "user: find | assistant:  | tool: ln-5 | assistant: Done.");
}

TEST(SdkDumps, NamesFromTypesOutliveTheFile) {
  const auto loaded = testing::load_text(
      "a.jsonl", R"({"messages":[{"role":"user","content":"x"},)"
                 R"({"role":"assistant","parts":[{"type":"tool-find",)"
                 R"("toolCallId":"c1","input":{"id":"mb-4"},"output":"ln-5"}]}]})");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(loaded.trajectories[0].calls.at(0).name, "find");
}

TEST(SdkDumps, AssistantsTexts) {
  const Parsed parsed = parse(R"({"messages":[
    {"role":"user","content":[{"type":"text","text":{"value":"find","annotations":[]}}]},
    {"role":"assistant","content":[{"type":"text","text":{"value":"Done.","annotations":[]}}]}]})");
  EXPECT_EQ(texts(parsed.t), "user: find | assistant: Done.");
}

TEST(SdkDumps, TheSystemTextBesideTheMessages) {
  for (const std::string system :
       {R"("system":"Be kind.\nAlways.")",
        R"("system":[{"type":"text","text":"Be kind.\nAlways."}])",
        R"("systemInstruction":{"parts":[{"text":"Be kind."},{"text":"Always."}]})",
        R"("system_prompt":"Be kind.\nAlways.")"}) {
    const Parsed parsed =
        parse("{" + system +
              R"(,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]})");
    EXPECT_EQ(texts(parsed.t), "system: Be kind.\nAlways. | user: x | assistant: y") << system;
  }
  const Parsed own = parse(
      R"({"system":"other","messages":[{"role":"system","content":"own"},{"role":"assistant","content":"y"}]})");
  EXPECT_EQ(texts(own.t), "system: own | assistant: y");
}

TEST(SdkDumps, TheReplyBesideARequest) {
  const std::string asked = R"([{"role":"user","content":"x"}])";
  const std::vector<std::string> records = {
      R"({"messages":)" + asked + R"(,"response":"y \"z\""})",
      R"({"request":{"messages":)" + asked +
          R"(},"response":{"choices":[{"index":0,"message":{"role":"assistant","content":"y \"z\""}}]}})",
      R"({"messages":)" + asked +
          R"(,"response":{"id":"m","role":"assistant","content":[{"type":"text","text":"y \"z\""}]}})",
      R"({"request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]},"response":{"candidates":[{"content":{"role":"model","parts":[{"text":"y \"z\""}]}}]}})",
      R"({"messages":)" + asked +
          R"(,"output":{"message":{"role":"assistant","content":[{"text":"y \"z\""}]}}})"};
  for (const std::string& record : records) {
    EXPECT_EQ(texts(parse(record).t), "user: x | assistant: y \"z\"") << record;
  }
  // What was said before is no reply.
  const Parsed said = parse(
      R"({"messages":[{"role":"assistant","content":"y"},{"role":"user","content":"bye"}],"output":"y"})");
  EXPECT_EQ(texts(said.t), "assistant: y | user: bye");
}

TEST(SdkDumps, NewItemsBesideTheirInput) {
  const Parsed parsed = parse(R"({"input":"find","new_items":[
    {"type":"function_call","call_id":"c1","name":"find","arguments":"{\"id\":\"mb-4\"}"},
    {"type":"function_call_output","call_id":"c1","output":"ln-5"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Done."}]}]})");
  expect_the_call(parsed);
  EXPECT_EQ(texts(parsed.t), "user: find | assistant:  | tool: ln-5 | assistant: Done.");
}

// Azure's evaluations: `query` is a text or a conversation.
TEST(SdkDumps, AResponseComesBehindWhatWasAsked) {
  const std::string response =
      R"("response":[{"role":"assistant","content":[{"type":"tool_call","tool_call_id":"c1",)"
      R"("name":"find","arguments":{"id":"mb-4"}}]},{"role":"tool","tool_call_id":"c1",)"
      R"("content":[{"type":"tool_result","tool_result":"ln-5"}]},)"
      R"({"role":"assistant","content":[{"type":"text","text":"Done."}]}]})";
  const std::string said = " | assistant:  | tool: ln-5 | assistant: Done.";
  const std::string user = R"({"role":"user","content":[{"type":"text","text":"find"}]})";
  for (const std::string& query :
       {std::string(R"({"query":"find",)"), std::string(R"({"question":"find",)"),
        R"({"query":[)" + user + "],"}) {
    const Parsed parsed = parse(query + response);
    expect_the_call(parsed);
    EXPECT_EQ(texts(parsed.t), "user: find" + said) << query;
    EXPECT_THAT(parsed.record.notes.unread, IsEmpty()) << query;
  }
  // An answer that begins with what was asked says it itself.
  const Parsed whole = parse(R"({"input":"find","output":[)" + user +
                             R"(,{"role":"assistant","content":"Done."}]})");
  EXPECT_EQ(texts(whole.t), "user: find | assistant: Done.");
}

// The id of the call stands beside the parts, one of which is the result.
TEST(SdkDumps, AResultInAPartHasTheIdOfItsMessage) {
  const auto call = [](const std::string& id) {
    return R"({"role":"assistant","content":[{"type":"tool_call","tool_call_id":")" + id +
           R"(","name":"find","arguments":{}}]},)";
  };
  const auto result = [](const std::string& id, const std::string& text) {
    return R"({"content":[{"type":"tool_result","tool_result":")" + text +
           R"("}],"role":"tool","tool_call_id":")" + id + R"("},)";
  };
  const Parsed parsed = parse(R"({"messages":[)" + call("c1") + call("c2") + result("c2", "b") +
                              result("c1", "a") + R"({"role":"assistant","content":"Done."}]})");
  EXPECT_THAT(results(parsed.t), ElementsAre("a", "b"));
}

// What a model replied to a request, as APIs and those who log them write it.
TEST(SdkDumps, ARepliesCallIsReadInEveryForm) {
  const std::string call =
      R"("tool_calls":[{"id":"c2","type":"function","function":{"name":"renew","arguments":"{}"}}])";
  const std::string message = R"({"role":"assistant","content":null,)" + call + "}";
  const std::string choices = R"({"choices":[{"message":)" + message + "}]}";
  std::string quoted;
  for (const char c : choices) quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
  const auto reply = [](const std::string& response) {
    return parse(R"({"messages":[{"role":"user","content":"x"},)"
                 R"({"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function",)"
                 R"("function":{"name":"find","arguments":"{}"}}]},)"
                 R"({"role":"tool","tool_call_id":"c1","content":"y"}],"response":)" +
                 response + "}");
  };
  for (const std::string& response :
       {message, choices, "\"" + quoted + "\"", R"({"status":200,"body":)" + choices + "}",
        R"({"data":)" + choices + "}", R"({"content":"",)" + call + "}",
        std::string(R"({"content":[{"type":"tool_use","id":"q","name":"renew","input":{}}],)"
                    R"("stop_reason":"tool_use"})"),
        std::string(R"({"generations":[[{"text":"","message":{"lc":1,"type":"constructor",)"
                    R"("id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"",)"
                    R"("type":"ai","tool_calls":[{"name":"renew","args":{},"id":"q"}]}}}]]})")}) {
    const Parsed parsed = reply(response);
    ASSERT_EQ(parsed.t.calls.size(), 2u) << response;
    EXPECT_EQ(parsed.t.calls[1].name, "renew") << response;
    EXPECT_THAT(parsed.record.notes.unread, IsEmpty()) << response;
  }
  for (const std::string response :
       {R"({"text":"Done."})", R"([{"generated_text":"Done."}])", R"({"response":"Done."})"}) {
    EXPECT_EQ(reply(response).t.messages.back().text, "Done.") << response;
  }
  // JSON that is an answer stays one.
  EXPECT_EQ(reply(R"("{\"name\": \"Ann\", \"role\": \"reader\"}")").t.messages.back().text,
            R"({"name": "Ann", "role": "reader"})");
  EXPECT_EQ(reply(R"("{\"choices\": [\"keep\", \"renew\"]}")").t.messages.back().text,
            R"({"choices": ["keep", "renew"]})");
  EXPECT_EQ(reply(R"("{\"status\": \"kept\"}")").t.messages.back().text, R"({"status": "kept"})");
  // What is not understood is said.
  for (const std::string response : {R"([{"choices":[{"index":0,"delta":{"content":"Done."}}]}])",
                                     R"("data: {\"choices\": []}\n\ndata: [DONE]\n")"}) {
    const Parsed parsed = reply(response);
    ASSERT_EQ(parsed.record.notes.unread.size(), 1u) << response;
    EXPECT_EQ(parsed.record.notes.unread[0].what, "the reply in `response`");
  }
}

TEST(SdkDumps, FurtherRepliesAreCounted) {
  const Parsed parsed =
      parse(R"({"request":{"messages":[{"role":"user","content":"x"}]},"response":{"choices":[)"
            R"({"message":{"role":"assistant","content":"a"}},)"
            R"({"message":{"role":"assistant","content":"b"}}]}})");
  EXPECT_EQ(texts(parsed.t), "user: x | assistant: a");
  ASSERT_EQ(parsed.record.notes.unread.size(), 1u);
  EXPECT_EQ(parsed.record.notes.unread[0].what, "further replies in `response`");
}

TEST(SdkDumps, MessagesInATextOfPython) {
  const Parsed parsed = parse(
      R"({"messages":"[{'role': 'user', 'content': \"it's\"}, {'role': 'assistant', 'content': None, 'tool_calls': [{'id': 'c1', 'function': {'name': 'find', 'arguments': '{\"id\": \"mb-4\"}'}}]}, {'role': 'tool', 'tool_call_id': 'c1', 'content': 'ln-5'}]"})");
  expect_the_call(parsed);
  EXPECT_EQ(texts(parsed.t), "user: it's | assistant:  | tool: ln-5");
  const Parsed cut = parse(R"({"messages":"[{\"role\": \"user\", \"content\": \"fi"})");
  EXPECT_EQ(cut.record.outcome, RecordOutcome::kMalformed);
  EXPECT_THAT(cut.record.problem, HasSubstr("it may be cut"));
}

TEST(SdkDumps, PydanticMessagesInAFileOfTheirOwn) {
  const auto loaded = testing::load_text("t1.json", R"([
    {"parts":[{"content":"find","part_kind":"user-prompt"}],"kind":"request"},
    {"parts":[{"tool_name":"find","args":{"id":"mb-4"},"tool_call_id":"c1","part_kind":"tool-call"}],
      "model_name":"alder","kind":"response"},
    {"parts":[{"tool_name":"find","content":"ln-5","tool_call_id":"c1","part_kind":"tool-return"}],
      "kind":"request"},
    {"parts":[{"content":"Done.","part_kind":"text"}],"kind":"response","model_name":"alder"}])");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(loaded.trajectories[0].model, "alder");
  EXPECT_THAT(results(loaded.trajectories[0]), ElementsAre("ln-5"));
}

TEST(SdkDumps, PydanticSystemPartsAreOfTheSystem) {
  const Parsed parsed = parse(R"({"messages":[
    {"parts":[{"content":"Be brief.","part_kind":"system-prompt"},
              {"content":"find","part_kind":"user-prompt"}],"kind":"request"},
    {"parts":[{"content":"Done.","part_kind":"text"}],"kind":"response"},
    {"parts":[{"content":"Be kind.","part_kind":"system-prompt"}],"kind":"request"}]})");
  EXPECT_EQ(texts(parsed.t),
            "system: Be brief. | user: find | assistant: Done. | system: Be kind.");
}

TEST(SdkDumps, CallsBesideTheMessagesAreSaid) {
  const std::string chat =
      R"({"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}],)";
  const Parsed beside = parse(chat + R"("trace":[{"step":{"tool_calls":[{"name":"find"}]}}]})");
  EXPECT_EQ(texts(beside.t), "user: x | assistant: y");
  ASSERT_EQ(beside.record.notes.unread.size(), 1u);
  EXPECT_EQ(beside.record.notes.unread[0].what, "calls in the record member `trace`");
  const Parsed tools =
      parse(chat + R"("tools":[{"function":{"name":"find","parameters":{"properties":{}}}}],)"
                   R"("note":{"text":"\"arguments\": none", "other":"tool_calls"}})");
  EXPECT_THAT(tools.record.notes.unread, IsEmpty());
}

// AutoGen writes the joined text before the results, or behind them.
TEST(SdkDumps, AResultsJoinedTextIsNoResult) {
  const std::string text = R"("content":"a\n\nb")";
  const std::string each = R"("tool_responses":[{"tool_call_id":"c1","role":"tool","content":"a"},)"
                           R"({"tool_call_id":"c2","role":"tool","content":"b"}])";
  for (const std::string& both : {text + "," + each, each + "," + text}) {
    const Parsed parsed = testing::parse_messages(
        R"({"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[)"
        R"({"id":"c1","function":{"name":"f","arguments":"{}"}},)"
        R"({"id":"c2","function":{"name":"g","arguments":"{}"}}]},{"role":"tool",)" +
        both + R"(},{"role":"assistant","content":"ok"})");
    EXPECT_EQ(texts(parsed.t), "user: x | assistant:  | tool: a | tool: b | assistant: ok");
    EXPECT_THAT(results(parsed.t), ElementsAre("a", "b"));
  }
}

TEST(SdkDumps, AResultMayBeTheDataItself) {
  for (const std::string data : {R"({"state":"shipped"})", R"([{"state":"shipped"}])"}) {
    const Parsed parsed = testing::parse_messages(
        R"({"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_call",)"
        R"("tool_call_id":"c1","name":"f","arguments":{"a":1}}]},{"tool_call_id":"c1","role":"tool",)"
        R"("content":[{"type":"tool_result","tool_result":)" +
        data + R"(}]})");
    EXPECT_THAT(results(parsed.t), ElementsAre(data));
  }
}

TEST(SdkDumps, AStepsActionMayBeACallAsTextWritesIt) {
  const Parsed parsed = parse(
      R"({"problem_statement":"Fix","trajectory":[{"thought":"look","action":)"
      R"("<function=run>\n<parameter=cmd>ls</parameter>\n</function>","observation":"a.py"},)"
      R"({"thought":"","action":"<tool_call>\n{\"name\":\"f\",\"arguments\":{}}\n</tool_call>\n)"
      R"(<tool_call>\n{\"name\":\"g\",\"arguments\":{}}\n</tool_call>"},)"
      R"({"thought":"","action":"finish","observation":""}]})");
  ASSERT_EQ(parsed.t.calls.size(), 4u);
  EXPECT_EQ(parsed.t.calls[2].name, "g");
  EXPECT_EQ(parsed.t.calls[3].name, "finish");
  EXPECT_EQ(parsed.t.calls[0].name, "run");
  EXPECT_EQ(parsed.t.calls[0].arguments, R"({"cmd":"ls"})");
  EXPECT_EQ(results(parsed.t)[0], "a.py");
}

TEST(SdkDumps, AReplyInPartsIsOne) {
  const std::string asked =
      R"({"input":{"messages":[{"role":"user","content":[{"type":"text","text":"Where?"}]}]},)";
  const Parsed said = parse(asked + R"("output":[{"type":"text","text":"It is "},)"
                                    R"({"type":"text","text":"shipped."}]})");
  EXPECT_EQ(texts(said.t), "user: Where? | assistant: It is \nshipped.");
  EXPECT_THAT(said.record.notes.unread, IsEmpty());
  const Parsed called =
      parse(asked + R"("output":[{"type":"tool_call","id":"c1","name":"f","arguments":"{}"}]})");
  EXPECT_EQ(texts(called.t), "user: Where? | assistant: ");
  EXPECT_EQ(called.t.calls.size(), 1u);
}

// A step of Vercel's SDK: its content is a part of the messages of its response.
TEST(SdkDumps, PartsOfAContentAreNoMessages) {
  const std::string content =
      R"("content":[{"type":"reasoning","text":"hm"},{"type":"text","text":"Look."}])";
  const Parsed parsed =
      parse("{" + content + R"(,"response":{"messages":[{"role":"assistant",)" + content + "}]}}");
  EXPECT_EQ(texts(parsed.t), "assistant: Look.");
  EXPECT_EQ(parsed.t.messages[0].reasoning, "hm");
}

// A request and its response, each with a list.
TEST(SdkDumps, AnExchangeIsOneConversation) {
  const std::string user = R"({"role":"user","content":"find"})";
  const std::string call =
      R"({"type":"function_call","call_id":"c1","name":"find","arguments":"{\"id\":\"mb-4\"}"},)"
      R"({"type":"function_call_output","call_id":"c1","output":"ln-5"})";
  const std::string done =
      R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"Done."}]})";
  for (const std::string& record :
       {R"({"request":{"input":[)" + user + "," + call + R"(]},"response":{"output":[)" + done +
            "]}}",
        R"({"responses_create_params":{"input":[)" + user + R"(]},"response":{"output":[)" + call +
            "," + done + "]}}",
        R"({"inputs":{"messages":[)" + user + R"(]},"outputs":{"messages":[)" + call + "," + done +
            "]}}",
        R"({"inputs":{"messages":[)" + user + R"(]},"outputs":{"messages":[)" + user + "," + call +
            "," + done + "]}}"}) {
    const Parsed parsed = parse(record);
    expect_the_call(parsed);
    EXPECT_EQ(texts(parsed.t), "user: find | assistant:  | tool: ln-5 | assistant: Done.")
        << record;
  }
}

TEST(SdkDumps, AnExchangeThatEndsWithAResultIsReadOnce) {
  const Parsed parsed =
      parse(R"({"responses_create_params":{"input":[{"role":"user","content":"find"}]},"response":)"
            R"({"output":[{"type":"function_call","call_id":"c1","name":"find",)"
            R"("arguments":"{\"id\":\"mb-4\"}"},)"
            R"({"type":"function_call_output","call_id":"c1","output":"ln-5"}]},)"
            R"("_ng_task_index":4,"_ng_rollout_index":1})");
  EXPECT_EQ(texts(parsed.t), "user: find | assistant:  | tool: ln-5");
  EXPECT_EQ(parsed.t.task_id, "4");
  EXPECT_EQ(parsed.t.trial, 1);
}

TEST(SdkDumps, WhatTheServerKeptOfAnExchangeIsSaid) {
  const Parsed parsed =
      parse(R"({"request":{"model":"m","previous_response_id":"r0","input":"Where?"},"response":)"
            R"({"object":"response","output":[{"type":"message","role":"assistant","content":)"
            R"([{"type":"output_text","text":"ok"}]}]}})");
  EXPECT_EQ(texts(parsed.t), "user: Where? | assistant: ok");
  ASSERT_EQ(parsed.record.notes.unread.size(), 1u);
  EXPECT_EQ(parsed.record.notes.unread[0].what, "the turns before `previous_response_id`");
}

TEST(SdkDumps, TheStatusOfARequestIsNoSuccess) {
  const std::string chat =
      R"("messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]})";
  EXPECT_EQ(parse(R"({"status":"success","call_type":"acompletion",)" + chat).t.reward,
            std::nullopt);
  EXPECT_EQ(parse(R"({"status":"success",)" + chat).t.reward, 1.0);
}

TEST(SdkDumps, HaystacksReasoningIsAnObject) {
  const Parsed parsed = testing::parse_messages(
      R"({"role":"user","content":[{"text":"Where?"}]},{"role":"assistant","content":)"
      R"([{"reasoning":{"reasoning_text":"hm","extra":{}}},{"text":"Here."}]})");
  EXPECT_EQ(texts(parsed.t), "user: Where? | assistant: Here.");
  EXPECT_EQ(parsed.t.messages[1].reasoning, "hm");
}

TEST(SdkDumps, SeveralRepliesAreNotOneRun) {
  const Parsed group = parse(
      R"({"prompt":[{"role":"user","content":"x"}],"completions":[[{"role":"assistant","content":"y"}],[{"role":"assistant","content":"z"}]]})");
  EXPECT_EQ(group.record.outcome, RecordOutcome::kMalformed);
  EXPECT_THAT(group.record.problem, HasSubstr("several replies to one prompt"));
  const Parsed choices = parse(
      R"({"messages":[{"role":"user","content":"x"}],"choices":[{"message":{"role":"assistant","content":"y"}},{"message":{"role":"assistant","content":"z"}}]})");
  EXPECT_EQ(texts(choices.t), "user: x | assistant: y");
  ASSERT_EQ(choices.record.notes.unread.size(), 1u);
}

TEST(SdkDumps, ResultsBesideTheMessagesAreCounted) {
  const Parsed parsed = parse(R"({"messages":[{"role":"user","content":"x"},{"role":"assistant",
    "tool_calls":[{"id":"c1","function":{"name":"find","arguments":"{}"}}]}],
    "tool_outputs":[{"tool_call_id":"c1","output":"ln-5"}]})");
  ASSERT_EQ(parsed.record.notes.unread.size(), 1u);
  EXPECT_EQ(parsed.record.notes.unread[0].what, "results in the record member `tool_outputs`");
}

TEST(SdkDumps, AVerdictCountsBeforeAPartOfAScore) {
  const auto reward = [](const std::string& members) {
    return parse("{" + members + R"("messages":[{"role":"assistant","content":"y"}]})").t.reward;
  };
  EXPECT_EQ(reward(R"("score":0.4,"passed":true,)"), 1.0);
  EXPECT_EQ(reward(R"("evaluation":{"score":0.4,"passed":true},)"), 1.0);
  EXPECT_EQ(reward(R"("score":0.4,)"), 0.4);
  EXPECT_EQ(reward(R"("score":1,"passed":false,)"), 1.0);  // by the order of the keys
  EXPECT_EQ(reward(R"("reward":0.4,"passed":true,)"), 1.0);
  EXPECT_EQ(reward(R"("score":0.4,"status":"success",)"), 0.4);
}

TEST(SdkDumps, CallsInATextOfPython) {
  expect_the_call(parse(R"({"messages":[{"role":"assistant","content":null,
    "tool_calls":"[{'id': 'c1', 'function': {'name': 'find', 'arguments': {'id': 'mb-4', 'x': None}}}]"},
    {"role":"tool","tool_call_id":"c1","content":"ln-5"}]})"));
}

TEST(SdkDumps, ALineMayEndInAComma) {
  const auto loaded = testing::load_text(
      "a.jsonl", R"({"task_id":"1","messages":[{"role":"assistant","content":"y"}]},)"
                 "\n"
                 R"({"task_id":"2","messages":[{"role":"assistant","content":"y"}]})"
                 "\n");
  EXPECT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.report.diagnostics.losses(), 0u);
}

TEST(SdkDumps, KeysOfOutcomesInAnySpelling) {
  for (const std::string key :
       {"isCorrect", "is_correct", "IsCorrect", "is-correct", "Is Correct"}) {
    const Parsed parsed =
        parse("{\"" + key + R"(":true,"messages":[{"role":"assistant","content":"y"}]})");
    EXPECT_EQ(parsed.t.reward, 1.0) << key;
  }
  const Parsed trial =
      parse(R"({"trialNumber":3,"messages":[{"role":"assistant","content":"y"}]})");
  EXPECT_EQ(trial.t.trial, 3);
}

TEST(SdkDumps, Utf16WithoutAMarkIsNamed) {
  const testing::TempFolder folder;
  std::string wide;
  for (const char c : std::string(R"({"messages":[]})")) wide += std::string{c, '\0'};
  const auto loaded = load_trajectories(testing::options_for({folder.write("a.json", wide)}));
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("UTF-16"));
}

}  // namespace
}  // namespace agentecho
