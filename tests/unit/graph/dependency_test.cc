#include "agentecho/graph/dependency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

using Edge = std::pair<std::uint32_t, std::uint32_t>;
using Edges = std::vector<Edge>;

Edges pairs_of(const std::vector<Dependency>& dependencies) {
  Edges edges;
  for (const Dependency& d : dependencies) edges.emplace_back(d.source, d.destination);
  return edges;
}

Edges provenance(TrajectoryBuilder& builder) {
  const Trajectory t = builder.build();
  return pairs_of(ProvenanceVerifier().dependencies(t).value());
}

Edges accept_all(TrajectoryBuilder& builder) {
  const Trajectory t = builder.build();
  return pairs_of(AcceptAllVerifier().dependencies(t).value());
}

const Edges kNoEdges;
const Edges kOneEdge{{0, 1}};

TEST(Provenance, TheResultThatFirstHoldsAValueIsItsSource) {
  EXPECT_EQ(provenance(TrajectoryBuilder()
                           .user("I am Ann Lee")
                           .call("find_user", {"Ann Lee"}, "user id: ann_lee_42")
                           .call("get_user", {"ann_lee_42"}, "{}")),
            kOneEdge);
}

TEST(Provenance, WhatWasKnownBeforeIsNoDependency) {
  const auto run = [](auto prepare) {
    TrajectoryBuilder builder;
    prepare(builder);
    return provenance(builder.call("find", {"x1y"}, "id ABC-77").call("get", {"abc-77"}));
  };
  EXPECT_EQ(run([](TrajectoryBuilder&) {}), kOneEdge);
  EXPECT_EQ(run([](TrajectoryBuilder& b) { b.system("such as abc-77"); }), kNoEdges);
  EXPECT_EQ(run([](TrajectoryBuilder& b) { b.user("it is Abc-77."); }), kNoEdges);
  EXPECT_EQ(run([](TrajectoryBuilder& b) { b.assistant("abc-77?"); }), kNoEdges);
  EXPECT_EQ(run([](TrajectoryBuilder& b) { b.assistant("hm", "maybe abc-77"); }), kNoEdges);
  EXPECT_EQ(run([](TrajectoryBuilder& b) { b.call("try", {"abc-77"}); }), kNoEdges);
  EXPECT_EQ(run([](TrajectoryBuilder& b) { b.user_call("check", {"abc-77"}); }), kNoEdges);
  EXPECT_EQ(run([](TrajectoryBuilder& b) { b.user_call("check", {}, "abc-77"); }), kNoEdges);
  EXPECT_EQ(run([](TrajectoryBuilder& b) { b.user("it is abc-777"); }), kOneEdge);
}

TEST(Provenance, TextOfTheMessageThatIssuesTheCallComesAfterTheResult) {
  EXPECT_EQ(provenance(TrajectoryBuilder()
                           .call("find", {}, "abc-77")
                           .assistant("I found abc-77", "so abc-77")
                           .call("get", {"abc-77"})),
            kOneEdge);
  // Text of the message that issues the source call comes before its result.
  EXPECT_EQ(provenance(TrajectoryBuilder()
                           .calls({{"find", {}, "abc-77"}}, "looking for abc-77")
                           .call("get", {"abc-77"})),
            kNoEdges);
}

TEST(Provenance, AnArgumentThatItsOwnResultEchoesWasKnown) {
  EXPECT_EQ(
      provenance(TrajectoryBuilder().call("get", {"abc-77"}, "abc-77").call("set", {"abc-77"})),
      kNoEdges);
}

TEST(Provenance, OfTwoResultsWithAValueTheFirstIsTheSource) {
  EXPECT_EQ(provenance(TrajectoryBuilder()
                           .call("a", {}, "abc-77")
                           .call("b", {}, "abc-77")
                           .call("c", {"abc-77"})),
            (Edges{{0, 2}}));
  EXPECT_EQ(accept_all(TrajectoryBuilder()
                           .call("a", {}, "abc-77")
                           .call("b", {}, "abc-77")
                           .call("c", {"abc-77"})),
            (Edges{{0, 2}, {1, 2}}));
}

