// Logs written in each form and read again: the same runs, and a count of what the form cannot
// hold.
#include "agentecho/readers/trajectory_forms.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/trajectory/role.h"
#include "support/load.h"
#include "support/random_trajectory.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TrajectoryForm kAll[] = {TrajectoryForm::kAgentEcho, TrajectoryForm::kTau2,
                                   TrajectoryForm::kOpenAi, TrajectoryForm::kAtif};

// What a comparison looks at beside messages, calls, results, reasoning, reward and identity.
struct Look {
  bool errors = true;      // marks of failed results
  bool user_calls = true;  // calls of the simulated user
  bool benchmark = true;
  bool orphans = true;  // results that answer no call, as results
  bool spaces = true;   // white space between the tokens of arguments

  static Look of(TrajectoryForm form) {
    const bool chat_only = form == TrajectoryForm::kOpenAi || form == TrajectoryForm::kAtif;
    return {!chat_only, !chat_only, form != TrajectoryForm::kTau2, form != TrajectoryForm::kAtif,
            form != TrajectoryForm::kAtif};
  }
};

std::string arguments_of(const ToolCall& call, const Look& look) {
  const auto json = nlohmann::ordered_json::parse(call.arguments, nullptr, false);
  return look.spaces || json.is_discarded() ? std::string(call.arguments) : json.dump();
}

// The run in words, one message a line, each call with its result.
std::string described(const Trajectory& run, const Look& look) {
  std::string text =
      fmt::format("{} | {} | {} | {} | {} | {}\n", run.model, look.benchmark ? run.benchmark : "",
                  run.domain, run.task_id, run.trial.value_or(0), run.reward.value_or(-1));
  for (const Message& message : run.messages) {
    const bool tool = message.role == Role::kTool;
    if (tool && (message.answers != kNone || message.requestor == Requestor::kUser)) continue;
    const bool as_user = tool && !look.orphans;
    text += fmt::format("{} | {} | {}\n", as_user ? "user" : name_of(message.role), message.text,
                        message.reasoning);
    for (const ToolCall& call : run.calls_of(message)) {
      if (call.requestor == Requestor::kUser && !look.user_calls) continue;
      text +=
          fmt::format("  {}({}) -> {}", call.name, arguments_of(call, look), run.result_of(call));
      if (look.errors && call.result_message != kNone) {
        const Message& result = run.messages[static_cast<std::size_t>(call.result_message)];
        text += result.error_flag == ErrorFlag::kError ? " failed" : "";
      }
      text += '\n';
    }
  }
  return text;
}

std::string file_of(const FormText& form, const Trajectory& run, TrajectoryForm which) {
  if (which != TrajectoryForm::kTau2) return form.json + "\n";
  return tau2_head(run.model, run.domain) + form.json + std::string(tau2_tail());
}

void expect_same(const Trajectory& run, TrajectoryForm which, std::string_view where) {
  const FormText form = to_form(run, which);
  EXPECT_EQ(form.json.find('\n'), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(form.json)) << form.json;
  const bool lines = which != TrajectoryForm::kTau2;
  const LoadedTrajectories again =
      testing::load_text(lines ? "again.jsonl" : "again.json", file_of(form, run, which));
  ASSERT_EQ(again.trajectories.size(), 1u) << where << ' ' << name_of(which) << form.json;
  const Look look = Look::of(which);
  EXPECT_EQ(described(again.trajectories[0], look), described(run, look))
      << where << ' ' << name_of(which);
}

TEST(TrajectoryForms, read_again_are_the_same_runs) {
  std::size_t n = 0;
  for (const char* folder : {"data/formats", "commands/logs"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             std::string(AGENTECHO_SOURCE_DIR "/tests/") + folder)) {
      if (!entry.is_regular_file()) continue;
      const LoadedTrajectories loaded =
          load_trajectories(testing::options_for({entry.path().string()})).value();
      for (const Trajectory& run : loaded.trajectories) {
        for (const TrajectoryForm form : kAll) expect_same(run, form, entry.path().string());
        ++n;
      }
    }
  }
  EXPECT_GE(n, 30u);
}

TEST(TrajectoryForms, random_runs_are_the_same_as_well) {
  Rng rng(7);
  for (int i = 0; i < 200; ++i) {
    const Trajectory run = testing::random_trajectory(rng);
    for (const TrajectoryForm form : kAll) expect_same(run, form, fmt::format("run {}", i));
  }
}

std::vector<std::string> not_held(const Trajectory& run, TrajectoryForm form) {
  std::vector<std::string> all;
  for (const NotHeld& held : to_form(run, form).not_held) {
    all.push_back(fmt::format("{}: {}", held.what, held.count));
  }
  return all;
}

