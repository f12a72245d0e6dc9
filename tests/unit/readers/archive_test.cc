#include "agentecho/readers/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/readers/load.h"
#include "support/compress.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

using ::testing::HasSubstr;

struct Stored {
  std::string name;
  std::string content;
  unsigned type = AE_IFREG;
};

// The bytes of a tar archive.
std::string tar_of(const std::vector<Stored>& members) {
  std::vector<char> bytes(64 * 1024);
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  for (const Stored& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.type);
    archive_entry_set_perm(entry, 0644);
    if (member.type == AE_IFLNK) {
      archive_entry_set_symlink(entry, member.content.c_str());
    } else {
      archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    }
    archive_write_header(writer, entry);
    if (member.type == AE_IFREG) {
      archive_write_data(writer, member.content.data(), member.content.size());
    }
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  return std::string(bytes.data(), used);
}

TEST(Archive, NamesThatLeadOutOfItAreLabelsWithinIt) {
  const std::string tar =
      tar_of({{"../../up.json", "a"}, {"/etc/absolute.json", "bc"}, {"runs/./plain.json", "def"}});
  auto opened = open_archive(memory_source(tar));
  ASSERT_TRUE(opened.has_value());
  const std::array<std::pair<std::string_view, std::string_view>, 3> expected = {
      {{"up.json", "a"}, {"etc/absolute.json", "bc"}, {"runs/plain.json", "def"}}};
  for (const auto& [name, content] : expected) {
    auto member = (*opened)->next();
    ASSERT_TRUE(member.has_value() && member->has_value());
    EXPECT_EQ((*member)->name, name);
    EXPECT_TRUE((*member)->is_file);
    std::array<char, 16> buffer{};
    auto n = (*opened)->content()->read(buffer.data(), buffer.size());
    ASSERT_TRUE(n.has_value());
    EXPECT_EQ(std::string_view(buffer.data(), *n), content);
  }
  auto end = (*opened)->next();
  ASSERT_TRUE(end.has_value());
  EXPECT_FALSE(end->has_value());
}

// How many members there are, and what is wrong with the end.
std::pair<int, std::string> members_and_end(std::string_view tar, std::size_t piece) {
  auto opened = open_archive(memory_source(tar, piece));
  EXPECT_TRUE(opened.has_value());
  int n = 0;
  for (;; ++n) {
    auto member = (*opened)->next();
    if (!member) return {n, member.error().message};
    if (!member->has_value()) return {n, ""};
  }
}

TEST(Archive, AnEndThatIsCutOrFollowedByMoreIsSaid) {
  const std::string tar = tar_of({{"a.json", "{}"}, {"b.json", "[]"}});
  constexpr std::size_t kMember = 1024;  // header and content
  for (const std::size_t piece : {std::size_t{512}, std::size_t{700}, std::size_t{1} << 20}) {
    EXPECT_EQ(members_and_end(tar, piece), std::pair(2, std::string())) << piece;
    EXPECT_EQ(members_and_end(tar + std::string(10240, '\0'), piece), std::pair(2, std::string()));
    const auto cut = members_and_end(tar.substr(0, kMember), piece);
    EXPECT_EQ(cut.first, 1);
    EXPECT_THAT(cut.second, HasSubstr("without the mark of its end")) << piece;
    const auto two = members_and_end(tar + tar, piece);
    EXPECT_EQ(two.first, 2);
    EXPECT_THAT(two.second, HasSubstr("other bytes")) << piece;
  }
}

TEST(Archive, LinksAndFoldersAreNoFiles) {
  const std::string tar =
      tar_of({{"link.json", "/etc/passwd", AE_IFLNK}, {"folder", "", AE_IFDIR}, {"..", "x"}});
  auto opened = open_archive(memory_source(tar));
  ASSERT_TRUE(opened.has_value());
  for (int i = 0; i < 2; ++i) {
    auto member = (*opened)->next();
    ASSERT_TRUE(member.has_value() && member->has_value());
    EXPECT_FALSE((*member)->is_file) << (*member)->name;
  }
  const auto nameless = (*opened)->next();
  ASSERT_TRUE(nameless.has_value() && nameless->has_value());
  EXPECT_TRUE((*nameless)->is_file);
  EXPECT_EQ((*nameless)->name, "member 3");
}

