#include "agentecho/laboratory/coverage.h"

#include <algorithm>
#include <numeric>

#include "agentecho/laboratory/pool.h"
#include "agentecho/laboratory/runs.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

namespace {

constexpr std::size_t kPopulation = 20;  // times the tasks of the largest sample
constexpr std::size_t kCoveredFamilies[] = {2, 2};
constexpr std::size_t kAgents = 4;

std::vector<Estimate> estimate_pair(const Corpus& corpus, std::span<const std::string> metrics,
                                    ModelPair pair, const BootstrapOptions& bootstrap,
                                    std::vector<Metric>* described = nullptr) {
  std::vector<ModelIndex> models(corpus.models().size());
  std::iota(models.begin(), models.end(), 0u);
  const ToolSplit split = ToolSplit::make(corpus, models, {});
  const Study study{corpus, make_metrics(metrics, {corpus, split}).value(), bootstrap, 1};
  if (described != nullptr) *described = study.metrics.metrics;
  const ModelPair pairs[] = {pair};
  return estimate_metrics(study, score_rows(study, pairs)).front();
}

// All runs of some tasks. `runs`: by agent, then task.
Corpus sample_of(const std::vector<TrajectoryFeatures>& runs, std::span<const std::size_t> tasks) {
  std::vector<TrajectoryFeatures> sample;
  for (std::size_t agent = 0; agent < kAgents; ++agent) {
    for (const std::size_t task : tasks) {
      sample.push_back(runs[agent * runs.size() / kAgents + task]);
    }
  }
  return corpus_of(std::move(sample));
}

}  // namespace

std::vector<CoverageSummary> run_coverage(const LaboratoryOptions& options) {
  const std::size_t sizes[] = {std::max<std::size_t>(4, options.tasks / 5),
                               std::max<std::size_t>(4, options.tasks / 2), options.tasks};
  const std::size_t population = kPopulation * options.tasks;
  const simulation::World world = simulation::make_world(options.seed, population);
  Seeds seeds(options.seed, 0);
  const auto runs = features_of(world, sample_families(kCoveredFamilies, seeds), population, 1,
                                parts_for(options.metrics));
  const Corpus everything = corpus_of(runs);
  const std::vector<ModelPair> pairs = all_pairs(everything);
  std::vector<Metric> metrics;
  std::vector<std::vector<Estimate>> truths(pairs.size());
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    truths[p] = estimate_pair(everything, options.metrics, pairs[p], {0, 1, 0.95}, &metrics);
  }
  const std::size_t each = std::max<std::size_t>(1, options.runs / std::size(sizes));
  std::vector<std::vector<Estimate>> found(each * std::size(sizes));
  run_all(found.size(), options, [&](std::size_t i) {
    Rng rng(options.seed, 1 + i);
    std::vector<std::size_t> tasks(population);
    std::iota(tasks.begin(), tasks.end(), std::size_t{0});
    rng.shuffle(tasks);
    tasks.resize(sizes[i % std::size(sizes)]);
    const std::size_t pair = i / std::size(sizes) % pairs.size();
    found[i] = estimate_pair(sample_of(runs, tasks), options.metrics, pairs[pair],
                             {kLaboratoryReplicates, rng.bits(), 0.95});
  });
  std::vector<CoverageSummary> summaries;
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    for (std::size_t s = 0; s < std::size(sizes); ++s) {
      CoverageSummary summary{metrics[m].slug, metrics[m].title, sizes[s], {}, {}};
      Mean width;
      for (std::size_t run = 0; run < each; ++run) {
        const auto& truth = truths[run % pairs.size()][m].value;
        const auto& interval = found[run * std::size(sizes) + s][m].interval;
        if (!truth || !interval) continue;
        summary.held.add(interval->low <= *truth && *truth <= interval->high);
        width.add(interval->high - interval->low);
      }
      summary.width = width.mean();
      summaries.push_back(std::move(summary));
    }
  }
  return summaries;
}

}  // namespace agentecho
