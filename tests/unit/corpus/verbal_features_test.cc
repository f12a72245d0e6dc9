#include "agentecho/corpus/verbal_features.h"

#include <gtest/gtest.h>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/metrics/baselines/bigram.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/readers/trajectory_writer.h"
#include "agentecho/study/compare.h"
#include "support/temp_folder.h"
#include "support/verbal_runs.h"

namespace agentecho {
namespace {

Trajectory dialogue(const std::string& model, const std::string& task) {
  return TrajectoryBuilder("retail", task)
      .model(model)
      .trial(0)
      .reward(1)
      .user("I want to give back a lamp.")
      .assistant("Gladly! Could you please tell me your email address?")
      .user("ann@example.com")
      .call("find_user_by_email", {"ann@example.com"}, "ann_1")
      .assistant("- Item: lamp\n- Refund: **20**\n\nDo you confirm? (yes/no)",
                 "The lamp can be returned.")
      .user("Yes")
      .call("return_items", {"77"}, "ok")
      .assistant("Your return has been processed.")
      .build();
}

Result<LoadedCorpus> load(const std::string& path, VerbalParts parts) {
  CorpusOptions options;
  options.load.files = resolve_inputs({{path, {}}}).value().files;
  options.load.threads = 1;
  options.parts = parts;
  return load_corpus(options);
}

std::string feature_lines(const LoadedCorpus& loaded) {
  std::string lines;
  for (const CorpusTrajectory& t : loaded.corpus.trajectories()) {
    lines += to_json_line(loaded.corpus.features_of(t), loaded.settings) + "\n";
  }
  return lines;
}

std::string write_log(const testing::TempFolder& folder) {
  std::string lines;
  for (const char* model : {"A", "B"}) {
    for (const char* task : {"1", "2", "3"}) lines += to_json_line(dialogue(model, task)) + "\n";
  }
  return folder.write("log.jsonl", lines);
}

TEST(VerbalReader, PreparesOnlyWhatIsWanted) {
  const Trajectory t = dialogue("A", "1");
  EXPECT_EQ(VerbalReader({}).read(t), nullptr);
  const auto bigrams = VerbalReader({false, true}).read(t);
  EXPECT_FALSE(bigrams->stages);
  EXPECT_EQ(bigrams->bigrams, response_bigrams(t));
  const auto stages = VerbalReader({true, false}).read(t);
  EXPECT_FALSE(stages->bigrams);
  EXPECT_TRUE(stages->stages->has(0));  // asks for the email address
  EXPECT_TRUE(has_parts(stages.get(), {true, false}));
  EXPECT_FALSE(has_parts(stages.get(), {true, true}));
  EXPECT_FALSE(has_parts(nullptr, {true, false}));
  EXPECT_TRUE(has_parts(nullptr, {}));
}

TEST(FeatureFileWithWording, ReplacesTheLogs) {
  const testing::TempFolder folder;
  const LoadedCorpus logs = load(write_log(folder), {true, true}).value();
  ASSERT_EQ(logs.corpus.trajectories().size(), 6u);
  EXPECT_EQ(logs.settings.annotator, stage_annotator_id());
  const std::string path = folder.write("features.jsonl", feature_lines(logs));
  const LoadedCorpus features = load(path, {true, true}).value();
  EXPECT_EQ(features.settings, logs.settings);
  ASSERT_EQ(features.corpus.trajectories().size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(*features.corpus.trajectories()[i].verbal, *logs.corpus.trajectories()[i].verbal);
  }
  EXPECT_EQ(feature_lines(features), feature_lines(logs));
}

TEST(FeatureFileWithWording, HoldsMarkersThatWereCut) {
  TrajectoryFeatures features;
  features.model = "A";
  auto verbal = std::make_shared<VerbalFeatures>();
  verbal->markers = lineage::RunMarkers{lineage::make_sketch({3, 70, 1ULL << 60}, nullptr, 2),
                                        lineage::make_sketch({}), lineage::make_sketch({5})};
  features.verbal = verbal;
  const testing::TempFolder folder;
  const std::string line = to_json_line(features, {});
  const LoadedCorpus read =
      load(folder.write("f.jsonl", line + "\n"), {false, false, false, false, true}).value();
  EXPECT_EQ(*read.corpus.trajectories()[0].verbal, *verbal);
}

TEST(FeatureFileWithWording, IsTakenWithoutMarkersWhereTheyAreNotNeeded) {
  const testing::TempFolder folder;
  const LoadedCorpus logs = load(write_log(folder), {true, true}).value();
  CorpusOptions options;
  options.load.files.push_back({folder.write("f.jsonl", feature_lines(logs)), "", ""});
  options.parts = {true, true, false, false, true};
  const auto refused = load_corpus(options);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("without markers"), std::string::npos);
  options.markers_if_there = true;
  const LoadedCorpus read = load_corpus(options).value();
  EXPECT_FALSE(read.corpus.trajectories()[0].verbal->markers);
}

TEST(FeatureFileWithWording, PassesOverPartsThatNobodyWants) {
  const testing::TempFolder folder;
  const LoadedCorpus logs = load(write_log(folder), {true, true}).value();
  const LoadedCorpus loaded = load(folder.write("f.jsonl", feature_lines(logs)), {}).value();
  EXPECT_EQ(loaded.corpus.trajectories()[0].verbal, nullptr);
  EXPECT_EQ(loaded.settings.annotator, "");
}

TEST(FeatureFileWithWording, IsRefusedWithoutAPartThatIsWanted) {
  const testing::TempFolder folder;
  const LoadedCorpus logs = load(write_log(folder), {true, false}).value();
  const std::string path = folder.write("f.jsonl", feature_lines(logs));
  EXPECT_TRUE(load(path, {true, false}));
  const auto refused = load(path, {true, true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInput);
  EXPECT_NE(refused.error().message.find("word bigrams"), std::string::npos);
  const LoadedCorpus bare = load(folder.path("log.jsonl"), {}).value();
  EXPECT_EQ(bare.corpus.trajectories()[0].verbal, nullptr);
  const auto no_stages = load(folder.write("g.jsonl", feature_lines(bare)), {true, false});
  ASSERT_FALSE(no_stages);
  EXPECT_NE(no_stages.error().message.find("stage profiles"), std::string::npos);
}

TEST(FeatureFileWithWording, IsNotMixedWithThatOfAnotherAnnotator) {
  const testing::TempFolder folder;
  LoadedCorpus logs = load(write_log(folder), {true, false}).value();
  logs.settings.annotator = "local-00000000";
  folder.write("f.jsonl", feature_lines(logs));
  const auto mixed = load(folder.path(), {true, false});
  ASSERT_FALSE(mixed);
  EXPECT_NE(mixed.error().message.find("local-00000000"), std::string::npos);
  EXPECT_TRUE(load(folder.path(), {}));
}

TEST(Compare, RefusesACorpusWithoutTheWordingItNeeds) {
  const testing::TempFolder folder;
  const LoadedCorpus loaded = load(write_log(folder), {}).value();
  CompareOptions options;
  options.bootstrap.replicates = 0;
  EXPECT_TRUE(compare(loaded, options));
  options.metrics = {"ags", "rps"};
  EXPECT_FALSE(compare(loaded, options));
  options.metrics = {"ags", "ged"};
  EXPECT_TRUE(compare(loaded, options));
}

}  // namespace
}  // namespace agentecho
