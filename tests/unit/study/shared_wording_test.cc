#include "agentecho/study/shared_wording.h"

#include <gtest/gtest.h>

#include "agentecho/readers/inputs.h"
#include "agentecho/readers/trajectory_writer.h"
#include "agentecho/study/compare.h"
#include "agentecho/trajectory/builder.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

class SharedWordingOfModels : public ::testing::Test {
 protected:
  SharedWordingOfModels() {
    std::string lines;
    for (const char* model : {"A", "B", "C", "D"}) {
      const bool alike = model[0] <= 'B';
      for (const char* task : {"1", "2", "3", "4"}) {
        lines +=
            to_json_line(TrajectoryBuilder("retail", task)
                             .model(model)
                             .trial(0)
                             .reward(1)
                             .user("My lamp is broken.")
                             .assistant(alike ? "**Right away!** Let us sort this out with care."
                                              : "Tell me the order that the lamp is in.")
                             .build()) +
            "\n";
      }
    }
    folder_.write("log.jsonl", lines);
  }

  LoadedCorpus load(const std::string& path, unsigned threads = 1) const {
    CorpusOptions options;
    options.load.files = resolve_inputs({{path, {}}}).value().files;
    options.load.threads = threads;
    options.parts.stages = true;
    options.phrases = true;
    return load_corpus(options).value();
  }

  testing::TempFolder folder_;
};

TEST_F(SharedWordingOfModels, IsWhatTheOthersDoNotSayOrDo) {
  const auto shared = shared_wording(load(folder_.path()), "A", "B");
  ASSERT_TRUE(shared) << shared.error().message;
  EXPECT_EQ(shared->others, 2u);
  ASSERT_FALSE(shared->phrases.empty());
  EXPECT_NE(shared->phrases[0].text.find("sort this out"), std::string::npos);
  EXPECT_EQ(shared->phrases[0].share_a, 1);
  EXPECT_EQ(shared->phrases[0].share_b, 1);
  EXPECT_EQ(shared->phrases[0].share_others, 0);
  EXPECT_EQ(shared->phrases[0].where_a.substr(0, 7), "retail/");
  EXPECT_EQ(shared->phrases[0].where_b.substr(0, 7), "retail/");
  ASSERT_FALSE(shared->habits.empty());
  bool bold = false;
  for (const rps::SharedHabit& habit : shared->habits) {
    if (habit.name.find("bold") == std::string::npos) continue;
    bold = true;
    EXPECT_EQ(habit.rate_a, 1);
    EXPECT_EQ(habit.others_mean, 0);
  }
  EXPECT_TRUE(bold);
}

TEST_F(SharedWordingOfModels, HasNothingBetweenModelsThatAreNotAlike) {
  const auto shared = shared_wording(load(folder_.path()), "A", "C");
  ASSERT_TRUE(shared);
  EXPECT_TRUE(shared->phrases.empty());
}

TEST_F(SharedWordingOfModels, NeedsTwoKnownModelsAndTheirLogs) {
  const LoadedCorpus loaded = load(folder_.path());
  EXPECT_FALSE(shared_wording(loaded, "A", "A"));
  EXPECT_FALSE(shared_wording(loaded, "A", "E"));
  std::string lines;
  for (const CorpusTrajectory& t : loaded.corpus.trajectories()) {
    lines += to_json_line(loaded.corpus.features_of(t), loaded.settings) + "\n";
  }
  const auto features_only =
      shared_wording(load(folder_.write("f/features.jsonl", lines)), "A", "B");
  ASSERT_FALSE(features_only);
  EXPECT_EQ(features_only.error().kind, ErrorKind::kInput);
}

TEST_F(SharedWordingOfModels, FeaturesAloneGiveHabitsAndNoPhrases) {
  const LoadedCorpus loaded = load(folder_.path());
  std::string lines;
  for (const CorpusTrajectory& t : loaded.corpus.trajectories()) {
    lines += to_json_line(loaded.corpus.features_of(t), loaded.settings) + "\n";
  }
  const LoadedCorpus features = load(folder_.write("f/features.jsonl", lines));
  const SharedWording shared = shared_wording(features, ModelIndex{0}, ModelIndex{1});
  EXPECT_FALSE(shared.phrases_known);
  EXPECT_TRUE(shared.phrases.empty());
  EXPECT_FALSE(shared.habits.empty());
  EXPECT_TRUE(shared_wording(loaded, ModelIndex{0}, ModelIndex{1}).phrases_known);
}

TEST_F(SharedWordingOfModels, IsPartOfAComparisonThatAsksForIt) {
  CompareOptions options;
  options.bootstrap.replicates = 0;
  options.metrics = {"ags", "rps"};
  EXPECT_FALSE(compare(load(folder_.path()), options)->shared);
  options.show_shared = {"B", "A"};
  const auto results = compare(load(folder_.path(), 3), options);
  ASSERT_TRUE(results);
  EXPECT_EQ(results->shared->a, "B");
  EXPECT_FALSE(results->shared->phrases.empty());
}

}  // namespace
}  // namespace agentecho
