#include "agentecho/study/kinship_fit.h"

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "agentecho/stats/logistic.h"

namespace agentecho {

namespace {

struct Observation {
  std::size_t benchmark = 0;
  ModelIndex a = 0;
  ModelIndex b = 0;
  double z = 0;
  bool kin = false;
};

std::vector<Observation> observe(const LineageResults& results) {
  std::vector<Observation> all;
  for (std::size_t b = 0; b < results.benchmarks.size(); ++b) {
    std::vector<Observation> of_benchmark;
    std::size_t kin = 0;
    for (const LineagePair& pair : results.pairs) {
      if (!pair.words_z[b]) continue;
      of_benchmark.push_back({b, pair.a, pair.b, *pair.words_z[b], pair.same_family});
      kin += pair.same_family;
    }
    if (kin == 0 || kin == of_benchmark.size()) continue;
    all.insert(all.end(), of_benchmark.begin(), of_benchmark.end());
  }
  return all;
}

std::optional<lineage::KinshipScale> fit(const std::vector<Observation>& observations,
                                         double most) {
  std::map<std::pair<std::size_t, bool>, double> n;
  for (const Observation& one : observations) ++n[{one.benchmark, one.kin}];
  std::vector<LogisticCase> cases;
  for (const Observation& one : observations) {
    cases.push_back({one.z, one.kin, 1 / n[{one.benchmark, one.kin}]});
  }
  const auto fitted = fit_logistic(cases);
  if (!fitted) return std::nullopt;
  return lineage::KinshipScale{fitted->intercept, fitted->slope, most};
}

using IsIn = std::function<bool(const Observation&)>;

// Fits without the observations that `is_in` takes, and judges those.
void judge_left_out(const std::vector<Observation>& all, const IsIn& is_in, double most,
                    OddsReliability& judged) {
  std::vector<Observation> kept;
  for (const Observation& one : all) {
    if (!is_in(one)) kept.push_back(one);
  }
  const auto scale = fit(kept, most);
  if (!scale) return;
  for (const Observation& one : all) {
    if (is_in(one)) judged.add_odds(lineage::likelihood_ratio(one.z, *scale), one.kin);
  }
}

}  // namespace

OddsReliability::OddsReliability(const lineage::KinshipScale& scale) : scale_(scale) {
  // The last one is open: odds are capped.
  double above = 0;
  for (const double up_to : {1 / 3.0, 1.0, 3.0, std::numeric_limits<double>::infinity()}) {
    classes_.push_back({above, up_to, 0, 0});
    above = up_to;
  }
}

void OddsReliability::add(double z, bool kin) { add_odds(likelihood_ratio(z, scale_), kin); }

void OddsReliability::add_odds(double odds, bool kin) {
  for (OddsClass& of : classes_) {
    if (odds <= of.above || odds > of.up_to) continue;
    ++(kin ? of.kin : of.others);
  }
  ++(kin ? kin_ : others_);
  (kin ? kin_bits_ : others_bits_) += std::log2(1 + (kin ? 1 / odds : odds));
}

std::optional<double> OddsReliability::observed(const OddsClass& of) const {
  if (of.others == 0 || kin_ == 0) return std::nullopt;
  return (static_cast<double>(of.kin) / static_cast<double>(kin_)) /
         (static_cast<double>(of.others) / static_cast<double>(others_));
}

std::optional<double> OddsReliability::cost() const {
  if (kin_ == 0 || others_ == 0) return std::nullopt;
  return (kin_bits_ / static_cast<double>(kin_) + others_bits_ / static_cast<double>(others_)) / 2;
}

KinshipFit fit_kinship(const LineageResults& results, const lineage::KinshipScale& in_use) {
  KinshipFit fitted;
  fitted.in_use = OddsReliability(in_use);
  const std::vector<Observation> all = observe(results);
  std::set<std::size_t> benchmarks;
  std::set<ModelIndex> models;
  for (const Observation& one : all) {
    fitted.in_use.add(one.z, one.kin);
    ++(one.kin ? fitted.kin : fitted.others);
    benchmarks.insert(one.benchmark);
    models.insert({one.a, one.b});
  }
  fitted.scale = fit(all, in_use.most);
  if (!fitted.scale) {
    fitted.why_not = all.empty() ? "no benchmark has pairs of one family and of two"
                                 : "the z of kin and of others do not overlap, or are all alike";
    return fitted;
  }
  fitted.by_benchmark = benchmarks.size() > 1;
  if (fitted.by_benchmark) {
    for (const std::size_t b : benchmarks) {
      judge_left_out(
          all, [b](const Observation& one) { return one.benchmark == b; }, in_use.most,
          fitted.left_out);
    }
  } else {
    for (const ModelIndex m : models) {
      judge_left_out(
          all, [m](const Observation& one) { return one.a == m || one.b == m; }, in_use.most,
          fitted.left_out);
    }
  }
  return fitted;
}

}  // namespace agentecho
