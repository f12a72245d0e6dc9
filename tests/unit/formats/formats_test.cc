// Formats are read as their own writers wrote them: files under tests/data/formats, each named
// after the version that wrote it (docs/formats.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "agentecho/readers/byte_source.h"
#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/record_parser.h"
#include "agentecho/readers/record_scanner.h"

namespace agentecho {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Read {
  std::string format;
  std::vector<Trajectory> runs;
  std::vector<std::string> losses;
  std::vector<std::string> notes;
};

class Collect final : public RecordSink {
 public:
  explicit Collect(Read& read) : read_(read) {}
  void record(std::string_view json) override {
    std::string padded(json);
    padded.append(RecordBlock::kPadding, ' ');
    Trajectory run;
    const ParsedRecord parsed =
        parser_.parse(std::string_view(padded).substr(0, json.size()), {}, run);
    EXPECT_NE(parsed.outcome, RecordOutcome::kMalformed) << parsed.problem << "\n" << json;
    read_.runs.push_back(std::move(run));
  }
  void loss(std::string message) override { read_.losses.push_back(std::move(message)); }
  void note(std::string message) override { read_.notes.push_back(std::move(message)); }

 private:
  Read& read_;
  RecordParser parser_;
};

using Beside = std::map<std::string, std::string>;

Read read_text(std::string text, const std::string& path = "log.json", const Beside& beside = {},
               bool in_archive = false) {
  Entry entry;
  entry.path = path;
  entry.name = in_archive ? path : std::filesystem::path(path).filename().string();
  entry.in_archive = in_archive;
  entry.beside = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = beside.find(std::string(name));
    return found == beside.end() ? std::nullopt : std::optional(found->second);
  };
  RecordScanner scanner(memory_source(text), {});
  scanner.open();
  const bool is_list = scanner.shape() == ContainerShape::kArray;
  std::vector<RecordBlock> blocks;
  std::vector<ScanProblem> problems;
  for (RecordBlock block; scanner.next(block, problems); block = {}) {
    blocks.push_back(std::move(block));
  }
  Read read;
  if (blocks.empty()) return read;
  const Beginning beginning{entry, blocks.front().bytes_of(blocks.front().records.front()),
                            is_list};
  Collect sink(read);
  for (const Format& format : known_formats()) {
    if (!format.recognises(beginning)) continue;
    read.format = format.name;
    if (format.unit == FormatUnit::kEntry) {
      const std::size_t size = text.size();
      text.append(RecordBlock::kPadding, ' ');
      format.convert(std::string_view(text).substr(0, size), entry, sink);
      break;
    }
    for (const RecordBlock& block : blocks) {
      for (const RecordSpan& record : block.records)
        format.convert(block.bytes_of(record), entry, sink);
    }
    break;
  }
  return read;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string data(const std::string& name) {
  return std::string(AGENTECHO_SOURCE_DIR) + "/tests/data/formats/" + name;
}

Read read_file(const std::string& name) { return read_text(content_of(data(name)), data(name)); }

std::vector<std::string> tools_of(const Trajectory& run) {
  std::vector<std::string> names;
  for (const ToolCall& call : run.calls) names.emplace_back(call.name);
  return names;
}
std::string roles_of(const Trajectory& run) {
  std::string roles;
  for (const Message& message : run.messages) {
    roles += message.role == Role::kSystem      ? 's'
             : message.role == Role::kUser      ? 'u'
             : message.role == Role::kAssistant ? 'a'
                                                : 't';
  }
  return roles;
}
std::size_t answered(const Trajectory& run) {
  std::size_t n = 0;
  for (const ToolCall& call : run.calls) n += call.result_message != kNone ? 1 : 0;
  return n;
}
// Results that the log itself flags as errors.
std::size_t errors(const Trajectory& run) {
  std::size_t n = 0;
  for (const Message& message : run.messages) n += message.error_flag == ErrorFlag::kError ? 1 : 0;
  return n;
}

TEST(ClaudeCode, a_session_joins_the_chunks_of_a_reply) {
  const Read read = read_file("claude-code/session-2.1.197.jsonl");
  EXPECT_EQ(read.format, "claude-code");
  EXPECT_THAT(read.losses, IsEmpty());
  ASSERT_EQ(read.runs.size(), 1u);
  const Trajectory& run = read.runs[0];
  EXPECT_EQ(run.model, "claude-sonnet-4-5");
  EXPECT_EQ(roles_of(run), "uattatata");
  EXPECT_THAT(tools_of(run), ElementsAre("Read", "Bash", "Edit", "Bash"));
  EXPECT_EQ(answered(run), 4u);
  EXPECT_EQ(errors(run), 1u);
  EXPECT_EQ(run.messages[1].reasoning, "The notes say it.");
  EXPECT_EQ(run.messages[1].text, "I will look at the notes.");
}

TEST(ClaudeCode, the_printed_stream_holds_the_same_run) {
  const Read read = read_file("claude-code/stream-2.1.197.jsonl");
  EXPECT_EQ(read.format, "claude-code");
  ASSERT_EQ(read.runs.size(), 1u);
  // The prompt is not printed; all else is.
  EXPECT_EQ(roles_of(read.runs[0]), "attatata");
  EXPECT_THAT(tools_of(read.runs[0]), ElementsAre("Read", "Bash", "Edit", "Bash"));
  EXPECT_EQ(errors(read.runs[0]), 1u);
}

constexpr const char* kSession = R"("sessionId":"s","isSidechain":false)";
std::string line(const std::string& type, const std::string& message, const std::string& more) {
  return R"({"type":")" + type + R"(",)" + kSession + R"(,"message":)" + message + more + "}\n";
}

TEST(ClaudeCode, clear_starts_a_run_and_names_it) {
  const Read read = read_text(
      line("user", R"({"role":"user","content":"one"})", R"(,"uuid":"1","parentUuid":null)") +
      line("assistant", R"({"id":"a","model":"m","content":[{"type":"text","text":"x"}]})",
           R"(,"uuid":"2","parentUuid":"1")") +
      line("user", R"({"role":"user","content":"<command-name>/clear</command-name>"})",
           R"(,"uuid":"3","parentUuid":"2")") +
      line("user", R"({"role":"user","content":"two"})", R"(,"uuid":"4","parentUuid":"3")") +
      line("assistant", R"({"id":"b","model":"m","content":[{"type":"text","text":"y"}]})",
           R"(,"uuid":"5","parentUuid":"4")"));
  ASSERT_EQ(read.runs.size(), 2u);
  EXPECT_EQ(roles_of(read.runs[0]), "ua");
  EXPECT_EQ(read.runs[0].task_id, "");
  EXPECT_EQ(read.runs[1].task_id, "s#2");
  EXPECT_EQ(read.runs[1].messages[0].text, "two");
}

TEST(ClaudeCode, a_repeated_line_counts_once_and_a_rewind_takes_back) {
  const std::string first =
      line("user", R"({"role":"user","content":"one"})", R"(,"uuid":"1","parentUuid":"0")");
  const Read read = read_text(
      first + first +
      line("assistant", R"({"id":"a","model":"m","content":[{"type":"text","text":"x"}]})",
           R"(,"uuid":"2","parentUuid":"1")") +
      line("user", R"({"role":"user","content":"another"})", R"(,"uuid":"3","parentUuid":"0")") +
      line("assistant", R"({"id":"b","model":"m","content":[{"type":"text","text":"y"}]})",
           R"(,"uuid":"4","parentUuid":"3")"));
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(roles_of(read.runs[0]), "ua");
  EXPECT_EQ(read.runs[0].messages[0].text, "another");
  EXPECT_THAT(read.notes, ElementsAre(HasSubstr("taken back by a rewind (2 times)")));
}

TEST(ClaudeCode, side_chains_are_said_and_left_out) {
  const Read read = read_text(
      line("user", R"({"role":"user","content":"one"})", R"(,"uuid":"1")") +
      R"({"type":"user","sessionId":"s","isSidechain":true,"uuid":"2","message":{"role":"user","content":"side"}})"
      "\n" +
      line("assistant", R"({"id":"a","model":"m","content":[{"type":"text","text":"x"}]})",
           R"(,"uuid":"3")"));
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(roles_of(read.runs[0]), "ua");
  EXPECT_THAT(read.notes, ElementsAre(HasSubstr("messages of sub-agents")));
}

TEST(ClaudeCode, a_damaged_line_costs_only_itself) {
  const Read read =
      read_text(line("user", R"({"role":"user","content":"one"})", R"(,"uuid":"1")") +
                    "{\"type\":\"user\", broken\n" +
                    line("assistant",
                         R"({"id":"a","model":"m","content":[{"type":"text","text":"\ud83d!"}]})",
                         R"(,"uuid":"3")"),
                "session.jsonl");
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(roles_of(read.runs[0]), "ua");
  EXPECT_EQ(read.runs[0].messages[1].text, "\xEF\xBF\xBD!");
  EXPECT_THAT(read.losses, ElementsAre(HasSubstr("line 2")));
}

TEST(Codex, a_rollout_is_read_from_its_items) {
  const Read read = read_file("codex/rollout-0.171.0.jsonl");
  EXPECT_EQ(read.format, "codex");
  EXPECT_THAT(read.losses, IsEmpty());
  ASSERT_EQ(read.runs.size(), 1u);
  const Trajectory& run = read.runs[0];
  EXPECT_EQ(run.model, "gpt-5.1-codex");
  EXPECT_EQ(roles_of(run), "ssuuattatata");
  EXPECT_THAT(tools_of(run),
              ElementsAre("shell_command", "exec_command", "apply_patch", "exec_command"));
  EXPECT_EQ(answered(run), 4u);
  EXPECT_EQ(run.messages[4].reasoning, "The notes say it.");
  EXPECT_EQ(run.messages[4].text, "I will look at the notes.");
}

TEST(Codex, the_printed_events_hold_the_commands) {
  const Read read = read_file("codex/exec-0.171.0.jsonl");
  EXPECT_EQ(read.format, "codex");
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(roles_of(read.runs[0]), "atata");
  EXPECT_THAT(tools_of(read.runs[0]), ElementsAre("shell", "shell"));
  EXPECT_EQ(errors(read.runs[0]), 1u);
}

TEST(GeminiCli, the_last_writing_of_a_message_counts) {
  const Read read = read_file("gemini-cli/session-0.61.0.jsonl");
  EXPECT_EQ(read.format, "gemini-cli");
  ASSERT_EQ(read.runs.size(), 1u);
  const Trajectory& run = read.runs[0];
  EXPECT_EQ(run.model, "gemini-2.5-pro");
  EXPECT_EQ(roles_of(run), "uuattatata");
  EXPECT_THAT(tools_of(run),
              ElementsAre("read_file", "run_shell_command", "replace", "run_shell_command"));
  EXPECT_EQ(answered(run), 4u);
  EXPECT_EQ(run.messages[2].reasoning, "The notes say it.");
  EXPECT_EQ(run.result_of(run.calls[0]), "Paint the shed green.\nBuy two brushes.\n");
}

TEST(Smolagents, the_memory_of_an_agent_that_calls_tools) {
  const Read read = read_file("smolagents/memory-1.26.0.json");
  EXPECT_EQ(read.format, "smolagents-memory");
  ASSERT_EQ(read.runs.size(), 1u);
  const Trajectory& run = read.runs[0];
  EXPECT_EQ(roles_of(run), "suatatat");
  EXPECT_THAT(tools_of(run), ElementsAre("find_loan", "find_loan", "find_loan", "final_answer"));
  EXPECT_EQ(errors(run), 1u);
}

TEST(Smolagents, the_result_of_an_agent_that_writes_code) {
  const Read read = read_file("smolagents/result-1.26.0.json");
  EXPECT_EQ(read.format, "smolagents");
  ASSERT_EQ(read.runs.size(), 1u);
  const Trajectory& run = read.runs[0];
  EXPECT_EQ(roles_of(run), "suatat");
  EXPECT_THAT(tools_of(run), ElementsAre("python_interpreter", "python_interpreter"));
  EXPECT_EQ(run.messages[2].text, "Thought: look.");
  EXPECT_EQ(answered(run), 2u);
  EXPECT_EQ(run.termination_reason, "success");
}

}  // namespace
}  // namespace agentecho
