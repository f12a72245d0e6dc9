// One run, written as strangers write it: every form must give the same two calls, their arguments
// and their results.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agentecho/trajectory/error_result.h"
#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::leaves;
using testing::load_text;
using testing::parse;
using testing::parse_messages;
using testing::Parsed;
using testing::results;
using ::testing::SizeIs;
using Json = nlohmann::ordered_json;

std::vector<std::string> names(const Trajectory& t) {
  std::vector<std::string> all;
  for (const ToolCall& call : t.calls) all.emplace_back(call.name);
  return all;
}

struct TextForm {
  std::string name;
  std::string first;   // find(id="x-1", n=2)
  std::string second;  // renew(ref="r-2")
  std::string role;    // of what answers
  std::string first_result = "found";
  std::string second_result = "kept";
};

std::ostream& operator<<(std::ostream& out, const TextForm& form) { return out << form.name; }

class CallsInText : public ::testing::TestWithParam<TextForm> {};

TEST_P(CallsInText, AreCalls) {
  const TextForm& form = GetParam();
  Json messages = Json::array();
  const auto add = [&](const std::string& role, const std::string& text) {
    messages.push_back({{"role", role}, {"content", text}});
  };
  add("user", "Please renew");
  add("assistant", form.first);
  add(form.role, form.first_result);
  add("assistant", form.second);
  add(form.role, form.second_result);
  add("assistant", "Done.");
  const std::string json = messages.dump();
  const Parsed parsed = parse_messages(std::string_view(json).substr(1, json.size() - 2));
  ASSERT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
  EXPECT_THAT(names(parsed.t), ElementsAre("find", "renew"));
  EXPECT_THAT(leaves(parsed.t), ElementsAre("x-1", "2", "r-2"));
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
  EXPECT_THAT(parsed.record.notes.call_marks, IsEmpty());
  for (const ToolCall& call : parsed.t.calls) EXPECT_FALSE(call.malformed_arguments);
  EXPECT_EQ(parsed.t.messages.back().text, "Done.");
}

const std::string kArguments = R"({"id": "x-1", "n": 2})";
const std::string kMore = R"({"ref": "r-2"})";

std::string deepseek(const std::string& name, const std::string& arguments) {
  return "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>" + name + "<｜tool▁sep｜>" + arguments +
         "<｜tool▁call▁end｜><｜tool▁calls▁end｜>";
}
std::string deepseek_r1(const std::string& name, const std::string& arguments) {
  return deepseek("function", name + "\n```json\n" + arguments + "\n```");
}
std::string kimi(const std::string& name, const std::string& arguments) {
  return "<|tool_calls_section_begin|><|tool_call_begin|>functions." + name +
         ":0<|tool_call_argument_begin|>" + arguments +
         "<|tool_call_end|><|tool_calls_section_end|>";
}
std::string harmony(const std::string& name, const std::string& arguments) {
  return "<|channel|>commentary to=functions." + name + " <|constrain|>json<|message|>" +
         arguments + "<|call|>";
}

INSTANTIATE_TEST_SUITE_P(
    Forms, CallsInText,
    ::testing::Values(
        TextForm{"hermes_with_an_end_mark",
                 "<tool_call>\n{\"name\": \"find\", \"arguments\": {\"id\": \"x-1\", \"n\": "
                 "2}}\n</tool_call><|im_end|>",
                 "<function=renew><parameter=ref>r-2</parameter></function><|eom_id|>", "user"},
        TextForm{"a_fence_in_the_tag",
                 "<tool_call>\n```json\n{\"name\": \"find\", \"arguments\": {\"id\": \"x-1\", "
                 "\"n\": 2}}\n```\n</tool_call>",
                 "<tool_call>\n{\"name\": \"renew\", \"arguments\": {\"ref\": \"r-2\"}}\n"
                 "</tool_call>",
                 "user"},
        TextForm{"printed_blocks",
                 "[ToolUseBlock(id='a', input={'id': 'x-1', 'n': 2}, name='find', "
                 "type='tool_use')]",
                 "[ToolUseBlock(id='b', input={'ref': 'r-2'}, name='renew', type='tool_use')]",
                 "tool"},
        TextForm{"react_with_marks_around_its_input", "Action: find({\"id\": \"x-1\", \"n\": 2})",
                 "Action: renew\nAction Input: `{\"ref\": \"r-2\"}`", "user", "Observation: found",
                 "Observation: kept"},
        TextForm{"deepseek_r1", deepseek_r1("find", kArguments), deepseek_r1("renew", kMore),
                 "user",
                 "<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>found<｜tool▁output▁end｜>",
                 "<｜tool▁output▁begin｜>kept<｜tool▁output▁end｜>"},
        TextForm{"deepseek", deepseek("find", kArguments), deepseek("renew", kMore), "tool"},
        TextForm{"dsml",
                 "<｜DSML｜function_calls><｜DSML｜invoke name=\"find\">"
                 "<｜DSML｜parameter name=\"id\" string=\"true\">x-1</｜DSML｜parameter>"
                 "<｜DSML｜parameter name=\"n\" string=\"false\">2</｜DSML｜parameter>"
                 "</｜DSML｜invoke></｜DSML｜function_calls>",
                 "<｜DSML｜invoke name=\"renew\"><｜DSML｜parameter name=\"ref\" "
                 "string=\"true\">r-2</｜DSML｜parameter></｜DSML｜invoke>",
                 "tool"},
        TextForm{"kimi", kimi("find", kArguments), kimi("renew", kMore), "tool"},
        TextForm{"harmony", harmony("find", kArguments), harmony("renew", kMore), "tool"},
        TextForm{"glm",
                 "<tool_call>find\n<arg_key>id</arg_key>\n<arg_value>x-1</arg_value>\n"
                 "<arg_key>n</arg_key>\n<arg_value>2</arg_value>\n</tool_call>",
                 "<tool_call>renew\n<arg_key>ref</arg_key>\n<arg_value>r-2</arg_value></tool_call>",
                 "user", "<tool_response>found</tool_response>",
                 "<tool_response>kept</tool_response>"},
        TextForm{"mistral",
                 "[TOOL_CALLS][{\"name\": \"find\", \"arguments\": " + kArguments + "}]</s>",
                 "[TOOL_CALLS][{\"name\": \"renew\", \"arguments\": " + kMore + "}]", "tool"},
        TextForm{"mistral_v11", "[TOOL_CALLS]find[ARGS]" + kArguments,
                 "[TOOL_CALLS]renew[CALL_ID]abcdefghi[ARGS]" + kMore, "tool"},
        TextForm{"internlm",
                 "<|action_start|><|plugin|>{\"name\":\"find\",\"parameters\":" + kArguments +
                     "}<|action_end|>",
                 "<|action_start|><|plugin|>{\"name\":\"renew\",\"parameters\":" + kMore +
                     "}<|action_end|>",
                 "environment"},
        TextForm{"bare_json", R"({"name": "find", "parameters": )" + kArguments + "}",
                 R"({"name": "renew", "parameters": )" + kMore + "}<|eot_id|>", "ipython"},
        TextForm{"react_in_bold",
                 "**Thought:** I look.\n**Action:** find\n**Action Input:** " + kArguments,
                 "**Thought:** So.\n**Action**: renew\n**Action Input**: " + kMore, "user",
                 "**Observation:** found", "**Observation**: kept"},
        TextForm{"react_answered_without_a_mark",
                 "Thought: I look.\nAction: find\nAction Input: " + kArguments,
                 "Thought: So.\nAction: renew\nAction Input: " + kMore, "user"},
        TextForm{"tags_answered_without_a_mark",
                 "<tool_call>{\"name\": \"find\", \"arguments\": " + kArguments + "}</tool_call>",
                 "<tool_call>{\"name\": \"renew\", \"arguments\": " + kMore + "}</tool_call>",
                 "user"},
        TextForm{"labelled_json",
                 "I look.\nTOOL_CALL: {\"name\": \"find\", \"arguments\": " + kArguments + "}",
                 "TOOL_CALL: {\"name\": \"renew\", \"arguments\": " + kMore + "}", "user",
                 "TOOL_RESULT: found", "TOOL_RESULT: kept"},
        TextForm{"tool_tags", "<tool>{\"name\": \"find\", \"args\": " + kArguments + "}</tool>",
                 "<tool>{\"name\": \"renew\", \"args\": " + kMore + "}</tool>", "user",
                 "<result>found</result>", "<result>kept</result>"},
        TextForm{"cohere_r7",
                 "<|START_THINKING|>I look<|END_THINKING|><|START_ACTION|>[{\"tool_call_id\": "
                 "\"0\", \"tool_name\": \"find\", \"parameters\": " +
                     kArguments + "}]<|END_ACTION|>",
                 "<|START_ACTION|>[{\"tool_call_id\": \"1\", \"tool_name\": \"renew\", "
                 "\"parameters\": " +
                     kMore + "}]<|END_ACTION|>",
                 "tool"},
        TextForm{"mcp_tool_in_xml",
                 "<use_mcp_tool>\n<server_name>desk</server_name>\n<tool_name>find</tool_name>\n"
                 "<arguments>" +
                     kArguments + "</arguments>\n</use_mcp_tool>",
                 "<use_mcp_tool>\n<server_name>desk</server_name>\n<tool_name>renew</tool_name>\n"
                 "<arguments>" +
                     kMore + "</arguments>\n</use_mcp_tool>",
                 "user", "[use_mcp_tool for 'desk'] Result:\nfound",
                 "[use_mcp_tool for 'desk'] Result:\nkept\n<environment_details>open tabs"
                 "</environment_details>"},
        TextForm{"xml_tool_that_is_answered", "I look.\n<find>\n<id>x-1</id>\n<n>2</n>\n</find>",
                 "<renew><ref>r-2</ref></renew>", "user", "[find for 'x-1'] Result:\nfound",
                 "[renew] Result: kept"},
        TextForm{"functools", R"(functools[{"name":"find","arguments":)" + kArguments + "}]",
                 R"(functools[{"name":"renew","arguments":)" + kMore + "}]", "tool"},
        TextForm{"pythonic", "[find(id=\"x-1\", n=2)]", "[renew(ref='r-2')]", "ipython"},
        TextForm{"tool_code", "```tool_code\nfind(id=\"x-1\", n=2)\n```",
                 "```tool_code\nrenew(ref=\"r-2\")\n```", "user", "```tool_output\nfound\n```",
                 "```tool_output\nkept\n```"},
        TextForm{"json_in_a_fence",
                 "```json\n{\"name\": \"find\", \"arguments\": " + kArguments + "}\n```",
                 "```json\n{\"name\": \"renew\", \"arguments\": " + kMore + "}\n```", "tool"},
        TextForm{"tool_and_tool_input", R"({"tool": "find", "tool_input": )" + kArguments + "}",
                 R"({"tool": "renew", "tool_input": )" + kMore + "}", "user", "Tool result: found",
                 "TOOL RESULT: kept"},
        TextForm{"react_in_python", "Thought: look\nAction: find(id=\"x-1\", n=2)",
                 "Thought: then\nAction: renew(ref=\"r-2\")", "user", "Observation: found",
                 "Observation: kept"},
        TextForm{"react_numbered", "Thought 1: look\nAction 1: find\nAction Input 1: " + kArguments,
                 "Thought 2: then\nAction 2: renew\nAction Input 2: " + kMore, "user",
                 "Observation 1: found", "Observation 2: kept"},
        TextForm{"react_that_waits", "Action: find\nAction Input: " + kArguments + "\nObservation:",
                 "Action: renew\nAction Input: " + kMore + "\nObservation", "user"}),
    [](const auto& form) { return form.param.name; });

