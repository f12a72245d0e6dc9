#include "agentecho/actions/expand_actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agentecho/actions/action_table.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A run in which each call has JSON arguments, as readers leave them.
class LoggedRun {
 public:
  LoggedRun& call(std::string_view name, std::string arguments, std::string_view result,
                  std::vector<std::string> leaves) {
    builder_.call(name, std::move(leaves), result);
    arguments_.push_back(std::move(arguments));
    return *this;
  }
  LoggedRun& shell(const std::string& command, std::string_view result = "",
                   const std::string& name = "bash") {
    std::string quoted;
    for (const char c : command) quoted += c == '\n' ? "\\n" : c == '"' ? "\\\"" : std::string{c};
    return call(name, "{\"command\": \"" + quoted + "\"}", result, {command});
  }
  Trajectory build() {
    Trajectory trajectory = builder_.build();
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      trajectory.calls[i].arguments = trajectory.arena.copy(arguments_[i]);
    }
    return trajectory;
  }

 private:
  TrajectoryBuilder builder_;
  std::vector<std::string> arguments_;
};

std::vector<std::string> names_of(const Trajectory& trajectory) {
  std::vector<std::string> names;
  for (const ToolCall& call : trajectory.calls) names.emplace_back(call.name);
  return names;
}

ActionTally expand(Trajectory& trajectory, ActionNaming naming = ActionNaming::kDefault) {
  return ActionExpander(default_action_table(), naming).expand(trajectory);
}

