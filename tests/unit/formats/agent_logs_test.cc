// What agents and their frameworks print or keep of runs by themselves: events, rows, states.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/error_result.h"
#include "support/load.h"

namespace agentecho {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Expected {
  std::string_view model = "alder";
  std::string_view reasoning = {};
  bool asked = true;  // the log says what was asked
};

void expect_the_run(const Trajectory& t, const Expected& expected) {
  EXPECT_EQ(t.model, expected.model);
  ASSERT_EQ(t.calls.size(), 2u);
  EXPECT_EQ(t.calls[0].name, "find");
  EXPECT_EQ(t.calls[0].message, t.calls[1].message);
  EXPECT_THAT(testing::leaves(t), ElementsAre("mb-4", "mb-5"));
  EXPECT_THAT(testing::results(t), ElementsAre("ln-5", "no such thing"));
  EXPECT_EQ(t.messages[static_cast<std::size_t>(t.calls[1].result_message)].error_flag,
            ErrorFlag::kError);
  std::string thought;
  for (const Message& message : t.messages) thought += message.reasoning;
  EXPECT_EQ(thought, expected.reasoning);
  const auto of_user = std::count_if(t.messages.begin(), t.messages.end(),
                                     [](const Message& m) { return m.role == Role::kUser; });
  EXPECT_EQ(of_user, expected.asked ? 1 : 0);
  EXPECT_EQ(t.messages.back().text, "All is done.");
}

void expect_one(std::string_view name, std::string_view content, const Expected& expected) {
  const auto loaded = testing::load_text(name, content);
  for (const Diagnostic& finding : loaded.report.diagnostics.kept()) {
    EXPECT_FALSE(is_loss(finding.kind)) << to_string(finding);
  }
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  expect_the_run(loaded.trajectories[0], expected);
}

std::vector<std::string> said_of(const LoadedTrajectories& loaded) {
  std::vector<std::string> said;
  for (const Diagnostic& finding : loaded.report.diagnostics.kept()) {
    said.push_back(to_string(finding));
  }
  return said;
}

const std::string kGeminiEvents =
    R"({"type":"init","timestamp":"1","session_id":"s","model":"alder"}
{"type":"message","timestamp":"1","role":"user","content":"find"}
{"type":"message","timestamp":"1","role":"assistant","content":"I will ","delta":true}
{"type":"message","timestamp":"1","role":"assistant","content":"look.","delta":true}
{"type":"tool_use","timestamp":"1","tool_name":"find","tool_id":"c1","parameters":{"id":"mb-4"}}
{"type":"tool_use","timestamp":"1","tool_name":"find","tool_id":"c2","parameters":{"id":"mb-5"}}
{"type":"tool_result","timestamp":"1","tool_id":"c1","status":"success","output":"ln-5"}
{"type":"tool_result","timestamp":"1","tool_id":"c2","status":"error","error":{"type":"x","message":"no such thing"}}
{"type":"message","timestamp":"1","role":"assistant","content":"All is ","delta":true}
{"type":"message","timestamp":"1","role":"assistant","content":"done.","delta":true}
{"type":"result","timestamp":"1","status":"success","stats":{"total_tokens":4}}
)";

TEST(MinimaxCode, CallsHoldWhatTheyGaveAndWhetherTheyFailed) {
  expect_one("alder.json",
             R"({"session":{"session_id":"mvs_1","effective_model":"alder"},"messages":[
{"id":1,"role":"user","msg_id":"u1","msg_type":1,"msg_content":"find"},
{"id":2,"role":"assistant","msg_id":"m1","msg_type":2,"thinking_content":"First.","msg_content":"I will look.","tool_calls":[
  {"tool_name":"find","tool_call_id":"c1","tool_call_status":2,"tool_call_args":"{\"id\":\"mb-4\"}","tool_call_result_data":"ln-5"},
  {"tool_name":"find","tool_call_id":"c2","tool_call_status":3,"tool_call_args":"{\"id\":\"mb-5\"}","tool_call_result_data":"no such thing"}]},
{"id":3,"role":"assistant","msg_id":"m2","msg_type":2,"msg_content":"All is done."}],"tokenUsage":{}})",
             {.reasoning = "First."});
}

