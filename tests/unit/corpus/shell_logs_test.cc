// Logs of agents with a shell, from the bytes to nodes and edges (METHOD 13). The files under
// tests/data/formats were written by the agents themselves, with scripted models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agentecho/actions/action_table.h"
#include "agentecho/corpus/feature_table.h"
#include "agentecho/corpus/load_corpus.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

using Json = nlohmann::json;

CorpusOptions options_for(const std::vector<std::string>& paths) {
  CorpusOptions options;
  options.load.threads = 1;
  options.parts = {.habits = true, .grams = true, .markers = true};
  for (const std::string& path : paths) options.load.files.push_back({path, "", ""});
  return options;
}

std::string format_file(const std::string& name) {
  return AGENTECHO_SOURCE_DIR "/tests/data/formats/" + name;
}

TrajectoryFeatures only_run(const LoadedCorpus& loaded) {
  EXPECT_EQ(loaded.corpus.trajectories().size(), 1u);
  return loaded.corpus.features_of(loaded.corpus.trajectories()[0]);
}

// A chat in which each command is one call of bash.
std::string chat(const std::string& model, const std::vector<std::string>& commands,
                 const std::string& tool = "bash") {
  Json messages = Json::array({{{"role", "user"}, {"content", "Mend it."}}});
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const std::string id = "c" + std::to_string(i);
    const std::string arguments = Json{{"command", commands[i]}}.dump();
    messages.push_back(
        {{"role", "assistant"},
         {"content", "Next."},
         {"tool_calls",
          Json::array({{{"id", id}, {"function", {{"name", tool}, {"arguments", arguments}}}}})}});
    messages.push_back({{"role", "tool"}, {"tool_call_id", id}, {"content", "done"}});
  }
  return Json{{"model", model}, {"task_id", "t"}, {"reward", 1}, {"messages", messages}}.dump() +
         "\n";
}

TEST(ShellLogs, of_real_agents_are_nodes_by_what_they_do) {
  const auto tools = [](const std::string& file) {
    const auto loaded = load_corpus(options_for({format_file(file)}));
    EXPECT_TRUE(loaded) << file;
    return loaded ? only_run(*loaded).tools : std::vector<std::string>{};
  };
  for (const char* file : {"tools-2.4.6", "text-2.4.6", "responses-2.4.6"}) {
    EXPECT_THAT(tools("mini-swe-agent/" + std::string(file) + ".traj.json"),
                ElementsAre("list:ls", "read:cat"))
        << file;
  }
  EXPECT_THAT(tools("codex/rollout-0.171.0.jsonl"),
              ElementsAre("read:cat", "list:ls", "apply_patch", "read:cat"));
  EXPECT_THAT(tools("claude-code/session-2.1.197.jsonl"),
              ElementsAre("Read", "list:ls", "Edit", "read:cat"));
  EXPECT_THAT(tools("gemini-cli/session-0.61.0.jsonl"),
              ElementsAre("read_file", "list:ls", "replace", "read:cat"));
}

// An agent that mends a small repository: 7 calls are 13 nodes. Files join (4, 5), (4, 7), (4, 10):
// check.py, and (6, 11): cart.py. "src" stands first in what `ls`, and so the call's last node,
// gave: (1, 2).
TEST(ShellLogs, of_an_agent_at_work_have_the_nodes_and_edges_of_its_commands) {
  const auto loaded =
      load_corpus(options_for({format_file("mini-swe-agent/repository-2.4.6.traj.json")}));
  ASSERT_TRUE(loaded);
  const TrajectoryFeatures run = only_run(*loaded);
  EXPECT_THAT(run.tools,
              ElementsAre("list:ls", "vcs-read:git", "search:grep", "read:sed", "edit:cat",
                          "run:python", "edit:sed", "run:python", "vcs-read:git", "other:unparsed",
                          "file-op:rm", "test:py_compile", "vcs-read:git"));
  EXPECT_THAT(run.dependencies,
              ElementsAre(Pair(1, 2), Pair(4, 5), Pair(4, 7), Pair(4, 10), Pair(6, 11)));
  EXPECT_EQ(run.counts.calls, 13u);
  EXPECT_EQ(run.counts.writes, 3u);
  EXPECT_EQ(loaded->actions.shell_calls, 7u);
  EXPECT_EQ(loaded->actions.unparsed, 1u);
}

