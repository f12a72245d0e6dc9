// Measures that are the mean of a similarity over pairs of runs, which most are.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/scoring/metric.h"

namespace agentecho {

// Two columns: 1 where a pair of runs has a value, and the mean of the values.
// similarity(RunPair) -> std::optional<double>
template <class Similarity>
Measure mean_measure(Similarity similarity) {
  Measure measure;
  measure.fill = [similarity = std::move(similarity)](const RunPairs& pairs,
                                                      std::span<double> row) {
    double sum = 0;
    double n = 0;
    for (const RunPair pair : pairs) {
      const std::optional<double> value = similarity(pair);
      if (!value) continue;
      ++n;
      sum += *value;
    }
    if (n == 0) return;
    row[0] = 1;
    row[1] = sum / n;
  };
  return measure;
}

// The metric of such a measure, whose columns begin at `first`.
inline Metric mean_metric(std::string slug, std::string title, std::size_t first) {
  Metric metric;
  metric.slug = std::move(slug);
  metric.title = std::move(title);
  metric.formula = Ratio{first + 1, first};
  metric.tasks = first;
  return metric;
}

// One value for each trajectory of the corpus, for measures to share.
template <class Make>
auto for_each_trajectory(const Corpus& corpus, const Make& make) {
  using Value = decltype(make(corpus.trajectories().front()));
  auto values = std::make_shared<std::vector<Value>>();
  values->reserve(corpus.trajectories().size());
  for (const CorpusTrajectory& trajectory : corpus.trajectories()) {
    values->push_back(make(trajectory));
  }
  return std::shared_ptr<const std::vector<Value>>(std::move(values));
}

}  // namespace agentecho