TEST(Results, WithoutIdsBelongToTheCallsOfTheirNames) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"q"},
         {"role":"assistant","content":null,"tool_calls":[{"function":{"name":"find","arguments":"{}"}},
          {"function":{"name":"renew","arguments":"{}"}}]},
         {"role":"tool","name":"renew","content":"kept"},{"role":"tool","name":"find","content":"found"},
         {"role":"assistant","content":"a"})");
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
}

TEST(Messages, ThatAreNullArePassedOverAndCounted) {
  const Parsed parsed =
      parse_messages(R"({"role":"user","content":"q"},null,{"role":"assistant","content":"a"})");
  EXPECT_EQ(parsed.t.messages.size(), 2u);
  ASSERT_THAT(parsed.record.notes.unread, SizeIs(1));
  EXPECT_EQ(parsed.record.notes.unread[0].what, "null among the messages");
}

TEST(CallsInText, ThatAreQuotedAreNone) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"How do models call?"},
         {"role":"assistant","content":"They write `<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>` or `<invoke name=\"x\">`."},
         {"role":"user","content":"thanks"})");
  EXPECT_THAT(parsed.t.calls, IsEmpty());
  EXPECT_EQ(parsed.t.messages.back().role, Role::kUser);
}

TEST(CallsInText, WithoutAToolAreWhatTheAgentSays) {
  const Parsed answer = parse_messages(
      R"({"role":"user","content":"Please renew"},
         {"role":"assistant","content":"```json\n{\"action\": \"find\", \"action_input\": {\"n\": 2}}\n```"},
         {"role":"user","content":"Observation: found"},
         {"role":"assistant","content":"{\"action\": \"Final Answer\", \"action_input\": \"It is done.\"}"})");
  EXPECT_THAT(names(answer.t), ElementsAre("find"));
  EXPECT_EQ(answer.t.messages.back().text, "It is done.");
  const Parsed none = parse_messages(
      R"({"role":"user","content":"Hello"},
         {"role":"assistant","content":"Thought: a greeting\nAction: None\nAction Input: None"})");
  EXPECT_THAT(none.t.calls, IsEmpty());
}

// CrewAI's agents write behind a reply what its call gave, and go on; where somebody answers, what
// the reply says of the result was imagined.
TEST(CallsInText, OfWhichTheResultStandsInTheReplyItself) {
  const std::string reply =
      R"({"role":"assistant","content":"Thought: look\nAction: find\nAction Input: {\"n\": 2}\nObservation: found"})";
  const Parsed own = parse_messages(R"({"role":"user","content":"Please renew"},)" + reply +
                                    R"(,{"role":"assistant","content":"Final Answer: Done."})");
  EXPECT_THAT(names(own.t), ElementsAre("find"));
  EXPECT_THAT(results(own.t), ElementsAre("found"));
  const Parsed answered =
      parse_messages(R"({"role":"user","content":"Please renew"},)" + reply +
                     R"(,{"role":"user","content":"Observation: kept"})" +
                     R"(,{"role":"assistant","content":"Final Answer: Done."})");
  EXPECT_THAT(results(answered.t), ElementsAre("kept"));
}

// Tongyi: the program of a call stands behind its JSON.
TEST(CallsInText, MayHaveTheirCodeBehindTheJson) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"How many?"},
         {"role":"assistant","content":"<tool_call>\n{\"name\": \"interpreter\", \"arguments\": {}}\n<code>\nprint(1)\n</code>\n</tool_call>"},
         {"role":"user","content":"<tool_response>\n1\n</tool_response>"},
         {"role":"assistant","content":"One."})");
  EXPECT_THAT(names(parsed.t), ElementsAre("interpreter"));
  EXPECT_EQ(parsed.t.calls[0].arguments, R"x({"code":"print(1)"})x");
  EXPECT_EQ(parsed.t.messages[1].text, "");
  EXPECT_THAT(results(parsed.t), ElementsAre("1"));
}

TEST(CallsInText, MayStandBehindWhatTheAgentSays) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"Please renew"},
         {"role":"assistant","content":"Let me look.\n{\"tool\": \"find\", \"args\": {\"n\": 2}}"},
         {"role":"user","content":"Tool result: found"},
         {"role":"assistant","content":"So.\n[renew(n=2)]"},
         {"role":"user","content":"Tool result: kept"},
         {"role":"assistant","content":"Done.\n{\"name\": \"Ann\", \"args\": {}}"})");
  EXPECT_THAT(names(parsed.t), ElementsAre("find", "renew"));
  EXPECT_EQ(parsed.t.messages[1].text, "Let me look.");
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
}

// A result behind a reply in which no call was found, in a run that has others.
TEST(CallsInText, ThatWereNotReadAreSaidByTheirResults) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"Please renew"},
         {"role":"assistant","content":"find!"},
         {"role":"user","content":"<tool_response>found</tool_response>"},
         {"role":"assistant","content":"<tool_call>{\"name\":\"renew\",\"arguments\":{}}</tool_call>"},
         {"role":"user","content":"<tool_response>kept</tool_response>"},
         {"role":"assistant","content":"Done."})");
  EXPECT_THAT(names(parsed.t), ElementsAre("renew"));
  ASSERT_EQ(parsed.record.notes.call_marks.size(), 1u);
  EXPECT_EQ(parsed.record.notes.call_marks[0].what, "the result of a tool");
}

// LangChain's agent for XML.
TEST(CallsInText, MayHaveTheirInputInAnElementBehind) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"Please renew"},
         {"role":"assistant","content":"<tool>find</tool><tool_input>{\"n\": 2}</tool_input>"},
         {"role":"user","content":"<observation>found</observation>"},
         {"role":"assistant","content":"<tool>renew</tool>\n<tool_input>ln-5</tool_input>"},
         {"role":"user","content":"<observation>kept</observation>"},
         {"role":"assistant","content":"Done."})");
  EXPECT_THAT(names(parsed.t), ElementsAre("find", "renew"));
  EXPECT_EQ(parsed.t.calls[0].arguments, R"({"n": 2})");
  EXPECT_EQ(parsed.t.calls[1].arguments, R"({"input":"ln-5"})");
  EXPECT_EQ(parsed.t.messages[1].text, "");
}

// Hermes: a tool's message with the results of several calls.
TEST(Results, OfSeveralCallsInAToolsMessageHaveOneEach) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"Please renew"},
         {"role":"assistant","content":"<tool_call>{\"name\":\"find\",\"arguments\":{}}</tool_call><tool_call>{\"name\":\"renew\",\"arguments\":{}}</tool_call>"},
         {"role":"tool","content":"<tool_response>\nfound\n</tool_response>\n<tool_response>\nkept\n</tool_response>"},
         {"role":"assistant","content":"Done."})");
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
}

// One message for all of them: a list in the order of the calls, or by the names of the tools.
TEST(Results, OfSeveralCallsInOneListHaveOneEach) {
  const std::string run =
      R"({"role":"user","content":"Please renew"},
         {"role":"assistant","content":"","tool_calls":[{"name":"find","arguments":{}},{"name":"renew","arguments":{}}]},
         {"role":"tool","content":)";
  const auto results_of = [&](const std::string& list) {
    return results(
        parse_messages(run + Json(list).dump() + R"(},{"role":"assistant","content":"Done."})").t);
  };
  EXPECT_THAT(results_of(R"(["found", {"kept": 1}])"), ElementsAre("found", R"({"kept":1})"));
  EXPECT_THAT(
      results_of(R"([{"name": "renew", "results": "kept"}, {"name": "find", "results": "found"}])"),
      ElementsAre("found", "kept"));
  const Parsed marked = parse_messages(
      R"({"role":"user","content":"x"},
         {"role":"assistant","content":"<TOOLCALL>[{\"name\": \"find\", \"arguments\": {}}, {\"name\": \"renew\", \"arguments\": {}}]</TOOLCALL>"},
         {"role":"user","content":"<TOOL_RESPONSE>[\"found\", \"kept\"]</TOOL_RESPONSE>"},
         {"role":"assistant","content":"Done."})");
  EXPECT_THAT(results(marked.t), ElementsAre("found", "kept"));
  // Lists that are what one tool gave.
  EXPECT_THAT(results_of(R"(["a", "b", "c"])"), ElementsAre(R"(["a", "b", "c"])", ""));
  EXPECT_THAT(results_of(R"([1, 2)"), ElementsAre("[1, 2", ""));
  const Parsed one = parse_messages(
      R"({"role":"user","content":"x"},
         {"role":"assistant","content":"[Find Loan API(id=\"x\")]"},
         {"role":"tool","content":"[{\"name\": \"Find Loan API\", \"results\": \"Error: none\"}]"},
         {"role":"assistant","content":"Done."})");
  EXPECT_THAT(names(one.t), ElementsAre("Find Loan API"));
  EXPECT_THAT(results(one.t), ElementsAre("Error: none"));
}

TEST(Results, ThatStandInCallsOfAContentEndTheirMessage) {
  const auto part = [](const std::string& id, const std::string& name, const std::string& output) {
    return R"({"type":"tool_call","tool_call":{"id":")" + id + R"(","name":")" + name +
           R"(","args":"{}","output":")" + output + "\"}}";
  };
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"x"},{"role":"assistant","content":[{"type":"text","text":"First."},)" +
      part("c1", "find", "found") + R"(,{"type":"text","text":"Then."},)" +
      part("c2", "renew", "kept") + R"(,{"type":"text","text":"Done."}]})");
  std::vector<std::string> said;
  for (const Message& message : parsed.t.messages) said.emplace_back(message.text);
  EXPECT_THAT(said, ElementsAre("x", "First.", "found", "Then.", "kept", "Done."));
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
}

