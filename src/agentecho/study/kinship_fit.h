// The scale of the odds of a common lab, fitted anew to logs at hand, and how far odds can be
// believed (METHOD 14, "How sure").
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/metrics/lineage/kinship_odds.h"
#include "agentecho/study/lineage.h"

namespace agentecho {

// Pairs by the odds that they are given, and how many of them are kin.
struct OddsClass {
  double above = 0;  // odds; the class is (above, up_to]
  double up_to = 0;
  std::size_t kin = 0;
  std::size_t others = 0;
};

class OddsReliability {
 public:
  explicit OddsReliability(const lineage::KinshipScale& scale = {});

  // One pair, by its z of words under the scale, or by the odds themselves (above 0).
  void add(double z, bool kin);
  void add_odds(double odds, bool kin);

  const std::vector<OddsClass>& classes() const { return classes_; }
  // Share of all kin in the class over that of all others: what the odds ought to be. Nothing where
  // the class has no others, or there are no kin.
  std::optional<double> observed(const OddsClass& of) const;
  // Cost of the likelihood ratios in bits, 0: always right and sure, 1: as good as saying nothing,
  // with kin and others weighing the same (Cllr; N. Brümmer, J. du Preez, Comput. Speech Lang. 20
  // (2006), doi:10.1016/j.csl.2005.08.001). Nothing without both kinds.
  std::optional<double> cost() const;

 private:
  lineage::KinshipScale scale_;
  std::vector<OddsClass> classes_;
  std::size_t kin_ = 0;
  std::size_t others_ = 0;
  double kin_bits_ = 0;
  double others_bits_ = 0;
};

struct KinshipFit {
  std::size_t kin = 0;  // pairs of one family with a z, over all benchmarks
  std::size_t others = 0;
  std::optional<lineage::KinshipScale> scale;
  std::string why_not;        // where there is no scale
  OddsReliability in_use;     // of the scale that the odds were made with
  OddsReliability left_out;   // of scales fitted without the pairs that they are then given to
  bool by_benchmark = false;  // each benchmark was left out in turn; else each model
};

// By the z of words of every pair in every benchmark; benchmarks weigh the same, and in each of
// them kin and others. Benchmarks without both kinds take no part. A family is a proxy of a common
// lab. Cost: Newton steps x pairs, for each benchmark or model.
KinshipFit fit_kinship(const LineageResults& results, const lineage::KinshipScale& in_use);

}  // namespace agentecho