TEST(TrajectoryForms, what_has_no_place_is_counted) {
  const LoadedTrajectories loaded = testing::load_text("a.json", R"({"model":"m","task_id":"1",
"termination_reason":"user_stop","messages":[{"role":"user","content":"hi","tool_calls":[
{"id":"u1","requestor":"user","function":{"name":"look","arguments":"{}"}},
{"id":"u2","requestor":"user","function":{"name":"look","arguments":"{}"}}]},
{"role":"tool","tool_call_id":"u1","requestor":"user","content":"x"},
{"role":"assistant","content":"","tool_calls":[{"id":"a","function":{"name":"f","arguments":"[1]"}},
{"id":"b","function":{"name":"g","arguments":"oops"}}]},
{"role":"tool","tool_call_id":"a","content":"no","error":true},
{"role":"tool","tool_call_id":"b","content":"1"},
{"role":"tool","tool_call_id":"b","content":"2"},
{"role":"tool","tool_call_id":"zz","content":"3"}]})");
  ASSERT_EQ(loaded.trajectories.size(), 1u);
  const Trajectory& run = loaded.trajectories[0];
  EXPECT_THAT(not_held(run, TrajectoryForm::kAgentEcho), IsEmpty());
  EXPECT_THAT(not_held(run, TrajectoryForm::kOpenAi),
              ElementsAre("calls of the simulated user: 2", "marks of failed results: 1"));
  EXPECT_THAT(not_held(run, TrajectoryForm::kTau2),
              ElementsAre("runs without a trial number, written as trial 0,: 1",
                          "benchmarks of another name than tau2-bench: 1",
                          "arguments that are no JSON object: 2"));
  EXPECT_THAT(not_held(run, TrajectoryForm::kAtif),
              ElementsAre("calls of the simulated user: 2", "arguments that are no JSON object: 2",
                          "marks of failed results: 1",
                          "results that answer no call, written as messages of the user,: 2",
                          "reasons why a run ended: 1"));
  const Trajectory other = TrajectoryBuilder().benchmark("bench").trial(0).assistant("a").build();
  EXPECT_THAT(not_held(other, TrajectoryForm::kTau2),
              ElementsAre("benchmarks of another name than tau2-bench: 1"));
}

TEST(TrajectoryForms, calls_without_an_id_get_one_that_their_results_name) {
  Trajectory run = TrajectoryBuilder().calls({{"f", {}, "one"}, {"g", {}, "two"}}).build();
  for (ToolCall& call : run.calls) call.id = {};
  for (const TrajectoryForm form : {TrajectoryForm::kOpenAi, TrajectoryForm::kAtif}) {
    expect_same(run, form, "no ids");
    const std::string json = to_form(run, form).json;
    EXPECT_NE(json.find("\"call_0\""), std::string::npos);
    EXPECT_NE(json.find("\"call_1\""), std::string::npos);
  }
}

// A run of these messages, as it was read.
Trajectory run_of(const std::string& messages) {
  LoadedTrajectories loaded =
      testing::load_text("a.json", R"({"model":"m","task_id":"1","messages":[)" + messages + "]}");
  return loaded.trajectories.empty() ? Trajectory{} : std::move(loaded.trajectories[0]);
}

std::string call_message(std::string_view id, std::string_view value) {
  return fmt::format(R"({{"role":"assistant","content":"","tool_calls":[{{"id":"{}","function":)"
                     R"({{"name":"f","arguments":"{{\"a\":\"{}\"}}"}}}}]}})",
                     id, value);
}

std::string result_message(std::string_view id, std::string_view text) {
  return fmt::format(R"({{"role":"tool","tool_call_id":"{}","content":"{}"}})", id, text);
}

TEST(TrajectoryForms, results_that_atif_moves_before_other_messages_are_counted) {
  const auto moved = [](const std::string& messages) {
    const Trajectory run = run_of(messages);
    EXPECT_THAT(not_held(run, TrajectoryForm::kOpenAi), IsEmpty());
    return not_held(run, TrajectoryForm::kAtif);
  };
  const std::string late = "results behind a later message, written right behind their calls,: 1";
  const std::string a = call_message("a", "x");
  const std::string b = call_message("b", "y");
  const std::string of_a = result_message("a", "1");
  const std::string of_b = result_message("b", "2");
  const std::string user = R"({"role":"user","content":"well?"})";
  EXPECT_THAT(moved(a + "," + of_a + "," + b + "," + of_b), IsEmpty());
  EXPECT_THAT(moved(a + "," + b + "," + of_b), IsEmpty());
  EXPECT_THAT(moved(a + "," + b + "," + of_a + "," + of_b), ElementsAre(late));
  EXPECT_THAT(moved(a + "," + b + "," + of_b + "," + of_a), ElementsAre(late));
  EXPECT_THAT(moved(a + "," + user + "," + of_a), ElementsAre(late));
}

TEST(TrajectoryForms, atif_keeps_the_order_of_the_results_of_one_message) {
  const Trajectory run = run_of(R"({"role":"assistant","content":"","tool_calls":[
{"id":"a","function":{"name":"f","arguments":"{}"}},
{"id":"b","function":{"name":"f","arguments":"{}"}}]},)" +
                                result_message("b", "first") + "," + result_message("a", "second"));
  const FormText form = to_form(run, TrajectoryForm::kAtif);
  EXPECT_THAT(form.not_held, IsEmpty());
  const auto results = nlohmann::json::parse(form.json)["steps"][0]["observation"]["results"];
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0]["content"], "first");
  EXPECT_EQ(results[0]["source_call_id"], "b");
  EXPECT_EQ(results[1]["content"], "second");
  expect_same(run, TrajectoryForm::kAtif, "in another order");
}