// Goose answers in any order.
TEST(Results, BelongToTheCallInThePartOfTheirId) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"x"},{"role":"assistant","content":[
         {"type":"toolRequest","id":"c1","toolCall":{"status":"success","value":{"name":"find","arguments":{}}}},
         {"type":"toolRequest","id":"c2","toolCall":{"status":"success","value":{"name":"renew","arguments":{}}}}]},
         {"role":"user","content":[
         {"type":"toolResponse","id":"c2","toolResult":{"status":"success","value":[{"type":"text","text":"kept"}]}},
         {"type":"toolResponse","id":"c1","toolResult":{"status":"success","value":[{"type":"text","text":"found"}]}}]})");
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
}

// AutoGen runs the code blocks of a message.
TEST(Results, OfProgramsAreErrorsByTheirExitCode) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"x"},
         {"role":"assistant","content":"I look.\n```python\nprint(1)\n```"},
         {"role":"user","content":"exitcode: 1 (execution failed)\nCode output: no such name"},
         {"role":"assistant","content":"```python\nprint(2)\n```"},
         {"role":"user","content":"exitcode: 0 (execution succeeded)\nCode output: 2"},
         {"role":"assistant","content":"Done."})");
  EXPECT_THAT(names(parsed.t), ElementsAre("python", "python"));
  EXPECT_EQ(parsed.t.messages[2].error_flag, ErrorFlag::kError);
  EXPECT_EQ(parsed.t.messages[4].error_flag, ErrorFlag::kNotSaid);
}

// OpenAI's shell: a list of what each command gave.
TEST(Results, OfSeveralCommandsAreErrorsWhereOneIs) {
  const auto flag = [](const std::string& output) {
    const Parsed parsed = parse_messages(
        R"({"role":"user","content":"x"},{"type":"shell_call","call_id":"c1","action":{"commands":["ls"]}},)"
        R"({"type":"shell_call_output","call_id":"c1","output":)" +
        output + R"(},{"role":"assistant","content":"Done."})");
    EXPECT_THAT(names(parsed.t), ElementsAre("shell"));
    EXPECT_EQ(parsed.t.messages[2].text, output);
    return parsed.t.messages[2].error_flag;
  };
  const std::string good = R"({"stdout":"a","stderr":"","outcome":{"type":"exit","exit_code":0}})";
  const std::string bad = R"({"stdout":"","stderr":"b","outcome":{"type":"exit","exit_code":2}})";
  EXPECT_EQ(flag("[" + good + "]"), ErrorFlag::kNoError);
  EXPECT_EQ(flag("[" + good + "," + bad + "," + good + "]"), ErrorFlag::kError);
  EXPECT_EQ(flag(R"({"stdout":"a","exit_code":1})"), ErrorFlag::kError);
  EXPECT_EQ(flag(R"([{"stdout":"a","outcome":{"type":"timeout"}}])"), ErrorFlag::kNotSaid);
  // Jobs that were asked for: their exit codes are not the call's.
  EXPECT_EQ(flag(R"([{"job":"a","exit_code":1}])"), ErrorFlag::kNotSaid);
}

// How a call went, beside its result.
TEST(Results, AreErrorsWhereTheLogSaysSo) {
  for (const std::string member :
       {R"("success":false)", R"("ok":false)", R"("exit_code":2)", R"("returncode":1)",
        R"("status":"failed")", R"("status":"error")", R"("has_error":true)",
        R"("isError":true)"}) {
    const Parsed parsed = parse_messages(
        R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function",)"
        R"("function":{"name":"find","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"y",)" +
        member + R"(},{"role":"assistant","content":"Done."})");
    EXPECT_EQ(parsed.t.messages[2].error_flag, ErrorFlag::kError) << member;
  }
  const Parsed mcp = parse_messages(
      R"({"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function",)"
      R"("function":{"name":"find","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":)"
      R"({"isError":true,"content":[{"type":"text","text":"y"}]}},{"role":"assistant","content":"Done."})");
  EXPECT_EQ(mcp.t.messages[2].error_flag, ErrorFlag::kError);
  EXPECT_EQ(mcp.t.messages[2].text, "y");
  // An Error of JavaScript is {} in JSON.
  const Parsed vercel = parse_messages(
      R"({"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool-call","toolCallId":"c1",)"
      R"("toolName":"find","input":{}},{"type":"tool-error","toolCallId":"c1","toolName":"find","error":{}}]})");
  ASSERT_EQ(vercel.t.messages.size(), 3u);
  EXPECT_EQ(vercel.t.messages[2].error_flag, ErrorFlag::kError);
}

TEST(CallsInText, OfTwoResultsInOneMessageHaveOneEach) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"Please renew"},
         {"role":"assistant","content":"<tool_call>{\"name\":\"find\",\"arguments\":{}}</tool_call><tool_call>{\"name\":\"renew\",\"arguments\":{}}</tool_call>"},
         {"role":"user","content":"<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>found<｜tool▁output▁end｜><｜tool▁output▁begin｜>kept<｜tool▁output▁end｜><｜tool▁outputs▁end｜>"},
         {"role":"assistant","content":"Done."})");
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
}

TEST(Identity, InAnObjectThatNoTableHasIsSaid) {
  const std::string messages =
      R"("messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]})";
  const Parsed parsed =
      parse(R"({"task_id":"t","inference_engine":{"model_name":"m"},)" + messages);
  ASSERT_EQ(parsed.record.notes.unread.size(), 1u);
  EXPECT_EQ(parsed.record.notes.unread[0].what,
            "record member `inference_engine.model_name`, which may name the model,");
  EXPECT_THAT(parse(R"({"task_id":"t","judge":{"model":"m"},)" + messages).record.notes.unread,
              IsEmpty());
}

// The rows of Kimi CLI's context.
TEST(Messages, OfBookKeepingAreNone) {
  const Parsed parsed = parse_messages(
      R"({"role":"_system_prompt","content":"Be kind."},{"role":"_checkpoint","id":0},{"role":"user","content":"x"},
         {"role":"assistant","content":"Done."},{"role":"_usage","token_count":300})");
  ASSERT_EQ(parsed.t.messages.size(), 3u);
  EXPECT_EQ(parsed.t.messages[0].role, Role::kSystem);
  EXPECT_EQ(parsed.record.notes.unknown_roles, 0u);
}

// As kimi_cli.soul.message.tool_result_to_message() of kimi-cli 1.52 writes them.
TEST(Results, OfKimiSayInTheirFirstPartThatACallFailed) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"x"},
         {"role":"assistant","content":[{"type":"think","think":"Look."}],"tool_calls":[
           {"type":"function","id":"c1","function":{"name":"find","arguments":"{}"}},
           {"type":"function","id":"c2","function":{"name":"find","arguments":"{}"}}]},
         {"role":"tool","content":[{"type":"text","text":"<system>ERROR: Tool failed</system>"},
           {"type":"text","text":"no such order"}],"tool_call_id":"c1"},
         {"role":"tool","content":[{"type":"text","text":"<system>1 line read.</system>"},
           {"type":"text","text":"ERROR lines of the log"}],"tool_call_id":"c2"})");
  ASSERT_EQ(parsed.t.calls.size(), 2u);
  EXPECT_TRUE(failed(parsed.t, parsed.t.calls[0]));
  EXPECT_FALSE(failed(parsed.t, parsed.t.calls[1]));
}

// What a tool gave may be the log of another agent.
TEST(Results, HoldNoCallsOfTheAgent) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"x"},{"role":"assistant","content":"y"},
         {"type":"function_call_output","call_id":"c0","output":[
           {"role":"assistant","content":null,"tool_calls":[{"id":"c1","function":{"name":"s"}}]},
           {"type":"text","text":"found"}]},
         {"role":"assistant","content":"z"})");
  EXPECT_THAT(parsed.t.calls, IsEmpty());
  EXPECT_EQ(parsed.t.messages[2].role, Role::kTool);
  EXPECT_EQ(parsed.t.messages[2].text, "found");
  ASSERT_EQ(parsed.record.notes.unread.size(), 1u);
  EXPECT_EQ(parsed.record.notes.unread[0].what, "calls in a result");
}

TEST(Results, OfAmpSayHowTheirToolRan) {
  const Parsed parsed = parse(
      R"({"task_id":"t","messages":[{"role":"user","content":"x"},)"
      R"({"role":"assistant","usage":{"model":"ash-1"},"content":[{"type":"tool_use","id":"c1","name":"find","input":{}}]},)"
      R"({"role":"user","content":[{"type":"tool_result","toolUseID":"c1","run":{"status":"done","result":"found","progress":{}}}]}]})");
  EXPECT_EQ(parsed.t.model, "ash-1");
  EXPECT_THAT(results(parsed.t), ElementsAre("found"));
}

// What claude.ai exports: the text is what could be shown.
TEST(Parts, SayMoreThanTheTextBesideThem) {
  const Parsed parsed = parse_messages(
      R"({"sender":"human","text":"x","content":[{"type":"text","text":"x"}]},
         {"sender":"assistant","text":"I look.\nThis block is not supported","content":[{"type":"text","text":"I look."},
          {"type":"tool_use","name":"find","input":{}},{"type":"tool_result","name":"find","content":[{"type":"text","text":"found"}]},
          {"type":"text","text":"Done."}]})");
  std::vector<std::string> said;
  for (const Message& message : parsed.t.messages) said.emplace_back(message.text);
  EXPECT_THAT(said, ElementsAre("x", "I look.", "found", "Done."));
  EXPECT_THAT(results(parsed.t), ElementsAre("found"));
}

TEST(Identity, OfClinesMessagesIsTheirModel) {
  const Parsed parsed = parse(
      R"({"task_id":"t","messages":[{"role":"user","content":"x"},)"
      R"({"role":"assistant","content":"Done.","modelInfo":{"modelId":"ash-1","providerId":"p"}}]})");
  EXPECT_EQ(parsed.t.model, "ash-1");
}

TEST(Replies, MayStandInTheBodyOfAResponse) {
  const Parsed parsed = parse(
      R"({"request_body":{"model":"m","messages":[{"role":"user","content":"x"}]},)"
      R"("response_body":{"object":"chat.completion","choices":[{"message":{"role":"assistant","content":"Done."}}]}})");
  ASSERT_EQ(parsed.t.messages.size(), 2u);
  EXPECT_EQ(parsed.t.messages[1].text, "Done.");
}