// A program whose words for a text, an argument and a result are not known.
TEST(SilentRuns, WhoseMembersAreNotReadAreALoss) {
  const auto run = [](std::string_view said) {
    return R"({"model":"alder","messages":[{"role":"user","body_x":"find"},)"
           R"({"role":"assistant","tool_calls":[{"name":"find","args_x":{"id":3},"gave_x":"ln-5"}]},)"
           R"({"role":"assistant",")" +
           std::string(said) + R"(":"Done."}]})";
  };
  const auto silent = testing::load_text("t.jsonl", run("body_x"));
  EXPECT_THAT(silent.trajectories, IsEmpty());
  EXPECT_THAT(said_of(silent),
              ElementsAre(::testing::AllOf(HasSubstr("hardly any of its 3 messages"),
                                           HasSubstr("message member `body_x`, call member"))));
  EXPECT_EQ(testing::load_text("t.jsonl", run("content")).trajectories.size(), 1u);
}

TEST(EventStreams, GeminiCli) {
  expect_one("t.jsonl", kGeminiEvents, {});
  const auto loaded = testing::load_text("t.jsonl", kGeminiEvents);
  EXPECT_EQ(loaded.trajectories.at(0).messages.at(1).text, "I will look.");
}

TEST(EventStreams, SessionsInOneFileAreRuns) {
  std::string other = kGeminiEvents;
  for (std::size_t at = 0; (at = other.find("\"alder\"", at)) != std::string::npos; ++at) {
    other.replace(at, 7, "\"birch\"");
  }
  other.replace(other.find("\"s\""), 3, "\"t\"");
  const auto loaded = testing::load_text("log.jsonl", kGeminiEvents + other);
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  expect_the_run(loaded.trajectories[0], {});
  expect_the_run(loaded.trajectories[1], {.model = "birch"});
  EXPECT_NE(loaded.trajectories[0].task_id, loaded.trajectories[1].task_id);
}

TEST(EventStreams, MayStandBehindALineOfAHarness) {
  const std::string line = R"({"type":"message","role":"user","content":"Task: find"})";
  const auto loaded = testing::load_text("t.jsonl", line + "\n" + kGeminiEvents + kGeminiEvents);
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  expect_the_run(loaded.trajectories[0], {});
  expect_the_run(loaded.trajectories[1], {});
  EXPECT_THAT(said_of(loaded), Contains(HasSubstr("no part of the run: a line before the first")));
}

TEST(EventStreams, AnEventOfANewTypeIsSaid) {
  const auto loaded =
      testing::load_text("t.jsonl", kGeminiEvents + R"({"type":"plan","steps":[1]})");
  EXPECT_THAT(said_of(loaded), Contains(HasSubstr("events of type plan")));
}

TEST(EventStreams, Opencode) {
  const auto event = [](std::string_view part) {
    return R"({"type":"x","timestamp":1,"sessionID":"ses_1","part":)" + std::string(part) + "}\n";
  };
  expect_one(
      "alder.jsonl",
      event(R"({"type":"step-start"})") + event(R"({"type":"reasoning","text":"First."})") +
          event(R"({"type":"text","text":"I will look."})") +
          event(
              R"({"type":"tool","tool":"find","callID":"c1","state":{"status":"completed","input":{"id":"mb-4"},"output":"ln-5"}})") +
          event(
              R"({"type":"tool","tool":"find","callID":"c2","state":{"status":"error","input":{"id":"mb-5"},"error":"no such thing"}})") +
          event(R"({"type":"step-finish","reason":"tool-calls"})") +
          event(R"({"type":"step-start"})") + event(R"({"type":"text","text":"All is done."})"),
      {.reasoning = "First.", .asked = false});
}

TEST(EventStreams, ACommandOfOpencodeFailedWhereItsExitCodeSaysSo) {
  const auto loaded = testing::load_text(
      "alder.jsonl",
      R"({"type":"x","timestamp":1,"sessionID":"ses_1","part":{"type":"tool","tool":"bash","callID":"c1","state":{"status":"completed","input":{"command":"ls"},"output":"no","metadata":{"exit":2}}}})"
      "\n");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(loaded.trajectories[0].messages.back().error_flag, ErrorFlag::kError);
}

