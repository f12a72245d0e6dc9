#include "agentecho/corpus/load_corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/study.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CorpusOptions options_for(const std::vector<std::string>& paths) {
  CorpusOptions options;
  options.load.threads = 1;
  for (const std::string& path : paths) options.load.files.push_back({path, "", ""});
  return options;
}

std::string chat(const std::string& model, const std::string& task, const std::string& tool) {
  return R"({"model":")" + model + R"(","task_id":")" + task +
         R"(","trial":0,"reward":1,"messages":[)" +
         R"({"role":"assistant","content":"hi","tool_calls":[{"id":"1","function":{"name":")" +
         tool + R"(","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"ok"}]})" +
         "\n";
}

std::string feature_line(const std::string& model, const std::string& task,
                         const FeatureSettings& settings = {}) {
  return to_json_line(testing::run(model, task, true, {"get_a"}), settings) + "\n";
}

TEST(LoadCorpus, ReadsLogsAndFeatureFilesTogether) {
  const testing::TempFolder folder;
  const auto loaded = load_corpus(
      options_for({folder.write("f.jsonl", feature_line("A", "1")),
                   folder.write("l.jsonl", chat("B", "1", "get_b") + chat("B", "2", "c")),
                   folder.write("g.jsonl", feature_line("C", "1"))}));
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->corpus.models(), ElementsAre("A", "B", "C"));
  EXPECT_EQ(loaded->corpus.trajectories().size(), 4u);
  EXPECT_EQ(loaded->report.files.size(), 3u);
  EXPECT_EQ(loaded->report.diagnostics.losses(), 0u);
}

TEST(LoadCorpus, NamesTheFileOfADuplicate) {
  const testing::TempFolder folder;
  const auto loaded = load_corpus(options_for({folder.write("a.jsonl", chat("A", "1", "x")),
                                               folder.write("b.jsonl", chat("A", "1", "x"))}));
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->report.diagnostics.count(DiagnosticKind::kDuplicate), 1u);
  EXPECT_THAT(loaded->report.diagnostics.kept()[0].file, HasSubstr(".jsonl"));
}

TEST(LoadCorpus, UsesTheCatalogueAndTheVerifier) {
  const testing::TempFolder folder;
  CorpusOptions options = options_for({folder.write("a.jsonl", chat("A", "1", "get_x"))});
  options.catalog.set("get_x", ToolKind::kWrite);
  options.settings.verifier = "none";
  const auto loaded = load_corpus(options);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->corpus.trajectories()[0].counts.writes, 1u);
  EXPECT_EQ(loaded->settings.verifier, "none");
}

TEST(LoadCorpus, FeaturesMadeInAnotherWayAreRefused) {
  const testing::TempFolder folder;
  const std::string none = folder.write("none.jsonl", feature_line("A", "1", {"none", "", {}}));
  const std::string provenance = folder.write("p.jsonl", feature_line("B", "1"));
  const std::string log = folder.write("l.jsonl", chat("C", "1", "x"));
  for (const auto& paths : {std::vector{none, provenance}, std::vector{log, none}}) {
    const auto loaded = load_corpus(options_for(paths));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().kind, ErrorKind::kInput);
    EXPECT_THAT(loaded.error().message, HasSubstr("verifier"));
  }
  // Alone they are fine, and say how they were made.
  const auto alone = load_corpus(options_for({none}));
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->settings.verifier, "none");
}

TEST(LoadCorpus, NothingFoundIsAnError) {
  const testing::TempFolder folder;
  for (const std::string content :
       {"", "[]", "not json", "[{\"messages\":[]}]", "{\"results\":[]}"}) {
    const auto loaded = load_corpus(options_for({folder.write("a.json", content)}));
    ASSERT_FALSE(loaded) << content;
    EXPECT_EQ(loaded.error().kind, ErrorKind::kInput);
    EXPECT_THAT(loaded.error().hint, HasSubstr("a.json")) << content;
  }
  EXPECT_FALSE(load_corpus(options_for({})));
}

TEST(LoadCorpus, AnUnknownVerifierIsRefusedBeforeAnythingIsRead) {
  CorpusOptions options = options_for({"/nonexistent"});
  options.settings.verifier = "magic";
  const auto loaded = load_corpus(options);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::kUsage);
}

TEST(LoadCorpus, AFileThatCannotBeOpenedIsAnError) {
  const auto loaded = load_corpus(options_for({"/nonexistent/file.json"}));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, ErrorKind::kInput);
  EXPECT_THAT(loaded.error().message, HasSubstr("/nonexistent/file.json"));
}

}  // namespace
}  // namespace agentecho