// Where the task has a name of its own.
TEST(Questions, MayStandUnderTask) {
  const std::string messages = R"("messages":[{"role":"assistant","content":"Done."}]})";
  const Parsed asked = parse(R"({"task_id":"3","task":"Please find my old loan",)" + messages);
  ASSERT_EQ(asked.t.messages.size(), 2u);
  EXPECT_EQ(asked.t.messages[0].text, "Please find my old loan");
  EXPECT_EQ(asked.t.messages[0].role, Role::kUser);
  EXPECT_EQ(parse(R"({"task":"Please find my old loan",)" + messages).t.messages.size(), 1u);
  EXPECT_EQ(parse(R"({"task_id":"3","task":"retail",)" + messages).t.messages.size(), 1u);
}

TEST(Identity, IsTheModelOfTheMessagesWhereNothingElseNamesIt) {
  const auto run = [](const std::string& model) {
    return R"({"task_id":"t","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","model":")" +
           model + "\"}]}\n";
  };
  const auto models = [](const std::string& text) {
    std::vector<std::string> all;
    for (const Trajectory& t : load_text("alder.jsonl", text).trajectories) all.push_back(t.model);
    return all;
  };
  EXPECT_THAT(models(run("birch") + run("cedar")), ElementsAre("birch", "cedar"));
  EXPECT_THAT(models(run("birch") + run("birch")), ElementsAre("birch", "birch"));
}

TEST(Reasoning, InManyItemsOfOneMessageIsJoinedOnce) {
  constexpr std::size_t kItems = 20000;  // joined one by one, they would take 40 GB
  const std::string thought(200, 'x');
  std::string items = R"({"role":"user","content":"q"})";
  for (std::size_t i = 0; i < kItems; ++i) {
    items += R"(,{"type":"reasoning","content":[{"text":")" + thought + "\"}]}";
  }
  items += R"(,{"type":"function_call","call_id":"c","name":"find","arguments":"{}"})";
  const Parsed parsed = parse_messages(items);
  ASSERT_EQ(parsed.t.messages.size(), 2u);
  EXPECT_EQ(parsed.t.messages[1].reasoning.size(), kItems * (thought.size() + 1) - 1);
  EXPECT_THAT(names(parsed.t), ElementsAre("find"));
}

TEST(CallsInText, OfReactMayBeSeveralInAReply) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"go"},
         {"role":"assistant","content":"Thought: a\nAction: find\nAction Input: the line\nAction: none of it\nThought: b\nAction: renew\nAction Input: {\"ref\": \"r-2\"}"},
         {"role":"user","content":"Observation: found\nObservation: kept"},
         {"role":"assistant","content":"Final Answer: done"})");
  EXPECT_THAT(names(parsed.t), ElementsAre("find", "renew"));
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
  EXPECT_EQ(parsed.t.messages[1].reasoning, "a");
}

TEST(CallsInText, OfAWholeReactRunInOneReplyAreAllCallsWithTheirResults) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"go"},{"role":"assistant","content":"Thought: a\nAction: find\nAction Input: {\"id\": \"x-1\"}\nObservation: found\nThought: b\nAction: renew\nAction Input: {\"ref\": \"r-2\"}\nObservation: kept\nThought: c\nFinal Answer: done"})");
  EXPECT_THAT(names(parsed.t), ElementsAre("find", "renew"));
  EXPECT_THAT(leaves(parsed.t), ElementsAre("x-1", "r-2"));
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
}

// Terminus may leave `task_complete` out.
TEST(CallsInText, OfTerminusAreTheKeysThatItTypes) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"x"},
         {"role":"assistant","content":"{\"analysis\":\"A\",\"plan\":\"P\",\"commands\":[{\"keystrokes\":\"ls\\n\"}]}"},
         {"role":"user","content":"a.txt"},
         {"role":"assistant","content":"Done."})");
  ASSERT_EQ(parsed.t.calls.size(), 1u);
  EXPECT_THAT(results(parsed.t), ElementsAre("a.txt"));
  const Parsed xml = parse_messages(
      R"({"role":"user","content":"x"},
         {"role":"assistant","content":"<response>\n<analysis>\nA\n</analysis>\n<plan>P</plan>\n<commands>\n<keystrokes duration=\"0.1\">ls\\n</keystrokes>\n</commands>\n</response>"},
         {"role":"user","content":"a.txt"},
         {"role":"assistant","content":"Done."})");
  ASSERT_EQ(xml.t.calls.size(), 1u);
  EXPECT_EQ(xml.t.calls[0].arguments, R"({"keystrokes":"ls\\n","duration":0.1})");
  EXPECT_EQ(xml.t.messages[1].text, "A\nP");
  EXPECT_THAT(results(xml.t), ElementsAre("a.txt"));
}

// Other agents than editors answer without a mark.
TEST(CallsInText, OfMcpServersAreAnsweredByWhatComesNext) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"x"},
         {"role":"assistant","content":"I look.\n<use_mcp_tool>\n<server_name>s</server_name>\n<tool_name>find</tool_name>\n<arguments>{\"id\": 1}</arguments>\n</use_mcp_tool>"},
         {"role":"user","content":"found"},
         {"role":"assistant","content":"Done."})");
  EXPECT_THAT(names(parsed.t), ElementsAre("find"));
  EXPECT_THAT(results(parsed.t), ElementsAre("found"));
}

TEST(CallsInText, JsonThatNobodyAnswersIsWhatTheModelSays) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"go"},{"role":"assistant","content":"{\"name\": \"find\", \"arguments\": {}}"},{"role":"user","content":"Thanks."},{"role":"assistant","content":"ok"})");
  EXPECT_THAT(names(parsed.t), IsEmpty());
}

TEST(Parts, InATextAreParts) {
  const Parsed parsed = parse_messages(
      R"({"role":"assistant","content":"[{\"type\": \"thinking\", \"thinking\": \"hm\"}, {\"type\": \"tool_use\", \"id\": \"u\", \"name\": \"find\", \"input\": {\"id\": \"x-1\"}}]"},
         {"role":"user","content":"[{\"type\": \"tool_result\", \"tool_use_id\": \"u\", \"content\": \"found\"}]"})");
  EXPECT_THAT(names(parsed.t), ElementsAre("find"));
  EXPECT_THAT(leaves(parsed.t), ElementsAre("x-1"));
  EXPECT_THAT(results(parsed.t), ElementsAre("found"));
  EXPECT_EQ(parsed.t.messages[0].reasoning, "hm");
}

TEST(Calls, MayBeNamedByManyMembers) {
  for (const std::string call :
       {R"({"tool":{"name":"find","arguments":{"id":"x-1"}}})",
        R"({"function_call":{"name":"find","arguments":"{\"id\":\"x-1\"}"}})",
        R"({"functionName":"find","argumentsJson":"{\"id\":\"x-1\"}"})",
        R"({"method":"find","payload":{"id":"x-1"}})", R"({"api":"find","body":{"id":"x-1"}})"}) {
    for (const std::string member : {"tool_calls", "function_calls", "toolInvocations", "calls"}) {
      const Parsed parsed = parse_messages(R"({"role":"assistant","content":null,")" + member +
                                           "\":[" + call + R"(],"observation":"found"})");
      EXPECT_THAT(names(parsed.t), ElementsAre("find")) << member << call;
      EXPECT_THAT(leaves(parsed.t), ElementsAre("x-1")) << call;
      EXPECT_THAT(results(parsed.t), ElementsAre("found")) << call;
      EXPECT_THAT(parsed.record.notes.unread, IsEmpty()) << call;
    }
  }
}

// The names of calls of which one stands under tool_calls, and one under function_call.
std::vector<std::string> said_twice(const Json& arguments, const Json& again) {
  const Json message = {
      {"role", "assistant"},
      {"content", ""},
      {"tool_calls",
       {{{"id", "c0"}, {"type", "tool_call"}, {"name", "find"}, {"args", arguments}}}},
      {"function_call", {{"name", "find"}, {"arguments", again}}}};
  return names(parse_messages(message.dump()).t);
}

TEST(Calls, SaidUnderTwoMembersAreOneInAnyNotationOfTheirArguments) {
  const Json arguments = Json::parse(R"({"id":"a b","n":2,"of":[1,{"x":null}]})");
  for (const std::string again : {
           R"({"id":"a b","n":2,"of":[1,{"x":null}]})",
           R"({"id": "a b", "n": 2, "of": [1, {"x": null}]})",
           "{\n  \"id\": \"a b\",\n  \"n\": 2,\n  \"of\": [1, {\"x\": null}]\n}",
           R"({"of": [1, {"x": null}], "n": 2, "id": "a b"})",
           R"({"id": "a\u0020b", "n": 2.0, "of": [1, {"x": null}]})",
       }) {
    EXPECT_THAT(said_twice(arguments, again), ElementsAre("find")) << again;
  }
  for (const std::string again : {
           R"({"id":"ab","n":2,"of":[1,{"x":null}]})",
           R"({"id":"a  b","n":2,"of":[1,{"x":null}]})",
           R"({"id":"a b","n":3,"of":[1,{"x":null}]})",
           R"({"id":"a b","n":2,"of":[{"x":null},1]})",
           R"({"id":"a b","n":2})",
       }) {
    EXPECT_THAT(said_twice(arguments, again), SizeIs(2)) << again;
  }
}

TEST(Calls, SaidUnderTwoMembersMayBeNestedDeeply) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_THAT(said_twice({{"id", "x"}}, deep), SizeIs(2));
}

TEST(Reasoning, IsFoundUnderTheMarksOfOtherModels) {
  for (const std::string text :
       {"<thinking>hm</thinking>Yes", "[THINK]hm[/THINK]Yes", "◁think▷hm◁/think▷Yes",
        "<seed:think>hm</seed:think>Yes", "<|channel|>analysis<|message|>hm<|end|>Yes"}) {
    const Parsed parsed = parse_messages(Json{{"role", "assistant"}, {"content", text}}.dump());
    EXPECT_EQ(parsed.t.messages[0].reasoning, "hm") << text;
    EXPECT_EQ(parsed.t.messages[0].text, "Yes") << text;
  }
  const Parsed said =
      parse_messages(R"({"role":"assistant","content":"Write <thinking>x</thinking> so"})");
  EXPECT_EQ(said.t.messages[0].reasoning, "");
}

