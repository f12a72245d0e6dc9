#include "agentecho/corpus/shards.h"

#include <gmock/gmock.h>

#include <set>
#include <string>

#include "support/temp_folder.h"

namespace agentecho {
namespace {

using ::testing::HasSubstr;

TEST(Shards, are_spelled_i_of_n) {
  EXPECT_EQ(parse_shard("3/16")->index, 3u);
  EXPECT_EQ(parse_shard("3/16")->count, 16u);
  for (const char* wrong : {"", "3", "0/4", "5/4", "a/4", "1/", "/4", "1/4x", "-1/4"}) {
    const auto shard = parse_shard(wrong);
    ASSERT_FALSE(shard) << wrong;
    EXPECT_EQ(shard.error().kind, ErrorKind::kUsage);
  }
  EXPECT_EQ(shard_name({3, 16}, ".jsonl"), "shard-003-of-016.jsonl");
}

TEST(Shards, share_all_files_evenly) {
  const testing::TempFolder folder;
  std::vector<InputFile> files;
  for (int i = 0; i < 12; ++i) {
    files.push_back({folder.write(std::to_string(i), std::string(100 * (i % 4 + 1), 'x')), "", ""});
  }
  std::set<std::string> seen;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    std::uint64_t bytes = 0;
    for (const InputFile& file : files_of_shard(files, {i, 3})) {
      EXPECT_TRUE(seen.insert(file.path).second) << "in two shards: " << file.path;
      bytes += std::filesystem::file_size(file.path);
    }
    EXPECT_EQ(bytes, 1000u);
  }
  EXPECT_EQ(seen.size(), files.size());
  EXPECT_TRUE(files_of_shard({files[0]}, {2, 2}).empty());
}

ShardManifest example(std::uint32_t index) {
  ShardManifest manifest;
  manifest.version = "1";
  manifest.made_with = "metrics ags";
  manifest.shard = {index, 2};
  manifest.all_inputs = "00";
  manifest.inputs = {{"a.json", 7}};
  manifest.features = shard_name(manifest.shard, ".jsonl");
  manifest.runs = 1;
  manifest.bytes = 2;
  manifest.digest = to_hex(digest_of("{}"));
  return manifest;
}

void put(const testing::TempFolder& folder, const ShardManifest& manifest,
         std::string_view features = "{}") {
  if (!manifest.features.empty()) folder.write(manifest.features, features);
  folder.write(shard_name(manifest.shard, kManifestEnding), to_json(manifest));
}

TEST(Shards, a_manifest_comes_back_as_it_was_written) {
  const auto manifest = parse_manifest(to_json(example(2)));
  ASSERT_TRUE(manifest);
  EXPECT_EQ(to_json(*manifest), to_json(example(2)));
  ShardManifest outside = example(1);
  outside.features = "../other.jsonl";
  EXPECT_FALSE(parse_manifest(to_json(outside)));
  EXPECT_FALSE(parse_manifest("{}"));
  EXPECT_FALSE(parse_manifest("["));
}

TEST(Shards, a_whole_set_stands_for_its_features) {
  const testing::TempFolder folder;
  put(folder, example(1));
  ShardManifest empty = example(2);
  empty.features.clear();
  empty.runs = empty.bytes = 0;
  put(folder, empty);
  const auto specs = expand_shards({{"elsewhere", "m"}, {folder.path(), ""}});
  ASSERT_TRUE(specs) << specs.error().message;
  ASSERT_EQ(specs->size(), 2u);
  EXPECT_EQ((*specs)[0].path, "elsewhere");
  EXPECT_EQ((*specs)[1].path, folder.path("shard-001-of-002.jsonl"));
}

TEST(Shards, what_is_missing_is_named) {
  const testing::TempFolder folder;
  put(folder, example(2));
  const auto specs = expand_shards({{folder.path(), ""}});
  ASSERT_FALSE(specs);
  EXPECT_THAT(specs.error().message, HasSubstr("of 2 shards there is no 1"));
}

TEST(Shards, what_does_not_fit_is_named) {
  const auto problem = [](void (*change)(ShardManifest&), std::string_view features = "{}") {
    const testing::TempFolder folder;
    put(folder, example(1));
    ShardManifest other = example(2);
    change(other);
    put(folder, other, features);
    const auto specs = expand_shards({{folder.path(), ""}});
    return specs ? std::string("fits") : specs.error().message;
  };
  EXPECT_EQ(problem([](ShardManifest&) {}), "fits");
  EXPECT_THAT(problem([](ShardManifest& m) { m.version = "2"; }), HasSubstr("version 2"));
  EXPECT_THAT(problem([](ShardManifest& m) { m.made_with = "metrics rps"; }),
              HasSubstr("options metrics rps"));
  EXPECT_THAT(problem([](ShardManifest& m) { m.all_inputs = "01"; }),
              HasSubstr("other input files"));
  EXPECT_THAT(problem([](ShardManifest& m) { m.shard.count = 3; }), HasSubstr("one of 3 shards"));
  EXPECT_THAT(problem([](ShardManifest&) {}, "{ }"), HasSubstr("not the features"));
}

// Features hold the share of success, not the number that a log said.
TEST(Shards, a_number_that_means_another_share_in_a_shard_is_refused) {
  const auto problem = [](double first_most, double second_most) {
    const testing::TempFolder folder;
    ShardManifest first = example(1);
    first.numbers.add("score", first_most);
    ShardManifest second = example(2);
    second.numbers.add("score", second_most);
    put(folder, first);
    put(folder, second);
    const auto specs = expand_shards({{folder.path(), ""}});
    return specs ? std::string("fits") : specs.error().message;
  };
  EXPECT_EQ(problem(1, 0), "fits");
  EXPECT_EQ(problem(85, 100), "fits");
  EXPECT_THAT(problem(1, 100),
              HasSubstr("shard-001-of-002.manifest.json: in its logs the numbers "
                        "under \"score\" go up to 1, in those of all shards to 100"));
}

TEST(Shards, another_number_of_shards_is_refused) {
  const testing::TempFolder folder;
  EXPECT_TRUE(check_number_of_shards(folder.path(), {1, 3}));
  put(folder, example(1));
  EXPECT_TRUE(check_number_of_shards(folder.path(), {2, 2}));
  const auto fits = check_number_of_shards(folder.path(), {1, 3});
  ASSERT_FALSE(fits);
  EXPECT_EQ(fits.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(fits.error().message, HasSubstr("holds shard 1 of 2"));
}

TEST(Shards, a_finished_one_is_found_unless_its_features_are_gone) {
  const testing::TempFolder folder;
  EXPECT_FALSE(find_finished(folder.path(), {1, 2})->has_value());
  put(folder, example(1));
  EXPECT_TRUE(find_finished(folder.path(), {1, 2})->has_value());
  std::filesystem::remove(folder.path(example(1).features));
  EXPECT_FALSE(find_finished(folder.path(), {1, 2})->has_value());
  folder.write(shard_name({1, 2}, kManifestEnding), "no manifest");
  EXPECT_FALSE(find_finished(folder.path(), {1, 2}));
}

TEST(Shards, a_finished_one_is_made_again_where_a_log_was_written_after_it) {
  const testing::TempFolder folder;
  const testing::TempFolder logs;
  ShardManifest manifest = example(1);
  manifest.inputs = {{logs.write("a.jsonl", "{}"), 2}};
  put(folder, manifest);
  const std::filesystem::path made = folder.path(shard_name({1, 2}, kManifestEnding));
  const auto set_time = [&](std::chrono::seconds later) {
    std::filesystem::last_write_time(logs.path("a.jsonl"),
                                     std::filesystem::last_write_time(made) + later);
  };
  set_time(std::chrono::seconds{-1});
  EXPECT_TRUE(find_finished(folder.path(), {1, 2})->has_value());
  set_time(std::chrono::seconds{1});
  EXPECT_FALSE(find_finished(folder.path(), {1, 2})->has_value());
}

TEST(Shards, what_else_could_be_read_is_named) {
  const testing::TempFolder folder;
  put(folder, example(1));
  put(folder, example(2));
  folder.write("README.md", "notes");
  EXPECT_TRUE(expand_shards({{folder.path(), ""}}));
  const testing::TempFolder above;
  above.write("features/" + shard_name({1, 2}, kManifestEnding), to_json(example(1)));
  const auto below = expand_shards({{above.path(), ""}});
  ASSERT_FALSE(below);
  EXPECT_THAT(below.error().message, HasSubstr("shards of features stand in "));
  folder.write("other.jsonl", "{}");
  const auto specs = expand_shards({{folder.path(), ""}});
  ASSERT_FALSE(specs);
  EXPECT_THAT(specs.error().message, HasSubstr("other.jsonl, which is none of them"));
}

}  // namespace
}  // namespace agentecho