TEST(ShellLogs, kinds_of_editing_tools_come_from_the_table) {
  const auto loaded = load_corpus(options_for({format_file("codex/rollout-0.171.0.jsonl")}));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(only_run(*loaded).counts.writes, 1u);  // apply_patch
  EXPECT_EQ(loaded->catalog.classify("apply_patch").kind, ToolKind::kWrite);
  EXPECT_FALSE(loaded->catalog.classify("apply_patch").guessed);
  EXPECT_EQ(loaded->catalog.classify("read:cat").kind, ToolKind::kRead);
  EXPECT_EQ(loaded->actions.shell_calls, 3u);
  EXPECT_EQ(loaded->actions.nodes, 3u);
  EXPECT_EQ(loaded->actions.tool_calls, 1u);
}

TEST(ShellLogs, a_file_that_was_written_joins_nodes) {
  const testing::TempFolder folder;
  const auto loaded = load_corpus(
      options_for({folder.write("a.jsonl", chat("A", {"cd /repo && grep -rn total src",
                                                      "cat > /repo/check.py <<'E'\nx = 1\nE",
                                                      "cd /repo && python check.py; git diff"}))}));
  ASSERT_TRUE(loaded);
  const TrajectoryFeatures run = only_run(*loaded);
  EXPECT_THAT(run.tools, ElementsAre("search:grep", "edit:cat", "run:python", "vcs-read:git"));
  EXPECT_THAT(run.dependencies, ElementsAre(Pair(1, 2)));
  EXPECT_EQ(run.counts.writes, 1u);
}

TEST(ShellLogs, what_cannot_be_parsed_is_counted_with_its_place) {
  const testing::TempFolder folder;
  const auto loaded =
      load_corpus(options_for({folder.write("a.jsonl", chat("A", {"ls", "ls ) x", "if then"}))}));
  ASSERT_TRUE(loaded);
  const Diagnostics& diagnostics = loaded->report.diagnostics;
  EXPECT_EQ(diagnostics.count(DiagnosticKind::kUnparsedCommand), 2u);
  EXPECT_EQ(diagnostics.losses(), 0u);
  ASSERT_EQ(diagnostics.kept().size(), 1u);
  EXPECT_THAT(to_string(diagnostics.kept()[0]), HasSubstr("a.jsonl"));
  EXPECT_THAT(to_string(diagnostics.kept()[0]), HasSubstr("a shell command is no bash: ls ) x"));
  EXPECT_EQ(loaded->actions.unparsed, 2u);
}

TEST(ShellLogs, wording_serving_and_content_are_those_of_the_log) {
  const testing::TempFolder folder;
  const std::string log = folder.write("a.jsonl", chat("A", {"cd src; ls && cat a", "pytest -q"}));
  CorpusOptions options = options_for({log});
  const auto nodes = load_corpus(options);
  options.actions = ActionNaming::kName;
  const auto calls = load_corpus(options);
  ASSERT_TRUE(nodes && calls);
  const TrajectoryFeatures a = only_run(*nodes);
  const TrajectoryFeatures b = only_run(*calls);
  EXPECT_THAT(a.tools, ElementsAre("list:ls", "read:cat", "test:pytest"));
  EXPECT_THAT(b.tools, ElementsAre("bash", "bash"));
  EXPECT_EQ(a.content, b.content);
  EXPECT_EQ(a.verbal->habits, b.verbal->habits);
  EXPECT_EQ(a.verbal->grams, b.verbal->grams);
  EXPECT_EQ(a.verbal->markers->words, b.verbal->markers->words);
  EXPECT_EQ(a.verbal->markers->layout, b.verbal->markers->layout);
  EXPECT_NE(a.verbal->markers->actions, b.verbal->markers->actions);
  EXPECT_EQ(nodes->settings.actions, "default");
  EXPECT_EQ(nodes->settings.action_table.size(), 32u);
  EXPECT_EQ(calls->settings.actions, "name");
  EXPECT_EQ(calls->settings.action_table, "");
}