// The same run where calls and results are members and not text.
struct MemberForm {
  std::string name;
  std::string record;  // its members
};
std::ostream& operator<<(std::ostream& out, const MemberForm& form) { return out << form.name; }
class CallsInMembers : public ::testing::TestWithParam<MemberForm> {};

TEST_P(CallsInMembers, AreCalls) {
  const Parsed parsed = parse(R"({"model":"m","task_id":"t",)" + GetParam().record + "}");
  ASSERT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
  EXPECT_THAT(names(parsed.t), ElementsAre("find", "renew"));
  EXPECT_THAT(leaves(parsed.t), ElementsAre("x-1", "2", "r-2"));
  EXPECT_THAT(results(parsed.t), ElementsAre("found", "kept"));
  EXPECT_EQ(parsed.t.messages.front().text, "Please renew");
  EXPECT_EQ(parsed.t.messages.front().role, Role::kUser);
  EXPECT_EQ(parsed.t.messages.back().text, "Done.");
  EXPECT_EQ(parsed.t.messages.back().role, Role::kAssistant);
  for (const UnreadData& unread : parsed.record.notes.unread) ADD_FAILURE() << unread.what;
  EXPECT_EQ(parsed.record.notes.results_without_call, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, CallsInMembers,
    ::testing::Values(MemberForm{"cohere_v1",
                                 R"("chat_history":[{"role":"USER","message":"Please renew"},
          {"role":"CHATBOT","message":"","tool_calls":[{"name":"find","parameters":{"id":"x-1","n":2}}]},
          {"role":"TOOL","tool_results":[{"call":{"name":"find","parameters":{"id":"x-1","n":2}},"outputs":[{"text":"found"}]}]},
          {"role":"CHATBOT","message":"","tool_calls":[{"name":"renew","parameters":{"ref":"r-2"}}]},
          {"role":"TOOL","tool_results":[{"call":{"name":"renew","parameters":{"ref":"r-2"}},"outputs":[{"text":"kept"}]}]},
          {"role":"CHATBOT","message":"Done."}])"},
                      MemberForm{"autogen_events", R"("messages":[
          {"source":"user","models_usage":null,"content":"Please renew","type":"TextMessage"},
          {"source":"desk_agent","content":[{"id":"1","name":"find","arguments":"{\"id\":\"x-1\",\"n\":2}"}],"type":"ToolCallRequestEvent"},
          {"source":"desk_agent","content":[{"content":"found","name":"find","call_id":"1","is_error":false}],"type":"ToolCallExecutionEvent"},
          {"source":"desk_agent","content":"found","type":"ToolCallSummaryMessage"},
          {"source":"desk_agent","content":[{"id":"2","name":"renew","arguments":"{\"ref\":\"r-2\"}"}],"type":"ToolCallRequestEvent"},
          {"source":"desk_agent","content":[{"content":"kept","name":"renew","call_id":"2","is_error":false}],"type":"ToolCallExecutionEvent"},
          {"source":"desk_agent","content":"Done.","type":"TextMessage"}])"},
                      MemberForm{"autogen_summaries_with_calls", R"("messages":[
          {"source":"user","content":"Please renew","type":"TextMessage"},
          {"source":"desk_agent","content":[{"id":"1","name":"find","arguments":"{\"id\":\"x-1\",\"n\":2}"}],"type":"ToolCallRequestEvent"},
          {"source":"desk_agent","content":[{"content":"found","name":"find","call_id":"1","is_error":false}],"type":"ToolCallExecutionEvent"},
          {"source":"desk_agent","content":"found","type":"ToolCallSummaryMessage","tool_calls":[{"id":"1","name":"find","arguments":"{\"id\":\"x-1\",\"n\":2}"}],"results":[{"content":"found","name":"find","call_id":"1","is_error":false}]},
          {"source":"desk_agent","content":[{"id":"2","name":"renew","arguments":"{\"ref\":\"r-2\"}"}],"type":"ToolCallRequestEvent"},
          {"source":"desk_agent","content":[{"content":"kept","name":"renew","call_id":"2","is_error":false}],"type":"ToolCallExecutionEvent"},
          {"source":"desk_agent","content":"Done.","type":"TextMessage"}])"},
                      MemberForm{"langchain_results_with_names", R"("messages":[
          {"type":"human","content":"Please renew"},
          {"type":"ai","content":"","tool_calls":[{"name":"find","args":{"id":"x-1","n":2},"id":"1","type":"tool_call"}]},
          {"type":"tool","content":"found","name":"find","tool_call_id":"1","status":"success"},
          {"type":"ai","content":"","tool_calls":[{"name":"renew","args":{"ref":"r-2"},"id":"2","type":"tool_call"}]},
          {"type":"tool","content":"kept","name":"renew","tool_call_id":"2","status":"success"},
          {"type":"ai","content":"Done."}])"},
                      MemberForm{"parts_before_their_tool_invocations", R"("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","content":"",
           "parts":[{"type":"tool-invocation","toolInvocation":{"state":"result","toolCallId":"1","toolName":"find","args":{"id":"x-1","n":2},"result":"found"}},
                    {"type":"tool-invocation","toolInvocation":{"state":"result","toolCallId":"2","toolName":"renew","args":{"ref":"r-2"},"result":"kept"}}],
           "toolInvocations":[{"state":"result","toolCallId":"1","toolName":"find","args":{"id":"x-1","n":2},"result":"found"},
                              {"state":"result","toolCallId":"2","toolName":"renew","args":{"ref":"r-2"},"result":"kept"}]},
          {"role":"assistant","content":"Done."}])"},
                      MemberForm{"tool_invocations_before_their_parts", R"("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","id":"a1","content":"Done.",
           "toolInvocations":[{"state":"result","step":0,"args":{"id":"x-1","n":2},"toolCallId":"1","toolName":"find","result":"found"},
                              {"state":"result","step":1,"args":{"ref":"r-2"},"toolCallId":"2","toolName":"renew","result":"kept"}],
           "parts":[{"type":"tool-invocation","toolInvocation":{"state":"result","step":0,"args":{"id":"x-1","n":2},"toolCallId":"1","toolName":"find","result":"found"}},
                    {"type":"tool-invocation","toolInvocation":{"state":"result","step":1,"args":{"ref":"r-2"},"toolCallId":"2","toolName":"renew","result":"kept"}},
                    {"type":"text","text":"Done."}]}])"},
                      MemberForm{"tool_invocations_of_several_steps", R"("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","content":"Done.",
           "toolInvocations":[{"state":"result","step":0,"toolCallId":"1","toolName":"find","args":{"id":"x-1","n":2},"result":"found"},
                              {"state":"result","step":1,"toolCallId":"2","toolName":"renew","args":{"ref":"r-2"},"result":"kept"}]}])"},
                      MemberForm{"tool_invocations_before_the_content", R"("messages":[
          {"role":"user","content":"Please renew"},
          {"toolInvocations":[{"state":"result","step":0,"toolCallId":"1","toolName":"find","args":{"id":"x-1","n":2},"result":"found"},
                              {"state":"result","step":1,"toolCallId":"2","toolName":"renew","args":{"ref":"r-2"},"result":"kept"}],
           "role":"assistant","content":"Done."}])"},
                      MemberForm{"functions_as_texts", R"x("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","content":null,"tool_calls":[{"id":"1","function":"{\"name\":\"find\",\"arguments\":\"{\\\"id\\\":\\\"x-1\\\",\\\"n\\\":2}\"}"}]},
          {"role":"tool","tool_call_id":"1","content":"found"},
          {"role":"assistant","content":null,"tool_calls":[{"id":"2","function":"Function(arguments='{\"ref\": \"r-2\"}', name='renew')"}]},
          {"role":"tool","tool_call_id":"2","content":"kept"},
          {"role":"assistant","content":"Done."}])x"},
                      MemberForm{"calls_in_a_map_and_as_expressions", R"x("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","content":null,"tool_calls":{"0":{"id":"1","function":{"name":"find","arguments":"{\"id\":\"x-1\",\"n\":2}"}}}},
          {"role":"tool","tool_call_id":"1","content":"found"},
          {"role":"assistant","content":null,"tool_calls":[{"id":"2","function":"renew(ref='r-2')"}]},
          {"role":"tool","tool_call_id":"2","content":"kept"},
          {"role":"assistant","content":"Done."}])x"},
                      MemberForm{"autogen_seen_by_the_proxy", R"("messages":[
          {"role":"assistant","name":"user_proxy","content":"Please renew"},
          {"role":"user","name":"desk","content":"","function_call":{"name":"find","arguments":"{\"id\":\"x-1\",\"n\":2}"}},
          {"role":"function","name":"find","content":"found"},
          {"role":"user","name":"desk","content":"","function_call":{"name":"renew","arguments":"{\"ref\":\"r-2\"}"}},
          {"role":"function","name":"renew","content":"kept"},
          {"role":"user","name":"desk","content":"Done."}])"},
                      MemberForm{"autogen_group", R"("messages":[
          {"role":"user","name":"Admin","content":"Please renew"},
          {"role":"user","name":"desk","content":"","tool_calls":[{"id":"1","function":{"name":"find","arguments":"{\"id\":\"x-1\",\"n\":2}"}}]},
          {"role":"tool","name":"desk","tool_responses":[{"tool_call_id":"1","role":"tool","content":"found"}],"content":"found"},
          {"role":"user","name":"helper","content":"","tool_calls":[{"id":"2","function":{"name":"renew","arguments":"{\"ref\":\"r-2\"}"}}]},
          {"role":"tool","name":"helper","tool_responses":[{"tool_call_id":"2","role":"tool","content":"kept"}],"content":"kept"},
          {"role":"user","name":"desk","content":"Done."}])"},
                      MemberForm{"steps_with_objects", R"("question":"Please renew","steps":[
          {"thought":"I look","action":{"name":"find","arguments":{"id":"x-1","n":2}},"observation":"found"},
          {"thought":"So","action":{"tool":"renew","args":{"ref":"r-2"}},"observation":"kept"},
          {"thought":"That is it","action":null,"response":"Done."}])"},
                      MemberForm{"steps_with_texts", R"x("question":"Please renew","trajectory":[
          {"thought":"I look","action":"find(id=\"x-1\", n=2)","observation":"found"},
          {"thought":"So","action":"renew","action_input":{"ref":"r-2"},"observation":"kept"},
          {"thought":"That is it","action":"","response":"Done."}])x"},
                      MemberForm{"steps_that_say_what_followed",
                                 R"("question":"Please renew","steps":[
          {"action":{"name":"find","arguments":{"id":"x-1","n":2}},"thought":"I look","next_observation":"found"},
          {"observation":"found","action":{"name":"renew","arguments":{"ref":"r-2"}},"thought":"So","next_observation":"kept"},
          {"observation":"kept","thought":"That is it","action":null,"next_observation":null,"response":"Done."}])"},
                      MemberForm{"calls_in_texts_and_beside_them", R"("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","content":"<tool_call>{\"name\":\"find\",\"arguments\":{\"id\":\"x-1\",\"n\":2}}</tool_call>"},
          {"role":"user","content":"<tool_response>found</tool_response>"},
          {"role":"assistant","tool_calls":[{"id":"2","function":{"name":"renew","arguments":"{\"ref\":\"r-2\"}"}}]},
          {"role":"tool","tool_call_id":"2","content":"kept"},
          {"role":"assistant","content":"Done."}])"},
                      MemberForm{"a_list_that_goes_on", R"("messages":[
          {"role":"user","content":"Please renew"}],"response":[
          {"role":"assistant","tool_calls":[{"id":"1","function":{"name":"find","arguments":"{\"id\":\"x-1\",\"n\":2}"}}]},
          {"role":"tool","tool_call_id":"1","content":"found"},
          {"role":"assistant","tool_calls":[{"id":"2","function":{"name":"renew","arguments":"{\"ref\":\"r-2\"}"}}]},
          {"role":"tool","tool_call_id":"2","content":"kept"},
          {"role":"assistant","content":"Done."}])"},
                      MemberForm{"parts_of_telemetry", R"("messages":[
          {"role":"user","parts":[{"type":"text","content":"Please renew"}]},
          {"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"find","arguments":{"id":"x-1","n":2}}]},
          {"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"found"}]},
          {"role":"assistant","parts":[{"type":"tool_call","id":"2","name":"renew","arguments":{"ref":"r-2"}}]},
          {"role":"tool","parts":[{"type":"tool_call_response","id":"2","response":"kept"}]},
          {"role":"assistant","parts":[{"type":"text","content":"Done."}]}])"},
                      MemberForm{"roles_named_by_tools", R"("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","tool_calls":[{"id":"1","function":{"name":"find","arguments":"{\"id\":\"x-1\",\"n\":2}"}}]},
          {"role":"find","content":"found"},
          {"role":"assistant","tool_calls":[{"id":"2","function":{"name":"renew","arguments":"{\"ref\":\"r-2\"}"}}]},
          {"role":"renew","content":"kept"},
          {"role":"assistant","content":"Done."}])"},
                      MemberForm{"calls_named_by_their_only_member", R"("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","tool_calls":[{"find":{"id":"x-1","n":2}}]},
          {"role":"tool","content":"found"},
          {"role":"assistant","tool_calls":[{"renew":{"ref":"r-2"}}]},
          {"role":"tool","content":"kept"},
          {"role":"assistant","content":"Done."}])"},
                      MemberForm{"calls_under_an_unknown_member", R"("messages":[
          {"role":"user","content":"Please renew"},
          {"role":"assistant","actions":[{"name":"find","args":{"id":"x-1","n":2}}]},
          {"role":"tool","content":"found"},
          {"role":"assistant","action":{"name":"renew","args":{"ref":"r-2"}}},
          {"role":"tool","content":"kept"},
          {"role":"assistant","content":"Done."}])"}),
    [](const auto& one) { return one.param.name; });