TEST(ClaudeAgentSdk, BlocksSayByTheirMembersWhatTheyAre) {
  expect_one("t.jsonl",
             R"({"subtype":"init","data":{"type":"system","session_id":"s","model":"alder"}}
{"content":"find","uuid":null,"parent_tool_use_id":null}
{"content":[{"thinking":"First.","signature":"x"}],"model":"alder","parent_tool_use_id":null}
{"content":[{"id":"c1","name":"find","input":{"id":"mb-4"}}],"model":"alder","parent_tool_use_id":null}
{"content":[{"id":"c2","name":"find","input":{"id":"mb-5"}}],"model":"alder","parent_tool_use_id":null}
{"content":[{"text":"of a sub-agent"}],"model":"alder","parent_tool_use_id":"c2"}
{"content":[{"tool_use_id":"c1","content":"ln-5","is_error":null},{"tool_use_id":"c2","content":[{"type":"text","text":"no such thing"}],"is_error":true}],"parent_tool_use_id":null}
{"content":[{"text":"All is done."}],"model":"alder","parent_tool_use_id":null}
{"subtype":"success","duration_ms":1,"is_error":false,"num_turns":2,"result":"All is done."}
)",
             {.reasoning = "First."});
}

TEST(TraeAgent, InteractionsHoldWhatIsNew) {
  const std::string log =
      R"({"task":"find","provider":"p","model":"alder","success":true,"final_result":"x","agent_steps":[],"llm_interactions":[
{"model":"alder","input_messages":[{"role":"system","content":"Help."},{"role":"user","content":"find"}],"response":{"content":"I will look.","tool_calls":[{"call_id":"c1","name":"find","arguments":{"id":"mb-4"}},{"call_id":"c2","name":"find","arguments":{"id":"mb-5"}}]}},
{"model":"alder","input_messages":[{"role":"user","content":null,"tool_result":{"call_id":"c1","success":true,"result":"ln-5","error":null}},{"role":"user","content":null,"tool_result":{"call_id":"c2","success":false,"result":null,"error":"no such thing"}}],"response":{"content":"All is done.","tool_calls":null}}]})";
  expect_one("t.json", log, {});
  EXPECT_EQ(testing::load_text("t.json", log).trajectories.at(0).reward, 1.0);
}

TEST(SweAgent, AttemptsAreTrialsOfTheTask) {
  const std::string attempt =
      R"({"trajectory":[],"info":{"exit_status":"submitted"},"history":[{"role":"user","content":"find","agent":"main"},
{"role":"assistant","content":"","agent":"main","tool_calls":[{"id":"c1","function":{"name":"find","arguments":"{\"id\":\"mb-4\"}"}}]},
{"role":"tool","content":"ln-5","agent":"main","tool_call_ids":["c1"]},{"role":"assistant","content":"Done.","agent":"main"}]})";
  const auto loaded = testing::load_text(
      "desk-1.traj", R"({"replay_config":{"agent":{"model":{"name":"alder"}}},"attempts":[)" +
                         attempt + "," + attempt + "]}");
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const Trajectory& t = loaded.trajectories[i];
    EXPECT_EQ(t.model, "alder");
    EXPECT_EQ(t.benchmark, "swe-agent");
    EXPECT_EQ(t.task_id, "desk-1");
    EXPECT_EQ(t.trial, static_cast<std::int64_t>(i));
    EXPECT_THAT(testing::results(t), ElementsAre("ln-5"));
  }
}

