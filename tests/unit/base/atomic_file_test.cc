#include "agentecho/base/atomic_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/temp_folder.h"

namespace agentecho {
namespace {

namespace fs = std::filesystem;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t files_in(const testing::TempFolder& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

TEST(AtomicFile, AppearsWholeOrNotAtAll) {
  const testing::TempFolder folder;
  const std::string path = folder.path("out.txt");
  {
    auto dropped = AtomicFile::create(path);
    ASSERT_TRUE(dropped && dropped->write("half"));
  }
  EXPECT_EQ(files_in(folder), 0u);
  ASSERT_TRUE(write_file(path, "whole"));
  EXPECT_EQ(content(path), "whole");
  EXPECT_EQ(files_in(folder), 1u);
}

TEST(AtomicFile, KeepsThePermissionsOfWhatItReplaces) {
  const testing::TempFolder folder;
  const std::string path = folder.write("private.html", "before");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  ASSERT_TRUE(write_file(path, "after"));
  EXPECT_EQ(content(path), "after");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

// Whoever may write into the folder can guess the temporary name.
TEST(AtomicFile, OfALinkIsWhereTheLinkLeads) {
  const testing::TempFolder folder;
  fs::create_symlink("there.txt", folder.path("near"));
  fs::create_symlink(folder.path("near"), folder.path("far"));
  ASSERT_TRUE(write_file(folder.path("far"), "new"));  // nothing is there yet
  EXPECT_TRUE(fs::is_symlink(folder.path("far")));
  EXPECT_TRUE(fs::is_symlink(folder.path("near")));
  EXPECT_EQ(content(folder.path("there.txt")), "new");
  ASSERT_TRUE(write_file(folder.path("near"), "newer"));
  EXPECT_EQ(content(folder.path("there.txt")), "newer");
  fs::create_symlink("round", folder.path("round"));
  EXPECT_FALSE(write_file(folder.path("round"), "x") && fs::is_symlink(folder.path("round")));
}

TEST(AtomicFile, IsNotWrittenThroughALinkInItsWay) {
  const testing::TempFolder folder;
  const std::string victim = folder.write("victim.txt", "mine");
  const std::string path = folder.path("out.txt");
  fs::create_symlink(
      victim,
      fmt::format("{}.{}.tmp", fs::canonical(folder.path()).string() + "/out.txt", ::getpid()));
  ASSERT_TRUE(write_file(path, "whole"));
  EXPECT_EQ(content(victim), "mine");
  EXPECT_EQ(content(path), "whole");
  EXPECT_FALSE(fs::is_symlink(path));
}

}  // namespace
}  // namespace agentecho