TEST(Steps, ThatAreCommandsAreCallsOfTheirFirstWord) {
  const Parsed parsed = parse(
      R"({"model":"m","task_id":"t","steps":[{"thought":"a","action":"go to shelf 3","observation":"a shelf"},)"
      R"({"action":"click [12]","observation":"a page"}]})");
  ASSERT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
  EXPECT_THAT(names(parsed.t), ElementsAre("go", "click"));
  EXPECT_THAT(leaves(parsed.t), ElementsAre("to shelf 3", "[12]"));
  EXPECT_THAT(results(parsed.t), ElementsAre("a shelf", "a page"));
  EXPECT_EQ(parsed.t.messages[0].reasoning, "a");
}

TEST(CallsThatAreNotRead, AreCountedByTheirMark) {
  const auto mark = [](const std::string& text, const std::string& answer) {
    const Json messages = {{{"role", "user"}, {"content", "hi"}},
                           {{"role", "assistant"}, {"content", text}},
                           {{"role", "user"}, {"content", answer}},
                           {{"role", "assistant"}, {"content", "Done."}}};
    const std::string json = messages.dump();
    const Parsed parsed = parse_messages(std::string_view(json).substr(1, json.size() - 2));
    EXPECT_THAT(parsed.t.calls, IsEmpty()) << text;
    const auto& marks = parsed.record.notes.call_marks;
    return marks.empty() ? std::string{} : marks[0].what;
  };
  EXPECT_EQ(mark("<find_book>\n<title>x</title>\n</find_book>", "found"), "<find_book>");
  EXPECT_EQ(mark("CALL find WITH x", "Observation: found"), "the result of a tool");
  EXPECT_EQ(mark(R"(I use {"name": "find", "arguments": {}} now)", "well"), "\"name\"");
  EXPECT_EQ(mark("Nothing of that kind", "well"), "");
}

const std::string kRun =
    R"("messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes"}])";

TEST(Outcomes, AreWordsUnderVerdictsAndNoAnswers) {
  const auto reward = [](const std::string& member) {
    return parse("{" + member + "," + kRun + "}").t.reward;
  };
  EXPECT_EQ(reward(R"("verdict":"PASS")"), 1);
  EXPECT_EQ(reward(R"("outcome":"failure")"), 0);
  EXPECT_EQ(reward(R"("evaluation":{"passed":true})"), 1);
  EXPECT_EQ(reward(R"("rewards":{"reward":0})"), 0);
  EXPECT_EQ(reward(R"("success":"Y")"), 1);
  EXPECT_EQ(reward(R"("success":"N")"), 0);
  EXPECT_EQ(reward(R"("result":1)"), std::nullopt);  // may be the answer
  EXPECT_EQ(reward(R"("result":"Yes: line 3")"), std::nullopt);
  EXPECT_EQ(reward(R"("final_status":"ok")"), std::nullopt);  // the program ran
  EXPECT_TRUE(parse(R"({"result":"42 apples",)" + kRun + "}").record.notes.odd_outcomes.empty());
}

TEST(Outcomes, AreNumbersBooleansAndTextsUnderManyKeysAndInManyShapes) {
  const auto reward = [](const std::string& member) {
    return parse("{" + member + "," + kRun + "}").t.reward;
  };
  for (const std::string member : {R"("rewards":[1.0])",
                                   R"("reward":{"total":1.0})",
                                   R"("reward_info":{"reward":1.0})",
                                   R"("reward_info":{"total_reward":"1"})",
                                   R"("reward_info":1.0)",
                                   R"("accuracy":1.0)",
                                   R"("accuracy":"100%")",
                                   R"("is_correct":true)",
                                   R"("is_correct":"yes")",
                                   R"("isCorrect":"True")",
                                   R"("passed":"yes")",
                                   R"("passed":1)",
                                   R"("passed":[true])",
                                   R"("score":{"value":"C"})",
                                   R"("scores":{"match":{"value":"C","answer":"x"}})",
                                   R"("eval":{"success":true})",
                                   R"("eval":{"score":1})",
                                   R"("eval":"passed")",
                                   R"("eval":true)",
                                   R"("evaluation":{"score":{"value":1}})",
                                   R"("metrics":{"accuracy":1})",
                                   R"("failed":false)",
                                   R"("status":"resolved")",
                                   R"("score":"3/3")",
                                   R"("success":[true])",
                                   R"("rewards":[0,0,1])",
                                   R"("result":{"resolved":"yes"})",
                                   R"("report":{"resolved":true})",
                                   R"("outcome":"win")",
                                   R"("evaluation":"PASSED: as asked")",
                                   R"("final_status":"success")"}) {
    EXPECT_EQ(reward(member), 1.0) << member;
  }
  for (const std::string member :
       {R"("rewards":[0.0])", R"("rewards":[0,0,0])", R"("reward":{"total":0})", R"("accuracy":0)",
        R"("is_correct":"no")", R"("passed":"no")", R"("score":{"value":"I"})",
        R"("eval":{"success":"false"})", R"("failed":true)", R"("status":"failed")",
        R"("eval":"Failed: no loan")"}) {
    EXPECT_EQ(reward(member), 0.0) << member;
  }
  EXPECT_EQ(reward(R"("score":"85 %")"), 0.85);
  EXPECT_EQ(reward(R"("verdict":"Incorrect.")"), 0.0);
  EXPECT_EQ(reward(R"("verdict":"**PASS**")"), 1.0);
  EXPECT_EQ(reward("\"verdict\":\"\u2705 PASS\""), 1.0);
  EXPECT_EQ(reward(R"("verdict":"\u274c FAIL")"), 0.0);  // an escape of JSON
  EXPECT_EQ(reward(R"("judge_result":"CORRECT")"), 1.0);
  EXPECT_EQ(reward(R"("cum_reward":0.0)"), 0.0);
  EXPECT_EQ(reward(R"("verifier":{"reward":1.0})"), 1.0);
  EXPECT_EQ(reward(R"("passed":1,"failed":3)"), 0.25);
  EXPECT_EQ(reward(R"("passed":3,"failed":0)"), 1.0);
  EXPECT_EQ(reward(R"("metrics":{"correct":1,"total":4})"), 0.25);
  EXPECT_EQ(reward(R"("tests_passed":3,"tests_total":4)"), 0.75);
  EXPECT_EQ(reward(R"("metrics":{"num_passed":2,"num_failed":0})"), 1.0);
  EXPECT_EQ(reward(R"("tests_passed":1,"tests_total":4,"success":true)"), 1.0);
  EXPECT_EQ(reward(R"("pass@1":1.0)"), 1.0);
  EXPECT_EQ(reward(R"("score":8,"max_score":10)"), 0.8);
  EXPECT_EQ(reward(R"("score":1,"total":1200)"), 1.0);  // a total of what?
  EXPECT_EQ(reward(R"("score":{"value":"P"})"), 0.5);
  EXPECT_EQ(reward(R"("score":{"value":0},"reward":1)"), 1.0);  // in order of rank
}

