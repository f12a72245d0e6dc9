// The same model under several scaffolds (the paper's Table 16): do runs of one model under
// different labels stay closer than different models, and does who resembles whom carry over from
// one benchmark to another?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentecho/stats/mantel.h"
#include "agentecho/study/families.h"
#include "agentecho/study/metric_correlations.h"

namespace agentecho {

// Labels of one model: the part before the first "@" ("gpt-4.1@react" and "gpt-4.1@plan" are both
// gpt-4.1).
Families guess_scaffolds(const Corpus& corpus);

struct ScaffoldPair {
  std::string model;
  ModelIndex a = 0;
  ModelIndex b = 0;
  std::vector<Estimate> estimates;  // by metric
};

// A benchmark and domain.
struct DomainKey {
  std::string benchmark;
  std::string domain;
};

struct DomainAgreement {
  DomainKey first;
  DomainKey second;
  std::size_t models = 0;  // in both
  // Over the pairs of those models; pairs are not independent, so only the coefficients mean
  // something.
  CorrelationPair pair_scores;
  // The same with the p value that exchanging models gives: of the scores, and of their affinities.
  Statistic<MantelTest> scores = undefined(Undefined::kTooFew);
  Statistic<MantelTest> affinities = undefined(Undefined::kTooFew);
};

struct ScaffoldResults {
  std::vector<ScaffoldPair> pairs;  // labels of one model
  FamilyResults same_model;         // same model against different models
  std::vector<DomainAgreement> domains;
};

ScaffoldResults compare_scaffolds(const Study& study, const Families& labels, std::size_t metric);

}  // namespace agentecho
