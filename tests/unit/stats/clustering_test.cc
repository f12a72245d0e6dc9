#include "agentecho/stats/clustering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using Values = std::vector<double>;
using Names = std::vector<std::string>;

// Left and right node of every merge.
std::vector<std::pair<std::size_t, std::size_t>> joined(const Dendrogram& tree) {
  std::vector<std::pair<std::size_t, std::size_t>> nodes;
  for (const Dendrogram::Merge& merge : tree.merges) nodes.emplace_back(merge.left, merge.right);
  return nodes;
}

// scipy.cluster.hierarchy.linkage([10, 3, 7, 8, 9, 2, 6, 5, 4, 7.5], 'average'): nodes (1, 3) at 2,
// (0, 2) at 3, (4, 6) at 6, (5, 7) at 7.41666...
TEST(AverageLinkage, AgreesWithScipy) {
  const Dendrogram tree = average_linkage(5, Values{10, 3, 7, 8, 9, 2, 6, 5, 4, 7.5});
  ASSERT_EQ(tree.merges.size(), 4u);
  EXPECT_EQ(tree.merges[0].left, 1u);
  EXPECT_EQ(tree.merges[0].right, 3u);
  EXPECT_EQ(tree.merges[0].height, 2);
  EXPECT_EQ(tree.merges[1].left, 0u);
  EXPECT_EQ(tree.merges[1].right, 2u);
  EXPECT_EQ(tree.merges[1].height, 3);
  EXPECT_EQ(tree.merges[2].left, 6u);
  EXPECT_EQ(tree.merges[2].right, 4u);
  EXPECT_EQ(tree.merges[2].height, 6);
  EXPECT_EQ(tree.merges[3].left, 7u);
  EXPECT_EQ(tree.merges[3].right, 5u) << "the child with the smallest leaf is to the left";
  EXPECT_NEAR(tree.merges[3].height, 7.416666666666667, 1e-15);
}

// The definition, without any shortcut: all pairs of clusters, all pairs of members.
Dendrogram plain_average_linkage(std::size_t leaves, const Values& distances) {
  struct Cluster {
    std::vector<std::size_t> members;
    std::size_t node;
  };
  std::vector<Cluster> clusters;
  for (std::size_t i = 0; i < leaves; ++i) clusters.push_back({{i}, i});
  Dendrogram tree{leaves, {}};
  while (clusters.size() > 1) {
    double best = std::numeric_limits<double>::infinity();
    std::size_t a = 0;
    std::size_t b = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      for (std::size_t j = i + 1; j < clusters.size(); ++j) {
        double sum = 0;
        for (const std::size_t p : clusters[i].members) {
          for (const std::size_t q : clusters[j].members)
            sum += distances[pair_index(p, q, leaves)];
        }
        const double mean =
            sum / static_cast<double>(clusters[i].members.size() * clusters[j].members.size());
        if (mean < best) {
          best = mean;
          a = i;
          b = j;
        }
      }
    }
    tree.merges.push_back({clusters[a].node, clusters[b].node, best});
    clusters[a].members.insert(clusters[a].members.end(), clusters[b].members.begin(),
                               clusters[b].members.end());
    clusters[a].node = leaves + tree.merges.size() - 1;
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(b));
  }
  return tree;
}

TEST(AverageLinkage, AgreesWithTheDefinitionOnRandomNumbers) {
  for (std::uint64_t round = 0; round < 200; ++round) {
    Rng rng(31, round);
    const std::size_t leaves = 2 + rng.below(14);
    Values distances(pair_count(leaves));
    for (double& distance : distances) distance = rng.uniform();
    const Dendrogram fast = average_linkage(leaves, distances);
    const Dendrogram plain = plain_average_linkage(leaves, distances);
    ASSERT_EQ(fast.merges.size(), plain.merges.size());
    for (std::size_t m = 0; m < fast.merges.size(); ++m) {
      ASSERT_EQ(fast.merges[m].left, plain.merges[m].left) << round;
      ASSERT_EQ(fast.merges[m].right, plain.merges[m].right) << round;
      ASSERT_NEAR(fast.merges[m].height, plain.merges[m].height, 1e-14) << round;
    }
  }
}