// The bytes of a zip archive of one empty file, whose name is marked as UTF-8.
std::string zip_with(std::string_view name) {
  const auto number = [](std::size_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
    return text;
  };
  // Version, flags (bit 11: the name is UTF-8), method, time, date, checksum, sizes, lengths.
  const std::string head = number(20, 2) + number(0x800, 2) + number(0, 6) + number(0, 12) +
                           number(name.size(), 2) + number(0, 2);
  const std::string file = "PK\x03\x04" + head + std::string(name);
  const std::string listed =
      "PK\x01\x02" + number(20, 2) + head + number(0, 14) + std::string(name);
  return file + listed + "PK\x05\x06" + number(0, 4) + number(1, 2) + number(1, 2) +
         number(listed.size(), 4) + number(file.size(), 4) + number(0, 2);
}

TEST(Archive, NamesAreReadWhateverTheLocale) {
  const std::string name = "Läufe/日本.jsonl";
  auto opened = open_archive(memory_source(zip_with(name)));
  ASSERT_TRUE(opened.has_value());
  const auto member = (*opened)->next();
  ASSERT_TRUE(member.has_value() && member->has_value());
  EXPECT_EQ((*member)->name, name);
  EXPECT_TRUE((*member)->is_file);
}

// The names of the members, and what is said to be damaged where one stands or behind them.
std::vector<std::string> members_and_damage(Result<std::unique_ptr<Archive>> opened) {
  std::vector<std::string> all;
  EXPECT_TRUE(opened.has_value());
  for (;;) {
    const auto member = (*opened)->next();
    EXPECT_TRUE(member.has_value());
    if (!member || !member->has_value()) return all;
    EXPECT_EQ((*member)->is_file, (*member)->damage.empty());
    all.push_back((*member)->damage.empty() ? (*member)->name : (*member)->damage.substr(0, 16));
  }
}

TEST(Archive, AMemberWhoseHeaderIsDamagedIsSaid) {
  const std::string content(2000, 'x');
  const std::string tar = tar_of({{"a.json", content}, {"b.json", content}, {"c.json", content}});
  constexpr std::size_t kMember = 512 + 2048;
  const auto damaged = [&](std::size_t at) {
    std::string one = tar;
    one[at] ^= 1;
    return members_and_damage(open_archive(memory_source(one, 700)));
  };
  using Members = std::vector<std::string>;
  const std::string said = "a damaged header";
  EXPECT_EQ(damaged(kMember + 1), (Members{"a.json", said, "c.json"}));
  EXPECT_EQ(damaged(kMember + 150), (Members{"a.json", said, "c.json"}));  // the checksum
  EXPECT_EQ(damaged(2 * kMember + 1), (Members{"a.json", "b.json", said}));
  const std::string odd = tar.substr(0, kMember) + std::string(1024, 'X') + tar.substr(kMember);
  EXPECT_EQ(members_and_damage(open_archive(memory_source(odd))),
            (Members{"a.json", said, "b.json", "c.json"}));
}