TEST(TrajectoryForms, calls_with_the_id_of_another_get_their_own) {
  const std::string no_id = R"({"role":"tool","content":")";
  for (const std::string& messages : {
           // Results without ids, one after the other.
           call_message("call_0", "x") + "," + call_message("call_0", "y") + "," + no_id +
               "one\"}," + no_id + "two\"}",
           // The id that is made is there already.
           call_message("call_0", "x") + "," + call_message("call_0", "y") + "," +
               call_message("call_0_1", "z") + "," + no_id + "one\"}," + no_id + "two\"}," +
               result_message("call_0_1", "three"),
           // Calls without ids beside one that is called like what they get.
           call_message("", "x") + "," + call_message("call_0", "y") + "," + no_id + "one\"}," +
               result_message("call_0", "two"),
           // The first has no result; one of the second's two answers no call.
           call_message("i", "x") + R"(,{"role":"user","content":"so?"},)" +
               call_message("i", "y") + "," + result_message("i", "one") + "," +
               result_message("i", "two"),
       }) {
    const Trajectory run = run_of(messages);
    ASSERT_GE(run.calls.size(), 2u) << messages;
    for (const TrajectoryForm form : kAll) expect_same(run, form, messages);
    for (const TrajectoryForm form : {TrajectoryForm::kOpenAi, TrajectoryForm::kTau2}) {
      std::set<std::string> ids;
      std::size_t n = 0;
      const auto json = nlohmann::json::parse(to_form(run, form).json);
      for (const auto& message : json["messages"]) {
        if (!message.contains("tool_calls")) continue;
        for (const auto& call : message["tool_calls"]) {
          ids.insert(call["id"].get<std::string>());
          ++n;
        }
      }
      EXPECT_EQ(ids.size(), n) << name_of(form) << messages;
      EXPECT_FALSE(ids.contains(""));
    }
  }
}

TEST(TrajectoryForms, have_the_members_that_their_readers_need) {
  const Trajectory run = TrajectoryBuilder("retail", "7")
                             .model("m")
                             .trial(2)
                             .reward(1)
                             .system("Be kind.")
                             .user("hi")
                             .assistant("Hello.", "Greet first.")
                             .build();
  const auto openai = nlohmann::json::parse(to_form(run, TrajectoryForm::kOpenAi).json);
  EXPECT_EQ(openai["messages"][2]["reasoning_content"], "Greet first.");
  EXPECT_EQ(openai["messages"].size(), 3u);
  const auto atif = nlohmann::json::parse(to_form(run, TrajectoryForm::kAtif).json);
  EXPECT_EQ(atif["schema_version"], "ATIF-v1.7");
  EXPECT_EQ(atif["steps"][2]["step_id"], 3);
  EXPECT_EQ(atif["steps"][2]["source"], "agent");
  EXPECT_EQ(atif["agent"]["model_name"], "m");
  const auto tau2 = nlohmann::json::parse(
      file_of(to_form(run, TrajectoryForm::kTau2), run, TrajectoryForm::kTau2));
  EXPECT_EQ(tau2["info"]["agent_info"]["llm"], "m");
  const auto& simulation = tau2["simulations"][0];
  EXPECT_EQ(simulation["policy"], "Be kind.");
  EXPECT_EQ(simulation["reward_info"]["reward"], 1);
  EXPECT_EQ(simulation["messages"].size(), 2u);
  EXPECT_EQ(simulation["messages"][1]["raw_data"]["message"]["reasoning_content"], "Greet first.");
}

TEST(TrajectoryForms, keep_the_session_that_tells_equal_runs_apart) {
  const Trajectory run =
      TrajectoryBuilder("retail", "7").model("m").user("hi").assistant("Hello.").build();
  for (const TrajectoryForm form :
       {TrajectoryForm::kAgentEcho, TrajectoryForm::kOpenAi, TrajectoryForm::kAtif}) {
    EXPECT_EQ(nlohmann::json::parse(to_form(run, form, "s1").json)["session_id"], "s1");
  }
  const auto held = to_form(run, TrajectoryForm::kTau2, "s1").not_held;
  EXPECT_TRUE(std::any_of(held.begin(), held.end(),
                          [](const NotHeld& one) { return one.what == "ids of sessions"; }));
  EXPECT_FALSE(
      nlohmann::json::parse(to_form(run, TrajectoryForm::kOpenAi).json).contains("session_id"));
}

TEST(TrajectoryForms, have_names) {
  for (const TrajectoryForm form : kAll) EXPECT_EQ(parse_trajectory_form(name_of(form)), form);
  EXPECT_FALSE(parse_trajectory_form("xml"));
}

}  // namespace
}  // namespace agentecho
