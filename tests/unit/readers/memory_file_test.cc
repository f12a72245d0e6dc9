#include "agentecho/readers/memory_file.h"

#include <gmock/gmock.h>

#include <optional>

#include "support/load.h"

namespace agentecho {
namespace {

std::shared_ptr<const std::string> run() {
  return std::make_shared<const std::string>(
      R"({"model":"m","task_id":"1","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes"}]})"
      "\n");
}

TEST(MemoryFile, is_read_like_a_file_of_its_name) {
  const MemoryFile file("runs.jsonl", run());
  const auto loaded = load_trajectories(testing::options_for({file.path()}));
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->trajectories.size(), 1u);
  EXPECT_EQ(loaded->trajectories[0].model, "m");
  EXPECT_EQ(loaded->report.files[0].stored_bytes, run()->size());
  EXPECT_EQ(memory_name(file.path()), "runs.jsonl");
}

TEST(MemoryFile, of_the_same_name_are_different_files) {
  const MemoryFile first("a.jsonl", run());
  const MemoryFile second("a.jsonl", run());
  EXPECT_NE(first.path(), second.path());
  EXPECT_TRUE(is_memory_path(first.path()));
  EXPECT_FALSE(is_memory_path("a/memory:1/b"));
  EXPECT_EQ(memory_name("a/b"), "a/b");
}

TEST(MemoryFile, ends_with_its_life_but_not_while_it_is_read) {
  std::optional<MemoryFile> file(std::in_place, "a.jsonl", run());
  const std::string path = file->path();
  auto source = open_file(path);
  ASSERT_TRUE(source);
  std::optional<MemoryFile> moved(std::move(*file));
  file.reset();
  EXPECT_TRUE(open_file(path));
  moved.reset();
  const auto gone = open_file(path);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::kInput);
  char first = 0;
  EXPECT_EQ((*source)->read(&first, 1).value(), 1u);
  EXPECT_EQ(first, '{');
}

}  // namespace
}  // namespace agentecho
