// Small corpora for tests of the experiments: runs given as lists of tools.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/scoring/metric_scores.h"
#include "support/study.h"

namespace agentecho {

struct PlainRun {
  std::string model;
  std::string task;
  std::vector<std::string> tools;
  bool success = true;
  ActionCounts counts = {};
  std::string benchmark = "bench";
  std::shared_ptr<const VerbalFeatures> verbal = nullptr;
};

inline Corpus make_corpus(const std::vector<PlainRun>& runs) {
  CorpusBuilder builder;
  std::uint64_t n = 0;
  for (const PlainRun& run : runs) {
    TrajectoryFeatures features;
    features.model = run.model;
    features.task = {run.benchmark, "domain", run.task};
    features.reward = run.success ? 1 : 0;
    features.success = run.success;
    features.tools = run.tools;
    features.counts = run.counts;
    features.counts.calls = static_cast<std::uint32_t>(run.tools.size());
    features.assistant_messages = 1;
    features.verbal = run.verbal;
    Hasher hasher;
    hasher.update_field(std::to_string(n++));
    features.content = hasher.digest();
    builder.add(std::move(features));
  }
  Diagnostics diagnostics;
  return std::move(builder).build({}, diagnostics);
}

using testing::everyone;

inline ToolSplit split_of(const Corpus& corpus) {
  return ToolSplit::make(corpus, everyone(corpus), {});
}

inline Study study_of(const Corpus& corpus, std::size_t replicates = 200, unsigned threads = 1,
                      const std::vector<std::string>& metrics = {"ags"}) {
  // What is made from the split is kept by the set. Without names there is an empty one.
  return {corpus,
          metrics.empty() ? MetricSet{} : make_metrics(metrics, {corpus, split_of(corpus)}).value(),
          {replicates, 7, 0.95},
          threads};
}

// `models` models with habits of their own on `tasks` tasks, `trials` times each.
inline Corpus random_corpus(int models, int tasks, int trials, std::uint64_t seed = 3) {
  Rng rng(seed);
  std::vector<PlainRun> runs;
  for (int m = 0; m < models; ++m) {
    const double habit = rng.uniform();
    for (int t = 0; t < tasks; ++t) {
      for (int i = 0; i < trials; ++i) {
        PlainRun run{std::string("m").append(std::to_string(m)),
                     std::string("t").append(std::to_string(t)),
                     {"must"},
                     rng.chance(0.7)};
        for (const char* tool : {"p", "q", "r", "s"}) {
          if (rng.chance(habit)) run.tools.emplace_back(tool);
        }
        const auto draw = [&] { return static_cast<std::uint32_t>(rng.below(3)); };
        run.counts.writes = 2;
        run.counts.verified = draw();
        run.counts.confirmed = draw();
        run.counts.errors = draw();
        run.counts.retried = run.counts.errors > 0 ? 1 : 0;
        run.counts.depth = run.tools.size() > 1 ? 1 : 0;
        run.counts.reusing = run.counts.depth;
        run.counts.sources = run.counts.depth;
        runs.push_back(std::move(run));
      }
    }
  }
  return make_corpus(runs);
}

}  // namespace agentecho
