#include "agentecho/study/stage_ablation.h"

#include <cmath>
#include <set>
#include <utility>

#include "agentecho/base/parallel.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/stats/correlation.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/study/outcomes.h"

namespace agentecho {

namespace {

constexpr std::size_t kDifference = 2;  // place of its metric, after those of the alignments

using JudgedPair = std::array<const JudgedRps*, kAlignments>;

std::optional<double> overall(const JudgedRps& judged, const CorpusTrajectory& a,
                              const CorpusTrajectory& b) {
  const auto* const verdict = judged.verdicts.find(a.content, b.content);
  if (verdict == nullptr) return std::nullopt;
  const rps::TaskRps task = rps::score_task({verdict, 1});
  return task.mean ? std::optional(task.mean->overall) : std::nullopt;
}

// scored / asked over the paired trials of two models; nothing when nothing was asked.
std::optional<double> coverage_of(const Corpus& corpus, const JudgedRps& judged, ModelPair pair) {
  rps::RpsCounts counts;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const auto a = corpus.trials(pair.first, task);
    const auto b = corpus.trials(pair.second, task);
    for (const rps::TrialPair& trial : rps::paired_trials(a.size(), b.size())) {
      const auto* const verdict = judged.verdicts.find(a[trial.a].content, b[trial.b].content);
      if (verdict == nullptr) continue;
      const rps::RpsCounts more = rps::score_task({verdict, 1}).counts;
      counts.shared += more.shared;
      counts.scored += more.scored;
    }
  }
  return counts.coverage();
}

using Withheld = std::set<ModelPair>;

// RPS aligned, unaligned, and their difference where both are there.
MetricSet ablation_metrics(const Corpus& corpus, const JudgedPair& judged,
                           const Withheld& withheld) {
  MetricSet set;
  const auto add = [&](std::string_view name, auto&& similarity) {
    Measure measure =
        mean_measure([similarity, &withheld, &corpus](RunPair pair) -> std::optional<double> {
          const CorpusTrajectory& a = corpus.trajectories()[pair.a];
          const CorpusTrajectory& b = corpus.trajectories()[pair.b];
          if (withheld.contains({a.model, b.model})) return std::nullopt;
          return similarity(a, b);
        });
    measure.mismatches = 0;
    measure.paired_trials = true;
    set.metrics.push_back(
        mean_metric(std::string(name), std::string(name), set.add(std::move(measure))));
  };
  for (std::size_t i = 0; i < kAlignments; ++i) {
    add(name_of(static_cast<Alignment>(i)),
        [rps = judged[i]](const CorpusTrajectory& a, const CorpusTrajectory& b) {
          return overall(*rps, a, b);
        });
  }
  add("difference",
      [judged](const CorpusTrajectory& a, const CorpusTrajectory& b) -> std::optional<double> {
        const auto aligned = overall(*judged[0], a, b);
        const auto unaligned = overall(*judged[1], a, b);
        if (!aligned || !unaligned) return std::nullopt;
        return *aligned - *unaligned;
      });
  return set;
}

// The scores of all pairs, and those of every replicate: replicates x pairs.
struct Scores {
  std::vector<double> values;
  std::vector<double> replicates;
};

Scores scores_of(const Study& study, std::span<const PairRows> rows, std::size_t metric) {
  Scores scores;
  for (const PairRows& pair : rows) {
    scores.values.push_back(
        study.metrics.score(metric, column_sums(study.metrics, pair)).value_or(kNaN));
  }
  scores.replicates = replicate_scores(study, rows, metric);
  return scores;
}

// Without the typicality of the models; empty where that cannot be told from the pairs.
std::optional<Scores> affinities_of(const Study& study, std::span<const PairRows> rows,
                                    Scores scores) {
  const auto fitted = affinity_design(study.corpus.models().size(), rows, scores.values);
  if (!fitted) return std::nullopt;
  take_residuals(*fitted, rows.size(), scores.values, study.threads);
  take_residuals(*fitted, rows.size(), scores.replicates, study.threads);
  return scores;
}

using ValueSpan = std::span<const double>;

// of_both(aligned, unaligned): a number from the scores of all pairs; its interval from the
// replicates.
template <class OfBoth>
Estimate estimate_of_both(const Study& study, const Scores& aligned, const Scores& unaligned,
                          const OfBoth& of_both) {
  Estimate estimate;
  const std::size_t pairs = aligned.values.size();
  estimate.value = of_both(aligned.values, unaligned.values);
  estimate.n_tasks = static_cast<std::uint32_t>(study.corpus.tasks().size());
  if (!estimate.value || estimate.n_tasks < 2) return estimate;
  std::vector<double> values(study.bootstrap.replicates);
  parallel_for(values.size(), study.threads, [&](std::size_t r) {
    const auto of = [&](const Scores& scores) {
      return ValueSpan(scores.replicates).subspan(r * pairs, pairs);
    };
    values[r] = of_both(of(aligned), of(unaligned)).value_or(kNaN);
  });
  estimate.interval = percentile_interval(values, study.bootstrap.level);
  return estimate;
}

template <class Correlate>
std::optional<double> correlation(ValueSpan x, ValueSpan y, const Correlate& correlate) {
  const auto [kept_x, kept_y] = defined_pairs(x, y);
  const Statistic<double> found = correlate(kept_x, kept_y);
  return found ? std::optional(*found) : std::nullopt;
}

void compare_alignments(const Study& study, std::span<const PairRows> rows,
                        const Families& families, StageAblation& results) {
  const Scores aligned = scores_of(study, rows, 0);
  const Scores unaligned = scores_of(study, rows, 1);
  results.spearman = estimate_of_both(study, aligned, unaligned, [](ValueSpan x, ValueSpan y) {
    return correlation(x, y, spearman_coefficient);
  });
  results.pearson = estimate_of_both(study, aligned, unaligned, [](ValueSpan x, ValueSpan y) {
    return correlation(x, y, [](ValueSpan a, ValueSpan b) {
      return pearson(a, b).map([](const Correlation& c) { return c.coefficient; });
    });
  });
  const auto auc_difference = [&](ValueSpan x, ValueSpan y) -> std::optional<double> {
    const auto of_x = family_auc(families, rows, x);
    const auto of_y = family_auc(families, rows, y);
    if (!of_x || !of_y) return std::nullopt;
    return *of_x - *of_y;
  };
  results.auc_difference = estimate_of_both(study, aligned, unaligned, auc_difference);
  const auto aligned_affinities = affinities_of(study, rows, aligned);
  const auto unaligned_affinities = affinities_of(study, rows, unaligned);
  if (!aligned_affinities || !unaligned_affinities) return;
  results.affinity_auc_difference =
      estimate_of_both(study, *aligned_affinities, *unaligned_affinities, auc_difference);
}

}  // namespace