TEST(Outcomes, ThatCannotBeUsedAreNamed) {
  const auto odd = [](const std::string& member) {
    const Parsed parsed = parse("{" + member + "," + kRun + "}");
    EXPECT_EQ(parsed.t.reward, std::nullopt) << member;
    return parsed.record.notes.odd_outcomes;
  };
  EXPECT_THAT(odd(R"("success":"maybe")"), ElementsAre("`success` = maybe"));
  EXPECT_THAT(odd(R"("tests_passed":1)"), ElementsAre("`tests_passed` without how many there are"));
  EXPECT_THAT(odd(R"("rewards":[1,0])"), ElementsAre("`rewards` = a list"));
  EXPECT_THAT(odd(R"("success":[true,true])"), ElementsAre("`success` = a list"));
  EXPECT_THAT(odd(R"("score":{"a":1,"b":2})"), ElementsAre("`score` with `a` and `b`"));
  EXPECT_THAT(odd(R"("metrics":{"accuracy":"high"})"), ElementsAre("`accuracy` = high"));
  EXPECT_THAT(odd(R"("status":"completed")"), ElementsAre());  // the program's own
  EXPECT_THAT(odd(R"("failed":2)"), ElementsAre());            // how many tests
}

TEST(Success, IsReadAsTheUserNamesIt) {
  const auto reward = [](const std::string& key, const std::string& member) {
    RecordDefaults defaults;
    defaults.success_key = key;
    return parse("{" + member + "," + kRun + "}", defaults).t.reward;
  };
  EXPECT_EQ(reward("outcome", R"("outcome":1)"), 1.0);  // elsewhere it may be an answer
  EXPECT_EQ(reward("target", R"("target":"wrong")"), 0.0);
  EXPECT_EQ(reward("status", R"("status":"ok")"), 1.0);
  EXPECT_EQ(reward("judge_1_ok", R"("judge_1_ok":false)"), 0.0);
}

TEST(Success, IsNamedWhereItMayStandAndIsNotRead) {
  const auto candidates = [](const std::string& member) {
    return parse("{" + member + "," + kRun + "}").record.outcome_candidates;
  };
  EXPECT_THAT(candidates(R"("response_quality_assessment":true)"),
              ElementsAre("response_quality_assessment"));
  EXPECT_THAT(candidates(R"("llmJudgeScore":0.5)"), ElementsAre("llmJudgeScore"));
  EXPECT_THAT(candidates(R"("judge_1":"INCORRECT","outcome":1)"),
              ElementsAre("outcome", "judge_1"));
  EXPECT_THAT(candidates(R"("stats":{"reward":1,"turns":4})"), ElementsAre("stats.reward"));
  EXPECT_THAT(candidates(R"("success":true,"llm_judge":1)"), ElementsAre());  // it is known
  const std::string long_key(100, 'x');
  EXPECT_THAT(candidates("\"score_" + long_key + "\":1"), ElementsAre());
  std::string many;
  for (int i = 0; i < 20; ++i) many += "\"judge_" + std::to_string(i) + "\":true,";
  EXPECT_EQ(candidates(many + "\"n\":1").size(), 8u);
  EXPECT_THAT(candidates(R"("stream":false,"completion_tokens":90,"password":"good","n":1)"),
              ElementsAre());
}

TEST(Trials, StandUnderManyKeys) {
  const auto trial = [](const std::string& members) {
    return parse("{\"task_id\":\"t\"," + members + "," + kRun + "}").t.trial;
  };
  for (const std::string member :
       {R"("run_id":3)", R"("sample_idx":3)", R"("seed":3)", R"("trial_id":"3")", R"("attempt":3)",
        R"("epoch":3.0)", R"("repeat":3)", R"("rollout":3)", R"("metadata":{"trial":3})",
        R"("sample_index":3)", R"("trial":3,"seed":42)", R"("seed":42,"trial":3)"}) {
    EXPECT_EQ(trial(member), 3) << member;
  }
  EXPECT_EQ(trial(R"("run_id":"3f2a9c10-77aa-4b1e-9d55-0a1b2c3d4e5f")"), std::nullopt);
  const Parsed unknown = parse(R"({"task_id":"t","rerun_no":2,)" + kRun + "}");
  ASSERT_EQ(unknown.record.notes.unread.size(), 1u);
  EXPECT_EQ(unknown.record.notes.unread[0].what,
            "record member `rerun_no`, which may number the trial,");
}

TEST(Identity, IsFoundUnderManyKeys) {
  const auto identity = [](const std::string& members) {
    const Parsed parsed = parse("{" + members + "," + kRun + "}");
    return parsed.t.model + "|" + parsed.t.task_id;
  };
  EXPECT_EQ(identity(R"("agent_model":"m","prompt_id":"t")"), "m|t");
  EXPECT_EQ(identity(R"("model_info":{"name":"m"},"task":{"id":7,"description":"d"})"), "m|7");
  EXPECT_EQ(identity(R"("llm_config":{"model":"m"},"instance":{"instance_id":"t"})"), "m|t");
  for (const std::string object : {"run", "params", "experiment", "llm_args", "setup"}) {
    EXPECT_EQ(identity("\"" + object + R"(":{"model":"m"},"task_id":"t")"), "m|t") << object;
  }
  for (const std::string id : {"chatcmpl-9x", "resp_01", "run-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
                               "01J9ZQ4M8W2K7T5R3N6P0V1XYB"}) {
    EXPECT_EQ(identity(R"("model":"m","id":")" + id + "\""), "m|") << id;
  }
  EXPECT_EQ(identity(R"("llm":"m","ds":{"instance_id":"t","repo_name":"r"})"), "m|t");
  EXPECT_EQ(identity(R"("model":"m","idx":3)"), "m|3");
  EXPECT_EQ(identity(R"("model":"m","task_id":1.0)"), "m|1");  // a column with gaps
  for (const std::string member : {R"("agent_name":"m")", R"("generator":"m")", R"("solver":"m")",
                                   R"("model_name_or_path":"m")", R"("llm":"m")", R"("engine":"m")",
                                   R"("config":{"model":"m"})", R"("agent":{"model_name":"m"})",
                                   R"("agent":"m")", R"("models":["m"])", R"("model":["m"])"}) {
    EXPECT_EQ(identity(member + R"(,"id":"t")"), "m|t") << member;
  }
  EXPECT_EQ(identity(R"("solver":"react","config":{"model":"m"},"id":"t")"), "m|t");
  EXPECT_EQ(identity(R"("models":["m","n"],"id":"t")"), "m + n|t");
  EXPECT_EQ(identity(R"("model":"m","sample_idx":3)"), "m|3");
}

TEST(Identity, ThatMayStandUnderAnUnknownKeyIsNamed) {
  const auto unread = [](const std::string& members) {
    const Parsed parsed = parse("{" + members + "," + kRun + "}");
    return parsed.record.notes.unread.empty() ? "" : parsed.record.notes.unread[0].what;
  };
  EXPECT_EQ(unread(R"("task_id":"t","zork":"openai/gpt-4o-mini")"),
            "record member `zork`, which may name the model,");
  EXPECT_EQ(unread(R"("task_id":"t","my_model":"x")"),
            "record member `my_model`, which may name the model,");
  EXPECT_EQ(unread(R"("task_id":"t","model":"m","my_model":"x")"), "");
}

TEST(Wrappers, SayTheModelOfWhatIsInThem) {
  const std::string runs = R"([{"task_id":"a",)" + kRun + R"(},{"task_id":"b",)" + kRun + "}]";
  for (const std::string& text :
       {R"({"model":"m","test_cases":)" + runs + "}", R"({"results":)" + runs + R"(,"model":"m"})",
        R"({"config":{"model":"m"},"conversations":)" + runs + "}"}) {
    const auto loaded = load_text("other.json", text);
    ASSERT_EQ(loaded.trajectories.size(), 2u) << text;
    EXPECT_EQ(loaded.trajectories[0].model, "m") << text;
    EXPECT_EQ(loaded.trajectories[1].task_id, "b") << text;
  }
}

TEST(Wrappers, SayTheTaskOfItsTrials) {
  const auto loaded =
      load_text("x.json", R"({"model":"m","task_id":"a","score":0.5,"rollouts":[{"reward":1,)" +
                              kRun + R"(},{"reward":0,)" + kRun + "}]}");
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.trajectories[0].task_id, "a");
  EXPECT_EQ(loaded.trajectories[1].task_id, "a");
  EXPECT_EQ(loaded.trajectories[0].reward, 1);
  EXPECT_EQ(loaded.trajectories[1].reward, 0);
}

TEST(Wrappers, TwoSidesOfARecordAreRefusedRatherThanReadByHalf) {
  const auto loaded = load_text("x.json", R"({"agent":{)" + kRun + R"(},"user":{)" + kRun + "}}");
  EXPECT_THAT(loaded.trajectories, IsEmpty());
  EXPECT_THAT(loaded.report.diagnostics.kept().at(0).message, HasSubstr("a map of 2 records"));
}

TEST(PromptAndCompletion, AreOneRun) {
  const Parsed parsed = parse(
      R"({"prompt":[{"role":"user","content":"hi"}],"completion":[{"role":"assistant","content":"yes"}]})");
  ASSERT_EQ(parsed.t.messages.size(), 2u);
  EXPECT_EQ(parsed.t.messages[1].text, "yes");
}

TEST(ShareGpt, CallsAreAnsweredInOrder) {
  const Parsed parsed = parse(
      R"({"id":"t1","model_name":"alder","score":"1.0","metadata":{"trial":2},"system":"s",
    "tools":"[{\"name\":\"f\"}]","conversations":[{"from":"human","value":"Q"},
    {"from":"function_call","value":"[{\"name\":\"f\",\"arguments\":{\"a\":\"x1y\"}},{\"name\":\"g\",\"arguments\":{}}]"},
    {"from":"observation","value":"one"},{"from":"observation","value":"two"},{"from":"gpt","value":"A"}]})");
  EXPECT_EQ(parsed.t.model + "/" + parsed.t.task_id, "alder/t1");
  EXPECT_EQ(parsed.t.trial, 2);
  EXPECT_EQ(parsed.t.reward, 1.0);
  ASSERT_EQ(parsed.t.messages.size(), 6u);
  EXPECT_EQ(parsed.t.messages[0].text, "s");
  ASSERT_EQ(parsed.t.calls.size(), 2u);
  EXPECT_EQ(parsed.t.calls[0].name, "f");
  EXPECT_EQ(parsed.t.calls[1].name, "g");
  EXPECT_THAT(results(parsed.t), ElementsAre("one", "two"));
  EXPECT_THAT(parsed.record.notes.unread, IsEmpty());
  const Parsed damaged = parse(
      R"({"conversations":[{"from":"human","value":"Q"},{"from":"function_call","value":"{\"name\":"}]})");
  EXPECT_THAT(damaged.record.notes.unread, SizeIs(1));
}

