// Average-linkage clustering (UPGMA) of models, and its text form.
//
// The closest two clusters are joined until one is left; the dissimilarity of two clusters is the
// mean over their pairs of members (R. R. Sokal, C. D. Michener, Univ. Kansas Sci. Bull. 38, 1958).
// Each cluster remembers its closest later one, so a typical run costs O(n^2) (M. R. Anderberg,
// "Cluster Analysis for Applications", 1973), at worst O(n^3). Of equally close pairs the one with
// the smallest leaves joins first, so the result depends on the numbers alone.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "agentecho/stats/pair_table.h"
#include "agentecho/stats/statistic.h"

namespace agentecho {

// Nodes: leaves 0 .. leaves - 1, then the merges in order.
struct Dendrogram {
  struct Merge {
    std::size_t left = 0;   // the child with the smallest leaf
    std::size_t right = 0;  // the other child
    double height = 0;      // dissimilarity at which they join; never below that of a child
  };
  std::size_t leaves = 0;
  std::vector<Merge> merges;  // leaves - 1; the last is the root
};

// `dissimilarities`: every pair of `leaves` items in the order of pair_index, none negative or NaN.
// For 0 or 1 leaves there are no merges.
Dendrogram average_linkage(std::size_t leaves, std::span<const double> dissimilarities);

// The same on a table; kMissing when a pair has no value.
Statistic<Dendrogram> average_linkage(const PairTable& dissimilarities);

// The leaves in the order in which a drawing shows them, without crossing lines.
std::vector<std::size_t> leaf_order(const Dendrogram& dendrogram);

// Share of the replicates (over the same leaves) that have the clade of each merge of `dendrogram`:
// bootstrap support (J. Felsenstein, Evolution 39, 1985). Empty without replicates.
std::vector<double> clade_support(const Dendrogram& dendrogram,
                                  std::span<const Dendrogram> replicates);

// Newick text with branch lengths, ending in ";": a node lies at half its height, so two leaves are
// as far apart along the branches as their clusters. `support`, when not empty, has one share for
// each merge and is written as the label of its node, in percent, but for the root. Names that hold
// more than letters, digits, "." and "-" are quoted (an unquoted "_" would be read as a blank). No
// leaves: ";".
std::string newick(const Dendrogram& dendrogram, std::span<const std::string> names,
                   std::span<const double> support = {});

}  // namespace agentecho