TEST(ExpandActions, leaves_other_tools_alone) {
  Trajectory run =
      LoggedRun().call("get_order_details", R"({"order_id": "#W1"})", "x", {"#W1"}).build();
  ActionExpander expander(default_action_table(), ActionNaming::kDefault);
  EXPECT_FALSE(expander.concerns(run));
  EXPECT_FALSE(expander.expand(run).any());
  EXPECT_THAT(names_of(run), ElementsAre("get_order_details"));
  EXPECT_THAT(run.file_uses, IsEmpty());
}

TEST(ExpandActions, one_call_becomes_one_node_a_command_and_the_result_is_the_last_ones) {
  Trajectory run = LoggedRun()
                       .shell("cd src && grep -rn foo . | head && sed -i s/foo/bar/ a.py", "done")
                       .shell("cat a.py", "text")
                       .build();
  const ActionTally tally = expand(run);
  EXPECT_EQ(tally.shell_calls, 2u);
  EXPECT_EQ(tally.nodes, 3u);
  EXPECT_THAT(names_of(run), ElementsAre("search:grep", "edit:sed", "read:cat"));
  EXPECT_EQ(run.result_of(run.calls[0]), "");
  EXPECT_EQ(run.result_of(run.calls[1]), "done");
  EXPECT_EQ(run.result_of(run.calls[2]), "text");
  EXPECT_EQ(run.calls[0].message, run.calls[1].message);
  EXPECT_EQ(run.calls[1].arguments, R"({"command":"sed -i s/foo/bar/ a.py"})");
  EXPECT_EQ(run.calls[0].kind, ToolKind::kRead);
  EXPECT_EQ(run.calls[1].kind, ToolKind::kWrite);
  for (const Message& message : run.messages) {
    if (message.role == Role::kTool) {
      EXPECT_EQ(&run.messages[static_cast<std::size_t>(
                    run.calls[static_cast<std::size_t>(message.answers)].result_message)],
                &message);
    }
  }
}

TEST(ExpandActions, a_call_without_work_is_gone_and_its_result_answers_nothing) {
  Trajectory run = LoggedRun().shell("cd /repo", "ok").shell("ls", "a").build();
  expand(run);
  EXPECT_THAT(names_of(run), ElementsAre("list:ls"));
  std::size_t unanswering = 0;
  for (const Message& message : run.messages) {
    EXPECT_LE(message.first_call + message.n_calls, run.calls.size());
    if (message.role == Role::kTool && message.answers == kNone) ++unanswering;
  }
  EXPECT_EQ(unanswering, 1u);
  EXPECT_EQ(run.result_of(run.calls[0]), "a");
}

TEST(ExpandActions, names_follow_the_naming) {
  const auto names = [](ActionNaming naming) {
    Trajectory run = LoggedRun()
                         .shell("ls; cat a")
                         .call("Edit", R"({"file_path": "a"})", "", {"a"})
                         .call("book_flight", "{}", "", {})
                         .build();
    expand(run, naming);
    return names_of(run);
  };
  EXPECT_THAT(names(ActionNaming::kDefault),
              ElementsAre("list:ls", "read:cat", "Edit", "book_flight"));
  EXPECT_THAT(names(ActionNaming::kClassAndProgram),
              ElementsAre("list:ls", "read:cat", "edit:Edit", "book_flight"));
  EXPECT_THAT(names(ActionNaming::kClass), ElementsAre("list", "read", "edit", "book_flight"));
  EXPECT_THAT(names(ActionNaming::kName), ElementsAre("bash", "Edit", "book_flight"));
}

TEST(ExpandActions, commands_are_found_in_the_arguments_of_many_agents) {
  Trajectory run =
      LoggedRun()
          .call("Bash", R"({"command": "ls", "description": "List"})", "", {"ls", "List"})
          .call("shell", R"({"command": ["bash", "-lc", "cat a"], "workdir": "/r"})", "",
                {"bash", "-lc", "cat a", "/r"})
          .call("exec_command", R"({"cmd": "git status"})", "", {"git status"})
          .call("local-shell", R"({"command": ["make", "test"]})", "", {"make", "test"})
          .call("execute_bash", R"({"command": "", "is_input": "false"})", "", {"", "false"})
          .call("terminal", R"({"action": "open"})", "", {"open"})
          .build();
  expand(run);
  EXPECT_THAT(names_of(run),
              ElementsAre("list:ls", "read:cat", "vcs-read:git", "test:make", "other:input"));
  EXPECT_THAT(run.leaves_of(run.calls[0]), ElementsAre("List"));  // what else the call was given
  EXPECT_THAT(run.leaves_of(run.calls[1]), ElementsAre("a", "/r"));
}

TEST(ExpandActions, lists_are_words_or_lines) {
  const auto nodes = [](const std::string& arguments) {
    Trajectory run = LoggedRun().call("shell", arguments, "", {}).build();
    expand(run);
    std::string names;
    for (const std::string& name : names_of(run)) names += (names.empty() ? "" : " ") + name;
    return names;
  };
  EXPECT_EQ(nodes(R"({"commands": ["ls -l", "cat a", "pytest"]})"), "list:ls read:cat test:pytest");
  EXPECT_EQ(nodes(R"({"commands": ["ls", "cat a"]})"), "list:ls read:cat");
  EXPECT_EQ(nodes(R"({"script": ["for i in 1; do", "rm b", "done"]})"), "file-op:rm");
  EXPECT_EQ(nodes(R"({"command": ["cd /repo", "pytest -q", "git commit -m x"]})"),
            "test:pytest vcs-write:git");
  EXPECT_EQ(nodes(R"({"cmd": ["cd /r && pytest"]})"), "test:pytest");
  EXPECT_EQ(nodes(R"({"commands": [{"command": "ls"}, {"command": "rm b"}]})"),
            "list:ls file-op:rm");
  EXPECT_EQ(nodes(R"({"command": ["bash", "-lc", "cd x && pytest"]})"), "test:pytest");
  EXPECT_EQ(nodes(R"({"commands": ["bash", "-lc", "cd x && pytest"]})"), "test:pytest");
  EXPECT_EQ(nodes(R"({"command": ["git", "commit", "-m", "rm b; ls"]})"), "vcs-write:git");
  EXPECT_EQ(nodes(R"({"command": ["cat", "a && rm b"]})"), "read:cat");
  EXPECT_EQ(nodes(R"({"commands": []})"), "other:input");
  EXPECT_EQ(nodes(R"({"commands": ["ls", 3]})"), "other:input");
}

TEST(ExpandActions, arguments_are_known_in_any_spelling) {
  for (const char* key : {"file_path", "filePath", "FilePath", "filepath", "TargetFile"}) {
    Trajectory run = LoggedRun()
                         .call("write", "{\"" + std::string(key) + "\": \"/a/x.py\"}", "", {})
                         .call("run_command", R"({"CommandLine": "cd /a && python x.py"})", "", {})
                         .build();
    expand(run);
    EXPECT_THAT(names_of(run), ElementsAre("write", "run:python")) << key;
    ASSERT_THAT(run.file_uses, SizeIs(2)) << key;
    EXPECT_EQ(run.file_uses[0].path, "/a/x.py");
    EXPECT_TRUE(run.file_uses[0].written);
    EXPECT_EQ(run.file_uses[1].path, "/a/x.py");
  }
}

TEST(ExpandActions, editing_tools_have_kinds_by_what_the_call_does) {
  Trajectory run =
      LoggedRun()
          .call("str_replace_editor", R"({"command": "view", "path": "/r/a.py"})", "", {"view"})
          .call("str_replace_editor", R"({"command": "create", "path": "/r/b.py"})", "", {"create"})
          .call("Grep", R"({"pattern": "x"})", "", {"x"})
          .build();
  const ActionTally tally = expand(run);
  EXPECT_EQ(tally.tool_calls, 3u);
  EXPECT_EQ(run.calls[0].kind, ToolKind::kRead);
  EXPECT_EQ(run.calls[1].kind, ToolKind::kWrite);
  EXPECT_EQ(run.calls[2].kind, ToolKind::kRead);
  ASSERT_THAT(run.file_uses, SizeIs(2));
  EXPECT_FALSE(run.file_uses[0].written);
  EXPECT_TRUE(run.file_uses[1].written);
  EXPECT_EQ(run.file_uses[1].path, "/r/b.py");
}

TEST(ExpandActions, what_does_not_parse_is_one_counted_node) {
  Trajectory run = LoggedRun().shell("echo \"never closed", "bash: unexpected EOF").build();
  const ActionTally tally = expand(run);
  EXPECT_EQ(tally.unparsed, 1u);
  EXPECT_EQ(tally.first_unparsed, "no bash: echo \"never closed");
  EXPECT_THAT(names_of(run), ElementsAre("other:unparsed"));
  EXPECT_EQ(run.calls[0].kind, ToolKind::kGeneric);
}

TEST(ExpandActions, by_name_the_calls_are_counted_and_stay) {
  Trajectory run = LoggedRun().shell("ls; cat a").call("Edit", "{}", "", {}).build();
  const ActionTally tally = expand(run, ActionNaming::kName);
  EXPECT_EQ(tally.shell_calls, 1u);
  EXPECT_EQ(tally.nodes, 1u);
  EXPECT_EQ(tally.tool_calls, 1u);
  EXPECT_FALSE(run.calls[0].kind);
  EXPECT_THAT(run.file_uses, IsEmpty());
}

TEST(ExpandActions, calls_of_the_simulated_user_are_context) {
  Trajectory run = TrajectoryBuilder().user_call("bash", {"ls"}, "a").call("think").build();
  run.calls[0].arguments = R"({"command": "ls"})";
  expand(run);
  EXPECT_THAT(names_of(run), ElementsAre("bash", "think"));
}

TEST(ActionTable, refuses_what_it_does_not_know) {
  const auto problem = [](std::string_view json) {
    const auto table = ActionTable::parse(json);
    return table ? std::string() : table.error().message;
  };
  EXPECT_THAT(problem("[]"), ::testing::HasSubstr("no object"));
  EXPECT_THAT(problem(R"({"schema_version": 2})"), ::testing::HasSubstr("schema_version"));
  const std::string head = R"({"schema_version": 1, "classes": {"a": "READ"}, "unknown": "a",
                               "own_script": "a")";
  EXPECT_EQ(problem(head + "}"), "");
  EXPECT_THAT(problem(head + R"(, "programs": {"x": "b"}})"), ::testing::HasSubstr("\"b\""));
  EXPECT_THAT(problem(head + R"(, "programs": {"x": {"otherwise": "a"}}})"),
              ::testing::HasSubstr("otherwise"));
  EXPECT_THAT(problem(head + R"(, "programs": {"x": "=y"}})"), ::testing::HasSubstr("\"y\""));
  EXPECT_THAT(problem(head + R"(, "path_arguments": ["_"]})"), ::testing::HasSubstr("\"_\""));
  EXPECT_THAT(problem(head + R"(, "programs": {"x": {"text": "last"}}})"),
              ::testing::HasSubstr("\"text\""));
  EXPECT_THAT(problem(head + R"(, "shell": {}})"), ::testing::HasSubstr("\"shell\""));
  EXPECT_THAT(problem(R"({"schema_version": 1, "classes": {"a": "MAYBE"}})"),
              ::testing::HasSubstr("MAYBE"));
}

