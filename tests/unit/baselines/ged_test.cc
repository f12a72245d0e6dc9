#include "agentecho/metrics/baselines/ged.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <set>
#include <string>

#include "unit/baselines/graphs.h"

namespace agentecho {
namespace {

using ::testing::HasSubstr;

GedResult distance(const LabelledGraph& a, const LabelledGraph& b, const GedOptions& options = {}) {
  const Result<GedResult> result = graph_edit_distance(a, b, options);
  EXPECT_TRUE(result.has_value());
  return result.value_or(GedResult{});
}

// Every way to keep some nodes of `a` as nodes of `b`, deleting and inserting the others: nothing
// assumed, nothing pruned.
double exhaustive_distance(const LabelledGraph& a, const LabelledGraph& b) {
  double best = std::numeric_limits<double>::infinity();
  std::vector<std::int32_t> mapping(a.node_labels.size(), -1);
  std::vector<bool> taken(b.node_labels.size());
  const std::set<std::pair<std::uint32_t, std::uint32_t>> edges_b(b.edges.begin(), b.edges.end());
  const auto cost = [&] {
    double total = 0;
    std::size_t kept_nodes = 0, kept_edges = 0;
    for (std::size_t i = 0; i < mapping.size(); ++i) {
      if (mapping[i] < 0) {
        total += 1;
      } else {
        ++kept_nodes;
        total += a.node_labels[i] != b.node_labels[static_cast<std::size_t>(mapping[i])];
      }
    }
    for (const auto& [u, v] : a.edges) {
      const bool kept = mapping[u] >= 0 && mapping[v] >= 0 &&
                        edges_b.contains({static_cast<std::uint32_t>(mapping[u]),
                                          static_cast<std::uint32_t>(mapping[v])});
      kept ? void(++kept_edges) : void(total += 1);
    }
    return total + static_cast<double>(b.node_labels.size() - kept_nodes) +
           static_cast<double>(b.edges.size() - kept_edges);
  };
  const std::function<void(std::size_t)> place = [&](std::size_t i) {
    if (i == mapping.size()) {
      best = std::min(best, cost());
      return;
    }
    mapping[i] = -1;
    place(i + 1);
    for (std::size_t j = 0; j < taken.size(); ++j) {
      if (taken[j]) continue;
      taken[j] = true;
      mapping[i] = static_cast<std::int32_t>(j);
      place(i + 1);
      taken[j] = false;
    }
    mapping[i] = -1;
  };
  place(0);
  return best;
}

TEST(Ged, CountsEachKindOfEdit) {
  const LabelledGraph chain{{1, 2, 3}, {{0, 1}, {1, 2}}};
  EXPECT_EQ(distance(chain, chain).upper, 0);
  EXPECT_EQ(distance(chain, {{1, 2, 4}, {{0, 1}, {1, 2}}}).upper, 1);          // label
  EXPECT_EQ(distance(chain, {{1, 2, 3}, {{0, 1}}}).upper, 1);                  // edge
  EXPECT_EQ(distance(chain, {{1, 2, 3}, {{0, 1}, {2, 1}}}).upper, 2);          // edge turned round
  EXPECT_EQ(distance(chain, {{1, 2, 3, 9}, {{0, 1}, {1, 2}}}).upper, 1);       // node
  EXPECT_EQ(distance(chain, {{1, 2}, {{0, 1}}}).upper, 2);                     // node and its edge
  EXPECT_EQ(distance(chain, {{1, 2, 3}, {{0, 1}, {1, 2}, {1, 1}}}).upper, 1);  // self-loop
  EXPECT_EQ(distance(chain, {}).upper, 5);
  // A look-up more in the middle of a chain: not a new node between two (4 edits), but the head
  // relabelled and a new head put before it.
  EXPECT_EQ(distance(chain, {{1, 7, 2, 3}, {{0, 1}, {1, 2}, {2, 3}}}).upper, 3);
}

TEST(Ged, SimilarityIsRelativeToBothSizes) {
  const LabelledGraph chain{{1, 2, 3}, {{0, 1}, {1, 2}}};
  const LabelledGraph single{{1}, {}};
  EXPECT_DOUBLE_EQ(distance(chain, chain).similarity().value(), 1.0);
  EXPECT_DOUBLE_EQ(distance(chain, single).similarity().value(), 1.0 - 4.0 / 6.0);
  EXPECT_DOUBLE_EQ(distance(chain, {}).similarity().value(), 0.0);
}

TEST(Ged, TwoEmptyGraphsAreNoEvidence) {
  const GedResult result = distance({}, {});
  EXPECT_EQ(result.upper, 0);
  EXPECT_TRUE(result.exact);
  EXPECT_EQ(result.similarity(), std::nullopt);
  EXPECT_EQ(result.similarity_at_most(), std::nullopt);
}

TEST(Ged, MappingNamesDeletedAndInsertedNodes) {
  const LabelledGraph three{{1, 2, 3}, {{0, 1}, {1, 2}}};
  const LabelledGraph two{{3, 2}, {{1, 0}}};
  EXPECT_EQ(distance(three, two).mapping, (std::vector<std::int32_t>{-1, 1, 0}));
  EXPECT_EQ(distance(two, three).mapping, (std::vector<std::int32_t>{2, 1}));
}

TEST(Ged, RefusesEdgesThatCannotBe) {
  const LabelledGraph good{{1, 2}, {{0, 1}}};
  const auto outside = graph_edit_distance(good, {{1, 2}, {{0, 2}}});
  ASSERT_FALSE(outside.has_value());
  EXPECT_EQ(outside.error().kind, ErrorKind::kInput);
  EXPECT_THAT(outside.error().message, HasSubstr("second graph: edge 0 -> 2"));
  const auto twice = graph_edit_distance({{1, 2}, {{1, 0}, {0, 1}, {1, 0}}}, good);
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().message, HasSubstr("first graph: edge 1 -> 0 occurs twice"));
}

TEST(Ged, RefusesOptionsWithoutMeaning) {
  GedOptions options;
  options.max_exact_nodes = 65;
  EXPECT_EQ(graph_edit_distance({}, {}, options).error().kind, ErrorKind::kUsage);
  options = {};
  options.max_seconds = -1;
  EXPECT_EQ(graph_edit_distance({}, {}, options).error().kind, ErrorKind::kUsage);
  options.max_seconds = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(graph_edit_distance({}, {}, options).error().kind, ErrorKind::kUsage);
}

TEST(Ged, AgreesWithExhaustiveSearchOnSmallGraphs) {
  Rng rng(1);
  for (int i = 0; i < 400; ++i) {
    const LabelledGraph a = random_small_graph(i % 20 == 0 ? 6 : 5, i % 2 == 0, rng);
    const LabelledGraph b = random_small_graph(i % 20 == 0 ? 6 : 5, i % 2 == 0, rng);
    const GedResult result = distance(a, b);
    ASSERT_TRUE(result.exact);
    ASSERT_EQ(result.lower, result.upper);
    ASSERT_EQ(result.upper, exhaustive_distance(a, b)) << "pair " << i;
    ASSERT_EQ(edit_path_cost(a, b, result.mapping), result.upper);
  }
}

// Exchangeable nodes are where branch and bound skips most: stars with many like leaves.
TEST(Ged, AgreesWithExhaustiveSearchOnRepeatedCalls) {
  Rng rng(2);
  for (int i = 0; i < 200; ++i) {
    LabelledGraph graphs[2];
    for (LabelledGraph& graph : graphs) {
      graph.node_labels = {0, static_cast<std::uint32_t>(rng.below(2))};
      for (std::uint32_t leaf = 2; leaf < 3 + rng.below(3); ++leaf) {
        graph.node_labels.push_back(static_cast<std::uint32_t>(1 + rng.below(2)));
        graph.edges.emplace_back(static_cast<std::uint32_t>(rng.below(2)), leaf);
      }
    }
    ASSERT_EQ(distance(graphs[0], graphs[1]).upper, exhaustive_distance(graphs[0], graphs[1]))
        << "pair " << i;
  }
}

TEST(Ged, BoundsHoldTheDistanceAtAnyEffort) {
  Rng rng(3);
  int loose = 0;
  for (int i = 0; i < 300; ++i) {
    const LabelledGraph a = random_action_graph(4 + rng.below(9), rng);
    const LabelledGraph b = random_action_graph(4 + rng.below(9), rng);
    GedOptions generous;
    generous.max_states = 1'000'000;
    const GedResult exact = distance(a, b, generous);
    ASSERT_TRUE(exact.exact);
    double lower = 0;
    for (const std::uint64_t states : {0, 3, 30}) {
      GedOptions options;
      options.max_states = states;
      options.perturbations = 0;
      const GedResult bounds = distance(a, b, options);
      ASSERT_LE(bounds.lower, exact.lower);
      ASSERT_GE(bounds.upper, exact.upper);
      ASSERT_GE(bounds.lower, lower);  // more effort never loosens the lower bound
      ASSERT_LE(bounds.states, states);
      ASSERT_EQ(bounds.exact, bounds.lower == bounds.upper);
      ASSERT_EQ(edit_path_cost(a, b, bounds.mapping), bounds.upper);
      ASSERT_LE(bounds.similarity().value(), bounds.similarity_at_most().value());
      lower = bounds.lower;
      loose += !bounds.exact;
    }
  }
  EXPECT_GT(loose, 100);  // the bounds were put to the test
}

TEST(Ged, PerturbationNeverWorsensTheUpperBound) {
  Rng rng(4);
  double without = 0, with = 0;
  for (int i = 0; i < 20; ++i) {
    const LabelledGraph a = random_action_graph(30, rng);
    const LabelledGraph b = random_action_graph(30, rng);
    GedOptions options;
    options.max_exact_nodes = 0;
    options.perturbations = 0;
    const double before = distance(a, b, options).upper;
    options.perturbations = 50;
    const double after = distance(a, b, options).upper;
    ASSERT_LE(after, before);
    without += before;
    with += after;
  }
  EXPECT_LT(with, without);
}

TEST(Ged, IsZeroForTheSameGraphRenumbered) {
  Rng rng(5);
  for (int i = 0; i < 100; ++i) {
    const LabelledGraph graph = random_action_graph(1 + rng.below(20), rng);
    const GedResult same = distance(graph, graph);
    ASSERT_TRUE(same.exact);
    ASSERT_EQ(same.upper, 0);
    const GedResult shuffled = distance(graph, renumbered(graph, rng));
    ASSERT_TRUE(shuffled.exact);
    ASSERT_EQ(shuffled.upper, 0);
  }
}

TEST(Ged, IsSymmetricEvenWhereItIsNotExact) {
  Rng rng(6);
  for (int i = 0; i < 60; ++i) {
    const LabelledGraph a = random_action_graph(5 + rng.below(12), rng);
    const LabelledGraph b =
        random_action_graph(i % 2 ? a.node_labels.size() : 5 + rng.below(12), rng);
    GedOptions options;
    options.max_states = i % 3 ? 5 : 5000;
    const GedResult ab = distance(a, b, options);
    const GedResult ba = distance(b, a, options);
    ASSERT_EQ(ab.lower, ba.lower);
    ASSERT_EQ(ab.upper, ba.upper);
    ASSERT_EQ(ab.states, ba.states);
    ASSERT_EQ(edit_path_cost(b, a, ba.mapping), ba.upper);
  }
}

TEST(Ged, DoesNotDependOnTheOrderOfNodes) {
  Rng rng(7);
  for (int i = 0; i < 100; ++i) {
    const LabelledGraph a = random_action_graph(3 + rng.below(9), rng);
    const LabelledGraph b = random_action_graph(3 + rng.below(9), rng);
    GedOptions options;
    options.max_states = 1'000'000;
    ASSERT_EQ(distance(a, b, options).upper,
              distance(renumbered(a, rng), renumbered(b, rng), options).upper);
  }
}

TEST(Ged, ObeysTheTriangleInequality) {
  Rng rng(8);
  for (int i = 0; i < 150; ++i) {
    const LabelledGraph a = random_small_graph(7, true, rng);
    const LabelledGraph b = random_small_graph(7, true, rng);
    const LabelledGraph c = random_small_graph(7, true, rng);
    ASSERT_LE(distance(a, c).upper, distance(a, b).upper + distance(b, c).upper);
  }
}

TEST(Ged, HandlesGraphsBeyondOneWordOfBits) {
  Rng rng(9);
  const LabelledGraph a = random_action_graph(150, rng);
  const GedResult same = distance(a, a);
  EXPECT_EQ(same.upper, 0);
  LabelledGraph b = a;
  b.edges.erase(b.edges.begin() + 40);
  b.node_labels[100] = 77;
  b.node_labels.push_back(5);
  const GedResult near = distance(a, b);
  EXPECT_EQ(near.states, 0u);
  EXPECT_LE(near.lower, 3);
  EXPECT_GE(near.lower, 1);
  EXPECT_GE(near.upper, near.lower);
  EXPECT_EQ(edit_path_cost(a, b, near.mapping), near.upper);
}

TEST(Ged, BoundsGraphsOfAnySizeInLittleMemory) {
  constexpr std::uint32_t kNodes = 50'000;
  LabelledGraph one;
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    one.node_labels.push_back(i % 7);
    if (i > 0) one.edges.emplace_back(i - 1, i);
  }
  LabelledGraph other = one;
  other.node_labels[5] = 99;       // one label changed,
  other.node_labels.push_back(3);  // one node added with its edge
  other.edges.emplace_back(kNodes - 1, kNodes);
  const GedResult result = graph_edit_distance(one, other).value();
  EXPECT_EQ(result.lower, 3.0);
  EXPECT_EQ(result.upper, 3.0);
  EXPECT_TRUE(result.exact);
  EXPECT_EQ(edit_path_cost(one, other, result.mapping), result.upper);
  const GedResult back = graph_edit_distance(other, one).value();
  EXPECT_EQ(back.upper, result.upper);
  // A chain that lost its first node is no longer laid on itself by place.
  LabelledGraph shifted;
  shifted.node_labels.assign(one.node_labels.begin() + 1, one.node_labels.end());
  for (std::uint32_t i = 1; i + 1 < kNodes; ++i) shifted.edges.emplace_back(i - 1, i);
  const GedResult bounds = graph_edit_distance(one, shifted).value();
  EXPECT_LE(bounds.lower, 2.0);
  EXPECT_GE(bounds.upper, 2.0);
}

