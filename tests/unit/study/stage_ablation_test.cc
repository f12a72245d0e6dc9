#include "agentecho/study/stage_ablation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "agentecho/metrics/rps/one_stage_annotator.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/trajectory/builder.h"
#include "support/corpora.h"

namespace agentecho {
namespace {

using ::testing::Each;
using ::testing::SizeIs;

// fa-1, fa-2, fb-1, fb-2 on two tasks.
Corpus two_camps() {
  std::vector<PlainRun> runs;
  for (const char* model : {"fa-1", "fa-2", "fb-1", "fb-2"}) {
    for (const char* task : {"t1", "t2"}) runs.push_back({model, task, {"x"}});
  }
  return make_corpus(runs);
}

// score(a, b, task): what the judge says of the one stage that every two runs share.
JudgedRps judged(
    const Corpus& corpus,
    const std::function<std::optional<double>(ModelIndex, ModelIndex, TaskIndex)>& score) {
  JudgedRps rps;
  for (const auto& [a, b] : all_pairs(corpus)) {
    for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
      rps::TrajectoryPairVerdict verdict;
      rps::StageVerdict stage;
      if (const auto overall = score(a, b, task)) stage.score = rps::PairScore{1, 1, 1, *overall};
      verdict.shared.push_back(stage);
      rps.verdicts.set(corpus.trials(a, task)[0].content, corpus.trials(b, task)[0].content,
                       verdict);
    }
  }
  return rps;
}

bool related(ModelIndex a, ModelIndex b) { return a / 2 == b / 2; }

TEST(StageAblation, ComparesTheSamePairsBothWays) {
  const Corpus corpus = two_camps();
  const JudgedRps aligned = judged(corpus, [](ModelIndex a, ModelIndex b, TaskIndex task) {
    return (related(a, b) ? 4.0 : 2.0) + (task == 0 ? 0.5 : 0.0);
  });
  const JudgedRps unaligned = judged(corpus, [](ModelIndex, ModelIndex, TaskIndex) { return 3.0; });
  const StageAblation results =
      ablate_stages(corpus, aligned, unaligned, guess_families(corpus), 0.8, {400, 1, 0.95}, 1);
  ASSERT_THAT(results.pairs, SizeIs(6));
  const StageAblationPair& relatives = results.pairs[0];  // fa-1, fa-2
  EXPECT_DOUBLE_EQ(*relatives.scores[0].value, 4.25);
  EXPECT_DOUBLE_EQ(*relatives.scores[1].value, 3);
  EXPECT_DOUBLE_EQ(*relatives.difference.value, 1.25);
  EXPECT_EQ(relatives.difference.n_tasks, 2u);
  ASSERT_TRUE(relatives.difference.interval);
  EXPECT_NEAR(relatives.difference.interval->low, 1, 1e-9);
  EXPECT_NEAR(relatives.difference.interval->high, 1.5, 1e-9);
  EXPECT_EQ(relatives.coverage[0], 1.0);
  // Two pairs of relatives, four of others.
  EXPECT_NEAR(*results.mean[0].value, (2 * 4.25 + 4 * 2.25) / 6, 1e-12);
  EXPECT_NEAR(*results.mean_difference.value, (2 * 4.25 + 4 * 2.25) / 6 - 3, 1e-12);
  EXPECT_EQ(results.families[0].auc.auc, 1.0);
  EXPECT_EQ(results.families[1].auc.auc, 0.5);
  EXPECT_EQ(results.auc_difference.value, 0.5);
  ASSERT_TRUE(results.auc_difference.interval);
  EXPECT_EQ(results.auc_difference.interval->low, 0.5);
  EXPECT_EQ(results.affinity_auc_difference.value, 0.5);
  EXPECT_DOUBLE_EQ(results.families[0].difference->difference, 2);
  // One of the two is constant.
  EXPECT_FALSE(results.spearman.value);
}

TEST(StageAblation, CorrelatesTheTwoOverPairs) {
  const Corpus corpus = two_camps();
  const auto number = [](ModelIndex a, ModelIndex b) { return 1.0 + a + b * 0.5; };
  const JudgedRps aligned =
      judged(corpus, [&](ModelIndex a, ModelIndex b, TaskIndex) { return number(a, b); });
  const JudgedRps unaligned =
      judged(corpus, [&](ModelIndex a, ModelIndex b, TaskIndex) { return 5 - number(a, b); });
  const StageAblation results =
      ablate_stages(corpus, aligned, unaligned, guess_families(corpus), 0.8, {100, 1, 0.95}, 1);
  EXPECT_NEAR(*results.spearman.value, -1, 1e-12);
  EXPECT_NEAR(*results.pearson.value, -1, 1e-12);
  ASSERT_TRUE(results.spearman.interval);
  EXPECT_NEAR(results.spearman.interval->high, -1, 1e-12);
}

TEST(StageAblation, APairThatTheJudgeMostlyFailedAtIsWithheld) {
  const Corpus corpus = two_camps();
  const JudgedRps aligned =
      judged(corpus, [](ModelIndex a, ModelIndex b, TaskIndex task) -> std::optional<double> {
        if (a == 0 && b == 1 && task == 1) return std::nullopt;
        return 4.0;
      });
  const JudgedRps unaligned = judged(corpus, [](ModelIndex, ModelIndex, TaskIndex) { return 3.0; });
  const StageAblation strict =
      ablate_stages(corpus, aligned, unaligned, guess_families(corpus), 0.8, {0, 1, 0.95}, 1);
  EXPECT_TRUE(strict.pairs[0].withheld);
  EXPECT_EQ(strict.pairs[0].coverage[0], 0.5);
  EXPECT_FALSE(strict.pairs[0].scores[0].value);
  EXPECT_FALSE(strict.pairs[0].scores[1].value);
  EXPECT_FALSE(strict.pairs[1].withheld);
  EXPECT_DOUBLE_EQ(*strict.pairs[1].difference.value, 1);
  // With a lower floor it counts, on the task that has both.
  const StageAblation lenient =
      ablate_stages(corpus, aligned, unaligned, guess_families(corpus), 0.5, {0, 1, 0.95}, 1);
  EXPECT_DOUBLE_EQ(*lenient.pairs[0].scores[0].value, 4);
  EXPECT_EQ(lenient.pairs[0].difference.n_tasks, 1u);
}

TEST(StageAblation, WithoutFamiliesOrScoresNothingIsMadeUp) {
  const Corpus corpus = two_camps();
  const JudgedRps nothing;
  Families none;
  none.of_model.resize(4);
  const StageAblation results =
      ablate_stages(corpus, nothing, nothing, none, 0.8, {50, 1, 0.95}, 1);
  EXPECT_FALSE(results.pairs[0].scores[0].value);
  EXPECT_FALSE(results.pairs[0].coverage[0]);
  EXPECT_FALSE(results.pairs[0].withheld);
  EXPECT_FALSE(results.mean[0].value);
  EXPECT_FALSE(results.families[0].auc.auc);
  EXPECT_FALSE(results.auc_difference.value);
  EXPECT_FALSE(results.spearman.value);
}

TEST(OneStageAnnotator, PutsEverythingIntoOneBlock) {
  const Trajectory t = TrajectoryBuilder("retail", "1")
                           .assistant("Who are you?")
                           .user("me")
                           .assistant("Done.")
                           .build();
  const auto items = rps::items_of(t);
  const rps::OneStageAnnotator annotator;
  ASSERT_THAT(annotator.taxonomy().stages, SizeIs(1));
  const rps::AnnotationRequest request{&t, &items};
  const auto labels = annotator.annotate({&request, 1});
  ASSERT_THAT(labels, SizeIs(1));
  ASSERT_THAT(*labels[0], SizeIs(2));
  EXPECT_THAT(*labels[0], Each(0));
}

}  // namespace
}  // namespace agentecho