TEST(Terminus, CommandsInTheTextOfAChatAreCalls) {
  const auto loaded = testing::load_text(
      "log.jsonl",
      R"x({"model":"m","task_id":"t","conversations":[{"role":"user","content":"Answer with {\"commands\": []}. Do"},{"role":"assistant","content":"So be it.\n```json\n{\"analysis\":\"A\",\"plan\":\"P\",\"commands\":[{\"keystrokes\":\"cd x\\n\",\"duration\":0.1},{\"keystrokes\":\"ls\\n\"}],\"task_complete\":false}\n```"},{"role":"user","content":"New Terminal Output:\na.py"},{"role":"assistant","content":"{\"analysis\":\"All there.\",\"commands\":[],\"task_complete\":true}"}]})x");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  const Trajectory& run = loaded.trajectories[0];
  EXPECT_EQ(run.messages.at(1).text, "So be it.\nA\nP");
  ASSERT_EQ(run.calls.size(), 2u);
  EXPECT_EQ(run.calls[0].name, "bash_command");
  // One screen for all commands is the result of the last, as in ATIF.
  EXPECT_EQ(run.result_of(run.calls[0]), "");
  EXPECT_EQ(run.result_of(run.calls[1]), "New Terminal Output:\na.py");
  EXPECT_EQ(run.messages.back().text, "All there.");
}

TEST(SweAgent, AttemptsTakeWhatTheirRecordSays) {
  const std::string attempt =
      R"({"trajectory":[],"info":{},"history":[{"role":"user","content":"find","agent":"main"},{"role":"assistant","content":"Done.","agent":"main"}]})";
  std::string lines;
  for (const std::string id : {"i0", "i1"}) {
    lines += R"({"instance_id":")" + id + R"(","resolved":)" + (id == "i0" ? "true" : "false") +
             R"(,"attempts":[)" + attempt + "," + attempt + "]}\n";
  }
  const auto loaded = testing::load_text("all.jsonl", lines);
  ASSERT_EQ(loaded.trajectories.size(), 4u);
  EXPECT_EQ(loaded.trajectories[1].task_id, "i0");
  EXPECT_EQ(loaded.trajectories[1].trial, 1);
  EXPECT_EQ(loaded.trajectories[1].reward, 1.0);
  EXPECT_EQ(loaded.trajectories[2].task_id, "i1");
  EXPECT_EQ(loaded.trajectories[2].reward, 0.0);
}

// Rows of two sessions, one after the other or in turn.
std::string rows_of(const std::vector<std::string>& messages) {
  std::string rows;
  int id = 0;
  for (const std::string& message : messages) {
    for (const std::string session : {"s1", "s2"}) {
      std::string quoted;
      for (const char c : message) quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
      rows += R"({"id":)" + std::to_string(++id) + R"(,"session_id":")" + session +
              R"(","message_data":")" + quoted + R"(","created_at":"x"})" + "\n";
    }
  }
  return rows;
}

TEST(MessageRows, EachSessionIsARunAndThePathNamesNoneOfThem) {
  const auto loaded = testing::load_text(
      "rows.jsonl",
      rows_of(
          {R"({"role":"user","content":"find"})",
           R"({"type":"function_call","call_id":"c1","name":"find","arguments":{"id":"mb-4"}})",
           R"({"type":"function_call_output","call_id":"c1","output":"ln-5"})",
           R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"Done."}],"provider_data":{"model":"alder"}})"}));
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_NE(loaded.trajectories[0].task_id, loaded.trajectories[1].task_id);
  for (const Trajectory& t : loaded.trajectories) {
    EXPECT_EQ(t.model, "alder");
    EXPECT_EQ(t.benchmark, "chat");
    EXPECT_THAT(testing::results(t), ElementsAre("ln-5"));
    EXPECT_EQ(t.messages.back().text, "Done.");
  }
}

TEST(MessageRows, SayWhoseTheyAre) {
  std::string rows;
  for (const std::string model : {"alder", "birch"}) {
    for (const char* message : {R"({\"role\":\"user\",\"content\":\"find\"})",
                                R"({\"role\":\"assistant\",\"content\":\"Done.\"})"}) {
      rows += R"({"session_id":")" + model + R"(","model":")" + model +
              R"(","task_id":"t1","success":)" + (model == "alder" ? "true" : "false") +
              R"(,"message_data":")" + message + "\"}\n";
    }
  }
  const auto loaded = testing::load_text("rows.jsonl", rows);
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.trajectories[0].model, "alder");
  EXPECT_EQ(loaded.trajectories[0].reward, 1.0);
  EXPECT_EQ(loaded.trajectories[1].model, "birch");
  EXPECT_EQ(loaded.trajectories[1].task_id, "t1");
  EXPECT_EQ(loaded.trajectories[1].reward, 0.0);
}