TEST(ActionTable, of_the_user_decides) {
  const auto table = ActionTable::parse(R"({"schema_version": 1,
    "classes": {"deploy": "WRITE", "look": "READ", "rest": "GENERIC"}, "unknown": "rest",
    "own_script": "rest", "shells": {"tools": ["console"], "arguments": ["line"]},
    "programs": {"kubectl": {"words": {"apply": "deploy"}, "else": "look"}}})");
  ASSERT_TRUE(table) << table.error().message;
  Trajectory run =
      LoggedRun()
          .call("console", R"({"line": "kubectl apply -f x; kubectl get pods; ls"})", "", {})
          .shell("ls")
          .build();
  ActionExpander(*table, ActionNaming::kDefault).expand(run);
  EXPECT_THAT(names_of(run), ElementsAre("deploy:kubectl", "look:kubectl", "rest:ls", "bash"));
  EXPECT_EQ(run.calls[0].kind, ToolKind::kWrite);
}

TEST(ActionTable, of_the_user_may_say_only_what_is_other) {
  const auto table = ActionTable::parse(R"({"schema_version": 1, "extends": "default",
    "classes": {"deploy": "WRITE"}, "shells": {"tools": ["console"]},
    "programs": {"kubectl": {"words": {"apply": "deploy"}, "else": "read"}}})");
  ASSERT_TRUE(table) << table.error().message;
  Trajectory run = LoggedRun()
                       .shell("kubectl apply -f x; kubectl get pods; ls", "", "console")
                       .shell("cat a")
                       .build();
  ActionExpander(*table, ActionNaming::kDefault).expand(run);
  EXPECT_THAT(names_of(run), ElementsAre("deploy:kubectl", "read:kubectl", "list:ls", "read:cat"));
  EXPECT_FALSE(ActionTable::parse(R"({"schema_version": 1, "extends": "other"})"));
}