TEST(ShellLogs, runs_without_a_shell_do_not_know_of_actions) {
  const testing::TempFolder folder;
  const auto loaded =
      load_corpus(options_for({folder.write("a.jsonl", chat("A", {"ls"}, "get_order_details"))}));
  ASSERT_TRUE(loaded);
  EXPECT_THAT(only_run(*loaded).tools, ElementsAre("get_order_details"));
  EXPECT_EQ(loaded->settings.actions, "");
  EXPECT_FALSE(loaded->actions.any());
}

TEST(ShellLogs, features_say_how_their_nodes_were_made_and_do_not_mix) {
  const testing::TempFolder folder;
  const auto features = [&](const std::string& name, const std::string& log, ActionNaming naming) {
    CorpusOptions options = options_for({log});
    options.actions = naming;
    const auto loaded = load_corpus(options);
    EXPECT_TRUE(loaded);
    std::string lines;
    EXPECT_TRUE(write_features(*loaded, FeatureFormat::kLines, [&](std::string_view more) {
      lines += more;
      return Result<void>{};
    }));
    return folder.write(name, lines);
  };
  const std::string log = folder.write("a.jsonl", chat("A", {"ls"}));
  const std::string other = folder.write("b.jsonl", chat("B", {"ls"}));
  const std::string plain = folder.write("c.jsonl", chat("C", {"x"}, "get_order_details"));
  const std::string nodes = features("nodes.jsonl", log, ActionNaming::kDefault);
  const std::string classes = features("classes.jsonl", other, ActionNaming::kClass);
  const std::string without = features("without.jsonl", plain, ActionNaming::kDefault);

  const auto together = load_corpus(options_for({nodes, without, other}));
  ASSERT_TRUE(together) << together.error().message;
  EXPECT_EQ(together->settings.actions, "default");
  EXPECT_THAT(together->corpus.tools(), ElementsAre("get_order_details", "list:ls"));
  for (const auto& paths : {std::vector{nodes, classes}, std::vector{classes, other}}) {
    const auto mixed = load_corpus(options_for(paths));
    ASSERT_FALSE(mixed);
    EXPECT_THAT(mixed.error().message, HasSubstr("calls of shells are nodes by"));
    EXPECT_THAT(mixed.error().hint, HasSubstr("--actions"));
  }
}

TEST(ShellLogs, agents_that_use_a_shell_for_different_things_had_the_same_tools) {
  const testing::TempFolder folder;
  const auto findings = [&](const std::string& tool_of_b) {
    const auto loaded = load_corpus(
        options_for({folder.write("a.jsonl", chat("A", {"ls", "cat a"})),
                     folder.write("b.jsonl", chat("B", {"rg x", "sed -i s/a/b/ c"}, tool_of_b))}));
    EXPECT_TRUE(loaded);
    std::vector<std::string> kinds;
    for (const Finding& finding : loaded->validity) kinds.push_back(finding.check);
    return kinds;
  };
  EXPECT_THAT(findings("shell"), ::testing::Not(::testing::Contains("different_tools")));
  EXPECT_THAT(findings("get_order_details"), ::testing::Contains("different_tools"));
}

TEST(ShellLogs, a_table_of_the_user_decides_and_is_named_by_its_digest) {
  const testing::TempFolder folder;
  const std::string json = R"({"schema_version": 1, "extends": "default",
                               "programs": {"pytest": "run"}})";
  CorpusOptions options = options_for({folder.write("a.jsonl", chat("A", {"pytest -q; ls"}))});
  options.action_table = std::make_shared<const ActionTable>(ActionTable::parse(json).value());
  options.action_table_json = json;
  const auto loaded = load_corpus(options);
  ASSERT_TRUE(loaded);
  EXPECT_THAT(only_run(*loaded).tools, ElementsAre("run:pytest", "list:ls"));
  EXPECT_EQ(loaded->settings.action_table, to_hex(digest_of(json)));
}

}  // namespace
}  // namespace agentecho