TEST(MessageRows, ARowThatIsNoJsonIsALoss) {
  std::string rows = rows_of({R"({"role":"user","content":"find"})"});
  rows += R"({"id":9,"session_id":"s1","message_data":"{","created_at":"x"})";
  const auto loaded = testing::load_text("rows.jsonl", rows);
  EXPECT_THAT(said_of(loaded), Contains(HasSubstr("rows without a message that is JSON")));
}

// Rows as llm 0.36 writes them: the results of a row answer the row before it.
TEST(LlmLogs, AreARunForEachConversation) {
  std::string rows;
  for (const std::string conversation : {"k1", "k2"}) {
    rows +=
        (rows.empty() ? "[" : ",") +
        (R"({"id":"r1","model":"alder","conversation_id":")" + conversation) +
        R"(","prompt":"Renew.","system":"Be kind.","response":"I look.","reasoning":"Two calls.","tool_results":[],
            "prompt_fragments":[],"attachments":[],
            "tool_calls":[{"id":1,"name":"find","arguments":{"id":"m1"},"tool_call_id":"c1"},
                          {"id":2,"name":"hours","arguments":{},"tool_call_id":"c2"}]},
           {"id":"r2","model":"alder","conversation_id":")" +
        conversation +
        R"(","prompt":"","system":"Be kind.","response":"Done.","reasoning":null,"tool_calls":[],
            "prompt_fragments":[],"attachments":[],
            "tool_results":[{"name":"hours","output":"Error: none","tool_call_id":"c2","exception":"KeyError: none"},
                            {"name":"find","output":"ln-5","tool_call_id":"c1","exception":null}]})";
  }
  const auto loaded = testing::load_text("logs.json", rows + "]");
  ASSERT_EQ(loaded.trajectories.size(), 2u);
  EXPECT_EQ(loaded.trajectories[1].task_id, "k2");
  for (const Trajectory& t : loaded.trajectories) {
    EXPECT_EQ(t.model, "alder");
    ASSERT_EQ(t.calls.size(), 2u);
    EXPECT_THAT(testing::results(t), ElementsAre("ln-5", "Error: none"));
    EXPECT_FALSE(failed(t, t.calls[0]));
    EXPECT_TRUE(failed(t, t.calls[1]));
    EXPECT_EQ(t.messages[2].reasoning, "Two calls.");
    EXPECT_EQ(t.messages.back().text, "Done.");
    EXPECT_EQ(std::count_if(t.messages.begin(), t.messages.end(),
                            [](const Message& m) { return m.role == Role::kUser; }),
              1);
  }
}

const std::string kGraphMessages =
    R"({"type":"human","content":"find","id":"1"},{"type":"ai","content":"","id":"2","tool_calls":[{"name":"find","args":{"id":"mb-4"},"id":"c1","type":"tool_call"}]},{"type":"tool","content":"ln-5","id":"3","tool_call_id":"c1"})";

std::string graph_config(const std::string& thread, int checkpoint) {
  return R"({"configurable":{"thread_id":")" + thread +
         R"(","checkpoint_ns":"","checkpoint_id":"1f-)" + std::to_string(checkpoint) + R"("}})";
}

void expect_threads(const std::string& states) {
  const auto loaded = testing::load_text("states.json", states);
  ASSERT_EQ(loaded.trajectories.size(), 2u) << states;
  std::set<std::string> tasks;
  for (const Trajectory& t : loaded.trajectories) {
    tasks.insert(t.task_id);
    EXPECT_EQ(t.benchmark, "langgraph");
    EXPECT_THAT(testing::results(t), ElementsAre("ln-5"));
    EXPECT_EQ(t.messages.back().text, "Done.");
  }
  EXPECT_THAT(tasks, ElementsAre("desk-1", "desk-2"));
  EXPECT_THAT(said_of(loaded), Contains(HasSubstr("earlier states of a thread")));
}

