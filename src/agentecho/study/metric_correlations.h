// Do the metrics rank models alike (the paper's Table 15)? And do several references (its Table
// 10)?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentecho/scoring/metric_scores.h"
#include "agentecho/stats/correlation.h"

namespace agentecho {

struct CorrelationPair {
  std::size_t first = 0;  // metrics; for references, places in the list of references
  std::size_t second = 0;
  std::size_t n = 0;  // models with both values
  Statistic<Correlation> pearson = undefined(Undefined::kTooFew);
  Statistic<Correlation> spearman = undefined(Undefined::kTooFew);
};

struct MetricCorrelations {
  // [model][metric]: similarity to the reference, or the mean over all other models; nothing for
  // the reference itself.
  std::vector<std::vector<std::optional<double>>> values;
  std::vector<CorrelationPair> pairs;
};

MetricCorrelations correlate_metrics(const Study& study, std::optional<ModelIndex> reference);

struct ReferenceScores {
  std::vector<ModelIndex> references;
  // [reference][model]; nothing for a reference with itself
  std::vector<std::vector<Estimate>> scores;
  std::vector<CorrelationPair> pairs;  // over the models that are neither of the two
};

ReferenceScores compare_references(const Study& study, std::span<const ModelIndex> references,
                                   std::size_t metric);

// Over the places where both have a value.
CorrelationPair correlate(std::span<const std::optional<double>> x,
                          std::span<const std::optional<double>> y, double level);

}  // namespace agentecho