std::string_view name_of(Alignment alignment) {
  return alignment == Alignment::kAligned ? "aligned" : "unaligned";
}

StageAblation ablate_stages(const Corpus& corpus, const JudgedRps& aligned,
                            const JudgedRps& unaligned, const Families& families,
                            double least_coverage, const BootstrapOptions& bootstrap,
                            unsigned threads) {
  const JudgedPair judged = {&aligned, &unaligned};
  StageAblation results;
  Withheld withheld;
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  for (const ModelPair& pair : pairs) {
    StageAblationPair& result = results.pairs.emplace_back();
    result.a = pair.first;
    result.b = pair.second;
    for (std::size_t i = 0; i < kAlignments; ++i) {
      result.coverage[i] = coverage_of(corpus, *judged[i], pair);
      if (result.coverage[i] && *result.coverage[i] < least_coverage) result.withheld = true;
    }
    if (result.withheld) withheld.insert(pair);
  }

  const Study study{corpus, ablation_metrics(corpus, judged, withheld), bootstrap, threads};
  const std::vector<PairRows> rows = score_rows(study, pairs);
  const auto estimates = estimate_metrics(study, rows);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    for (std::size_t i = 0; i < kAlignments; ++i) results.pairs[p].scores[i] = estimates[p][i];
    results.pairs[p].difference = estimates[p][kDifference];
  }
  const FamilyResults tests = compare_families(study, families);
  for (std::size_t i = 0; i < kAlignments; ++i) {
    results.mean[i] = mean_over_pairs(study, rows, i);
    results.families[i] = tests.tests[i];
  }
  results.mean_difference = mean_over_pairs(study, rows, kDifference);
  compare_alignments(study, rows, families, results);
  return results;
}

}  // namespace agentecho