TEST(LangGraphStates, TheNewestOfAThreadIsTheRun) {
  const std::string whole = kGraphMessages + R"(,{"type":"ai","content":"Done.","id":"4"})";
  std::string snapshots;
  std::string tuples;
  std::string checkpoints;
  for (const std::string task : {"desk-1", "desk-2"}) {
    const std::string metadata = R"({"step":1,"task_id":")" + task + R"("})";
    for (const int n : {1, 2, 0}) {
      const std::string values = R"({"messages":[)" +
                                 (n == 2   ? whole
                                  : n == 1 ? kGraphMessages
                                           : "") +
                                 "]}";
      const std::string config = graph_config(task, n);
      snapshots += (snapshots.empty() ? "[" : ",") + (R"({"values":)" + values) +
                   R"(,"next":[],"config":)" + config + R"(,"metadata":)" + metadata +
                   R"(,"created_at":"x","parent_config":null,"tasks":[],"interrupts":[]})";
      tuples += (tuples.empty() ? "[[" : ",[") + values + ",[]," + config + "," + metadata +
                R"(,"x",null,[],[]])";
      checkpoints += (checkpoints.empty() ? "[" : ",") + (R"({"config":)" + config) +
                     R"(,"checkpoint":{"v":4,"channel_values":)" + values + R"(},"metadata":)" +
                     metadata + R"(,"parent_config":null,"pending_writes":[]})";
    }
  }
  expect_threads(snapshots + "]");
  expect_threads(tuples + "]");
  expect_threads(checkpoints + "]");
}

TEST(LangGraphStates, AnIdThatIsUsedAgainIsAnotherRun) {
  const auto state = [](int checkpoint, const std::string& said, const std::string& members) {
    return R"({"values":{"messages":[{"type":"human","content":")" + said +
           R"(","id":"1"},{"type":"ai","content":"Done.","id":"2"}]},"next":[],"config":)" +
           graph_config("1", checkpoint) + R"(,"metadata":{},)" + members + "}\n";
  };
  const auto loaded = testing::load_text(
      "states.jsonl", state(1, "find", R"("model":"alder","task_id":"t1","success":true)") +
                          state(2, "find", R"("model":"birch","task_id":"t1","success":false)") +
                          state(3, "renew", R"("model":"birch","task_id":"t1")"));
  ASSERT_EQ(loaded.trajectories.size(), 3u);
  EXPECT_EQ(loaded.trajectories[0].model, "alder");
  EXPECT_EQ(loaded.trajectories[0].reward, 1.0);
  EXPECT_EQ(loaded.trajectories[1].model, "birch");
  EXPECT_EQ(loaded.trajectories[1].reward, 0.0);
  EXPECT_EQ(loaded.trajectories[2].messages.at(0).text, "renew");
}

TEST(LangGraphStates, AThreadThatHoldsNothingIsALoss) {
  const auto loaded = testing::load_text(
      "states.json", R"([{"values":{},"next":["agent"],"config":)" + graph_config("t", 1) +
                         R"(,"metadata":{},"tasks":[]}])");
  EXPECT_THAT(loaded.trajectories, IsEmpty());
  EXPECT_THAT(said_of(loaded), Contains(HasSubstr("whose last state holds no messages")));
}

// Settings are often longer than what is passed on as a whole, because prompts stand in them.
TEST(TraeAgent, WhatStandsBesideLongPromptsIsRead) {
  const std::string prompt(5000, 'x');
  const auto loaded = testing::load_text(
      "run.json", R"({"agent_steps":[],"llm_interactions":[{"input_messages":[{"role":"user",
"content":"find"}],"response":{"content":"All is done.","tool_calls":null}}],"metadata":{"prompt":")" +
                      prompt + R"(","task_id":"t9","config":{"tools":")" + prompt +
                      R"(","model_name":"alder"}},"text":")" + prompt + R"("})");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  EXPECT_EQ(loaded.trajectories[0].model, "alder");
  EXPECT_EQ(loaded.trajectories[0].task_id, "t9");
}

}  // namespace
}  // namespace agentecho
