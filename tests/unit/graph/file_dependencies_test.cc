#include "agentecho/graph/file_dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/graph/action_graph.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Edges edges_of(const Trajectory& run) {
  ProvenanceVerifier verifier;
  Edges edges;
  const auto graph = build_action_graph(run, {}, verifier);
  for (const Dependency& edge : graph.value().dependencies) {
    edges.emplace_back(edge.source, edge.destination);
  }
  return edges;
}

TEST(FileDependencies, a_written_file_is_named_later) {
  Trajectory run = TrajectoryBuilder().call("w").call("x").call("r").build();
  run.file_uses = {{0, "a.py", true}, {1, "b.py", false}, {2, "a.py", false}};
  EXPECT_THAT(edges_of(run), ElementsAre(std::pair(0u, 2u)));
}

TEST(FileDependencies, the_last_writer_before_counts) {
  Trajectory run = TrajectoryBuilder().call("w").call("w").call("r").build();
  run.file_uses = {{0, "a.py", true}, {1, "a.py", true}, {2, "a.py", false}};
  EXPECT_THAT(edges_of(run), ElementsAre(std::pair(0u, 1u), std::pair(1u, 2u)));
}

TEST(FileDependencies, naming_before_writing_is_no_dependency) {
  Trajectory run = TrajectoryBuilder().call("r").call("w").build();
  run.file_uses = {{0, "a.py", false}, {1, "a.py", false}, {1, "a.py", true}};
  EXPECT_THAT(edges_of(run), IsEmpty());
}

TEST(FileDependencies, at_most_one_edge_between_two_nodes_beside_values) {
  Trajectory run =
      TrajectoryBuilder().call("w", {}, "wrote report77.txt").call("r", {"report77.txt"}).build();
  EXPECT_THAT(edges_of(run), ElementsAre(std::pair(0u, 1u)));
  run.file_uses = {{0, "report77.txt", true}, {1, "report77.txt", false}, {1, "x", false}};
  EXPECT_THAT(edges_of(run), ElementsAre(std::pair(0u, 1u)));
}

TEST(FileDependencies, relative_paths_are_ends_of_absolute_ones) {
  EXPECT_TRUE(same_file("/repo/src/a.py", "src/a.py"));
  EXPECT_TRUE(same_file("a.py", "/repo/src/a.py"));
  EXPECT_TRUE(same_file("/x/a", "/x/a"));
  EXPECT_FALSE(same_file("/repo/src/aa.py", "a.py"));
  EXPECT_FALSE(same_file("/repo/src/a.py", "/src/a.py"));
  EXPECT_FALSE(same_file("src/a.py", "lib/a.py"));
}

}  // namespace
}  // namespace agentecho