TEST(Ged, SearchesUpToSixtyFourNodes) {
  Rng rng(10);
  const LabelledGraph a = random_action_graph(64, rng);
  LabelledGraph b = a;
  b.edges.pop_back();
  b.node_labels[10] = 99;
  GedOptions options;
  options.max_exact_nodes = 64;
  const GedResult result = distance(renumbered(a, rng), b, options);
  EXPECT_TRUE(result.exact);
  EXPECT_EQ(result.upper, 2);
}

TEST(Ged, TimeLimitLeavesValidBounds) {
  Rng rng(11);
  const LabelledGraph a = random_graph({.nodes = 24, .labels = 2, .density = 0.2}, rng);
  const LabelledGraph b = random_graph({.nodes = 24, .labels = 2, .density = 0.2}, rng);
  GedOptions options;
  options.max_seconds = 1e-9;
  options.max_states = std::numeric_limits<std::uint64_t>::max();
  const GedResult result = distance(a, b, options);
  EXPECT_TRUE(result.timed_out);
  EXPECT_FALSE(result.exact);
  EXPECT_LT(result.lower, result.upper);
  EXPECT_EQ(edit_path_cost(a, b, result.mapping), result.upper);
}

// networkx counts self-loops wrongly (deleting a node leaves its loop uncounted), so these graphs
// have none.
TEST(Ged, AgreesWithNetworkx) {
  std::string python;
  for (const char* candidate : {"python3", "/usr/bin/python3"}) {
    const std::string probe =
        std::string(candidate) + " -c 'import networkx, numpy, scipy' >/dev/null 2>&1";
    if (std::system(probe.c_str()) == 0) {
      python = candidate;
      break;
    }
  }
  if (python.empty()) GTEST_SKIP() << "no python3 with networkx";

  Rng rng(12);
  std::vector<std::pair<LabelledGraph, LabelledGraph>> pairs;
  const std::string path = ::testing::TempDir() + "/agentecho_ged_pairs.txt";
  {
    std::ofstream file(path);
    const auto write = [&](const LabelledGraph& graph) {
      file << graph.node_labels.size() << ' ' << graph.edges.size();
      for (const std::uint32_t label : graph.node_labels) file << ' ' << label;
      for (const auto& [from, to] : graph.edges) file << ' ' << from << ' ' << to;
      file << '\n';
    };
    for (int i = 0; i < 300; ++i) {
      pairs.emplace_back(random_small_graph(6, false, rng), random_small_graph(6, false, rng));
      write(pairs.back().first);
      write(pairs.back().second);
    }
  }
  const std::string command =
      python + " " AGENTECHO_SOURCE_DIR "/tests/unit/baselines/networkx_ged.py " + path;
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::vector<int> expected;
  for (int value = 0; std::fscanf(pipe, "%d", &value) == 1;) expected.push_back(value);
  EXPECT_EQ(pclose(pipe), 0);
  std::remove(path.c_str());
  ASSERT_EQ(expected.size(), pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    EXPECT_EQ(distance(pairs[i].first, pairs[i].second).upper, expected[i]) << "pair " << i;
  }
}

}  // namespace
}  // namespace agentecho
