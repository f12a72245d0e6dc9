#include "agentecho/graph/action_graph.h"

#include <gtest/gtest.h>

#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

ActionGraph graph_of(const Trajectory& trajectory, const ToolCatalog& catalog = {}) {
  ProvenanceVerifier verifier;
  return build_action_graph(trajectory, catalog, verifier).value();
}

TEST(ActionGraph, HasOneNodeForEachCallOfTheAgentInLogOrder) {
  const Trajectory t = TrajectoryBuilder()
                           .user_call("check_phone")
                           .calls({{"get_user_details", {}, ""}, {"send_certificate", {}, ""}})
                           .failing_call("think")
                           .build();
  const ActionGraph graph = graph_of(t);
  ASSERT_EQ(graph.nodes.size(), 3u);
  EXPECT_EQ(t.calls[graph.nodes[0].call].name, "get_user_details");
  EXPECT_EQ(graph.nodes[0].tool.kind, ToolKind::kRead);
  EXPECT_EQ(graph.nodes[1].tool.kind, ToolKind::kWrite);
  EXPECT_EQ(graph.nodes[2].tool.kind, ToolKind::kGeneric);
  EXPECT_FALSE(graph.nodes[0].error);
  EXPECT_TRUE(graph.nodes[2].error);
}

TEST(ActionGraph, AdjacentCallsAreSequentialUnlessTheSecondDependsOnAnything) {
  const Trajectory t = TrajectoryBuilder()
                           .call("a", {}, "abc-77")
                           .call("b")
                           .call("c", {"abc-77"})  // depends on the first
                           .call("d")
                           .build();
  const ActionGraph graph = graph_of(t);
  EXPECT_EQ(graph.sequential, (Edges{{0, 1}, {2, 3}}));
  ASSERT_EQ(graph.dependencies.size(), 1u);
  EXPECT_EQ(graph.dependencies[0].source, 0u);
  EXPECT_EQ(graph.dependencies[0].destination, 2u);
}

TEST(ActionGraph, OfNoCallsIsEmpty) {
  const ActionGraph graph = graph_of(TrajectoryBuilder().user("hi").assistant("hello").build());
  EXPECT_TRUE(graph.nodes.empty() && graph.sequential.empty() && graph.dependencies.empty());
}

TEST(ActionGraph, ACallWithoutResultIsNoError) {
  Trajectory t = TrajectoryBuilder().failing_call("a").build();
  t.calls[0].result_message = kNone;
  EXPECT_FALSE(graph_of(t).nodes[0].error);
}

TEST(LongestPath, CountsEdges) {
  const auto path = [](std::size_t n, std::vector<Dependency> edges) {
    return longest_path(n, edges);
  };
  EXPECT_EQ(path(0, {}), 0u);
  EXPECT_EQ(path(3, {}), 0u);
  EXPECT_EQ(path(2, {{0, 1, ""}}), 1u);
  EXPECT_EQ(path(3, {{0, 1, ""}, {0, 2, ""}, {1, 2, ""}}), 2u);
  EXPECT_EQ(path(4, {{0, 2, ""}, {1, 3, ""}}), 1u);
  EXPECT_EQ(path(5, {{0, 1, ""}, {1, 2, ""}, {0, 3, ""}, {2, 4, ""}, {3, 4, ""}}), 3u);
}

}  // namespace
}  // namespace agentecho
