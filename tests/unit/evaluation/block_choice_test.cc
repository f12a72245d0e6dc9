#include "agentecho/evaluation/block_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "agentecho/metrics/rps/one_stage_annotator.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ChooseEvenly, TakesStrataInTurn) {
  // Outer stratum 0 has four inner ones of ten candidates, 1 has one of ten, 2 has one of two.
  std::vector<NestedStratum> candidates;
  for (std::uint64_t inner = 0; inner < 4; ++inner) {
    candidates.insert(candidates.end(), 10, NestedStratum{0, inner});
  }
  candidates.insert(candidates.end(), 10, NestedStratum{1, 0});
  candidates.insert(candidates.end(), 2, NestedStratum{2, 7});
  const auto chosen = choose_evenly(candidates, 14, 3);
  ASSERT_THAT(chosen, SizeIs(14));
  EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
  EXPECT_THAT(std::set<std::size_t>(chosen.begin(), chosen.end()), SizeIs(14));
  std::map<std::uint64_t, int> outer;
  std::map<std::uint64_t, int> inner;
  for (const std::size_t i : chosen) {
    ++outer[candidates[i].first];
    if (candidates[i].first == 0) ++inner[candidates[i].second];
  }
  EXPECT_EQ(outer[2], 2);
  EXPECT_EQ(outer[0], 6);
  EXPECT_EQ(outer[1], 6);
  for (const auto& [number, n] : inner) EXPECT_TRUE(n == 1 || n == 2) << number;
}

TEST(ChooseEvenly, IsAFunctionOfTheSeed) {
  const std::vector<NestedStratum> candidates(100, NestedStratum{0, 0});
  EXPECT_EQ(choose_evenly(candidates, 10, 1), choose_evenly(candidates, 10, 1));
  EXPECT_NE(choose_evenly(candidates, 10, 1), choose_evenly(candidates, 10, 2));
  EXPECT_THAT(choose_evenly(candidates, 1000, 1), SizeIs(100));
  EXPECT_THAT(choose_evenly({}, 10, 1), IsEmpty());
  EXPECT_THAT(choose_evenly(candidates, 0, 1), IsEmpty());
}

KeptTrajectory kept(const std::string& model, const std::string& words) {
  KeptTrajectory k;
  k.trajectory = TrajectoryBuilder("retail", "1").model(model).assistant(words).build();
  Hasher hasher;
  hasher.update_field(model + words);
  k.content = hasher.digest();
  return k;
}

TEST(ChooseBlocks, GivesBothSidesOfTheSharedStages) {
  const KeptTrajectory a = kept("a", "one");
  const KeptTrajectory b = kept("b", "two");
  const KeptTrajectory silent = kept("c", " ");  // no item, so no stage
  const std::vector<TrajectoryPair> pairs = {{0, 1, 5, &a, &b}, {0, 2, 5, &a, &silent}};
  const rps::OneStageAnnotator annotator;
  const ChosenBlocks chosen = choose_blocks(pairs, annotator, 10, 1);
  ASSERT_THAT(chosen.blocks, SizeIs(1));
  EXPECT_EQ(chosen.origins[0].pair, 0u);
  EXPECT_EQ(chosen.blocks[0].a.trajectory, &a.trajectory);
  EXPECT_EQ(chosen.blocks[0].b.trajectory, &b.trajectory);
  EXPECT_EQ(chosen.blocks[0].a.stage, "whole trajectory");
  EXPECT_THAT(chosen.blocks[0].a.numbers, ElementsAre(0u));
  EXPECT_EQ(chosen.candidates, 1u);
  EXPECT_EQ(chosen.unannotated, 0u);
  EXPECT_THAT(chosen.trajectories, SizeIs(3));
}

// Labels only what model "a" says.
class Refusing final : public rps::StageAnnotator {
 public:
  std::string name() const override { return "refusing"; }
  const rps::Taxonomy& taxonomy() const override { return one_.taxonomy(); }
  std::vector<Result<rps::StageLabels>> annotate(
      std::span<const rps::AnnotationRequest> requests) const override {
    auto labels = one_.annotate(requests);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (requests[i].trajectory->model != "a") labels[i] = fail(ErrorKind::kFailed, "no");
    }
    return labels;
  }

 private:
  rps::OneStageAnnotator one_;
};

TEST(ChooseBlocks, CountsWhatTheAnnotatorFailedAt) {
  const KeptTrajectory a = kept("a", "one");
  const KeptTrajectory again = kept("a", "more");
  const KeptTrajectory b = kept("b", "two");
  const std::vector<TrajectoryPair> pairs = {{0, 0, 1, &a, &again}, {0, 1, 1, &a, &b}};
  const Refusing annotator;
  const ChosenBlocks chosen = choose_blocks(pairs, annotator, 10, 1);
  ASSERT_THAT(chosen.blocks, SizeIs(1));
  EXPECT_EQ(chosen.origins[0].pair, 0u);
  EXPECT_EQ(chosen.unannotated, 1u);
}

}  // namespace
}  // namespace agentecho
