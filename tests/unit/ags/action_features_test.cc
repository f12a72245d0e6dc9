#include "agentecho/metrics/ags/action_features.h"

#include <gtest/gtest.h>

#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

using Vector = std::array<double, 3>;
using OptionalVector = std::array<std::optional<double>, 3>;

// READ: get_a, get_b; WRITE: set_a, set_b; GENERIC: idle.
ActionCounts count(TrajectoryBuilder& builder) {
  const Trajectory t = builder.build();
  ProvenanceVerifier verifier;
  const auto graph = build_action_graph(t, {}, verifier);
  return count_actions(t, *graph);
}

Vector seq(TrajectoryBuilder& builder) { return sequence_vector(count(builder)); }
Vector dep(TrajectoryBuilder& builder) { return dependency_vector(count(builder)); }

TEST(SequenceVector, OfNoCallsIsZero) {
  EXPECT_EQ(seq(TrajectoryBuilder().assistant("hi")), (Vector{0, 0, 0}));
}

TEST(SequenceVector, VerifyIsTheShareOfWritesFollowedByARead) {
  EXPECT_EQ(seq(TrajectoryBuilder().call("set_a").call("get_a")), (Vector{1, 0, 0}));
  EXPECT_EQ(seq(TrajectoryBuilder().call("set_a").call("idle").call("get_a")), (Vector{0, 0, 0}));
  EXPECT_EQ(seq(TrajectoryBuilder().call("set_a").call("set_b").call("get_a")),
            (Vector{0.5, 0, 0}));
}

TEST(SequenceVector, ConfirmIsTheShareOfWritesPrecededByARead) {
  EXPECT_EQ(seq(TrajectoryBuilder().call("get_a").call("set_a")), (Vector{0, 1, 0}));
  EXPECT_EQ(seq(TrajectoryBuilder().call("get_a").call("set_a").call("set_b").call("set_a")),
            (Vector{0, 1.0 / 3, 0}));
}

TEST(SequenceVector, RetryIsTheShareOfErrorsFollowedByTheSameTool) {
  EXPECT_EQ(seq(TrajectoryBuilder().failing_call("get_a").call("get_a")), (Vector{0, 0, 1}));
  EXPECT_EQ(seq(TrajectoryBuilder().failing_call("get_a").call("get_b").call("get_a")),
            (Vector{0, 0, 0}));
  // The last error has no next call, and counts.
  EXPECT_EQ(seq(TrajectoryBuilder().failing_call("idle").failing_call("idle")),
            (Vector{0, 0, 0.5}));
}

TEST(SequenceVector, UsesPlainAdjacencyWhateverDepends) {
  // get_a → set_a is a dependency, so not an edge of E_s; it counts all the same.
  EXPECT_EQ(seq(TrajectoryBuilder().call("get_a", {}, "abc-77").call("set_a", {"abc-77"})),
            (Vector{0, 1, 0}));
}

TEST(SequenceVector, ParallelCallsAreAdjacentAndTheUsersCallsAreNot) {
  EXPECT_EQ(seq(TrajectoryBuilder().calls({{"set_a", {}, ""}, {"get_a", {}, ""}})),
            (Vector{1, 0, 0}));
  EXPECT_EQ(seq(TrajectoryBuilder().call("set_a").user_call("idle").call("get_a")),
            (Vector{1, 0, 0}));
}

TEST(SequenceVector, FollowsTheCatalogue) {
  const Trajectory t = TrajectoryBuilder().call("get_a").call("get_b").build();
  ToolCatalog catalog;
  catalog.set("get_a", ToolKind::kWrite);
  ProvenanceVerifier verifier;
  const auto graph = build_action_graph(t, catalog, verifier);
  EXPECT_EQ(sequence_vector(count_actions(t, *graph)), (Vector{1, 0, 0}));
}

TEST(DependencyVector, OfNoOrOneCallIsZero) {
  EXPECT_EQ(dep(TrajectoryBuilder().assistant("hi")), (Vector{0, 0, 0}));
  EXPECT_EQ(dep(TrajectoryBuilder().call("get_a", {}, "abc-77")), (Vector{0, 0, 0}));
}

TEST(DependencyVector, OfAChain) {
  EXPECT_EQ(dep(TrajectoryBuilder()
                    .call("a", {}, "aaa1")
                    .call("b", {"aaa1"}, "bbb2")
                    .call("c", {"bbb2"}, "ccc3")),
            (Vector{1, 2, 0}));
}

TEST(DependencyVector, OfAStar) {
  EXPECT_EQ(dep(TrajectoryBuilder()
                    .call("a", {}, "aaa1 bbb2")
                    .call("b", {"aaa1"})
                    .call("c", {"bbb2"})
                    .call("d")),
            (Vector{2.0 / 3, 1, 1}));
}

TEST(DependencyVector, FanOutIsAShareOfTheNodesWithOutgoingEdges) {
  // a → c, a → d, b → d: one of two sources has two edges; two of three reuse; no path of two.
  EXPECT_EQ(dep(TrajectoryBuilder()
                    .calls({{"a", {}, "aaa1"}, {"b", {}, "bbb2"}})
                    .call("c", {"aaa1"})
                    .call("d", {"aaa1", "bbb2"})),
            (Vector{2.0 / 3, 1, 0.5}));
}

TEST(CalibratedFeatures, AreAbsentWhereTheirDenominatorIsZero) {
  const auto none = std::nullopt;
  const ActionCounts empty;
  EXPECT_EQ(calibrated_sequence_features(empty), (OptionalVector{none, none, none}));
  EXPECT_EQ(calibrated_dependency_features(empty), (OptionalVector{none, none, none}));

  const ActionCounts one = count(TrajectoryBuilder().call("set_a"));
  EXPECT_EQ(calibrated_sequence_features(one), (OptionalVector{0, 0, none}));
  EXPECT_EQ(calibrated_dependency_features(one), (OptionalVector{none, none, none}));

  const ActionCounts two = count(TrajectoryBuilder().failing_call("get_a").call("get_b"));
  EXPECT_EQ(calibrated_sequence_features(two), (OptionalVector{none, none, 0}));
  EXPECT_EQ(calibrated_dependency_features(two), (OptionalVector{0, 0, none}));
}

TEST(CalibratedFeatures, MeasureDepthAsAShare) {
  const ActionCounts counts = count(TrajectoryBuilder()
                                        .call("a", {}, "aaa1")
                                        .call("b", {"aaa1"}, "bbb2")
                                        .call("c", {"bbb2"})
                                        .call("d")
                                        .call("e"));
  EXPECT_EQ(calibrated_dependency_features(counts), (OptionalVector{0.5, 0.5, 0}));
}

TEST(ActionCounts, CountEverythingOnce) {
  const ActionCounts counts = count(TrajectoryBuilder()
                                        .call("get_a", {}, "aaa1")
                                        .failing_call("set_a", {"aaa1"})
                                        .call("set_a", {"aaa1"}, "done")
                                        .call("get_b"));
  const ActionCounts expected{.calls = 4,
                              .writes = 2,
                              .verified = 1,
                              .confirmed = 1,
                              .errors = 1,
                              .retried = 1,
                              .reusing = 2,
                              .depth = 1,
                              .sources = 1,
                              .fanning_out = 1};
  EXPECT_EQ(counts, expected);
}

}  // namespace
}  // namespace agentecho