TEST(AverageLinkage, JoinsTheSmallestLeavesOfEquallyClosePairs) {
  // Powers of two and equal distances, so that the means are exact and the ties real.
  for (std::uint64_t round = 0; round < 50; ++round) {
    Rng rng(32, round);
    Values distances(pair_count(6));
    for (double& distance : distances) distance = rng.chance(0.5) ? 1 : 2;
    const Dendrogram fast = average_linkage(6, distances);
    const Dendrogram plain = plain_average_linkage(6, distances);
    for (std::size_t m = 0; m < 2; ++m) {  // later means may have thirds
      ASSERT_EQ(fast.merges[m].left, plain.merges[m].left) << round;
      ASSERT_EQ(fast.merges[m].right, plain.merges[m].right) << round;
    }
  }
  const Dendrogram constant = average_linkage(4, Values(6, 0.5));
  EXPECT_THAT(joined(constant), ElementsAre(Pair(0, 1), Pair(4, 2), Pair(5, 3)));
}

TEST(AverageLinkage, HeightsNeverFallByRounding) {
  // (0.7 * 2 + 0.7) / 3 < 0.7 in floating point.
  for (const Dendrogram::Merge& merge : average_linkage(9, Values(36, 0.7)).merges) {
    EXPECT_EQ(merge.height, 0.7);
  }
}

TEST(AverageLinkage, OfNoneOneAndTwo) {
  EXPECT_TRUE(average_linkage(0, {}).merges.empty());
  EXPECT_TRUE(average_linkage(1, {}).merges.empty());
  EXPECT_EQ(average_linkage(2, Values{0.3}).merges.at(0).height, 0.3);
}

TEST(AverageLinkage, OfATableNeedsEveryPair) {
  PairTable table(3);
  table.set(0, 1, 0.4);
  table.set(0, 2, 0.5);
  EXPECT_EQ(average_linkage(table).error(), Undefined::kMissing);
  table.set(1, 2, 0.1);
  const auto tree = average_linkage(table);
  ASSERT_TRUE(tree);
  EXPECT_THAT(joined(*tree), ElementsAre(Pair(1, 2), Pair(0, 3)));
}

TEST(LeafOrder, KeepsCladesTogether) {
  EXPECT_THAT(leaf_order(average_linkage(5, Values{10, 3, 7, 8, 9, 2, 6, 5, 4, 7.5})),
              ElementsAre(0, 2, 4, 1, 3));
  EXPECT_TRUE(leaf_order(average_linkage(0, {})).empty());
  EXPECT_THAT(leaf_order(average_linkage(1, {})), ElementsAre(0));
}

TEST(CladeSupport, CountsReplicatesThatHaveTheClade) {
  const Dendrogram tree = average_linkage(3, Values{1, 2, 2});   // (0, 1), 2
  const Dendrogram other = average_linkage(3, Values{2, 2, 1});  // 0, (1, 2)
  EXPECT_THAT(clade_support(tree, std::vector<Dendrogram>{tree, other, tree, tree}),
              ElementsAre(0.75, 1));
  EXPECT_TRUE(clade_support(tree, {}).empty());
}

TEST(CladeSupport, TellsLeavesBeyondSixtyFourApart) {
  // A chain: leaf k joins the others at height k, but leaves 66 and 69 pair up in `other`.
  Values distances(pair_count(70));
  for (std::size_t i = 0; i < 70; ++i) {
    for (std::size_t j = i + 1; j < 70; ++j)
      distances[pair_index(i, j, 70)] = static_cast<double>(j);
  }
  const Dendrogram tree = average_linkage(70, distances);
  distances[pair_index(66, 69, 70)] = 0.5;
  const Dendrogram other = average_linkage(70, distances);
  const std::vector<double> support = clade_support(tree, std::vector<Dendrogram>{other});
  ASSERT_EQ(support.size(), 69u);
  EXPECT_EQ(support[0], 1);   // {0, 1}
  EXPECT_EQ(support[64], 1);  // {0 ... 65}
  EXPECT_EQ(support[65], 0);  // {0 ... 66}
  EXPECT_EQ(support[68], 1);  // all
}

TEST(Newick, WritesBranchesAndSupport) {
  const Dendrogram tree = average_linkage(3, Values{0.2, 0.5, 0.5});
  const Names names{"gpt-4.1", "claude_4", "it's (new)"};
  EXPECT_EQ(newick(tree, names), "((gpt-4.1:0.1,'claude_4':0.1):0.15,'it''s (new)':0.25);");
  EXPECT_EQ(newick(tree, names, Values{0.876, 1}),
            "((gpt-4.1:0.1,'claude_4':0.1)88:0.15,'it''s (new)':0.25);");
}

TEST(Newick, OfNoneAndOne) {
  EXPECT_EQ(newick(average_linkage(0, {}), {}), ";");
  EXPECT_EQ(newick(average_linkage(1, {}), Names{"solo"}), "solo;");
  EXPECT_EQ(newick(average_linkage(2, Values{0}), Names{"", "b"}), "('':0,b:0);");
}

}  // namespace
}  // namespace agentecho