TEST(ActionNaming, is_read_from_its_names_alone) {
  for (const char* name : {"default", "name", "class", "class+program"}) {
    EXPECT_EQ(name_of(parse_action_naming(name).value()), name);
  }
  EXPECT_FALSE(parse_action_naming("tool"));
}

TEST(ExpandActions, tools_are_known_behind_the_marks_of_serving_stacks) {
  Trajectory run = LoggedRun()
                       .shell("cat a.py", "x", "functions.bash")
                       .shell("ls", "y", "mcp__box__execute_bash")
                       .call("mcp__files__read_file", R"({"path": "b.py"})", "z", {"b.py"})
                       .call("mcp__other__read_file", R"({"path": "c.py"})", "z", {"c.py"})
                       .build();
  const ActionTally tally = expand(run);
  EXPECT_EQ(tally.shell_calls, 2u);
  EXPECT_EQ(tally.tool_calls, 2u);
  EXPECT_THAT(names_of(run),
              ElementsAre("read:cat", "list:ls", "mcp__files__read_file", "mcp__other__read_file"));
  EXPECT_EQ(run.calls[2].kind, ToolKind::kRead);
}

TEST(ExpandActions, editing_tools_work_in_the_open_file) {
  Trajectory run = LoggedRun()
                       .call("open", R"({"path": "src/a.py"})", "x", {"src/a.py"})
                       .call("edit", R"({"search": "a", "replace": "b"})", "y", {"a", "b"})
                       .shell("edit 3:4\nz\nend_of_edit")
                       .build();
  expand(run);
  ASSERT_THAT(run.file_uses, SizeIs(3));
  EXPECT_EQ(run.file_uses[1].path, "src/a.py");
  EXPECT_TRUE(run.file_uses[1].written);
  EXPECT_EQ(run.file_uses[2].path, "src/a.py");
  EXPECT_TRUE(run.file_uses[2].written);
  // Nothing of one run is open in the next.
  ActionExpander expander(default_action_table(), ActionNaming::kDefault);
  expander.expand(run);
  Trajectory next = LoggedRun().call("edit", R"({"search": "a"})", "y", {"a"}).build();
  expander.expand(next);
  EXPECT_THAT(next.file_uses, IsEmpty());
}

}  // namespace
}  // namespace agentecho