TEST(Provenance, CallsOfOneMessageNeverDependOnEachOther) {
  const std::vector<CallSpec> together = {{"find", {}, "abc-77"}, {"get", {"abc-77"}, ""}};
  EXPECT_EQ(provenance(TrajectoryBuilder().calls(together)), kNoEdges);
  EXPECT_EQ(accept_all(TrajectoryBuilder().calls(together)), kNoEdges);
  // A later call depends on a result of a parallel one. The argument came first here.
  EXPECT_EQ(accept_all(TrajectoryBuilder().calls(together).call("set", {"abc-77"})),
            (Edges{{0, 2}}));
  EXPECT_EQ(provenance(TrajectoryBuilder().calls(together).call("set", {"abc-77"})), kNoEdges);
  EXPECT_EQ(provenance(TrajectoryBuilder()
                           .calls({{"a", {}, "one1"}, {"b", {}, "two2"}})
                           .calls({{"c", {"two2"}, ""}, {"d", {"one1"}, ""}})),
            (Edges{{1, 2}, {0, 3}}));
}

TEST(Provenance, ThereIsOneEdgeForAPairWhateverTheNumberOfValues) {
  const Trajectory t = TrajectoryBuilder()
                           .call("find", {}, "abc-77 and xyz-88")
                           .call("get", {"xyz-88", "abc-77", "xyz-88"})
                           .build();
  ProvenanceVerifier verifier;  // has the text of the values
  const auto edges = verifier.dependencies(t).value();
  ASSERT_EQ(edges.size(), 1u);
  EXPECT_EQ(edges[0].value, "xyz-88");  // the first in the arguments
  EXPECT_EQ(AcceptAllVerifier().dependencies(t).value().size(), 1u);
  CandidateFinder candidates;
  EXPECT_EQ(candidates.find(t).size(), 2u);
}

TEST(Provenance, TheUsersCallsAreNoNodes) {
  EXPECT_EQ(provenance(TrajectoryBuilder()
                           .user_call("look", {}, "nothing")
                           .call("find", {}, "abc-77")
                           .user_call("check", {"abc-77"}, "fine")
                           .call("get", {"abc-77"})),
            kOneEdge);
}

TEST(Provenance, AMissingResultIsNoSource) {
  Trajectory t = TrajectoryBuilder().call("find", {}, "abc-77").call("get", {"abc-77"}).build();
  t.messages[1].answers = kNone;  // the result answers no call: context
  t.calls[0].result_message = kNone;
  EXPECT_TRUE(ProvenanceVerifier().dependencies(t).value().empty());
  EXPECT_TRUE(AcceptAllVerifier().dependencies(t).value().empty());
}

TEST(Provenance, ValuesThatSayNothingAreNotTraced) {
  EXPECT_EQ(provenance(TrajectoryBuilder()
                           .call("find", {}, "pending ab 12 true none")
                           .call("get", {"pending", "ab", "12", "true", "None", ""})),
            kNoEdges);
}

TEST(Provenance, EmptyTrajectoriesHaveNoEdges) {
  EXPECT_EQ(provenance(TrajectoryBuilder().user("hi").assistant("hello")), kNoEdges);
  EXPECT_TRUE(ProvenanceVerifier().dependencies(Trajectory{}).value().empty());
  EXPECT_TRUE(CandidateFinder().find(Trajectory{}).empty());
}

TEST(Provenance, KeepsNothingFromTheTrajectoryBefore) {
  ProvenanceVerifier verifier;
  const Trajectory first =
      TrajectoryBuilder().call("find", {}, "abc-77").call("get", {"abc-77"}).build();
  const Trajectory second =
      TrajectoryBuilder().call("find", {}, "abc-77").call("get", {"other"}).build();
  EXPECT_EQ(verifier.dependencies(first).value().size(), 1u);
  EXPECT_EQ(verifier.dependencies(second).value().size(), 0u);
  EXPECT_EQ(verifier.dependencies(first).value().size(), 1u);
}

TEST(CandidateFinder, NamesEverySourceAndValue) {
  const Trajectory t = TrajectoryBuilder()
                           .user("abc-77")
                           .call("a", {}, "abc-77 xyz-88")
                           .call("b", {"abc-77"}, "XYZ-88")
                           .call("c", {"xyz-88", "abc-77"})
                           .build();
  CandidateFinder finder;
  EXPECT_THAT(finder.find(t),
              ::testing::ElementsAre(Dependency{0, 1, "abc-77"}, Dependency{0, 2, "xyz-88"},
                                     Dependency{0, 2, "abc-77"}, Dependency{1, 2, "xyz-88"}));
}

TEST(Verifiers, AreMadeByName) {
  EXPECT_EQ(make_dependency_verifier("provenance").value()->name(), "provenance");
  EXPECT_EQ(make_dependency_verifier("none").value()->name(), "none");
  const auto unknown = make_dependency_verifier("magic");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace agentecho