TEST(ShareGpt, ASetOfStrangersIsReadInFull) {
  const std::filesystem::path file = std::filesystem::path(AGENTECHO_SOURCE_DIR) /
                                     "../shared/corpus/wild/sharegpt/glaive_toolcall_en_demo.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the corpus is not here";
  const auto loaded = load_trajectories(testing::options_for({file.string()})).value();
  std::size_t replies = 0;
  std::size_t calls = 0;
  std::size_t answered = 0;
  for (const Trajectory& t : loaded.trajectories) {
    calls += t.calls.size();
    for (const Message& message : t.messages) {
      replies += message.role == Role::kAssistant ? 1 : 0;
      answered += message.role == Role::kTool && message.answers != kNone ? 1 : 0;
    }
  }
  EXPECT_EQ(loaded.trajectories.size(), 300u);
  EXPECT_EQ(replies, 957u);
  EXPECT_EQ(calls, 211u);
  EXPECT_EQ(answered, 211u);
}

TEST(ConversationsInOneText, AreTheirMessages) {
  const auto expect = [](const Parsed& parsed) {
    EXPECT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
    ASSERT_EQ(parsed.t.calls.size(), 1u);
    EXPECT_EQ(parsed.t.calls[0].name, "find");
    EXPECT_THAT(results(parsed.t), ElementsAre("ln-5"));
    ASSERT_GE(parsed.t.messages.size(), 4u);
    EXPECT_EQ(parsed.t.messages[0].text, "Find \"it\".\nNow.");
    EXPECT_EQ(parsed.t.messages[1].reasoning, "First.");
    EXPECT_EQ(parsed.t.messages.back().text, "Done.");
  };
  // A rollout of verl: the prompt with the mark that asks, and what came of it.
  expect(parse(
      R"({"input":"<|im_start|>user\nFind \"it\".\nNow.<|im_end|>\n<|im_start|>assistant\n","output":"<think>First.</think><tool_call>{\"name\":\"find\",\"arguments\":{}}</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\nln-5\n</tool_response><|im_end|>\n<|im_start|>assistant\nDone.<|im_end|>","score":1.0})"));
  expect(parse(
      R"({"text":"<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nFind \"it\".\nNow.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n<think>First.</think>{\"name\":\"find\",\"parameters\":{}}<|eom_id|><|start_header_id|>ipython<|end_header_id|>\n\nln-5<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nDone.<|eot_id|>"})"));
  EXPECT_EQ(parse(R"({"text":"no marks at all"})").record.outcome, RecordOutcome::kMalformed);
  EXPECT_EQ(parse(R"({"text":"<|im_start|>"})").record.outcome, RecordOutcome::kMalformed);
}

TEST(ConversationsInOneText, WithLabelsAreTheirMessages) {
  const Parsed parsed = parse(
      R"x({"system":"SYSTEM: You are at the desk.","chat":"USER: Find \"it\".\n\nNow.\n\n\nASSISTANT: <functioncall> {\"name\": \"find\", \"arguments\": '{\"id\": 5}'} <|endoftext|>\n\n\nFUNCTION RESPONSE: ln-5\n\n\nASSISTANT: Done. <|endoftext|>\n\n\n"})x");
  ASSERT_EQ(parsed.record.outcome, RecordOutcome::kParsed) << parsed.record.problem;
  EXPECT_THAT(leaves(parsed.t), ElementsAre("5"));
  EXPECT_THAT(results(parsed.t), ElementsAre("ln-5"));
  ASSERT_EQ(parsed.t.messages.size(), 5u);
  EXPECT_EQ(parsed.t.messages[1].text, "Find \"it\".\n\nNow.");
  EXPECT_EQ(parsed.t.messages[2].text, "");
  EXPECT_EQ(parsed.t.messages[4].text, "Done.");
  EXPECT_THAT(parsed.record.notes.unread, IsEmpty());
  EXPECT_EQ(parse(R"({"text":"USER: nobody answers"})").record.outcome, RecordOutcome::kMalformed);
}

TEST(ConversationsInOneText, MayHaveManyTurnsThatDoNotEnd) {
  std::string text;
  for (int turn = 0; turn < 40'000; ++turn) text += "<|im_start|>user\\nhi";
  const Parsed parsed = parse(R"({"prompt":")" + text + R"(","response":"hello"})");
  EXPECT_EQ(parsed.t.messages.size(), 40'001u);
}

TEST(CallsInText, OfTheFirstShellsOfAgents) {
  const Parsed prompt = parse(R"({"messages":[{"role":"user","content":"go"},
    {"role":"ai","text":"DISCUSSION\nI look.\n\n```\nls maps\n```"},
    {"role":"user","text":"mb-4471\n(Current directory: /x)\nbash-$"},
    {"role":"ai","text":"Done."}]})");
  ASSERT_EQ(prompt.t.calls.size(), 1u);
  EXPECT_EQ(prompt.t.calls[0].name, "bash");
  EXPECT_THAT(leaves(prompt.t), ElementsAre("ls maps"));
  const Parsed act = parse(R"({"conversations":[{"from":"human","value":"go"},
    {"from":"gpt","value":"Think: I look.\n\nAct: bash\n\n```bash\nls maps\n```"},
    {"from":"human","value":"The output of the OS:\n\nmb-4471"},{"from":"gpt","value":"Done."}]})");
  ASSERT_EQ(act.t.calls.size(), 1u);
  EXPECT_THAT(leaves(act.t), ElementsAre("ls maps"));
}

TEST(Results, SayInTheirTypeThatTheyAreErrors) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"go"},{"role":"assistant","content":[{"type":"tool-call","toolCallId":"c","toolName":"f","input":{}}]},
         {"role":"tool","content":[{"type":"tool-result","toolCallId":"c","toolName":"f","output":{"type":"error-text","value":"no"}}]})");
  ASSERT_EQ(parsed.t.calls.size(), 1u);
  EXPECT_THAT(results(parsed.t), ElementsAre("no"));
  EXPECT_EQ(parsed.t.messages.back().error_flag, ErrorFlag::kError);
}

TEST(Results, OfCallsThatSmolagentsWritesInTexts) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"go"},{"role":"tool-call","content":[{"type":"text","text":"Calling tools:\n[{'id': 'c', 'type': 'function', 'function': {'name': 'f', 'arguments': {'id': 'mb-4'}}}]"}]},
         {"role":"tool-response","content":[{"type":"text","text":"Observation:\nln-5"}]},{"role":"assistant","content":"Done."})");
  ASSERT_EQ(parsed.t.calls.size(), 1u);
  EXPECT_THAT(leaves(parsed.t), ElementsAre("mb-4"));
}

TEST(Tasks, AnIdInTheMetadataComesBeforeTheRecordsOwnButNoNameDoes) {
  const auto task = [](std::string_view members) {
    return parse("{" + std::string(members) +
                 R"(,"messages":[{"role":"assistant","content":"hi"}]})")
        .t.task_id;
  };
  EXPECT_EQ(task(R"("id":"chatcmpl-1","metadata":{"task_id":"t1"})"), "t1");
  EXPECT_EQ(task(R"("id":"chatcmpl-1","task":{"id":"t1"})"), "t1");
  EXPECT_EQ(task(R"("id":3,"metadata":{"task":"retail"})"), "3");
  EXPECT_EQ(task(R"("idx":3,"metadata":{"env_id":"shop"})"), "3");
}

TEST(Success, IsATargetOnlyAsAFlag) {
  const auto reward = [](std::string_view value) {
    return parse(R"({"target":)" + std::string(value) +
                 R"(,"messages":[{"role":"assistant","content":"hi"}]})")
        .t.reward;
  };
  EXPECT_EQ(reward("true"), 1.0);
  EXPECT_EQ(reward("false"), 0.0);
  EXPECT_EQ(reward("\"yes\""), std::nullopt);
  EXPECT_EQ(reward("1"), std::nullopt);
}

TEST(WhatIsNotRead, IsNamed) {
  using namespace std::string_view_literals;
  const auto said = [](std::string_view content) {
    const auto loaded = load_text("x.json", std::string(content));
    EXPECT_THAT(loaded.trajectories, IsEmpty());
    return loaded.report.diagnostics.kept().at(0).message;
  };
  EXPECT_THAT(said("PAR1\x15\x04PAR1"sv), HasSubstr("a Parquet file"));
  EXPECT_THAT(said("SQLite format 3\0xxxx"sv), HasSubstr("SQLite"));
  EXPECT_THAT(said("\x80\x04\x95xx"sv), HasSubstr("pickle"));
  EXPECT_THAT(said("[{'a': 1}]"), HasSubstr("Python's own notation"));
  EXPECT_THAT(said("<!DOCTYPE html><html></html>"), HasSubstr("a web page"));
  EXPECT_THAT(said(R"({"id":"b","custom_id":"t","response":{"body":{}},"error":null})"),
              HasSubstr("the output of an OpenAI batch"));
  EXPECT_THAT(said(R"({"id":"c","object":"chat.completion","choices":[]})"),
              HasSubstr("single replies"));
  EXPECT_THAT(said(R"({"id":"r","trace_id":"r","run_type":"chain","inputs":{},"outputs":{}})"),
              HasSubstr("LangSmith"));
  EXPECT_THAT(said(R"({"id":"t","timestamp":"x","observations":[]})"), HasSubstr("Langfuse"));
  EXPECT_THAT(said(R"({"op_name":"o","trace_id":"t","inputs":{}})"),
              HasSubstr("none of the spans is a call of a model"));
}

// Calls that count only for want of others go with the results that stand in them.
TEST(Calls, ResultsOfSpareCallsGoWithThem) {
  const Parsed parsed = parse_messages(
      R"({"role":"user","content":"hi"},{"role":"assistant","content":"",)"
      R"("additional_kwargs":{"tool_calls":[{"id":"a","name":"a","arguments":{},"output":"of a"}]},)"
      R"("tool_calls":[{"id":"b","name":"b","args":{}}]},{"role":"assistant","content":"Done"})");
  EXPECT_THAT(names(parsed.t), ElementsAre("b"));
  EXPECT_THAT(results(parsed.t), ElementsAre(""));
}

}  // namespace
}  // namespace agentecho
