#include "agentecho/laboratory/diversity_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "agentecho/base/random.h"
#include "agentecho/laboratory/runs.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/study/diversity.h"

namespace agentecho {

namespace {

constexpr std::size_t kDiversityReplicates = 999;
constexpr double kSuccess = 0.6;
constexpr double kCalls = 0.5;
constexpr std::array<const char*, 4> kTools = {"find", "read", "check", "note"};

struct PlantedWorld {
  std::size_t models = 0;
  double rho = 0;
};

// Success and the use of each tool.
using PlantedChoices = std::array<bool, 1 + kTools.size()>;

PlantedChoices draw(Rng& rng) {
  PlantedChoices decisions{};
  for (std::size_t d = 0; d < decisions.size(); ++d) {
    decisions[d] = rng.chance(d == 0 ? kSuccess : kCalls);
  }
  return decisions;
}

Corpus correlated_corpus(const PlantedWorld& setting, std::size_t tasks, Rng& rng) {
  const double follows = std::sqrt(setting.rho);
  CorpusBuilder builder;
  for (std::size_t t = 0; t < tasks; ++t) {
    const PlantedChoices common = draw(rng);
    for (std::size_t m = 0; m < setting.models; ++m) {
      PlantedChoices own = draw(rng);
      if (rng.chance(follows)) own[0] = common[0];
      if (rng.chance(follows)) std::copy(common.begin() + 1, common.end(), own.begin() + 1);
      TrajectoryFeatures features;
      features.model = fmt::format("model-{}", m);
      features.task = {"correlated", "", std::to_string(t)};
      features.content = digest_of(fmt::format("{} {}", t, m));
      features.success = own[0];
      features.reward = own[0] ? 1 : 0;
      for (std::size_t tool = 0; tool < kTools.size(); ++tool) {
        if (own[1 + tool]) features.tools.emplace_back(kTools[tool]);
      }
      features.counts.calls = static_cast<std::uint32_t>(features.tools.size());
      builder.add(std::move(features));
    }
  }
  Diagnostics diagnostics;
  return std::move(builder).build({}, diagnostics);
}

constexpr std::array<const char*, 3> kSlugs = {"error_consistency", "frequency",
                                               "calibrated_s_node"};
constexpr std::array<const char*, 3> kTitles = {"errors", "frequency", "S_node cal."};
using Numbers = std::array<Estimate, kSlugs.size()>;

Numbers numbers_of(const Corpus& corpus, std::uint64_t seed) {
  std::vector<ModelIndex> pool(corpus.models().size());
  std::iota(pool.begin(), pool.end(), 0u);
  const ToolSplit split = ToolSplit::make(corpus, pool, {});
  const std::vector<std::string> metrics = {"ags", "frequency"};
  const Study study{corpus,
                    make_metrics(metrics, {corpus, split}).value(),
                    {kDiversityReplicates, seed, 0.95},
                    1};
  Numbers numbers;
  const auto results = diversity(study, {.most_different = 2, .nearest = 1});
  for (const Likeness& likeness : results.value().likenesses) {
    for (std::size_t k = 0; k < kSlugs.size(); ++k) {
      if (likeness.slug == kSlugs[k]) numbers[k] = likeness.effective.number;
    }
  }
  return numbers;
}

}  // namespace

std::vector<DiversitySummary> run_diversity_study(const LaboratoryOptions& options) {
  const std::vector<PlantedWorld> settings = {{4, 0}, {4, 0.2}, {4, 0.5},
                                              {8, 0}, {8, 0.2}, {8, 0.5}};
  const std::size_t each = std::max<std::size_t>(1, options.runs / settings.size());
  std::vector<Numbers> found(each * settings.size());
  run_all(found.size(), options, [&](std::size_t i) {
    Rng rng(options.seed, 1 + i);
    const Corpus corpus = correlated_corpus(settings[i % settings.size()], options.tasks, rng);
    found[i] = numbers_of(corpus, rng.bits());
  });
  std::vector<DiversitySummary> summaries;
  for (std::size_t s = 0; s < settings.size(); ++s) {
    for (std::size_t kind = 0; kind < kSlugs.size(); ++kind) {
      DiversitySummary& summary = summaries.emplace_back();
      summary.likeness = kTitles[kind];
      summary.pool_decides = kSlugs[kind] == std::string_view("calibrated_s_node");
      summary.models = settings[s].models;
      summary.rho = settings[s].rho;
      summary.truth = effective_number(summary.models, summary.rho).value();
      Mean number, covered;
      for (std::size_t run = 0; run < each; ++run) {
        const Estimate& estimate = found[run * settings.size() + s][kind];
        if (!estimate.value || !estimate.interval) continue;
        number.add(*estimate.value);
        covered.add(estimate.interval->low <= summary.truth &&
                            summary.truth <= estimate.interval->high
                        ? 1
                        : 0);
      }
      summary.n = number.n;
      summary.mean = number.mean();
      summary.sd = number.sd();
      summary.covered = covered.mean();
    }
  }
  return summaries;
}

}  // namespace agentecho
