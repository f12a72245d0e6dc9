// What judges and endpoints that need the text have said of pairs of trajectories: found beforehand
// (judge_rps.h and the program), looked up by content when pairs are scored. The pairwise part
// itself never touches text.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/hash.h"
#include "agentecho/metrics/rps/rps.h"

namespace agentecho {

// Values of unordered pairs of trajectories, by the digests of their content.
template <class Value>
class ByTrajectoryPair {
 public:
  void set(const Digest& a, const Digest& b, Value value) {
    values_.insert_or_assign(key(a, b), std::move(value));
  }
  // nullptr where nothing was asked.
  const Value* find(const Digest& a, const Digest& b) const {
    const auto found = values_.find(key(a, b));
    return found == values_.end() ? nullptr : &found->second;
  }
  std::size_t size() const { return values_.size(); }

 private:
  using Key = std::pair<Digest, Digest>;
  static Key key(const Digest& a, const Digest& b) { return a < b ? Key{a, b} : Key{b, a}; }

  std::map<Key, Value> values_;
};

// Response Pattern Similarity by a judge that reads.
struct JudgedRps {
  std::string annotator;  // what gave the stages
  std::string judge;      // what gave the scores
  ByTrajectoryPair<rps::TrajectoryPairVerdict> verdicts;
  std::uint64_t trajectories = 0;
  std::uint64_t unannotated = 0;  // trajectories that the annotator gave nothing for
  std::uint64_t items = 0;
  std::uint64_t unlabelled = 0;  // items without a stage
  std::uint64_t block_pairs = 0;
  std::uint64_t scored = 0;
};

// One number for each pair of trajectories, or none where it was asked for in vain.
struct JudgedValues {
  std::string source;  // the judge or the embedding model
  ByTrajectoryPair<std::optional<double>> values;
};

// Where a family of metrics is not computed from features; empty: from features, or not at all.
struct JudgedMetrics {
  const rps::Taxonomy* taxonomy = nullptr;  // of the stage profiles; empty: the default
  const JudgedRps* rps = nullptr;
  const JudgedValues* rse = nullptr;
  const JudgedValues* embedding = nullptr;
};

}  // namespace agentecho
