// Is a group of values like the groups that a reference gives? A conformal p value (V. Vovk, A.
// Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005) for a group: the rank of
// its mean among the means of groups of the same size and shape.
//
// Values come in clusters (the runs of one task), which are exchangeable as wholes. Groups are
// drawn from the reference's clusters and the group's own together [choice]: with disjoint groups
// of the reference alone, p could not fall below 1 / (1 + clusters / group size), while here every
// choice of clusters counts, and p is exact where all clusters are exchangeable (a permutation
// test).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace agentecho {

using Clusters = std::vector<std::vector<float>>;  // none empty

struct ConformalOptions {
  std::size_t replicates = 1999;
  std::uint64_t seed = 1;
  std::uint64_t stream = 0;
};

// Low means are strange: p = (1 + groups with a mean at most the observed one) / (1 + replicates),
// and never below least_conformal_p().
// A group is as many clusters as `group` has, drawn without replacement; from the j-th at most as
// many values as the group's j-th cluster has; its mean is that of the clusters' means. A group of
// one cluster meets each cluster of the reference once instead: (1 + at most) / (1 + clusters). 1
// without reference. The group is not empty. Cost: replicates x values of the group.
double group_conformal_p(const Clusters& reference, const Clusters& group,
                         const ConformalOptions& options);

// The same for many groups of one cluster with `size` values each, which all meet the same choices
// from the reference.
class SingleClusters {
 public:
  SingleClusters(const Clusters& reference, std::size_t size, const ConformalOptions& options);
  // Of a group with this mean. O(log reference).
  double p(double mean) const;

 private:
  std::vector<double> means_;  // ascending
};

// The least p that so many clusters allow: one over the number of ways to choose the group, and at
// least 1 / (1 + replicates).
double least_conformal_p(std::size_t reference, std::size_t group, std::size_t replicates);

// The mean of the clusters' means.
double mean_of_clusters(const Clusters& clusters);

}  // namespace agentecho