TEST(Archive, WhatStandsBesideAZipIsSaid) {
  const testing::TempFolder folder;
  using Members = std::vector<std::string>;
  const std::string said = "beside the archi";
  const std::string zip = zip_with("a.json");
  const std::string other = zip_with("b.json");
  std::string commented = zip.substr(0, zip.size() - 2) + std::string("\x09\0PK\5\6 note", 11);
  for (const auto& [bytes, sound] : {std::pair{zip, true},
                                     {commented, true},
                                     {zip + other, false},
                                     {zip + "x", false},
                                     {zip + std::string(100'000, 'x'), false}}) {
    auto piped = members_and_damage(open_archive(memory_source(bytes, 1000)));
    auto stored = members_and_damage(open_archive(folder.write("a.zip", bytes)));
    for (const Members& members : {piped, stored}) {
      ASSERT_EQ(members.size(), sound ? 1u : 2u) << bytes.size();
      if (!sound) {
        EXPECT_EQ(members[1], said);
      }
    }
  }
}

// A file that is compressed as a whole has no directory that could be read before.
TEST(Archive, WhatStandsBesideAZipThatIsCompressedIsSaid) {
  const testing::TempFolder folder;
  const auto findings = [&](const std::string& bytes) {
    LoadOptions options;
    options.files.emplace_back().path = folder.write("a.zip.gz", testing::gzipped(bytes));
    const auto loaded = load_trajectories(options);
    EXPECT_TRUE(loaded.has_value());
    return loaded->report.diagnostics.count(DiagnosticKind::kUnreadable);
  };
  const std::string zip = zip_with("a.json");
  EXPECT_EQ(findings(zip), 0u);
  EXPECT_EQ(findings(zip + zip_with("b.json")), 1u);
}

// A bit costs one of three runs.
TEST(Archive, WhatIsDamagedIsALossAndTheOtherMembersAreRead) {
  const testing::TempFolder folder;
  const auto losses = [&](const std::string& name, const std::string& bytes, std::size_t n) {
    const std::string path = folder.write(name, bytes);
    LoadOptions options;
    options.files.emplace_back().path = path;
    const auto loaded = load_trajectories(options);
    EXPECT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->trajectories.size(), n);
    EXPECT_EQ(loaded->report.diagnostics.kept().at(0).file, path);
    return loaded->report.diagnostics.count(DiagnosticKind::kUnreadable);
  };
  const std::string run = R"({"messages":[{"role":"assistant","content":"x"}]})";
  std::string tar = tar_of({{"a.jsonl", run}, {"b.jsonl", run}, {"c.jsonl", run}});
  tar[1024] ^= 1;
  EXPECT_EQ(losses("a.tar", tar, 2), 1u);
}

TEST(Archive, ForeignBytesAreAnError) {
  EXPECT_FALSE(open_archive(memory_source("this is no archive, only a line of text")).has_value());
}

TEST(Archive, ABombIsToldByWhatItExpandsTo) {
  constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
  EXPECT_FALSE(expands_like_a_bomb(1, 256 * kMegabyte));
  EXPECT_TRUE(expands_like_a_bomb(1, 257 * kMegabyte));
  EXPECT_FALSE(expands_like_a_bomb(kMegabyte, 1000 * kMegabyte));
  EXPECT_TRUE(expands_like_a_bomb(kMegabyte, 1001 * kMegabyte));
}

TEST(Archive, ADirectoryHoldsTheContentsOfSmallMembersThatAreWanted) {
  const testing::TempFolder folder;
  const std::string path = folder.write(
      "a.tar",
      tar_of({{"t1/result.json", "{}"}, {"t1/chat.json", "[]"}, {"t2/result.json", "[1]"}}));
  const auto directory = read_directory(
      path, [](std::string_view name) { return name.ends_with("result.json"); }, 64);
  ASSERT_TRUE(directory);
  EXPECT_EQ(directory->names,
            (std::vector<std::string>{"t1/result.json", "t1/chat.json", "t2/result.json"}));
  EXPECT_EQ(directory->contents, (std::map<std::string, std::string>{{"t1/result.json", "{}"},
                                                                     {"t2/result.json", "[1]"}}));
}

// gpt-4o.tar, o3-mini.tar: a model each. What result.json says of the one log beside it is true of
// that, and is no record.
TEST(Archive, ItsNameCountsLikeAFolders) {
  const testing::TempFolder folder;
  const std::string run = R"([{"role":"user","content":"q"},{"role":"assistant","content":"a"}])";
  LoadOptions options;
  for (const std::string name : {"alder.tar", "birch.tar"}) {
    const std::string path = folder.write(name, tar_of({{"logs/t1/chat.json", run},
                                                        {"logs/t1/result.json", R"({"reward":1})"},
                                                        {"logs/t2/chat.json", run}}));
    options.files.push_back({path, {}, {}, true, false});
  }
  const auto loaded = load_trajectories(options);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->report.diagnostics.losses(), 0u);
  std::vector<std::string> runs;
  for (const Trajectory& t : loaded->trajectories) {
    runs.push_back(t.model + "/" + t.task_id + (t.reward ? "/solved" : ""));
  }
  EXPECT_EQ(runs, (std::vector<std::string>{"alder/t1/solved", "alder/t2", "birch/t1/solved",
                                            "birch/t2"}));
}

}  // namespace
}  // namespace agentecho
